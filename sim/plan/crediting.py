"""Crediting: in which period a renewal counts, and for how much; the first step of settlement."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.component import Crediting, QuotaMoves
from sim.records import EARLY, LATE, ON_TIME, Cells, FloatPCW, FloatPW, IntP, Ledger

ROWS: Final = (EARLY, LATE, ON_TIME)
"""The sides in the order of their rows in a founding table: Early, Late, On-Time."""


class CellTerms(NamedTuple):
    """How a plan reads some of the cells of a Ledger. All [cell read].

    cell       : index of the cell.
    row        : row of the founding tables that takes it, an index of ``ROWS``.
    offset     : period of credit minus due period. [period]
    multiplier : credit per usd. [usd/usd]
    """

    cell: IntP
    row: IntP
    offset: IntP
    multiplier: NDArray[np.float64]


class CreditTerms(NamedTuple):
    """A crediting rule as arrays for one frame.

    date          : the credit date whose amounts are read.
    lead, periods : where the horizon lies among the due periods. [period]
    plain         : cells credited in full.
    advanced      : early cells credited ahead of their due period; under a cap not part of ``plain``.
    carried       : late cells credited after their due period; always part of ``plain``.
    cap           : the early cap; infinite for none. [share of the cap base]
    out_of_base   : quota leaving the cap base per usd granted early; 0 for the original base. [usd/usd]
    follows_early, follows_late : whether any quota follows early, or recovered late, amounts.
    """

    date: str
    lead: int
    periods: int
    plain: CellTerms
    advanced: CellTerms
    carried: CellTerms
    cap: float
    out_of_base: float
    follows_early: bool
    follows_late: bool


class Moved(NamedTuple):
    """Amounts credited in another period than due, before multipliers. All [period, world] [usd].

    out_of_due : due in the period, credited in another one.
    into       : credited in the period, due in another one.
    """

    out_of_due: FloatPW
    into: FloatPW


class Credit(NamedTuple):
    """What crediting gives. ``early`` and ``late`` are None where no quota follows them.

    renewed : amounts counted in a period, before multipliers. [row, period, world] [usd]
    credit  : the same after multipliers. [row, period, world] [usd]
    """

    renewed: FloatPCW
    credit: FloatPCW
    early: Moved | None
    late: Moved | None


def credit_terms(
    crediting: Crediting, moves: QuotaMoves, cells: Cells, lead: int, periods: int
) -> CreditTerms:
    """The crediting rule as arrays for the given cells.

    With ``date = "due"`` every amount lands in its due period, so nothing is ahead of it and nothing waits.
    """
    rows: list[tuple[int, int, int, float]] = []  # as the fields of CellTerms
    for cell, (offset, side, _, last_day) in enumerate(
        zip(*(column.tolist() for column in cells), strict=True)
    ):
        if side == LATE and last_day > crediting.late_window_days:
            continue  # a new logo
        multiplier = {EARLY: crediting.early_at, LATE: crediting.late_at}.get(side, _in_full)(last_day)
        target = 0 if crediting.date == "due" else offset
        rows.append((cell, ROWS.index(side), target, multiplier))
    advanced = [row for row in rows if ROWS[row[1]] == EARLY and row[2] < 0]
    capped = set(advanced) if crediting.early_cap is not None else set()
    return CreditTerms(
        date="booking" if crediting.date == "due" else crediting.date,
        lead=lead,
        periods=periods,
        plain=_cell_terms([row for row in rows if row not in capped]),
        advanced=_cell_terms(advanced),
        carried=_cell_terms([row for row in rows if ROWS[row[1]] == LATE and row[2] > 0]),
        cap=np.inf if crediting.early_cap is None else crediting.early_cap,
        out_of_base=moves.early_out_of_due if crediting.early_cap_base == "adjusted" else 0.0,
        follows_early=max(moves.early_out_of_due, moves.early_into_booked) > 0,
        follows_late=max(moves.late_into_booked, moves.late_out_of_due) > 0 and moves.carry == "recovered",
    )


def credited(terms: CreditTerms, ledger: Ledger, base: FloatPW) -> Credit:
    """Credit a book's renewals to the periods of the horizon.

    base : the base quota. [due period, world] [usd]

    Source: Compensating Customer Success Managers (founding document): early cases 2 to 4 and 6, late cases 2
    and 3; the provision of early case 4: "credit for cumulative early renewal bookings in excess of 50% of
    the associate's current quarter bookings target shall be applied to the original, on-time quarter".
    """
    amount = ledger.amount[terms.date]
    shape = (terms.periods, amount.shape[2])
    renewed, credit = np.zeros((2, len(ROWS), *shape))
    credit_cells(amount, terms.plain, terms.lead, renewed, credit)
    early = late = None
    if np.isfinite(terms.cap):
        granted, early = np.zeros(base.shape), Moved(np.zeros(shape), np.zeros(shape))
        limits = (terms.cap, terms.out_of_base)
        rows = (renewed[ROWS.index(EARLY)], credit[ROWS.index(EARLY)])
        grant_early(amount, terms.advanced, terms.lead, base, limits, granted, *rows, early.into)
        early.out_of_due[:] = granted[terms.lead : terms.lead + terms.periods]
    elif terms.follows_early:
        early = Moved(np.zeros(shape), np.zeros(shape))
        add_moved(amount, terms.advanced, terms.lead, *early)
    if terms.follows_late:
        late = Moved(np.zeros(shape), np.zeros(shape))
        add_moved(amount, terms.carried, terms.lead, *late)
    return Credit(renewed, credit, early, late)


def _in_full(_days: int) -> float:
    """On-time amounts are credited in full. [usd/usd]"""
    return 1.0


def _cell_terms(rows: list[tuple[int, int, int, float]]) -> CellTerms:
    cell, row, offset = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3).T.copy()
    return CellTerms(cell, row, offset, np.array([row[3] for row in rows], dtype=np.float64))


@kernel
def credit_cells(amount: FloatPCW, terms: CellTerms, lead: int, renewed: FloatPCW, credit: FloatPCW) -> None:
    """Add every cell to its row and period of the horizon, before (``renewed``) and after multipliers."""
    for t in range(renewed.shape[1]):
        for i in range(terms.cell.size):
            due = lead + t - terms.offset[i]
            if 0 <= due < amount.shape[0]:
                multiplier = terms.multiplier[i]
                source = amount[due, terms.cell[i]]
                before, after = renewed[terms.row[i], t], credit[terms.row[i], t]
                for w in range(source.size):
                    before[w] += source[w]
                    after[w] += multiplier * source[w]


@kernel
def add_moved(amount: FloatPCW, terms: CellTerms, lead: int, out_of_due: FloatPW, into: FloatPW) -> None:
    """Add every cell to the period of the horizon it was due in, and to the one it is credited in."""
    for t in range(into.shape[0]):
        for i in range(terms.cell.size):
            left = amount[lead + t, terms.cell[i]]
            for w in range(left.size):
                out_of_due[t, w] += left[w]
            due = lead + t - terms.offset[i]
            if 0 <= due < amount.shape[0]:
                came = amount[due, terms.cell[i]]
                for w in range(came.size):
                    into[t, w] += came[w]


@kernel
def grant_early(
    amount: FloatPCW,
    terms: CellTerms,
    lead: int,
    base: FloatPW,
    limits: tuple[float, float],
    granted: FloatPW,
    renewed: FloatPW,
    credit: FloatPW,
    into: FloatPW,
) -> None:
    """Grant early credit up to the cap, one period after another; the rest waits for its due period.

    ``limits`` are the cap and the quota leaving its base per usd granted before. ``granted`` is by due
    period, ``into`` by period of credit. Several due periods share the cap pro rata. What waits counts at
    multiplier 1. Quotas before the horizon do not move. Ahead of the edges no quota is known, no cap holds.
    """
    cap, out_of_base = limits
    share = np.ones(amount.shape[2])
    for period in range(-1, lead + renewed.shape[0]):
        if period >= 0:
            outside = out_of_base if period >= lead else 0.0
            share_of_cap(amount, terms, period, base[period], granted[period], cap, outside, share)
        for i in range(terms.cell.size):
            due = period - terms.offset[i]
            if due >= amount.shape[0]:
                continue
            source, multiplier = amount[due, terms.cell[i]], terms.multiplier[i]
            for w in range(share.size):
                granted[due, w] += share[w] * source[w]
            if period >= lead:
                t = period - lead
                for w in range(share.size):
                    renewed[t, w] += share[w] * source[w]
                    credit[t, w] += multiplier * (share[w] * source[w])
                    into[t, w] += share[w] * source[w]
            if lead <= due < lead + renewed.shape[0]:
                t = due - lead
                for w in range(share.size):
                    renewed[t, w] += (1.0 - share[w]) * source[w]
                    credit[t, w] += (1.0 - share[w]) * source[w]


@kernel
def share_of_cap(
    amount: FloatPCW,
    terms: CellTerms,
    period: int,
    base: NDArray[np.float64],
    granted: NDArray[np.float64],
    cap: float,
    out_of_base: float,
    share: NDArray[np.float64],
) -> None:
    """The share of a period's early amounts that the cap grants. ``share`` is [world]."""
    share[:] = 0.0
    for i in range(terms.cell.size):
        due = period - terms.offset[i]
        if due < amount.shape[0]:
            source = amount[due, terms.cell[i]]
            for w in range(share.size):
                share[w] += source[w]
    for w in range(share.size):
        total = share[w]
        limit = cap * max(base[w] - out_of_base * granted[w], 0.0)
        share[w] = limit / total if total > limit else 1.0
