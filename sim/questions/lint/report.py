"""What reports show of the clauses of plans."""

from collections.abc import Iterator
from typing import Any

from sim.shapes.section import Section
from sim.shapes.table import PLAN, Column, Table, table
from sim.shapes.words import counted, listed
from sim.summary.summary import Summary

Document = dict[str, Any]
UNFOLDED = 12
"""A table of more faults is folded."""


def lint_sections(summary: Summary) -> Iterator[Section]:
    """What clauses pay for besides renewals, where any does."""
    faults = lints(summary.document)
    if faults is not None:
        finding = lint_finding(summary.document)
        yield Section("lints", faults.title, finding, tables=(faults,), open=len(faults.rows) <= UNFOLDED)


def lints(document: Document) -> Table | None:
    """What clauses of the plans pay for besides renewals, from their files alone."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("severity", "Severity"),
        Column("name", "Fault"),
        Column("sentence", "What it does"),
        Column("clause", "Clause"),
        Column("source", "Source"),
    )
    rows = (
        {"plan": name} | fault for name, plan in document["plans"].items() for fault in plan.get("lints", ())
    )
    return table("lints", "What clauses of these plans pay for besides renewals", columns, rows)


def lint_finding(document: Document) -> str:
    """How many plans have a major fault."""
    plans = document["plans"]
    major = [
        name
        for name, plan in plans.items()
        if any(fault["severity"] == "major" for fault in plan.get("lints", ()))
    ]
    if not major:
        return "No plan has a major fault; read from the plan files alone, nothing simulated."
    has = "has" if len(major) == 1 else "have"
    return (
        f"{len(major)} of {counted(len(plans), 'plan')} {has} a clause with a major fault: {listed(major)}; read from the "
        "plan files alone, nothing simulated."
    )
