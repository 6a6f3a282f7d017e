"""The tables of what a result rests on: clauses of its plans, assumptions of its scenario, what was run."""

from collections.abc import Iterator

from sim.questions.comparable import scaled_sentence
from sim.questions.cost.summary import CostOfPlan
from sim.questions.grounds.summary import Grounds, is_assumption
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.summary.summary import Summary

Row = dict[str, Value]


def assumptions(summary: Summary) -> Table | None:
    """Every input of the scenario that carries a source, or the word assumption."""
    columns = (Column("input", "Input"), Column("basis", "Basis"), Column("source", "Source or reason"))
    rows = (
        {"input": key, "basis": "assumption" if is_assumption(reason) else "source", "source": reason}
        for key, reason in summary.of(Grounds).assumptions.items()
    )
    return table("assumptions", "What the scenario assumes, and on what grounds", columns, rows)


def plans(summary: Summary) -> Table | None:
    """What each plan is, and what of it is not modelled."""
    columns = (PLAN, Column("title", "What it is"), Column("not_modelled", "Not modelled"))
    rows: Iterator[Row] = (
        {
            "plan": name,
            "title": plan.of(CostOfPlan).title,
            "not_modelled": "; ".join(plan.of(CostOfPlan).not_modelled or ()) or None,
        }
        for name, plan in summary.plans.items()
    )
    return table("plans", "The plans", columns, rows)


def normalised(summary: Summary) -> Table | None:
    """By what the pay of each plan was scaled, where it was."""
    found = summary.study.normalised
    if found is None:
        return None
    columns = (
        PLAN,
        Column(
            "factor",
            "Variable pay, times",
            "ratio",
            note="Times: of the variable pay that the plan's file states.",
        ),
    )
    rows: Iterator[Row] = ({"plan": name, "factor": factor} for name, factor in found.factors.items())
    title = "How pay was scaled to be comparable"
    return table("normalised", title, columns, rows, " ".join(scaled_sentence(summary.study)))


def inputs(summary: Summary) -> Table | None:
    """What was run: enough to run it again."""
    facts = summary.study.document()
    rows = ({"input": key, "value": str(value)} for key, value in facts.items() if key != "normalised")
    return table("inputs", "What was run", (Column("input", "Input"), Column("value", "Value")), rows)


def not_measured(summary: Summary) -> Table | None:
    """Plans of which something that was asked cannot be measured, and why."""
    columns = (PLAN, Column("reason", "Why"))
    rows = (
        {"plan": name, "reason": reason}
        for name, plan in summary.plans.items()
        for part in plan.parts.values()
        if (reason := part.not_measured) is not None
    )
    title = "What cannot be measured, and why"
    return table("not_measured", title, columns, rows, brief=("plan", "reason"))
