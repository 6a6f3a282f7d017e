"""What reports show of what plans reward."""

from collections.abc import Iterator

from sim.questions.incentive.figures import contrast_dots
from sim.questions.incentive.findings import reward_finding
from sim.questions.incentive.summary import rewards, rewards_by_role
from sim.questions.incentive.tables import incentive_tables
from sim.shapes.section import Figure, Section
from sim.shapes.table import by_name
from sim.summary.summary import Summary


def incentive_sections(summary: Summary) -> Iterator[Section]:
    """Contrasts in cents per dollar, of a study that asked."""
    found = rewards(summary)
    by_role = rewards_by_role(summary)
    tables = by_name(incentive_tables(by_role))
    if "incentive" in tables:
        note = "Cents of pay for one more dollar of ARR. Left of zero the plan takes pay away for it."
        yield Section(
            "incentive",
            tables["incentive"].title,
            reward_finding(found, len(by_role) > len(found)),
            (Figure("dots", contrast_dots(by_role), note),),
            tuple(tables.values()),
        )
