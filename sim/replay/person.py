"""The statement of one person under one plan: a row a period, and one for the horizon."""

from sim.plan.component import Component
from sim.plan.total import total_attainment
from sim.replay.replay import Replay, Settled
from sim.replay.slips import (
    BALANCES,
    SIDES,
    Slip,
    amounts_of,
    at_target,
    balance_of,
    balances_of,
    reached_of,
    summed,
)
from sim.shapes.table import Column, Kind, Table, Value, table

Columned = tuple[tuple[Column, ...], list[dict[str, Value]]]


def person_table(slip: Slip, result: Replay) -> Table:
    """One CSM under one plan, a row a period and one for the horizon."""
    settled = slip.settled
    own = _of_renewals if settled.plan.on_renewals_alone else _of_components
    columns, entries = own(slip)
    balances = [
        Column(key, title, "money")
        for key, title in BALANCES
        if any(abs(value) > 0.0 for value in balance_of(slip, key))
    ]
    labels = [*result.calendar.labels, "Total"]
    last: dict[str, Value] = {
        column.key: summed([float(entry[column.key] or 0.0) for entry in entries])
        for column in columns
        if column.kind == "money" and not column.key.startswith(("target", "value"))
    }
    rows = [
        {"period": label, **entry, **balances_of(slip, period)}
        for period, (label, entry) in enumerate(zip(labels, entries, strict=False))
    ]
    rows.append({"period": labels[-1], **last, **_totals(settled)})
    title = f"{settled.plan.title or settled.plan_name} · {settled.csm}"
    found = table("statement", title, (Column("period", "Period"), *columns, *balances), rows)
    assert found is not None, "a horizon has periods"
    return found


def _totals(settled: Settled) -> dict[str, Value]:
    """Attainments of the horizon."""
    if settled.plan.on_renewals_alone:
        neutral = settled.neutral_attainment
        return {"attainment": settled.total_attainment, "attainment_timing_neutral": neutral}
    return {
        f"attainment_{at}": total_attainment(each)
        for at, each in enumerate(settled.settlement.component.values())
    }


def _of_renewals(slip: Slip) -> Columned:
    """The rows of a founding table as columns."""
    entries = [amounts_of(slip, period) for period in range(len(slip.paid))]
    renewed, paid = "Renewed in the period", "Bonus paid in the period"
    columns = (
        Column("quota", "Quota", "money"),
        Column("credit", "Credit", "money"),
        Column("attainment", "Attainment", "share"),
        Column("attainment_timing_neutral", "Timing-neutral", "share"),
        Column("at_target", "Pay at target", "money"),
        Column("paid", "Paid", "money"),
        *(Column(f"renewed_{side}", _title(side), "money", group=renewed) for side in SIDES),
        Column("renewed", "All", "money", group=renewed),
        *(Column(f"paid_{side}", _title(side), "money", group=paid) for side in SIDES),
    )
    return columns, entries


def _title(side: str) -> str:
    return side.replace("_", " ").capitalize()


def _of_components(slip: Slip) -> Columned:
    """What each component was asked, reached and earned; then what is earned and paid."""
    components = {each.name: each for each in slip.settled.plan.component}
    columns: list[Column] = []
    for at, name in enumerate(slip.earned):
        if name in components:
            kind = kind_of(components[name])
            columns += [
                Column(f"target_{at}", "Asked", kind, group=name),
                Column(f"value_{at}", "Reached", kind, group=name),
                Column(f"attainment_{at}", "Attainment", "share", group=name),
            ]
        if name not in components or components[name].pay_kind != "none":
            columns.append(Column(f"earned_{at}", "Earned", "money", group=name))
    columns += [
        Column("at_target", "At target", "money", group="All"),
        Column("earned", "Earned", "money", group="All"),
        Column("paid", "Paid", "money", group="All"),
    ]
    entries: list[dict[str, Value]] = []
    for period in range(len(slip.paid)):
        entry: dict[str, Value] = {"earned": slip.whole[period], "paid": slip.paid[period]}
        entry["at_target"] = at_target(slip, period)
        for at, name in enumerate(slip.earned):
            entry |= {f"{key}_{at}": value for key, value in reached_of(slip, name, period).items()}
        entries.append(entry)
    return tuple(columns), entries


def kind_of(component: Component) -> Kind:
    """How what a component is asked and reaches is shown."""
    kinds: dict[str, Kind] = {"share": "share", "company": "share", "kpi": "ratio", "events": "count"}
    return kinds.get(component.kind_of_measure.kind, "money")
