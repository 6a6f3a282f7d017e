"""What reports show of who gains and who loses."""

from collections.abc import Iterator

from sim.questions.payees.findings import cut_sentences, winners_finding
from sim.questions.payees.tables import (
    Told,
    clauses,
    first_ones,
    foot,
    payees,
    roles,
    segments,
    thirds,
    told,
    winners,
)
from sim.shapes.report import Said
from sim.shapes.section import Section
from sim.shapes.table import by_name
from sim.summary.summary import Summary

TABLES = (winners, first_ones, payees, roles, segments, thirds, clauses, foot)


def payees_short(summary: Summary) -> Iterator[Said]:
    """Which plans break the limit on lost pay, where there is one."""
    yield from (Said("winners", sentence) for sentence in cut_sentences(told(summary)))


def payees_sections(summary: Summary) -> Iterator[Section]:
    """Who gains and who loses: in all, by name, by kind of book, by clause; and how changes add up to cost."""
    return sections_of(told(summary))


def sections_of(told: Told) -> Iterator[Section]:
    """The same of plans held against a baseline, whatever they were settled on."""
    found = by_name(make(told) for make in TABLES)
    if found:
        title, finding = found["winners"].title, winners_finding(told)
        yield Section("winners", title, finding, tables=tuple(found.values()), open=True)
