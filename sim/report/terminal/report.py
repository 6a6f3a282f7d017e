"""A report for a terminal: what it says in short, then every table and figure that a narrow screen has room for."""

import io
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.report.terminal.printed import heat_table, printed
from sim.shapes.fragile import ERROR_NOTE
from sim.shapes.report import Report
from sim.shapes.section import Section
from sim.visible import visible

WIDTH: Final = 100
"""Columns of a report that does not go to a terminal."""


def plain_text(part: RenderableType, width: int = WIDTH) -> str:
    """What is printed, as plain text of at most ``width`` columns, of which a reader sees every character."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(part)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in visible(console.file.getvalue()).splitlines()) + "\n"


def printed_report(report: Report) -> RenderableType:
    """The whole report."""
    return Group(*_parts(report))


def answers(sections: Iterable[Section]) -> RenderableType:
    """Sections without a report around them: the tables of each, then the sentence that answers it."""
    parts: list[RenderableType] = []
    for section in sections:
        finding = [Text(section.finding, style="bold")] if section.finding else []
        for part in (*_of_section(section), *finding):
            parts += [part, Text()]
    return Group(*parts[:-1])


def _parts(report: Report) -> Iterator[RenderableType]:
    yield Text(report.title, style="bold")
    yield Text(f"{report.size}\n", style="dim")
    yield Text("\n".join(said.sentence for said in report.short), style="bold")
    yield Padding(Text(ERROR_NOTE, style="dim"), (1, 0))
    for section in report.sections:
        for part in _of_section(section):
            yield part
            yield Text()
    yield Text("\n".join([*report.rests, f"{report.origin}."]), style="dim")


def _of_section(section: Section) -> Iterator[RenderableType]:
    for figure in section.figures:
        if figure.kind == "heat":
            yield heat_table(figure, section.title)
    yield from (printed(table) for table in section.tables if table.brief)
