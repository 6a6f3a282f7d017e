"""What reports show of who should own renewals."""

from collections.abc import Iterator

from sim.questions.ownership.findings import ownership_finding
from sim.questions.ownership.summary import OwnershipOfStudy
from sim.questions.ownership.tables import ownership_tables
from sim.shapes.report import Said
from sim.shapes.section import Section
from sim.shapes.table import by_name
from sim.summary.summary import Summary


def ownership_short(summary: Summary) -> Iterator[Said]:
    """Which role set leaves most, of a study that asked."""
    if (ownership := summary.of(OwnershipOfStudy).ownership) is not None:
        yield Said("ownership", ownership_finding(ownership))


def ownership_sections(summary: Summary) -> Iterator[Section]:
    """Role sets on every company, what decides, and what surveys found."""
    if (ownership := summary.of(OwnershipOfStudy).ownership) is not None:
        tables = by_name(ownership_tables(ownership, summary.study.baseline))
        finding = ownership_finding(ownership)
        yield Section(
            "ownership", tables["ownership"].title, finding, tables=tuple(tables.values()), open=True
        )
