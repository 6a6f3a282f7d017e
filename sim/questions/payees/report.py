"""What reports show of who gains and who loses."""

from collections.abc import Iterator

from sim.questions.payees.entry import CUT, FELT
from sim.questions.payees.summary import PayeesOfPlan
from sim.shapes.amounts import amount, share
from sim.shapes.section import Section
from sim.shapes.table import PLAN, Column, Table, by_name, table
from sim.summary.summary import Summary

LOSE = f"Loses > {100 * FELT:.0f} %"


def payees_sections(summary: Summary) -> Iterator[Section]:
    """Who gains and who loses, in all, by segment and by name."""
    found = by_name(make(summary) for make in (winners, segments, payees))
    if found:
        title = found["winners"].title
        yield Section("winners", title, winners_finding(summary), tables=tuple(found.values()), open=True)


def winners(summary: Summary) -> Table | None:
    """A row a plan."""
    baseline = summary.study.baseline
    columns = (
        PLAN,
        Column("lose", LOSE, "share"),
        Column("share_losing_10pct", f"> {100 * CUT:.0f} %", "share"),
        Column("gain", f"Gains > {100 * FELT:.0f} %", "share"),
        Column(
            "make_whole",
            "Making whole",
            "usd",
            note="Making whole: what CSMs lose in a world, all together, a year.",
        ),
        Column("loses_most", "Loses most"),
        Column("gains_most", "Gains most"),
    )
    rows = []
    for plan in summary.plans.values():
        entry = plan.of(PayeesOfPlan).payees
        if entry is None:
            continue
        row = {
            "plan": plan.name,
            **{key: getattr(entry, key) for key in ("lose", "share_losing_10pct", "gain", "make_whole")},
        }
        if entry.rows:
            first, last = entry.rows[0], entry.rows[-1]
            row |= {
                "loses_most": f"{first.csm} {amount(first.change, sign=True)}",
                "gains_most": f"{last.csm} {amount(last.change, sign=True)}",
            }
        rows.append(row)
    return table(
        "winners",
        "Who gains and who loses by a plan",
        columns,
        rows,
        f"Of CSMs' worlds, against {baseline} in the same world; of pay over the horizon, salary included.",
        brief=[column.key for column in columns],
        short=f"Who gains and who loses against {baseline} [{{unit}} a year]",
    )


def segments(summary: Summary) -> Table | None:
    """By segment, where there are several."""
    columns = (
        PLAN,
        Column("segment", "Segment"),
        Column("csms", "CSMs", "count"),
        Column("change", "Change of pay", "usd", signed=True),
        Column("p10", "P10", "usd", signed=True),
        Column("p90", "P90", "usd", signed=True),
        Column("lose", LOSE, "share"),
    )
    rows = [
        {"plan": plan.name, **of_segment.document()}
        for plan in summary.plans.values()
        if (entry := plan.of(PayeesOfPlan).payees) is not None and len(entry.segments) > 1
        for of_segment in entry.segments
    ]
    note = "Variable pay of a CSM over the horizon. P10, P90: of a CSM in a world."
    return table("winners_by_segment", "Who gains and who loses, by segment", columns, rows, note)


def payees(summary: Summary) -> Table | None:
    """By name, where books are the same in all worlds."""
    columns = (
        PLAN,
        Column("csm", "CSM"),
        Column("segment", "Segment"),
        Column("baseline", "Pay under the baseline", "usd"),
        Column("pay", "Pay", "usd"),
        Column("change", "Change", "usd", signed=True),
        Column("change_share", "of all pay", "share", signed=True),
        Column("p10", "P10", "usd", signed=True),
        Column("p90", "P90", "usd", signed=True),
        Column("lose", LOSE, "share"),
    )
    rows = [
        {"plan": plan.name, **payee.document()}
        for plan in summary.plans.values()
        if (entry := plan.of(PayeesOfPlan).payees) is not None
        for payee in entry.rows or ()
    ]
    note = "Variable pay over the horizon; who loses most first. P10, P90 of the change, world by world."
    return table("payees", "Every CSM under every plan, against the baseline", columns, rows, note)


def winners_finding(summary: Summary) -> str:
    """Under which plan most CSMs lose."""
    entries = {name: plan.of(PayeesOfPlan).payees for name, plan in summary.plans.items()}
    losing = {name: entry.lose for name, entry in entries.items() if entry is not None}
    worst = max(losing, key=losing.__getitem__)
    if losing[worst] == 0.0:
        return f"Under no plan does a CSM lose more than {share(FELT)} of pay."
    return (
        f"Most lose under {worst}: in {share(losing[worst])} of CSMs' worlds pay falls by more than {share(FELT)} against "
        f"{summary.study.baseline}."
    )
