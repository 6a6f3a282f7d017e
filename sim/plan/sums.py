"""Sums over cells of a Ledger: amounts by the period they are counted in, at a weight, several sums at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.worksheet import Worksheet
from sim.records import FloatPCW, IntP


class Horizon(NamedTuple):
    """Where the horizon lies on the due axis: after ``lead`` due periods, for ``periods``. [period]"""

    lead: int
    periods: int


class Part(NamedTuple):
    """A cell in a sum: which sum, which cell, counted period minus due period, and its weight. [usd/usd]"""

    row: int
    cell: int
    offset: int
    weight: float


class Sums(NamedTuple):
    """Weighted sums over cells of the amounts by one credit date.

    rows   : number of sums.
    parts  : row, cell and offset of each part. [part, 3]
    weight : of an amount in the sum. [part] [usd/usd]
    key    : spells out the sums.
    """

    date: str
    rows: int
    parts: IntP
    weight: NDArray[np.float64]
    key: bytes


def sums_of(date: str, rows: int, parts: Sequence[Part]) -> Sums:
    """The sums as arrays."""
    index = np.array([part[:3] for part in parts], dtype=np.int64).reshape(-1, 3)
    weight = np.array([part.weight for part in parts], dtype=np.float64)
    return Sums(date, rows, index, weight, repr((date, rows, [tuple(part) for part in parts])).encode())


def summed(sums: Sums, horizon: Horizon, sheet: Worksheet) -> FloatPCW:
    """Every sum for each period of the horizon. [row, period, world] [usd]"""

    def work_out() -> FloatPCW:
        amount = sheet.ledger.amount[sums.date]
        out = sheet.empty(sums.rows, horizon.periods, amount.shape[2])
        add_parts(amount, sums.parts, sums.weight, horizon.lead, out)
        return out

    return sheet.once(sums.key, work_out)


@kernel
def add_parts(amount: FloatPCW, parts: IntP, weights: NDArray[np.float64], lead: int, out: FloatPCW) -> None:
    """Sum up every part at its weight in its row, in the period of the horizon it is counted in."""
    for t in range(out.shape[1]):
        for row in range(out.shape[0]):
            out[row, t, :] = 0.0
        for i in range(weights.size):
            due = lead + t - parts[i, 2]
            if 0 <= due < amount.shape[0]:
                source, weight, total = amount[due, parts[i, 1]], weights[i], out[parts[i, 0], t]
                for w in range(total.size):
                    total[w] += weight * source[w]
