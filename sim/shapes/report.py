"""A report, whatever the medium: a title, what it says in short, and its sections in reading order."""

from dataclasses import dataclass

from sim.shapes.section import Section
from sim.shapes.table import Table


@dataclass(frozen=True)
class Said:
    """One of the sentences at the head of a report. section : that says more."""

    section: str
    sentence: str


@dataclass(frozen=True)
class Report:
    """What every medium shows.

    kind   : what it is a report of.
    size   : how much was simulated, in a sentence.
    plans  : that its figures show.
    origin : what made it, for whoever wants to make it again.
    certain : nothing in it was simulated, so that nothing has an error.
    files  : where a table is that is too long for a page; ``{name}`` stands for its name.
    """

    kind: str
    title: str
    size: str
    plans: tuple[str, ...]
    short: tuple[Said, ...]
    sections: tuple[Section, ...]
    origin: str
    certain: bool = False
    files: str = "csmsim report writes them to tables/{name}.csv and workbook.xlsx"

    @property
    def tables(self) -> list[Table]:
        """Every table, in reading order."""
        return [table for section in self.sections for table in section.tables]

    @property
    def rests(self) -> list[str]:
        """What the result rests on, in reading order."""
        return [sentence for section in self.sections for sentence in section.rests]
