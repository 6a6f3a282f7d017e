"""What a sweep or a solution says, typed: the content of ``sweep.json`` and ``solve.json``."""

from typing import Any

from sim.questions.search.setting import Value
from sim.summary.entry import ABSENT, Entry, count, measured, text
from sim.summary.facts import Facts
from sim.summary.model import schema_of

AMOUNT = "in the measure's unit"


class SweptMeasure(Entry):
    """What is told of each value."""

    path: str = text("Of the measure in a plan's summary.")
    unit: str = text("Of the measure; empty where it has none.")


class SweptRow(Entry):
    """One combination of values."""

    values: tuple[Value, ...] = text("Of each clause, in order.")
    measures: tuple[float | None, ...] = measured(AMOUNT, "In order; none where pay has no such mean.")
    errors: tuple[float | None, ...] = measured(AMOUNT, "Their standard errors, where they have one.")
    mean_is: str | None = text("Fragile, where its means rest on a few worlds.", ABSENT)


class Solution(Entry):
    """What was solved for."""

    target: float = measured(AMOUNT, "What the measure is to come to.")
    value: float | None = measured("as in the plan file", "Of the clause; absent where none fits.", ABSENT)
    se: float | None = measured("as in the plan file", "Its standard error.", ABSENT)
    reached: float | None = measured(AMOUNT, "The measure there.", ABSENT)
    said: str = text("What was found, to be read alone.")


class SweepSuite(Entry):
    """A plan over values of its clauses."""

    study: Facts = text("What was run.")
    plan: str = text("The plan that was varied.")
    worlds: int = count("On which every row is settled.")
    vary: tuple[str, ...] = text("The clauses that vary, by their paths in the plan file.")
    today: tuple[Value | None, ...] = text("Their values in the plan as it is.")
    told: tuple[SweptMeasure, ...] = text("What is told of each value.")
    swept: tuple[SweptRow, ...] = text("A row for each combination of values.")
    solution: Solution | None = text("What was solved for; absent of a sweep.", ABSENT)


def sweep_schema() -> dict[str, Any]:
    """The JSON Schema of ``sweep.json`` and ``solve.json``."""
    return schema_of(SweepSuite)
