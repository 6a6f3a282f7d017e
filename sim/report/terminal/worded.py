"""A table that is told in words: texts fold where the screen is narrow, numbers stand right and are never cut."""

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from sim.shapes.table import Table, show


class Worded:
    """The brief columns of a table, titled; ``unit`` of its amounts stands in the title."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table, unit = self._table, self._table.unit
        places = [at for at, column in enumerate(table.columns) if column.key in table.brief]
        columns = [table.columns[at] for at in places]
        yield Text(table.short.replace("{unit}", unit.name), style="bold")
        grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        for column in columns:
            if column.kind == "text":
                grid.add_column(column.brief or column.title, overflow="fold")
            else:
                grid.add_column(column.brief or column.title, justify="right", no_wrap=True)
        for row in table.rows:
            cells = zip(columns, (row[at] for at in places), strict=True)
            grid.add_row(*(Text(show(column, value, unit)) for column, value in cells))
        yield grid
        if table.note:
            yield Text(table.note, style="dim")
