"""What reports show of what moving booking dates can add."""

from collections.abc import Iterator
from typing import Any

from sim.questions.gaming.figures import exposure_ranges, friction_lines, movable_lines, split_stack
from sim.questions.gaming.findings import (
    exposure_finding,
    friction_finding,
    leak_finding,
    movable_finding,
    split_finding,
)
from sim.questions.gaming.tables import timing_tables
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table, by_name
from sim.summary.summary import Summary, measured

Document = dict[str, Any]


def gaming_short(summary: Summary) -> Iterator[Said]:
    """What can be extracted at most, of a study that asked."""
    if measured(summary.document, "exposure"):
        yield Said("exposure", exposure_finding(summary.document))


def gaming_sections(summary: Summary) -> Iterator[Section]:
    """What pay is for, the bracket of what dates can add, and the most profitable schedule."""
    found = by_name(timing_tables(summary.document))
    if "exposure" in found:
        yield from _dates(summary.document, found)


def _dates(document: Document, found: dict[str, Table]) -> Iterator[Section]:
    note = "Means over worlds, all CSMs over the horizon. Upright line: pay if every renewal is credited to its due period."
    if "split" in found:
        yield Section(
            "split",
            found["split"].title,
            split_finding(document),
            (Figure("stack", split_stack(document), note),),
            (found["split"],),
        )
    note = (
        "Per CSM-year. Bar: from what a rule without foresight obtains (dot, with two simulation errors each way) to what "
        "no choice of dates exceeds (upright line); it fades out where no such bound is known."
    )
    curves = []
    if (shape := friction_lines(document)) is not None:
        note_of = "What is left of the exposure, by cents that moving a dollar costs the CSM; dates chosen in hindsight."
        curves.append(Figure("lines", shape, note_of, friction_finding(document)))
    if (shape := movable_lines(document)) is not None:
        note_of = (
            "Exposure where fewer or more renewals can be moved than assumed; dates chosen in hindsight."
        )
        curves.append(Figure("lines", shape, note_of, movable_finding(document)))
    yield Section(
        "exposure",
        found["exposure"].title,
        exposure_finding(document),
        (Figure("ranges", exposure_ranges(document), note), *curves),
        tuple(found[name] for name in ("exposure", "friction", "movable", "bunching") if name in found),
    )
    if "leak" in found:
        yield Section(
            "leak",
            "The most profitable schedule found",
            leak_finding(document),
            tables=tuple(found[name] for name in ("leak", "leak_pay") if name in found),
            open=len(found["leak"].rows) <= 20,
        )
