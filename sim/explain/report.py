"""What a reader sees of an explanation: deals and accounts line by line, what was reached, the rules in their order, and
payment; and all of it as plain entries.
"""

from collections.abc import Iterator
from typing import Any, Final

from sim.calendar import Calendar
from sim.explain.deals import Deal, Part
from sim.explain.explained import ComponentTold, Explanation
from sim.explain.reached import sentence_of
from sim.explain.tables import (
    contributions_table,
    payment_table,
    reached_table,
    steps_table,
    untouched,
)
from sim.records import EARLY, LATE, ON_TIME
from sim.shapes.amounts import amount
from sim.shapes.entries import STATEMENT_COLUMNS, neutral_entries, settlement_entries, statement_entries, tidy
from sim.shapes.section import Section
from sim.shapes.table import Column, Table, Value, by_name, table

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
    world = "" if explanation.world is None else f" · world {explanation.world}"
    moved = "" if explanation.honest is None else " · dates moved"
    return f"{plan} · {explanation.csm}{world}{moved}"


def deals_table(explanation: Explanation, told: ComponentTold | None = None) -> Table | None:
    """One row a deal, and a second one for the part of it that an early cap makes wait; None without any deal.

    told : of a component other than the one that the statement shows.
    """
    calendar, deals = explanation.calendar, explanation.deals if told is None else told.deals
    rows = [row for deal in deals for row in _rows(deal, explanation.csm, calendar)]
    of = "" if told is None else f" for {told.component.name}"
    title = f"Due or credited{of} from {calendar.start} on, {calendar.periods} periods [$]"
    name = "deals" if told is None else f"deals_{told.component.name}"
    return table(name, title, COLUMNS, rows, brief=[column.key for column in COLUMNS])


def all_deals(explanation: Explanation) -> Iterator[Table | None]:
    """The deals as the statement's component credits them, then as others do."""
    yield deals_table(explanation)
    for told in explanation.components:
        if told.component is not explanation.plan.lead:
            yield deals_table(explanation, told)


def explanation_sections(explanation: Explanation) -> list[Section]:
    """What happened, what was reached, the rules, payment, and the statement."""
    statement = table(
        "statement",
        "Statement",
        STATEMENT_COLUMNS,
        statement_entries(explanation.plan.name, explanation.csm, explanation.statement),
    )
    tables = (
        *all_deals(explanation),
        *(contributions_table(explanation, told) for told in explanation.components),
        reached_table(explanation),
        steps_table(explanation),
        payment_table(explanation),
        statement,
    )
    finding = " ".join(filter(None, (gamed_sentence(explanation), untouched(explanation))))
    held = tuple(by_name(tables).values())
    return [Section("explanation", heading(explanation), finding, tables=held, open=True)]


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
    plan, csm, study = explanation.plan.name, explanation.csm, explanation.study
    settled = settlement_entries(explanation.settlement)
    statements = statement_entries(plan, csm, explanation.statement)
    neutral = neutral_entries(explanation.neutral) or [{}] * len(statements)
    gamed = {} if explanation.honest is None else {"gamed": True, "honest_bonus": explanation.honest}
    of = {} if study is None else {"study": study.name, "seed": study.seed, "world": explanation.world}
    alone = explanation.plan.on_renewals_alone
    return {
        **of,
        "plan": plan,
        "csm": csm,
        **gamed,
        "deals": [_entry(deal) for deal in explanation.deals],
        "statements": [
            entry | more | ({} if alone else parts)
            for entry, more, parts in zip(statements, neutral, settled, strict=True)
        ],
        "components": [_component(told, explanation) for told in explanation.components],
        "rules": [
            {
                "rule": step.key,
                "words": step.words,
                "component": name,
                "before": _amounts(step.before[name]) if name in step.before else None,
                "after": _amounts(step.after[name]),
            }
            for step in explanation.steps
            for name in step.changed
        ],
        "payment": {flow.key: _amounts(flow.amount) for flow in explanation.payment},
        "due_for_payment": [{**each._asdict(), "day": each.day.isoformat()} for each in explanation.dates],
    }


def _component(told: ComponentTold, explanation: Explanation) -> dict[str, Any]:
    component, window = told.component, told.terms.window
    others = () if component is explanation.plan.lead else told.deals
    return {
        "name": component.name,
        "measure": component.measure,
        "words": sentence_of(component),
        "windows": [{"first": int(first), "last": last} for last, first in enumerate(window.first)],
        "rows": {
            row.label.strip(): [None if v is None else tidy(v) for v in row.values] for row in told.rows
        },
        "contributions": [
            {key: tidy(value) if isinstance(value, float) else value for key, value in each._asdict().items()}
            for each in told.contributions
        ],
        **({"deals": [_entry(deal) for deal in others]} if others else {}),
    }


def _amounts(amounts: Any) -> list[float]:
    return [tidy(value) for value in amounts[:, 0].tolist()]


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
