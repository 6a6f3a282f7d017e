"""Statements as a workbook: a company sheet that adds up the people's sheets, and a sheet a person, totals as formulas."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.report.office.cases import cell, sheet_names
from sim.report.office.workbook import NUMBER_FORMATS, print_wide, write_tables, write_titles
from sim.shapes.table import Column, Kind, Table, inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

COMPANY: Final = "company"
PAID: Final = "paid"
"""Key of the column of a person's table that the company adds up."""
HEAD: Final = 2
"""Rows between a table's title and its first row: of groups, and of column titles."""

Place = tuple[str, int, int]
"""A sheet, a row and a column: the cell of what was paid in a first period; the others follow below."""


def statement_workbook(
    people: Mapping[str, Sequence[Table]], company: Table, tables: Sequence[Table], notes: Sequence[str]
) -> bytes:
    """The content of the file.

    people  : by name, a statement a plan, whose last row is the horizon's.
    company : a row for every plan and person in the same order, plan by plan, with what is paid by period; a plan's last row
              is everybody's.
    tables  : further sheets.
    notes   : what is told beside them, on the company sheet.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
        bold = book.add_format({"bold": True})
        first = book.add_worksheet(COMPANY)
        names = dict(
            zip(people, sheet_names(list(people), [COMPANY, *(each.name for each in tables)]), strict=True)
        )
        paid: dict[tuple[str, int], Place] = {}
        for csm, statements in people.items():
            sheet = book.add_worksheet(names[csm])
            print_wide(sheet)
            sheet.set_column(0, 0, 14)
            sheet.set_column(1, max(len(each.columns) for each in statements), 15)
            row = 0
            for plan, each in enumerate(statements):
                at = next(place for place, column in enumerate(each.columns) if column.key == PAID)
                paid[csm, plan] = (names[csm], row + HEAD + 1, at)
                row = _statement(book, sheet, row, each, formats, bold)
        _company(book, first, company, paid, formats, bold, notes)
        write_tables(book, tables)
    return out.getvalue()


def _statement(
    book: "Workbook",
    sheet: "Worksheet",
    top: int,
    table: Table,
    formats: "dict[Kind, Format]",
    bold: "Format",
) -> int:
    """One statement from row ``top`` on; the row after it."""
    sheet.write_string(top, 0, inert(table.title), bold)
    at = 0
    for group, wide in table.groups:
        if group:
            sheet.write_string(top + 1, at, inert(group), bold)
        at += wide
    write_titles(book, sheet, table, top + HEAD)
    last = len(table.rows) - 1
    for number, row in enumerate(table.rows):
        at = top + HEAD + 1 + number
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if isinstance(value, str):
                sheet.write_string(at, place, inert(value), bold if number == last else None)
            elif number == last and value is not None and column.kind == "money":
                _sum(sheet, at, place, (at - last, at - 1), float(value), formats[column.kind])
            elif value is not None:
                sheet.write_number(at, place, value, formats[column.kind])
    return top + HEAD + len(table.rows) + 2


def _sum(
    sheet: "Worksheet", row: int, column: int, rows: tuple[int, int], value: float, shown: "Format"
) -> None:
    """The sum of the cells above. rows : from, to"""
    formula = f"=SUM({cell(rows[0], column)}:{cell(rows[1], column)})"
    sheet.write_formula(row, column, formula, shown, value)


def _company(
    book: "Workbook",
    sheet: "Worksheet",
    table: Table,
    paid: Mapping[tuple[str, int], Place],
    formats: "dict[Kind, Format]",
    bold: "Format",
    notes: Sequence[str],
) -> None:
    """Everybody's pay by period, out of their own sheets, and sums that add it up."""
    print_wide(sheet)
    sheet.write_string(0, 0, inert(table.title), bold)
    sheet.write_string(1, 0, inert(table.note))
    write_titles(book, sheet, table, HEAD)
    sheet.set_column(0, 2, 22)
    sheet.set_column(3, len(table.columns), 15)
    sheet.freeze_panes(HEAD + 1, 2)
    plans, begins, row = list(dict.fromkeys(each[0] for each in table.rows)), HEAD + 1, HEAD + 1
    for values in table.rows:
        plan, csm = plans.index(values[0]), str(values[1])
        own = paid.get((csm, plan)) if not _all_of(table, row - HEAD - 1) else None
        _row(sheet, row, table.columns, values, own, begins, formats, bold)
        row += 1
        begins = row if own is None else begins
    for number, note in enumerate(notes):
        sheet.write_string(row + 1 + number, 0, inert(note))


def _all_of(table: Table, at: int) -> bool:
    """Whether a row is the last of its plan: everybody's."""
    return at + 1 == len(table.rows) or table.rows[at + 1][0] != table.rows[at][0]


def _row(
    sheet: "Worksheet",
    row: int,
    columns: Sequence[Column],
    values: Sequence[object],
    own: Place | None,
    begins: int,
    formats: "dict[Kind, Format]",
    bold: "Format",
) -> None:
    """One person's row, each period a link to their sheet; or everybody's, each a sum of the rows from ``begins`` on."""
    first = next(place for place, column in enumerate(columns) if column.kind == "money")
    for place, (column, value) in enumerate(zip(columns, values, strict=True)):
        if isinstance(value, str):
            sheet.write_string(row, place, inert(value), bold if own is None else None)
        elif isinstance(value, float) and column.kind == "money":
            if own is None:
                _sum(sheet, row, place, (begins, row - 1), value, formats["money"])
            elif place == len(columns) - 1:
                formula = f"=SUM({cell(row, first)}:{cell(row, place - 1)})"
                sheet.write_formula(row, place, formula, formats["money"], value)
            else:
                name, at, column_of = own
                formula = f"='{name}'!{cell(at + place - first, column_of)}"
                sheet.write_formula(row, place, formula, formats["money"], value)
