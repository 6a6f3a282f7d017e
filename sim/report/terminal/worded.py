"""A table that is told in words: long texts fold where the screen is narrow; dates and numbers are never cut."""

from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from sim.report.terminal.fitted import GAP
from sim.shapes.table import Table, show

SHORT: Final = 12
"""Texts up to this long, such as dates, never fold. [character]"""


class Worded:
    """The brief columns of a table, titled; the unit of its amounts stands in the title."""

    def __init__(self, table: Table) -> None:
        unit, keys = table.unit, {column.key: at for at, column in enumerate(table.columns)}
        places = [keys[key] for key in table.brief if key in keys]
        self.columns = [table.columns[at] for at in places]
        self.title = table.short.replace("{unit}", unit.name)
        self.caption = table.note
        self.rows = [
            [show(column, row[at], unit) for column, at in zip(self.columns, places, strict=True)]
            for row in table.rows[: table.most or None]
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, style="bold")
        titles = [column.brief or column.title for column in self.columns]
        wide = [max(map(cell_len, each)) for each in zip(titles, *self.rows, strict=True)]
        airy = sum(wide) + GAP * (len(wide) - 1) <= options.max_width
        yield self._grid(titles, wide, GAP - 1 if airy else 0)
        if self.caption:
            yield Text(self.caption, style="dim")

    def _grid(self, titles: list[str], wide: list[int], padding: int) -> Grid:
        grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, padding, 0, 0))
        for at, column in enumerate(self.columns):
            words = column.kind == "text"
            folds = words and any(len(row[at]) > SHORT for row in self.rows)
            grid.add_column(
                titles[at],
                justify="left" if words else "right",
                no_wrap=not folds,
                min_width=None if folds else wide[at],
                overflow="fold",
            )
        for row in self.rows:
            grid.add_row(*map(Text, row))
        return grid
