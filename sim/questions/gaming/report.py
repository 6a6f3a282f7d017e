"""What reports show of what moving booking dates can add."""

from collections.abc import Iterator

from sim.questions.gaming.figures import exposure_ranges, friction_lines, movable_lines, split_stack
from sim.questions.gaming.findings import (
    exposure_finding,
    friction_finding,
    leak_finding,
    movable_finding,
    split_finding,
)
from sim.questions.gaming.summary import Exposure, exposures
from sim.questions.gaming.tables import timing_tables
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import by_name
from sim.summary.summary import Summary

EXPOSURE = ("exposure", "exposure_roles", "friction", "movable", "bunching")
"""Tables of the section on exposure."""
UNFOLDED = 20
"""A schedule of more moves is folded."""


def gaming_short(summary: Summary) -> Iterator[Said]:
    """What can be extracted at most, of a study that asked."""
    if exposures(summary):
        yield Said("exposure", exposure_finding(summary))


def gaming_sections(summary: Summary) -> Iterator[Section]:
    """What pay is for, the bracket of what dates can add, and the most profitable schedule."""
    found = by_name(timing_tables(summary))
    if "split" in found:
        note = (
            "Means over worlds, all CSMs over the horizon. Upright line: pay if every renewal is credited to its due "
            "period."
        )
        yield Section(
            "split",
            found["split"].title,
            split_finding(summary),
            (Figure("stack", split_stack(summary), note),),
            (found["split"],),
        )
    if "exposure" in found:
        yield Section(
            "exposure",
            found["exposure"].title,
            exposure_finding(summary),
            tuple(_exposure_figures(exposures(summary))),
            tuple(
                found[name]
                for name in ("exposure", "exposure_roles", "friction", "movable", "bunching")
                if name in found
            ),
        )
    if "leak" in found:
        yield Section(
            "leak",
            "The most profitable schedule found",
            leak_finding(summary),
            tables=tuple(found[name] for name in ("leak_pay", "leak") if name in found),
            open=len(found["leak"].rows) <= UNFOLDED,
        )


def _exposure_figures(found: dict[str, Exposure]) -> Iterator[Figure]:
    yield Figure(
        "ranges",
        exposure_ranges(found),
        "Per CSM-year. Bar: from what a rule without foresight obtains (dot, with two simulation errors each way) to what "
        "no choice of dates exceeds (upright line); it fades out where no such bound is known.",
    )
    if (shape := friction_lines(found)) is not None:
        note = "What is left of the exposure, by cents that moving a dollar costs the CSM; dates chosen in hindsight."
        yield Figure("lines", shape, note, friction_finding(found))
    if (shape := movable_lines(found)) is not None:
        note = "Exposure where fewer or more renewals can be moved than assumed; dates chosen in hindsight."
        yield Figure("lines", shape, note, movable_finding(found))
