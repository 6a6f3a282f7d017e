"""Native charts of a workbook's sheets, drawn from the cells of a table."""

from itertools import groupby
from typing import TYPE_CHECKING, Final

from sim.shapes.chart import Bars, Foots, Lines
from sim.shapes.table import Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

LAST_CHARTED: Final = 40
"""Charts hold at most so many plans; the tables hold all."""


def add_chart(book: "Workbook", sheet: "Worksheet", table: Table, head: int) -> None:
    """The chart of a sheet, where it has one, below the table; ``head`` is the row of its column titles."""
    if isinstance(table.chart, Bars):
        _bars(book, sheet, table, table.chart, head)
    elif isinstance(table.chart, Lines):
        _lines(book, sheet, table, table.chart, head)


def _bars(book: "Workbook", sheet: "Worksheet", table: Table, bars: Bars, head: int) -> None:
    last = head + min(len(table.rows), LAST_CHARTED)
    kind = "column" if bars.upright else "bar"
    chart = book.add_chart({"type": kind} | ({"subtype": "stacked"} if bars.stacked else {}))
    for place, column in enumerate(table.columns):
        if column.key in bars.columns:
            _series(chart, table.name, (head, place), (head + 1, 0, last, 0), (head + 1, place, last, place))
    _titled(chart, table.title)
    if kind == "bar":
        chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_size({"width": 760, "height": max(320, 60 + 34 * (last - head))})
    sheet.insert_chart(head + len(table.rows) + 3, 0, chart)


def _lines(book: "Workbook", sheet: "Worksheet", table: Table, lines: Lines, head: int) -> None:
    """A series for each block of rows of one plan (or role)."""
    places = {column.key: at for at, column in enumerate(table.columns)}
    along, over = places[lines.along], places[lines.over]
    named = [places[key] for key in ("plan", "role") if key in places]
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    rows = list(enumerate(table.rows, start=head + 1))
    blocks = groupby(rows, key=lambda each: tuple(each[1][place] for place in named))
    for _, block in [(name, list(block)) for name, block in blocks][:LAST_CHARTED]:
        first, last = block[0][0], block[-1][0]
        _series(chart, table.name, (first, 0), (first, along, last, along), (first, over, last, over))
    _titled(chart, table.title)
    chart.set_x_axis({"name": table.columns[along].title, "label_position": "low"})
    chart.set_y_axis({"name": table.columns[over].title})
    chart.set_size({"width": 760, "height": 420})
    sheet.insert_chart(head + len(table.rows) + 3, 0, chart)


def add_footed_chart(book: "Workbook", sheet: "Worksheet", name: str, foots: Foots, head: int) -> int:
    """Below the plans, their parts as stacked bars, a series a part, or as lines, a series a plan; the row after it."""
    shown, last = min(len(foots.rows), LAST_CHARTED), len(foots.columns)
    if foots.chart == "stack":
        chart = book.add_chart({"type": "bar", "subtype": "stacked"})
        for place in range(1, last + 1):
            rows = head + 1, head + shown
            _series(chart, name, (head, place), (rows[0], 0, rows[1], 0), (rows[0], place, rows[1], place))
        chart.set_y_axis({"reverse": True})
    else:
        chart = book.add_chart({"type": "line"})
        for row in range(head + 1, head + 1 + shown):
            _series(chart, name, (row, 0), (head, 1, head, last), (row, 1, row, last))
    _titled(chart, foots.title)
    chart.set_size({"width": 860, "height": 440})
    top = head + len(foots.rows) + 2
    sheet.insert_chart(top, 0, chart)
    return top + 24


def _series(
    chart: "Chart",
    sheet: str,
    name: tuple[int, int],
    categories: tuple[int, int, int, int],
    values: tuple[int, int, int, int],
) -> None:
    """Cells by row and column: of the name, then first and last of the categories and of the values."""
    chart.add_series({"name": [sheet, *name], "categories": [sheet, *categories], "values": [sheet, *values]})


def _titled(chart: "Chart", title: str) -> None:
    chart.set_title({"name": title[:200], "overlay": False, "name_font": {"size": 12}})
