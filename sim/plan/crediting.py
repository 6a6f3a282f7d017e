"""Crediting: in which period a renewal counts, and for how much; the first step of settlement."""

from typing import Final, NamedTuple

import numpy as np

from sim.plan.cap import grant
from sim.plan.component import Crediting, QuotaMoves
from sim.plan.sums import CellSum, Horizon, Parts, as_parts, cell_sum, summed
from sim.plan.worksheet import Worksheet
from sim.records import EARLY, LATE, ON_TIME, Cells, FloatPW

SIDES: Final = (EARLY, LATE, ON_TIME)
"""In the order of the rows of a founding table: Early, Late, On-Time."""


class CreditTerms(NamedTuple):
    """A crediting rule as sums over the cells of one frame. Those by side are in the order of ``SIDES``.

    renewed, credit : amounts counted in a period, before and after multipliers. Under a cap the early amounts
                      credited ahead of their due period are left out.
    ahead           : the cells of early amounts credited ahead of their due period, at their multipliers.
    early_out, early_in : the same by due period and by period of credit, before multipliers.
    late_out, late_in   : late amounts credited after their due period, likewise.
    cap             : early cap; None for none. [share of the cap base]
    out_of_base     : quota leaving the cap base per usd granted early; 0 for the original base. [usd/usd]
    key             : spells out the rule.
    """

    renewed: tuple[CellSum, ...]
    credit: tuple[CellSum, ...]
    ahead: Parts
    early_out: CellSum
    early_in: CellSum
    late_out: CellSum
    late_in: CellSum
    cap: float | None
    out_of_base: float
    horizon: Horizon
    key: bytes


class Moved(NamedTuple):
    """Amounts credited in another period than due, before multipliers. All [period, world] [usd].

    out_of_due : due in the period, credited in another one.
    into       : credited in the period, due in another one.
    """

    out_of_due: FloatPW
    into: FloatPW


class Credit(NamedTuple):
    """Amounts counted in a period, before and after multipliers, by side. All [period, world] [usd]."""

    renewed: tuple[FloatPW, ...]
    credit: tuple[FloatPW, ...]


class _Line(NamedTuple):
    """How a plan reads one cell: side, period of credit minus due period, and credit per usd."""

    cell: int
    side: int
    offset: int
    multiplier: float


def credit_terms(crediting: Crediting, moves: QuotaMoves, cells: Cells, horizon: Horizon) -> CreditTerms:
    """The crediting rule for the given cells.

    With ``date = "due"`` every amount lands in its due period, so nothing is ahead of it and nothing waits.
    """
    lines = _lines(crediting, cells)
    ahead = [line for line in lines if line.side == EARLY and line.offset < 0]
    carried = [line for line in lines if line.side == LATE and line.offset > 0]
    in_full = [line for line in lines if crediting.early_cap is None or line not in ahead]
    by_side = [[line for line in in_full if line.side == side] for side in SIDES]
    date = "booking" if crediting.date == "due" else crediting.date
    sums = (
        tuple(cell_sum(date, [(line.cell, line.offset, 1.0) for line in side]) for side in by_side),
        tuple(
            cell_sum(date, [(line.cell, line.offset, line.multiplier) for line in side]) for side in by_side
        ),
        as_parts([(line.cell, line.offset, line.multiplier) for line in ahead]),
        cell_sum(date, [(line.cell, 0, 1.0) for line in ahead]),
        cell_sum(date, [(line.cell, line.offset, 1.0) for line in ahead]),
        cell_sum(date, [(line.cell, 0, 1.0) for line in carried]),
        cell_sum(date, [(line.cell, line.offset, 1.0) for line in carried]),
    )
    out_of_base = moves.early_out_of_due if crediting.early_cap_base == "adjusted" else 0.0
    key = repr((lines, date, crediting.early_cap, out_of_base, horizon)).encode()
    return CreditTerms(*sums, crediting.early_cap, out_of_base, horizon, key)


def credited(terms: CreditTerms, base: FloatPW, sheet: Worksheet) -> tuple[Credit, Moved | None]:
    """Credit a book's renewals to the periods of the horizon; under a cap, also what was granted early.

    base : the base quota. [due period, world] [usd]

    Source: Compensating Customer Success Managers (founding document): early cases 2 to 4 and 6, late cases 2
    and 3; the provision of early case 4: "credit for cumulative early renewal bookings in excess of 50% of
    the associate's current quarter bookings target shall be applied to the original, on-time quarter".
    """
    renewed = tuple(summed(each, terms.horizon, sheet) for each in terms.renewed)
    credit = tuple(summed(each, terms.horizon, sheet) for each in terms.credit)
    if terms.cap is None:
        return Credit(renewed, credit), None
    early = SIDES.index(EARLY)
    counted, granted = renewed[early].copy(), np.zeros(base.shape)
    earned, into = credit[early].copy(), np.zeros(counted.shape)
    amount, limits = sheet.ledger.amount[terms.early_in.date], (terms.cap, terms.out_of_base)
    grant(amount, terms.ahead, terms.horizon.lead, base, limits, granted, counted, earned, into)
    out_of_due = granted[terms.horizon.lead : terms.horizon.lead + terms.horizon.periods]
    return Credit((counted, *renewed[1:]), (earned, *credit[1:])), Moved(out_of_due, into)


def moved_early(terms: CreditTerms, sheet: Worksheet) -> Moved:
    """Early amounts credited ahead of their due period where no cap holds."""
    return Moved(*(summed(each, terms.horizon, sheet) for each in (terms.early_out, terms.early_in)))


def moved_late(terms: CreditTerms, sheet: Worksheet) -> Moved:
    """Late amounts, inside the window, credited after their due period."""
    return Moved(*(summed(each, terms.horizon, sheet) for each in (terms.late_out, terms.late_in)))


def _lines(crediting: Crediting, cells: Cells) -> list[_Line]:
    """How the plan reads each cell that it counts; what is later than its window is a new logo."""
    lines = []
    columns = (cells.offset.tolist(), cells.side.tolist(), cells.last_day.tolist())
    for cell, (offset, side, last_day) in enumerate(zip(*columns, strict=True)):
        target = 0 if crediting.date == "due" else offset
        if side == EARLY:
            lines.append(_Line(cell, side, target, crediting.early_at(last_day)))
        elif side == ON_TIME:
            lines.append(_Line(cell, side, target, 1.0))
        elif last_day <= crediting.late_window_days:
            lines.append(_Line(cell, side, target, crediting.late_at(last_day)))
    return lines
