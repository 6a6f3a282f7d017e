"""What reports show of who should own renewals."""

from collections.abc import Iterator

from sim.questions.ownership.findings import ownership_finding
from sim.questions.ownership.tables import ownership_tables
from sim.shapes.report import Said
from sim.shapes.section import Section
from sim.shapes.table import by_name
from sim.summary.summary import Summary


def ownership_short(summary: Summary) -> Iterator[Said]:
    """Which role set leaves most, of a study that asked."""
    if "ownership" in summary.document:
        yield Said("ownership", ownership_finding(summary.document))


def ownership_sections(summary: Summary) -> Iterator[Section]:
    """Role sets on every company, what decides, and what surveys found."""
    found = by_name(ownership_tables(summary.document))
    if found:
        finding = ownership_finding(summary.document)
        tables = tuple(found.values())
        yield Section("ownership", found["ownership"].title, finding, tables=tables, open=True)
