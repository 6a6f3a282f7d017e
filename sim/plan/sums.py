"""Sums over cells of a Ledger: amounts by the period they are counted in, at a weight."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.worksheet import Worksheet
from sim.records import FloatPCW, FloatPW, IntP


class Horizon(NamedTuple):
    """Where the horizon lies on the due axis: after ``lead`` due periods, for ``periods``. [period]"""

    lead: int
    periods: int


class Parts(NamedTuple):
    """The cells of a sum, the periods from due to counted, and the weights. All [cell summed].

    cell   : index of the cell.
    offset : counted period minus due period. [period]
    weight : of an amount in the sum. [usd/usd]
    """

    cell: IntP
    offset: IntP
    weight: NDArray[np.float64]


class CellSum(NamedTuple):
    """A weighted sum over cells of the amounts by one credit date; ``key`` spells it out."""

    date: str
    parts: Parts
    key: bytes


def as_parts(parts: Sequence[tuple[int, int, float]]) -> Parts:
    """(cell, offset, weight) as arrays."""
    cell, offset = np.array([part[:2] for part in parts], dtype=np.int64).reshape(-1, 2).T.copy()
    return Parts(cell, offset, np.array([part[2] for part in parts], dtype=np.float64))


def cell_sum(date: str, parts: Sequence[tuple[int, int, float]]) -> CellSum:
    """The sum of (cell, offset, weight); what has no weight is left out."""
    kept = [part for part in parts if part[2] != 0]
    return CellSum(date, as_parts(kept), repr((date, kept)).encode())


def summed(total: CellSum, horizon: Horizon, sheet: Worksheet) -> FloatPW:
    """The sum for each period of the horizon. [period, world] [usd]"""

    def work_out() -> FloatPW:
        amount = sheet.ledger.amount[total.date]
        out = np.zeros((horizon.periods, amount.shape[2]))
        add_cells(amount, total.parts, horizon.lead, out)
        return out

    return sheet.once(total.key, work_out)


@kernel
def add_cells(amount: FloatPCW, parts: Parts, lead: int, out: FloatPW) -> None:
    """Add every cell at its weight to the period of the horizon it is counted in."""
    for t in range(out.shape[0]):
        row = out[t]
        for i in range(parts.cell.size):
            due = lead + t - parts.offset[i]
            if 0 <= due < amount.shape[0]:
                source, weight = amount[due, parts.cell[i]], parts.weight[i]
                for w in range(row.size):
                    row[w] += weight * source[w]
