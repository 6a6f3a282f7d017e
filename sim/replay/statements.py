"""Statements to the cent, as tables: of everybody by period, of components, of each person, and of the company."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from sim.calendar import Calendar
from sim.replay.replay import Replay
from sim.replay.slips import BALANCES, SIDES, Slip, amounts_of, balances_of, reached_of, summed
from sim.shapes.table import PLAN, Column, Table, Value, table

WHEN: Final = (Column("period", "Period"), Column("starts", "From"), Column("ends", "To"))
CENTS: Final = (
    "Amounts are rounded to the cent period by period, as they are paid, and totals are sums of them; components add up to "
    "what is earned."
)


def statements_table(result: Replay, slips: Sequence[Slip]) -> Table:
    """A row for every plan, CSM and period: for machines."""
    rows = [
        {**_whose(slip, result), **when, **amounts_of(slip, period), **balances_of(slip, period)}
        for slip in slips
        for period, when in enumerate(_periods(result.calendar))
    ]
    columns = (
        PLAN,
        Column("csm", "CSM"),
        Column("role", "Role"),
        *WHEN,
        Column("at_target", "Pay at target", "money"),
        Column("base_quota", "Base quota", "money"),
        Column("quota", "Quota", "money"),
        Column("renewed", "Renewed", "money"),
        *(Column(f"renewed_{side}", f"Renewed {side.replace('_', ' ')}", "money") for side in SIDES),
        Column("credit", "Credit", "money"),
        Column("attainment", "Attainment", "share"),
        Column("attainment_timing_neutral", "Timing-neutral attainment", "share"),
        Column("earned", "Earned", "money"),
        *(Column(f"paid_{side}", f"Paid {side.replace('_', ' ')}", "money") for side in SIDES),
        Column("paid", "Paid", "money"),
        *(Column(key, title, "money") for key, title in BALANCES),
    )
    return _there(table("statements", "Statements", columns, rows, CENTS))


def components_table(result: Replay, slips: Sequence[Slip]) -> Table:
    """A row for every plan, CSM, component and period: what was asked, reached and earned, all rules applied."""
    rows = [
        {**_whose(slip, result), **when, "component": name, **reached_of(slip, name, period)}
        for slip in slips
        for name in slip.earned
        for period, when in enumerate(_periods(result.calendar))
    ]
    columns = (
        PLAN,
        Column("csm", "CSM"),
        *WHEN,
        Column("component", "Component"),
        Column("measure", "Measure"),
        Column(
            "target", "Asked", "ratio", note="Asked, reached: in the unit of the measure, over its window."
        ),
        Column("value", "Reached", "ratio"),
        Column("attainment", "Attainment", "share"),
        Column("earned", "Earned", "money"),
    )
    return _there(table("components", "What each component was asked, reached and earned", columns, rows))


def company_table(result: Replay, slips: Sequence[Slip]) -> Table:
    """What everybody is paid under every plan, period by period; then all of them."""
    rows: list[dict[str, Value]] = []
    for plan in plan_names(result):
        mine = [slip for slip in slips if slip.settled.plan_name == plan]
        rows += [{**_whose(slip, result), **across(slip.paid, result.calendar)} for slip in mine]
        together = [summed(each) for each in zip(*(slip.paid for slip in mine), strict=True)]
        rows.append({"plan": plan, "csm": "All", **across(together, result.calendar)})
    columns = (PLAN, Column("csm", "CSM"), Column("role", "Role"), *period_columns(result.calendar))
    return _there(table("company", "What everybody is paid, period by period", columns, rows, CENTS))


def _whose(slip: Slip, result: Replay) -> dict[str, Value]:
    csm = slip.settled.csm
    return {"plan": slip.settled.plan_name, "csm": csm, "role": result.roles.get(csm)}


def plan_names(result: Replay) -> list[str]:
    """The plans, in order."""
    return list(dict.fromkeys(each.plan_name for each in result.settled))


def _periods(calendar: Calendar) -> list[dict[str, Value]]:
    """Label, first and last day of each period."""
    return [
        {
            "period": label,
            "starts": calendar.first_day(period).isoformat(),
            "ends": (calendar.first_day(period + 1) - timedelta(days=1)).isoformat(),
        }
        for period, label in enumerate(calendar.labels)
    ]


def across(amounts: Sequence[float], calendar: Calendar) -> dict[str, Value]:
    """Amounts by period in the columns of ``period_columns``."""
    return {**dict(zip(calendar.labels, amounts, strict=True)), "total": summed(amounts)}


def period_columns(calendar: Calendar) -> Iterator[Column]:
    """A column for every period, and one for their total."""
    yield from (Column(label, label, "money") for label in calendar.labels)
    yield Column("total", "Total", "money")


def _there(found: Table | None) -> Table:
    assert found is not None, "a replay has statements"
    return found
