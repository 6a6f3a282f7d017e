"""What a reader sees of one book in one world: its deals line by line, and all of it as plain entries."""

from collections.abc import Iterator
from typing import Any, Final

from sim.calendar import Calendar
from sim.explain.deals import Deal, Part
from sim.explain.explain import Explanation
from sim.records import EARLY, LATE, ON_TIME
from sim.shapes.amounts import amount
from sim.shapes.entries import STATEMENT_COLUMNS, neutral_entries, statement_entries
from sim.shapes.section import Section
from sim.shapes.table import Column, Table, Value, table

SIDES: Final = {EARLY: "early", ON_TIME: "on_time", LATE: "late", None: None}
COLUMNS: Final = (
    Column("account", "Account"),
    Column("due", "Due"),
    Column("booked", "Booked"),
    Column("outcome", "Outcome"),
    Column("arr", "ARR", "dollar"),
    Column("booked_arr", "Renewed", "dollar"),
    Column("period", "In"),
    Column("multiplier", "x", "ratio"),
    Column("credit", "Credit", "dollar"),
)


def heading(explanation: Explanation) -> str:
    """Whose book it is, in which world and under which plan."""
    plan = explanation.plan.title or explanation.plan.name
    moved = "" if explanation.honest is None else " · dates moved"
    return f"{plan} · {explanation.csm} · world {explanation.world}{moved}"


def deals_table(explanation: Explanation) -> Table | None:
    """One row a deal, and a second one for the part of it that an early cap makes wait; None without any deal."""
    calendar = explanation.study.scenario.calendar
    rows = [row for deal in explanation.deals for row in _rows(deal, explanation.csm, calendar)]
    title = f"Due or credited from {calendar.start} on, {calendar.periods} periods [$]"
    return table("deals", title, COLUMNS, rows, brief=[column.key for column in COLUMNS])


def explanation_sections(explanation: Explanation) -> list[Section]:
    """The deals line by line, then the statement."""
    statement = table("statement", "Statement", STATEMENT_COLUMNS, document(explanation)["statements"])
    tables = (deals_table(explanation), statement)
    finding = gamed_sentence(explanation)
    held = tuple(each for each in tables if each is not None)
    return [Section("explanation", heading(explanation), finding, tables=held)]


def gamed_sentence(explanation: Explanation) -> str:
    """What moved dates add; empty where none is moved."""
    if explanation.honest is None:
        return ""
    paid = float(explanation.statement.bonus.sum())
    return (
        f"With these dates the CSM is paid {amount(paid)}, {amount(paid - explanation.honest)} more than with honest "
        "dates, for the same renewals. Run without --gamed to see those."
    )


def document(explanation: Explanation) -> dict[str, Any]:
    """What ``--json`` prints. Amounts in usd, days moved (booked minus due), periods from 0."""
    plan, csm = explanation.plan.name, explanation.csm
    statements = statement_entries(plan, csm, explanation.statement)
    gamed = {} if explanation.honest is None else {"gamed": True, "honest_bonus": explanation.honest}
    return {
        "study": explanation.study.name,
        "seed": explanation.study.seed,
        "plan": plan,
        "world": explanation.world,
        "csm": csm,
        **gamed,
        "deals": [_entry(deal) for deal in explanation.deals],
        "statements": [
            entry | neutral
            for entry, neutral in zip(statements, neutral_entries(explanation.neutral), strict=True)
        ],
    }


def _rows(deal: Deal, csm: str, calendar: Calendar) -> Iterator[dict[str, Value]]:
    first, *rest = deal.parts or (None,)
    yield {
        "account": deal.account.removeprefix(f"{csm}-"),  # as drawn books name theirs
        "due": deal.due_date.isoformat(),
        "booked": deal.booked_date.isoformat() if deal.booked_date else None,
        "outcome": deal.outcome,
        "arr": deal.arr,
        "booked_arr": deal.booked_arr if deal.booked_date else None,
        **_credited(first, calendar),
    }
    for part in rest:
        yield {"outcome": "  waits", **_credited(part, calendar)}


def _credited(part: Part | None, calendar: Calendar) -> dict[str, Value]:
    if part is None:
        return {}
    inside = 0 <= part.period < calendar.periods
    place = calendar.label(part.period) if inside else "before" if part.period < 0 else "after"
    return {"period": place, "multiplier": part.multiplier, "credit": part.credit}


def _entry(deal: Deal) -> dict[str, Any]:
    return {
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
