"""Sections as a terminal shows them: the tables of each, then the sentence that answers it."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from sim.report.terminal.printed import printed
from sim.shapes.section import Section


def sections(found: Iterable[Section]) -> RenderableType:
    """One after the other, each of their parts apart by an empty line."""
    return Group(*list(_parts(found))[:-1])


def _parts(found: Iterable[Section]) -> Iterator[RenderableType]:
    for section in found:
        for table in section.tables:
            yield printed(table)
            yield Text()
        if section.finding:
            yield Text(section.finding, style="bold")
            yield Text()
