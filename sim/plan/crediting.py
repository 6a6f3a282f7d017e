"""Crediting: in which period a renewal counts, and for how much; the first step of settlement."""

from typing import Final, NamedTuple

from sim.plan.cap import grant
from sim.plan.component import Crediting, QuotaMoves
from sim.plan.sums import Horizon, Part, Sums, summed, sums_of
from sim.plan.worksheet import Worksheet
from sim.records import EARLY, LATE, ON_TIME, Cells, FloatPW

SIDES: Final = (EARLY, LATE, ON_TIME)
"""In the order of the rows of a founding table: Early, Late, On-Time."""


class Line(NamedTuple):
    """How a plan reads one cell: side, period of credit minus due period, and credit per usd."""

    cell: int
    side: int
    offset: int
    multiplier: float

    @property
    def ahead(self) -> bool:
        """Early, and credited before its due period: what a cap limits."""
        return self.side == EARLY and self.offset < 0


class CreditTerms(NamedTuple):
    """A crediting rule as sums over the cells of one frame.

    counted    : amounts before multipliers, a row for each of ``SIDES``; then the same after multipliers for
                 those sides that have any. Under a cap without what is credited ahead of its due period.
    credit_row : for each of ``SIDES``, its row of ``counted`` after multipliers.
    moved      : the four amounts of ``Moves``, before multipliers.
    ahead      : early amounts credited ahead of their due period, at their multipliers.
    cap        : early cap; None for none. [share of the cap base]
    out_of_base : quota leaving the cap base per usd granted early; 0 for the original base. [usd/usd]
    lines      : how each cell that counts is read; the above in a form to look things up in.
    key        : spells out the rule.
    """

    counted: Sums
    credit_row: tuple[int, ...]
    moved: Sums
    ahead: Sums
    cap: float | None
    out_of_base: float
    horizon: Horizon
    lines: tuple[Line, ...]
    key: bytes


class Moves(NamedTuple):
    """Amounts credited in another period than due, before multipliers. All [period, world] [usd].

    early_out, late_out : due in the period, credited in another one.
    early_in, late_in   : credited in the period, due in another one.
    """

    early_out: FloatPW
    early_in: FloatPW
    late_out: FloatPW
    late_in: FloatPW


class Credit(NamedTuple):
    """Amounts counted in a period, by side, before and after multipliers. All [period, world] [usd].

    granted : early amounts granted ahead, by due period and by period of credit, where a cap decided that.
    shares  : the share of early amounts that it granted, by due period of credit. [due period, world] [share]
    """

    renewed: tuple[FloatPW, ...]
    credit: tuple[FloatPW, ...]
    granted: tuple[FloatPW, FloatPW] | None
    shares: FloatPW | None


def credit_terms(crediting: Crediting, moves: QuotaMoves, cells: Cells, horizon: Horizon) -> CreditTerms:
    """The crediting rule for the given cells.

    With ``date = "due"`` every amount lands in its due period, so nothing is ahead of it and nothing waits.
    """
    lines = _lines(crediting, cells)
    ahead = [line for line in lines if line.ahead]
    after = [line for line in lines if line.side == LATE and line.offset > 0]
    in_full = [line for line in lines if crediting.early_cap is None or not line.ahead]
    multiplied = [side for side in SIDES if any(li.multiplier != 1 for li in in_full if li.side == side)]
    credit_row = tuple(
        len(SIDES) + multiplied.index(side) if side in multiplied else row for row, side in enumerate(SIDES)
    )
    counted = [Part(SIDES.index(line.side), line.cell, line.offset, 1.0) for line in in_full] + [
        Part(credit_row[SIDES.index(line.side)], line.cell, line.offset, line.multiplier)
        for line in in_full
        if line.side in multiplied and line.multiplier != 0
    ]
    moved = [
        Part(row, line.cell, 0 if out else line.offset, 1.0)
        for row, (group, out) in enumerate(((ahead, True), (ahead, False), (after, True), (after, False)))
        for line in group
    ]
    date = crediting.amounts
    out_of_base = moves.early_out_of_due if crediting.early_cap_base == "adjusted" else 0.0
    return CreditTerms(
        counted=sums_of(date, len(SIDES) + len(multiplied), counted),
        credit_row=credit_row,
        moved=sums_of(date, len(Moves._fields), moved),
        ahead=sums_of(date, 1, [Part(0, line.cell, line.offset, line.multiplier) for line in ahead]),
        cap=crediting.early_cap,
        out_of_base=out_of_base,
        horizon=horizon,
        lines=tuple(lines),
        key=repr((lines, date, crediting.early_cap, out_of_base, horizon)).encode(),
    )


def credited(terms: CreditTerms, base: FloatPW, sheet: Worksheet) -> Credit:
    """Credit a book's renewals to the periods of the horizon.

    base : the base quota. [due period, world] [usd]

    Source: Compensating Customer Success Managers (founding document): early cases 2 to 4 and 6, late cases 2
    and 3; the provision of early case 4: "credit for cumulative early renewal bookings in excess of 50% of
    the associate's current quarter bookings target shall be applied to the original, on-time quarter".
    """
    counted = summed(terms.counted, terms.horizon, sheet)
    renewed = tuple(counted[row] for row in range(len(SIDES)))
    credit = tuple(counted[row] for row in terms.credit_row)
    if terms.cap is None:
        return Credit(renewed, credit, None, None)
    early, granted, shares = SIDES.index(EARLY), sheet.zeros(*base.shape), sheet.empty(*base.shape)
    out = sheet.zeros(3, *renewed[early].shape)
    out[0], out[1] = renewed[early], credit[early]
    amount, limits = sheet.ledger.amount[terms.ahead.date], (terms.cap, terms.out_of_base)
    lead, periods = terms.horizon
    grant(amount, terms.ahead.parts, terms.ahead.weight, lead, base, limits, granted, shares, out)
    moved = (granted[lead : lead + periods], out[2])
    return Credit((out[0], *renewed[1:]), (out[1], *credit[1:]), moved, shares[: lead + periods])


def moves_of(terms: CreditTerms, credit: Credit, sheet: Worksheet) -> Moves:
    """What quotas may follow: early amounts granted ahead of their due period, late ones that came back after."""
    moved = summed(terms.moved, terms.horizon, sheet)
    early_out, early_in = (moved[0], moved[1]) if credit.granted is None else credit.granted
    return Moves(early_out, early_in, moved[2], moved[3])


def _lines(crediting: Crediting, cells: Cells) -> list[Line]:
    """How the plan reads each cell that it counts; what is later than its window is a new logo."""
    lines = []
    columns = (cells.offset.tolist(), cells.side.tolist(), cells.last_day.tolist())
    for cell, (offset, side, last_day) in enumerate(zip(*columns, strict=True)):
        target = 0 if crediting.date == "due" else offset
        if side == EARLY:
            lines.append(Line(cell, side, target, crediting.early_at(last_day)))
        elif side == ON_TIME:
            lines.append(Line(cell, side, target, 1.0))
        elif last_day <= crediting.late_window_days:
            lines.append(Line(cell, side, target, crediting.late_at(last_day)))
    return lines
