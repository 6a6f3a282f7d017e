"""The tables of what a result rests on: clauses of its plans, assumptions of its scenario, what was run."""

from typing import Any

from sim.questions.grounds.comparable import normalised_sentence
from sim.shapes.table import PLAN, Column, Table, table

Document = dict[str, Any]


def assumptions(document: Document) -> Table | None:
    """Every input of the scenario that carries a source, or the word assumption."""
    columns = (Column("input", "Input"), Column("basis", "Basis"), Column("source", "Source or reason"))
    rows = (
        {
            "input": key,
            "basis": "assumption" if "assumption" in text.lower() else "source",
            "source": text,
        }
        for key, text in document.get("assumptions", {}).items()
    )
    return table("assumptions", "What the scenario assumes, and on what grounds", columns, rows)


def plans(document: Document) -> Table | None:
    """What each plan is, and what of it is not modelled."""
    columns = (PLAN, Column("title", "What it is"), Column("not_modelled", "Not modelled"))
    rows = (
        {
            "plan": name,
            "title": plan.get("title", ""),
            "not_modelled": "; ".join(plan.get("not_modelled", ())) or None,
        }
        for name, plan in document["plans"].items()
    )
    return table("plans", "The plans", columns, rows)


def normalised(document: Document) -> Table | None:
    """By what the pay of each plan was scaled, where it was."""
    found = document["study"].get("normalised")
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
    rows = ({"plan": name, "factor": factor} for name, factor in found["factors"].items())
    return table(
        "normalised",
        "How pay was scaled to be comparable",
        columns,
        rows,
        " ".join(normalised_sentence(document)),
    )


def inputs(document: Document) -> Table | None:
    """What was run: enough to run it again."""
    rows = (
        {"input": key, "value": str(value)} for key, value in document["study"].items() if key != "normalised"
    )
    return table("inputs", "What was run", (Column("input", "Input"), Column("value", "Value")), rows)


def not_measured(document: Document) -> Table | None:
    """Plans of which something that was asked cannot be measured, and why."""
    columns = (PLAN, Column("reason", "Why"))
    rows = (
        {"plan": name, "reason": plan[key]}
        for name, plan in document["plans"].items()
        for key in ("behaviour_not_measured", "exposure_not_bounded")
        if key in plan
    )
    return table("not_measured", "What cannot be measured, and why", columns, rows)
