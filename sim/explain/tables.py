"""Tables of an explanation: what came from whom, what was reached, the rules in their order, and payment."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from sim.calendar import Calendar
from sim.explain.contributions import Contribution
from sim.explain.explained import ComponentTold, Explanation
from sim.explain.reached import sentence_of, unit_of
from sim.plan.component import Component
from sim.plan.measured import Reading
from sim.plan.reading.kpi import Kpi
from sim.plan.reading.retention import Retention
from sim.shapes.table import Column, Kind, Table, Value, table
from sim.shapes.words import counted, listed

BY_UNIT: Final[tuple[tuple[str, Kind, tuple[str, str]], ...]] = (
    ("", "dollar", ("Quota", "Reached")),
    ("_share", "share", ("Target", "Reading")),
    ("_number", "ratio", ("Asked, number", "Reached, number")),
)
"""By the unit of what a component measures, two columns: what was asked and what was reached."""


def contributions_table(explanation: Explanation, told: ComponentTold) -> Table | None:
    """What each account gave in each window; of shares only those that changed, the others together in one row."""
    if not told.contributions:
        return None
    component, reading = told.component, told.terms.reading
    company, kpi = isinstance(reading, Retention) and reading.company, isinstance(reading, Kpi)
    of = "each book" if company else "each account"
    columns = _contributed(component, reading)
    beside = "share" if company else "counted" if kpi else ""
    return table(
        f"from_{component.name}",
        f"What {of} gave to {component.name}",
        columns,
        _grouped(told.contributions, explanation),
        f"{sentence_of(component)}.{_bridge(reading)}",
        brief=("who", beside) if beside else [column.key for column in columns],
        across="period" if beside else "",
    )


def _contributed(component: Component, reading: Reading) -> tuple[Column, ...]:
    logos = "logo_retention" in (component.measure, component.team_measure)
    kind: Kind = "count" if logos else "dollar"
    number: Kind = "count" if unit_of(component) == "number" else "dollar"
    number = "ratio" if isinstance(reading, Kpi) else number
    company = isinstance(reading, Retention) and reading.company
    return (
        Column("who", "Book" if company else "Account"),
        Column("period", "In", names=False),
        Column("counted", "Reading" if number == "ratio" else "Counted", number, signed=number == "dollar"),
        Column("start", "At start", kind),
        Column("kept", "Kept", kind),
        Column("end", "At end", kind),
        *([Column("share", "Share", "share")] if company else []),
        Column("happened", "What happened"),
    )


def _bridge(reading: Reading) -> str:
    """How the columns of a share hang together."""
    if not isinstance(reading, Retention) or reading.cohort is None:
        return ""
    return " At start less what was lost is kept; with what grew it is at end."


def _grouped(found: Sequence[Contribution], explanation: Explanation) -> Iterator[dict[str, Value]]:
    """The rows of each window, its unchanged accounts as one."""
    calendar, csm = explanation.calendar, explanation.csm
    for period in range(calendar.periods):
        mine = [each for each in found if each.period == period]
        window = window_label(mine[0].first, period, calendar) if mine else ""
        whole = [each for each in mine if each.unchanged]
        for each in mine:
            if len(whole) == 1 or not each.unchanged:
                yield {**each._asdict(), "period": window, "who": each.who.removeprefix(f"{csm}-")}
        if len(whole) > 1:
            sums = {key: sum(getattr(each, key) or 0.0 for each in whole) for key in ("start", "kept", "end")}
            yield {"period": window, "who": f"{len(whole)} others", **sums, "happened": "unchanged"}


def window_label(first: int, last: int, calendar: Calendar) -> str:
    """The periods of a window."""
    return calendar.label(last) if first == last else f"{calendar.label(first)}..{calendar.label(last)}"


def reached_table(explanation: Explanation) -> Table | None:
    """What every component was asked and reached in each window, what it earned, and when that is due for payment."""
    calendar, settled = explanation.calendar, explanation.settlement
    due = {(each.component, each.earned_in): each for each in explanation.dates}
    rows = []
    for told in explanation.components:
        name, measured, unit = told.component.name, told.measured, unit_of(told.component)
        for period in range(calendar.periods):
            out = measured.skipped is not None and bool(measured.skipped[period, 0])
            asked = told.component.quota.kind != "none"
            suffix = {"usd": "", "share": "_share", "number": "_number"}[unit]
            when = due[name, period]
            rows.append(
                {
                    "component": name,
                    "window": window_label(int(told.terms.window.first[period]), period, calendar),
                    f"target{suffix}": float(measured.target[period, 0]) if asked else None,
                    f"value{suffix}": float(measured.value[period, 0]),
                    "attainment": float(measured.attainment[period, 0]) if asked and not out else None,
                    "at_target": settled.component[name].target.at(period) or None,
                    "earned": float(settled.component[name].pay[period, 0]),
                    "due_in": calendar.label(when.due_in),
                    "day": when.day.isoformat(),
                }
            )
    columns = (
        Column("component", "Component"),
        Column("window", "Window"),
        *(
            Column(f"{key}{suffix}", title, kind)
            for suffix, kind, titles in BY_UNIT
            for key, title in zip(("target", "value"), titles, strict=True)
        ),
        Column("attainment", "Attainment", "share", none="—"),
        Column("at_target", "At target", "money"),
        Column("earned", "Earned in the period", "money"),
        Column("due_in", "Due with"),
        Column("day", "on"),
    )  # fmt: skip
    note = " ".join(f"{sentence_of(told.component)}." for told in explanation.components)
    return table("reached", "What was asked, reached and earned", columns, rows, note)


def steps_table(explanation: Explanation) -> Table | None:
    """What components have earned after each step that changed it, period by period; the row above is before."""
    rows = [
        {"component": name, "step": step.words, **_periods(step.after[name][:, 0].tolist())}
        for name in _names(explanation)
        for step in explanation.steps
        if name in step.changed or (step.key == "pay" and name in step.after)
    ]
    note = "Up to the true-up, what the window to date has earned; after it, what the period has."
    columns = (Column("component", "Component"), Column("step", "Rule"), *_columns(explanation.calendar))
    return table("rules", "The rules in their order", columns, rows, note if _to_date(explanation) else "")


def _names(explanation: Explanation) -> list[str]:
    return list(explanation.settlement.component)


def _to_date(explanation: Explanation) -> bool:
    return any(told.terms.window.to_date for told in explanation.components)


def untouched(explanation: Explanation) -> str:
    """The sentence about rules that stood in the plan and changed nothing; empty where there is none."""
    idle = [
        step.words
        for step in explanation.steps
        if not step.changed and step.key not in ("pay", "true_up", "seat")
    ]
    return f"{counted(len(idle), 'rule')} changed nothing: {listed(idle)}." if idle else ""


def payment_table(explanation: Explanation) -> Table | None:
    """From what is earned to what is paid, period by period."""
    rows = [
        {"line": flow.words.strip(), **_periods(flow.amount[:, 0].tolist(), total=not flow.balance)}
        for flow in explanation.payment
    ]
    columns = (Column("line", "Line"), *_columns(explanation.calendar))
    return table("payment", "From earned to paid", columns, rows)


def _periods(values: Iterable[float], total: bool = True) -> dict[str, Value]:
    found: dict[str, Value] = {f"period_{period}": value for period, value in enumerate(values)}
    whole = float(np.sum(list(found.values())))
    return found | ({"total": whole} if total else {})


def _columns(calendar: Calendar) -> tuple[Column, ...]:
    periods = (Column(f"period_{period}", label, "money") for period, label in enumerate(calendar.labels))
    return (*periods, Column("total", "Total", "money"))
