"""What the page shows of settled plans: the shapes that every medium shows, as plain values."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sim.questions.cost.budget import how_often
from sim.questions.cost.panels import performances
from sim.questions.cost.ranges import cost_ranges, difference_ranges
from sim.questions.cost.report import cost_short
from sim.questions.cost.summary import CostOfPlan
from sim.questions.cost.tables import costs, differences
from sim.questions.lint.summary import LintOfPlan
from sim.questions.payees.report import payees_sections
from sim.questions.payees.summary import PayeesOfPlan
from sim.report.terminal.fitted import Fitted
from sim.report.terminal.printed import printed
from sim.shapes.amounts import amount, share
from sim.shapes.fragile import ERROR_NOTE
from sim.shapes.table import Table
from sim.summary.summary import Summary

Document = dict[str, Any]

VERDICTS: Final = {
    "kept": "of worlds: budget kept",
    "broken": "of worlds: budget broken",
    "undecided": "of worlds: not decided by these",
}
"""Whether the budget is kept, beside the share of worlds in which it is not."""
CLAUSES: Final = "winners_by_clause"
"""The table of what each clause moves."""
ENDS: Final = 5
"""Who loses most and who gains most: so many of each."""


def answer(
    summary: Summary, names: Collection[str], cost: Sequence[float] = (), difference: Sequence[float] = ()
) -> Document:
    """Sentences, figures and tables of a summary, and the numbers themselves as ``summary.json`` has them.

    names : of the variants in it; the baseline is there too.
    cost, difference : amounts that the axes of the two figures reach at least. [usd]
    """
    return {
        "headline": [
            _headline(summary, name) for name in summary.plans if name in names or len(summary.plans) == 1
        ],
        "said": [said.sentence for said in cost_short(summary)],
        "note": ERROR_NOTE,
        "baseline": summary.study.baseline,
        "cost": plain(cost_ranges(summary, cost)),
        "difference": plain(difference_ranges(summary, difference)) if len(summary.plans) > 1 else None,
        "performance": plain(performances(summary)),
        "tables": list(_tables(differences(summary), costs(summary))),
        "payees": _payees(summary),
        "faults": {name: _faults(plan.of(LintOfPlan)) for name, plan in summary.plans.items()},
        "plans": summary.document()["plans"],
    }


def _headline(summary: Summary, name: str) -> Document:
    """What a plan comes to in five numbers, and the same in a sentence."""
    plan, baseline = summary.plans[name], summary.study.baseline
    entry, losing = plan.of(CostOfPlan), plan.of(PayeesOfPlan).payees
    cost, against = entry.cost, entry.vs_baseline
    apart = name != baseline
    told = {
        "name": name,
        "baseline": baseline,
        "cost": amount(cost.p50),
        "cost_spread": f"P5–P95 {amount(cost.p5)} to {amount(cost.p95)}",
        "against": amount(against.p50, sign=True) if apart else None,
        "against_spread": f"P5–P95 {amount(against.p5, sign=True)} to {amount(against.p95, sign=True)}",
        "over": None if cost.kept is None else how_often(cost),
        "verdict": VERDICTS.get(cost.kept or "", ""),
        "lose": None if losing is None else share(losing.lose, 1),
        "tone": cost.kept or "plain",
    }
    said = [f"{name}: median cost {told['cost']}"]
    said += [f"{told['against']} against {baseline}"] if apart else []
    said += [] if told["over"] is None else [f"over budget in {told['over']} of worlds"]
    return {**told, "spoken": f"{', '.join(said)}."}


def plain(shape: Any) -> Any:
    """A shape as JSON has it: of a named tuple an object."""
    if isinstance(shape, tuple) and hasattr(shape, "_fields"):
        return {name: plain(value) for name, value in zip(shape._fields, shape, strict=True)}
    if isinstance(shape, tuple | list):
        return [plain(value) for value in shape]
    if isinstance(shape, dict):
        return {key: plain(value) for key, value in shape.items()}
    return shape


def _tables(*tables: Table | None) -> Iterator[Document]:
    """Tables as a narrow screen shows them."""
    for table in tables:
        shown = None if table is None else printed(table)
        if isinstance(shown, Fitted):
            yield {
                "title": shown.title,
                "caption": shown.caption,
                "columns": shown.columns,
                "rows": shown.rows,
                "groups": [shown.groups.get(column, "") for column in shown.columns],
            }


def _payees(summary: Summary) -> Document | None:
    """Who gains and who loses: the section of the question, and by plan the ends of the list, or segments where books are
    drawn anew and have no names.
    """
    sections = list(payees_sections(summary))
    if not sections:
        return None
    finding, tables = sections[0].finding, sections[0].tables
    people = {}
    for name, plan in summary.plans.items():
        entry = plan.of(PayeesOfPlan).payees
        if entry is None:
            continue
        who = entry.rows if entry.rows is not None else entry.segments
        losing, gaining = who[:ENDS], who[max(ENDS, len(who) - ENDS) :]
        people[name] = {
            "named": entry.rows is not None,
            "count": len(who),
            "rows": [_person(each) for each in (*losing, *gaining)],
        }
    moved = next((_by_clause(table) for table in tables if table.name == CLAUSES), None)
    return {"finding": finding, "tables": list(_tables(*tables[:1], moved)), "people": people}


def _by_clause(table: Table) -> Table:
    """Which clause moves pay, as a narrow screen has room for it."""
    title = f"{table.title} [{{unit}} over the horizon]"
    return replace(table, brief=("plan", "words", "change"), short=title)


def _person(each: Any) -> Document:
    """A CSM or a segment: the change of pay with its spread, of a CSM also the clause that moves most. [usd over the
    horizon]
    """
    why, moved = getattr(each, "why", None), getattr(each, "why_change", None)
    return {
        "name": getattr(each, "csm", None) or each.segment,
        "change": each.change,
        "p10": each.p10,
        "p90": each.p90,
        "shown": amount(each.change, sign=True),
        "spread": f"{amount(each.p10, sign=True)} to {amount(each.p90, sign=True)}",
        "lose": share(each.lose),
        "why": None if why is None or moved is None else f"{why} {amount(moved, sign=True)}",
    }


def _faults(found: LintOfPlan) -> list[Document]:
    return [
        {"severity": each.severity, "name": each.name, "sentence": each.sentence, "clause": each.clause}
        for each in found.lints
    ]
