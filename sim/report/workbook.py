"""A result as a workbook: one sheet a question, real numbers, native charts, and totals that foot as formulas."""

import io
from typing import TYPE_CHECKING, Any, Final

from sim.report.footed import FOOTED, print_wide, write_footed
from sim.report.questions import tables
from sim.report.sentences import verdict
from sim.report.tables import Kind, Table, inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Document = dict[str, Any]

NUMBER_FORMATS: Final[dict[Kind, str]] = {
    "text": "@",
    "usd": "#,##0",
    "error": "#,##0",
    "dollar": "#,##0",
    "cent": "0.0000",
    "share": "0.0%",
    "count": "#,##0",
    "ratio": "0.000",
}
HEAD: Final = 3
"""Rows above the column titles."""
WIDEST: Final = 60
LAST_CHARTED: Final = 40
"""Charts hold at most so many plans; the tables hold all."""


def workbook(document: Document) -> bytes:
    """The content of ``workbook.xlsx``."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    # No string becomes a formula, a number or a link: names come from outside.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
        found = tables(document)
        _cover(book, document, found)
        for each in found:
            if each.name in FOOTED:
                continue
            _sheet(book, each, formats)
        write_footed(book, document, formats)
    return out.getvalue()


def _cover(book: "Workbook", document: Document, found: list[Table]) -> None:
    """The first sheet: what the result says, and what each sheet answers."""
    study = document["study"]
    sheet = book.add_worksheet("read_me")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(
        0, 0, inert(study.get("title") or study["name"]), book.add_format({"bold": True, "size": 14})
    )
    sheet.write_string(2, 0, "What it says")
    sheet.write_string(2, 1, inert(verdict(document)), wrapped)
    sheet.write_string(3, 0, "Amounts")
    sheet.write_string(
        3, 1, "US dollars over the horizon unless a title says otherwise; shares are fractions.", wrapped
    )
    names = [*((each.name, each.title) for each in found if each.name not in FOOTED), *FOOTED.items()]
    for row, (name, title) in enumerate(names, start=6):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(row, 1, inert(title))


def _sheet(book: "Workbook", table: Table, formats: dict[Kind, "Format"]) -> None:
    sheet = book.add_worksheet(table.name)
    write_head(book, sheet, table)
    for at, row in enumerate(table.rows, start=HEAD + 1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if isinstance(value, str):
                sheet.write_string(at, place, inert(value), formats["text"])
            elif value is not None:
                sheet.write_number(at, place, value, formats[column.kind])
            elif column.none:
                sheet.write_string(at, place, column.none)
    sheet.autofilter(HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)
    if table.name in CHARTS:
        kind, keys = CHARTS[table.name]
        _chart(book, sheet, table, kind, keys)


def write_head(book: "Workbook", sheet: "Worksheet", table: Table) -> None:
    """Title, note and column titles; columns as wide as what they hold."""
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    sheet.write_string(0, 0, inert(table.title), book.add_format({"bold": True, "size": 13}))
    sheet.write_string(1, 0, inert(table.note))
    for place, column in enumerate(table.columns):
        title = f"{column.title} [{column.unit}]" if column.unit else column.title
        sheet.write_string(HEAD, place, inert(title), bold)
        longest = (
            max((len(str(row[place])) for row in table.rows), default=0) if column.kind == "text" else 12
        )
        sheet.set_column(place, place, min(max(longest + 2, 12), WIDEST))
    sheet.set_row(HEAD, 32)
    sheet.freeze_panes(HEAD + 1, 1)
    print_wide(sheet)


CHARTS: Final = {
    "differences": ("bar", ("p5", "p50", "p95")),
    "cost": ("bar", ("p5", "p50", "p95")),
    "retention": ("column", ("grr", "nrr")),
}
"""Sheets with a native chart: its kind, and the columns it shows."""


def _chart(book: "Workbook", sheet: "Worksheet", table: Table, kind: str, keys: tuple[str, ...]) -> None:
    last = HEAD + min(len(table.rows), LAST_CHARTED)
    chart = book.add_chart({"type": kind})
    for place, column in enumerate(table.columns):
        if column.key in keys:
            chart.add_series(
                {
                    "name": [table.name, HEAD, place],
                    "categories": [table.name, HEAD + 1, 0, last, 0],
                    "values": [table.name, HEAD + 1, place, last, place],
                }
            )
    chart.set_title({"name": table.title[:200], "overlay": False, "name_font": {"size": 12}})
    if kind == "bar":
        chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_size({"width": 760, "height": max(320, 60 + 34 * (last - HEAD))})
    sheet.insert_chart(HEAD + len(table.rows) + 3, 0, chart)
