"""A table that never cuts a number: columns that do not fit beside the others follow in a second part below."""

from collections.abc import Iterator, Mapping
from textwrap import fill

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

GAP = 2
"""Spaces between columns."""
WIDEST_NAME = 24
"""Longer names take more lines. [column of the terminal]"""


Row = dict[str, str]
"""Cells by column."""


class Fitted:
    """A titled table of plans (or what ``first`` says) by columns of numbers; the names are repeated in every part."""

    def __init__(self, title: str, caption: str, rows: Mapping[str, Row], first: str = "Plan") -> None:
        self.title = title
        self.caption = caption
        self.columns = [first, *max(rows.values(), key=len)]
        self.rows = [
            [fill(name, WIDEST_NAME), *(row.get(column, "") for column in self.columns[1:])]
            for name, row in rows.items()
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, style="bold")
        for number, part in enumerate(self._parts(options.max_width)):
            if number:
                yield Text()
            yield self._table(part)
        yield Text(self.caption, style="dim")

    def _widths(self) -> list[int]:
        widths = [
            max(cell_len(row[at]) for row in (self.columns, *self.rows)) for at in range(len(self.columns))
        ]
        return [min(widths[0], WIDEST_NAME), *widths[1:]]

    def _parts(self, width: int) -> Iterator[list[int]]:
        """Positions of the columns that stand beside each other."""
        name, *numbers = self._widths()
        part: list[int] = []
        used = name
        for position, needed in enumerate(numbers, start=1):
            if part and used + GAP + needed > width:
                yield part
                part, used = [], name
            part.append(position)
            used += GAP + needed
        yield part

    def _table(self, part: list[int]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, GAP - 1, 0, 0), pad_edge=False)
        table.add_column(self.columns[0], no_wrap=True)
        for position in part:
            table.add_column(self.columns[position], justify="right", no_wrap=True)
        for row in self.rows:
            # Text, not str: a name may look like markup.
            table.add_row(Text(row[0]), *(Text(row[position]) for position in part))
        return table
