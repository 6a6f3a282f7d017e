"""A result as a workbook: one sheet a question, real numbers, native charts, and totals that foot as formulas."""

import io
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Final

from sim.report.office.charts import add_chart, add_footed_chart
from sim.report.office.footed import TOP, write_footed
from sim.shapes.fragile import ERROR_NOTE, MARK
from sim.shapes.report import Report
from sim.shapes.table import Kind, Table, inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NUMBER_FORMATS: Final[dict[Kind, str]] = {
    "text": "@",
    "usd": "#,##0",
    "error": "#,##0",
    "dollar": "#,##0",
    "money": "#,##0.00",
    "cent": "0.0000",
    "share": "0.0%",
    "count": "#,##0",
    "ratio": "0.000",
    "p": "0.000",
}
HEAD: Final = 3
"""Rows above the column titles."""
WIDEST: Final = 60
LINE_HEIGHT: Final = 15.0
"""Of a line of text. [pt]"""
SCALE: Final = {  # of shares that have a sign: changes, coloured by their size
    "min_type": "num", "mid_type": "num", "max_type": "num", "min_value": -0.1, "mid_value": 0.0, "max_value": 0.1,
    "min_color": "#7FBDB3", "mid_color": "#FFFFFF", "max_color": "#DF9F7A",
}  # fmt: skip


def workbook(report: Report) -> bytes:
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
        _cover(book, report)
        write_tables(book, report.tables)
    return out.getvalue()


def write_tables(book: "Workbook", tables: Iterable[Table]) -> None:
    """A sheet for each table."""
    formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
    marks = marked_formats(book)
    for each in tables:
        _sheet(book, each, formats, marks)


def _cover(book: "Workbook", report: Report) -> None:
    """The first sheet: what the result says, and what each sheet answers."""
    sheet = book.add_worksheet("read_me")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, inert(report.title), book.add_format({"bold": True, "size": 14}))
    sheet.write_string(2, 0, "What it says")
    sheet.write_string(2, 1, inert("\n".join(said.sentence for said in report.short)), wrapped)
    sheet.write_string(3, 0, "Amounts")
    sheet.write_string(
        3, 1, "US dollars over the horizon unless a title says otherwise; shares are fractions.", wrapped
    )
    sheet.write_string(4, 0, "Errors")
    sheet.write_string(4, 1, ERROR_NOTE, wrapped)
    for row, table in enumerate(report.tables, start=6):
        title = table.title if table.foots is None else f"{table.title}; its totals are formulas"
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", string=table.name)
        sheet.write_string(row, 1, inert(title))


def marked_formats(book: "Workbook") -> dict[Kind, "Format"]:
    """The same number formats with the mark of a fragile mean: the cell stays a number."""
    return {
        kind: book.add_format({"num_format": f'{text}"{MARK}"'})
        for kind, text in NUMBER_FORMATS.items()
        if kind != "text"
    }


def _sheet(
    book: "Workbook", table: Table, formats: dict[Kind, "Format"], marks: dict[Kind, "Format"]
) -> None:
    sheet = book.add_worksheet(table.name)
    print_wide(sheet)
    if table.foots is not None:
        sheet.set_column(1, max(len(table.foots.columns) + 3, len(table.columns)), 14)
        write_footed(book, sheet, table.foots)
        sheet.freeze_panes(TOP + 1, 1)
        top = add_footed_chart(book, sheet, table.name, table.foots, TOP)
        write_titles(book, sheet, table, top)
        _write_rows(book, sheet, table, top, formats, marks)
        return
    write_head(book, sheet, table)
    _write_rows(book, sheet, table, HEAD, formats, marks)
    last = HEAD + len(table.rows)
    sheet.autofilter(HEAD, 0, last, len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        if column.kind == "share" and column.signed:
            sheet.conditional_format(HEAD + 1, place, last, place, {"type": "3_color_scale"} | SCALE)
    add_chart(book, sheet, table, HEAD)


def _write_rows(
    book: "Workbook",
    sheet: "Worksheet",
    table: Table,
    head: int,
    formats: dict[Kind, "Format"],
    marks: dict[Kind, "Format"],
) -> None:
    """The rows below the column titles in row ``head``."""
    absent = book.add_format({"align": "right"})
    for at, row in enumerate(table.rows, start=head + 1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if isinstance(value, str):
                sheet.write_string(at, place, inert(value), formats["text"])
            elif value is not None:
                shown = marks if table.marks(column, row) else formats
                sheet.write_number(at, place, value, shown[column.kind])
            elif column.none:
                sheet.write_string(at, place, column.none, absent)


def write_head(book: "Workbook", sheet: "Worksheet", table: Table) -> None:
    """Title, note and column titles; columns as wide as what they hold."""
    sheet.write_string(0, 0, inert(table.title), book.add_format({"bold": True, "size": 13}))
    _write_groups(book, sheet, table)
    write_titles(book, sheet, table, HEAD)
    total = 0.0
    for place, column in enumerate(table.columns):
        longest = (
            max((len(str(row[place])) for row in table.rows), default=0) if column.kind == "text" else 12
        )
        width = min(max(longest + 2, 12), WIDEST)
        sheet.set_column(place, place, width)
        total += width
    _write_note(book, sheet, table, total)
    sheet.freeze_panes(HEAD + 1, 1)


def write_titles(book: "Workbook", sheet: "Worksheet", table: Table, row: int) -> None:
    """The column titles, with the units of plain numbers."""
    plain = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
    over_text, over_numbers = book.add_format(plain), book.add_format(plain | {"align": "right"})
    for place, column in enumerate(table.columns):
        title = f"{column.title} [{column.unit}]" if column.unit else column.title
        sheet.write_string(row, place, inert(title), over_text if column.kind == "text" else over_numbers)
    sheet.set_row(row, 3 * LINE_HEIGHT)


def print_wide(sheet: "Worksheet") -> None:
    """Print on landscape pages, all columns on one."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_groups(book: "Workbook", sheet: "Worksheet", table: Table) -> None:
    """What the columns belong to, over their titles."""
    over = book.add_format({"bold": True, "align": "center", "bottom": 1})
    at = 0
    for group, columns in table.groups:
        if group and columns > 1:
            sheet.merge_range(HEAD - 1, at, HEAD - 1, at + columns - 1, group, over)
        elif group:
            sheet.write_string(HEAD - 1, at, group, over)
        at += columns


def _write_note(book: "Workbook", sheet: "Worksheet", table: Table, width: float) -> None:
    """What the table's terms mean, in as many lines as its columns are wide; a longer line would shrink the print."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    text, last = inert(table.note), len(table.columns) - 1
    if last > 0:
        sheet.merge_range(1, 0, 1, last, "", wrapped)
    sheet.write_string(1, 0, text, wrapped)
    sheet.set_row(1, LINE_HEIGHT * max(1, ceil(1.1 * len(text) / width)))
