"""The deals of one book in one world, line by line: what was due, what happened, what was credited."""

from collections.abc import Sequence
from typing import Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from sim.calendar import Calendar
from sim.records import EARLY, LATE, ON_TIME
from sim.report.terminal.statement import ZERO
from sim.study.explain import Deal, Part

SIDES: Final = {EARLY: "early", ON_TIME: "on_time", LATE: "late", None: None}
THOUSAND: Final = 1e3


def deals_table(deals: Sequence[Deal], csm: str, calendar: Calendar) -> Table:
    """One line a deal, and a second one for the part of it that an early cap makes wait. Amounts in $K."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    table.add_column("Account", overflow="fold")
    table.add_column("Due", no_wrap=True)
    table.add_column("Booked", no_wrap=True)
    table.add_column("What happened", overflow="fold")
    for head in ("ARR", "Renewed", "In", "x", "Credit"):
        table.add_column(head, justify="right", no_wrap=True)
    for deal in deals:
        first, *rest = deal.parts or (None,)
        booked = deal.booked_date.isoformat() if deal.booked_date else ZERO
        table.add_row(
            Text(_short(deal.account, csm)),
            deal.due_date.isoformat(),
            booked,
            deal.outcome,
            _thousands(deal.arr),
            _thousands(deal.booked_arr),
            *_credited(first, calendar),
            style="dim" if deal.booked_date is None else "",
        )
        for part in rest:
            table.add_row("", "", "", "  waits", "", "", *_credited(part, calendar), style="dim")
    return table


def deal_entries(deals: Sequence[Deal]) -> list[dict[str, Any]]:
    """The deals as plain entries. Amounts in usd, days moved (booked minus due), periods from 0."""
    return [
        {
            "account": deal.account,
            "number": deal.number,
            "due_date": deal.due_date.isoformat(),
            "booked_date": deal.booked_date.isoformat() if deal.booked_date else None,
            "timing": SIDES[deal.side],
            "days": deal.days,
            "arr": deal.arr,
            "booked_arr": deal.booked_arr,
            "outcome": deal.outcome,
            "credited": [part._asdict() for part in deal.parts],
        }
        for deal in deals
    ]


def _credited(part: Part | None, calendar: Calendar) -> tuple[str, str, str]:
    if part is None:
        return (ZERO, ZERO, ZERO)
    inside = 0 <= part.period < calendar.periods
    place = calendar.label(part.period) if inside else "before" if part.period < 0 else "after"
    return place, f"{part.multiplier:.4g}", _thousands(part.credit)


def _short(account: str, csm: str) -> str:
    """The account without the CSM's name in front of it, as drawn books name theirs."""
    return account.removeprefix(f"{csm}-")


def _thousands(amount: float) -> str:
    return f"{amount / THOUSAND:,.1f}" if amount else ZERO
