"""A table that never cuts a number: columns that do not fit beside the others follow in a second part below."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import fill

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from sim.shapes.fragile import MARK, MARKED

GAP = 2
"""Spaces between columns."""
WIDEST_NAME = 24
"""Longer names take more lines where the columns leave no more room. [column of the terminal]"""

Row = dict[str, str]
"""Cells by column."""


class Fitted:
    """A titled table of plans (or what ``first`` says) by columns of numbers; the names are repeated in every part."""

    def __init__(
        self,
        title: str,
        caption: str,
        rows: Sequence[tuple[str, Row]],
        first: str = "Plan",
        terms: Mapping[str, str] | None = None,
        groups: Mapping[str, str] | None = None,
    ) -> None:
        """A column in which no row has anything is left out, and what ``terms`` says of it too.

        terms  : sentences of the caption, by the column that they explain.
        groups : what stands over several columns, by column.
        """
        self.title = title
        known = list(dict.fromkeys(column for _, row in rows for column in row))
        used = [column for column in known if any(row.get(column) for _, row in rows)]
        self.columns = [first, *used]
        told = dict.fromkeys(text for column, text in (terms or {}).items() if column in used)
        self.caption = " ".join(part for part in (caption, *told) if part)
        self.groups = groups or {}
        marked = any(MARK in cell for _, row in rows for cell in row.values())
        self.caption += f" {MARKED}" if marked else ""
        self.rows = [[name, *(row.get(column, "") for column in self.columns[1:])] for name, row in rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, style="bold")
        widths = self._widths(options.max_width)
        for number, part in enumerate(_parts(widths, options.max_width)):
            if number:
                yield Text()
            if self.groups:
                yield Text(self._over(part, widths), style="dim")
            yield self._table(part, widths)
        if self.caption:
            yield Text(self.caption, style="dim")

    def _over(self, part: list[int], widths: list[int]) -> str:
        """The line over the columns that says what they belong to; a title is centred."""
        line = " " * widths[0]
        for group, run in groupby(part, key=lambda position: self.groups.get(self.columns[position], "")):
            wide = sum(widths[position] + GAP for position in run) - GAP
            title = f" {group} " if len(group) + 2 <= wide else group
            line += " " * GAP + (title.center(wide, "─") if group else " " * wide)
        return line.rstrip()

    def _widths(self, room: int) -> list[int]:
        widths = [
            max(cell_len(row[at]) for row in (self.columns, *self.rows)) for at in range(len(self.columns))
        ]
        for group in dict.fromkeys(
            self.groups.values()
        ):  # the last column of a group makes room for its title
            places = [at for at, column in enumerate(self.columns) if self.groups.get(column) == group]
            if places:
                missing = cell_len(group) + 4 - sum(widths[at] + GAP for at in places) + GAP
                widths[places[-1]] += max(missing, 0)
        left = room - sum(GAP + width for width in widths[1:])
        return [min(widths[0], max(left, WIDEST_NAME)), *widths[1:]]

    def _table(self, part: list[int], widths: list[int]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, GAP - 1, 0, 0), pad_edge=False)
        table.add_column(self.columns[0], no_wrap=True, min_width=widths[0])
        for position in part:
            table.add_column(
                self.columns[position], justify="right", no_wrap=True, min_width=widths[position]
            )
        for row in self.rows:
            # Text, not str: a name may look like markup.
            table.add_row(Text(fill(row[0], widths[0])), *(Text(row[position]) for position in part))
        return table


def _parts(widths: list[int], room: int) -> Iterator[list[int]]:
    """Positions of the columns that stand beside each other."""
    name, *numbers = widths
    part: list[int] = []
    used = name
    for position, needed in enumerate(numbers, start=1):
        if part and used + GAP + needed > room:
            yield part
            part, used = [], name
        part.append(position)
        used += GAP + needed
    yield part
