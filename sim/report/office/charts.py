"""Native charts of a workbook's sheets: bars with a plan in each row, lines with a plan in each series."""

from itertools import groupby
from typing import TYPE_CHECKING, Final

from sim.shapes.table import Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LAST_CHARTED: Final = 40
"""Charts hold at most so many plans; the tables hold all."""

BARS: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "differences": ("bar", "", ("p5", "p50", "p95")),
    "cost": ("bar", "", ("p5", "p50", "p95")),
    "split": ("bar", "stacked", ("value", "natural_timing", "exposure")),
    "exposure": ("bar", "", ("lower", "upper")),
    "incentive": ("bar", "", ("save", "on_time", "early", "late", "expand")),
    "response": ("bar", "", ("net_value_low", "net_value", "net_value_high")),
    "budget": ("bar", "", ("reserve",)),
    "volatility": ("bar", "", ("market_sd", "luck_sd")),
    "hires": ("bar", "", ("p10", "p50", "p90")),
    "retention": ("column", "", ("grr", "nrr")),
}
"""Sheets with a row a plan: the chart's kind and subtype, and the columns it shows."""
LINES: Final = {
    "curves": ("attainment", "pays"),
    "friction": ("cost", "left"),
    "movable": ("factor", "gain"),
    "market_levels": ("level", "p50"),
}
"""Sheets with several rows a plan: what lies along the chart, and what stands over it."""


def add_chart(book: "Workbook", sheet: "Worksheet", table: Table, head: int) -> None:
    """The chart of a sheet, where it has one, below the table; ``head`` is the row of its column titles."""
    if table.name in BARS:
        _bars(book, sheet, table, head)
    elif table.name in LINES:
        _lines(book, sheet, table, head)


def _bars(book: "Workbook", sheet: "Worksheet", table: Table, head: int) -> None:
    kind, subtype, keys = BARS[table.name]
    last = head + min(len(table.rows), LAST_CHARTED)
    chart = book.add_chart({"type": kind} | ({"subtype": subtype} if subtype else {}))
    for place, column in enumerate(table.columns):
        if column.key in keys:
            chart.add_series(
                {
                    "name": [table.name, head, place],
                    "categories": [table.name, head + 1, 0, last, 0],
                    "values": [table.name, head + 1, place, last, place],
                }
            )
    chart.set_title({"name": table.title[:200], "overlay": False, "name_font": {"size": 12}})
    if kind == "bar":
        chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_size({"width": 760, "height": max(320, 60 + 34 * (last - head))})
    sheet.insert_chart(head + len(table.rows) + 3, 0, chart)


def _lines(book: "Workbook", sheet: "Worksheet", table: Table, head: int) -> None:
    """A series for each block of rows of one plan (or role)."""
    places = {column.key: at for at, column in enumerate(table.columns)}
    along, over = (places[key] for key in LINES[table.name])
    named = [places[key] for key in ("plan", "role") if key in places]
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    rows = list(enumerate(table.rows, start=head + 1))
    blocks = groupby(rows, key=lambda each: tuple(each[1][place] for place in named))
    for _, block in [(name, list(block)) for name, block in blocks][:LAST_CHARTED]:
        first, last = block[0][0], block[-1][0]
        chart.add_series(
            {
                "name": [table.name, first, 0],
                "categories": [table.name, first, along, last, along],
                "values": [table.name, first, over, last, over],
            }
        )
    chart.set_title({"name": table.title[:200], "overlay": False, "name_font": {"size": 12}})
    chart.set_x_axis({"name": table.columns[along].title, "label_position": "low"})
    chart.set_y_axis({"name": table.columns[over].title})
    chart.set_size({"width": 760, "height": 420})
    sheet.insert_chart(head + len(table.rows) + 3, 0, chart)
