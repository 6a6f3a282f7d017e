"""What reports show of the clauses of plans."""

from collections.abc import Iterable, Iterator, Mapping

from sim.questions.lint.summary import Fault, LintOfPlan
from sim.shapes.section import Section
from sim.shapes.table import PLAN, Column, Table, table
from sim.shapes.words import counted, listed
from sim.summary.summary import Summary

TITLE = "What clauses of these plans pay for besides renewals"
UNFOLDED = 12
"""A table of more faults is folded."""


def lint_sections(summary: Summary) -> Iterator[Section]:
    """What clauses pay for besides renewals."""
    faults, finding = lints(summary), lint_finding(summary)
    yield Section(
        "lints",
        TITLE,
        finding,
        tables=() if faults is None else (faults,),
        open=faults is not None and len(faults.rows) <= UNFOLDED,
        rests=(finding,),
    )


def lints(summary: Summary) -> Table | None:
    """What clauses of the plans pay for besides renewals, from their files alone."""
    return lint_table({plan.name: plan.of(LintOfPlan).lints for plan in summary.plans.values()})


def lint_table(faults: Mapping[str, Iterable[Fault]]) -> Table | None:
    """The same of the faults of each plan; None without any."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("severity", "Severity"),
        Column("name", "Fault"),
        Column("short", "In short"),
        Column("sentence", "What it does"),
        Column("clause", "Clause"),
        Column("source", "Source"),
    )
    rows = ({"plan": name} | fault.document() for name, found in faults.items() for fault in found)
    return table(
        "lints",
        TITLE,
        columns,
        rows,
        "From the plan files alone, nothing simulated; csmsim lint says each in a sentence.",
        brief=("plan", "role", "severity", "name", "short"),
    )


def lint_finding(summary: Summary) -> str:
    """How many plans have a major fault."""
    plans = summary.plans
    major = [
        plan.name
        for plan in plans.values()
        if any(fault.severity == "major" for fault in plan.of(LintOfPlan).lints)
    ]
    if not major:
        return "No plan has a major fault; read from the plan files alone, nothing simulated."
    has = "has" if len(major) == 1 else "have"
    return (
        f"{len(major)} of {counted(len(plans), 'plan')} {has} a clause with a major fault: {listed(major)}; read from the "
        "plan files alone, nothing simulated."
    )
