"""Replayed deals as a workbook: one sheet a plan, every table as the founding document prints it, its totals as formulas."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.report.office.workbook import write_tables
from sim.shapes.case import Case
from sim.shapes.table import Table, inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_SHEET: Final = 28
"""A sheet's name holds 31 characters; a number may follow. [character]"""
NOT_IN_SHEETS: Final = "[]:*?/\\'"
BONUS: Final = "Bonus Paid in Period"
FORMATS: Final = {"usd": "#,##0.00", "share": "0.0%"}


def case_workbook(cases: Sequence[Case], periods: Sequence[str], tables: Sequence[Table] = ()) -> bytes:
    """The content of the file: a sheet with the total of every plan, then one sheet a plan; ``periods`` by their labels.

    tables : further sheets, after those of plans.

    Quota, renewed amounts, credit and the parts of the bonus are numbers as settled; everything that follows from them is
    a formula, with its value stored for readers that do not calculate.

    Source of the layout: Compensating Customer Success Managers (founding document), "Google Sheets version of case
    examples".
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        formats = {name: book.add_format({"num_format": text}) for name, text in FORMATS.items()}
        formats["bold"] = book.add_format({"bold": True})
        cover = book.add_worksheet("cases")
        plans = {each.plan: each.title for each in cases}
        names = sheet_names(list(plans), [each.name for each in tables])
        totals = [
            _sheet(book, names[at], [each for each in cases if each.plan == plan], periods, formats)
            for at, plan in enumerate(plans)
        ]
        _cover(cover, plans, names, totals, cell(0, len(periods) + 1).rstrip("1"), formats)
        write_tables(book, tables)
    return out.getvalue()


def sheet_names(plans: Sequence[str], others: Sequence[str] = ()) -> list[str]:
    """A sheet's name for each plan: without what a sheet may not be called, and each once, upper and lower case alike.

    others : names of other sheets.
    """
    found: list[str] = []
    for plan in plans:
        name = "".join("-" if letter in NOT_IN_SHEETS else letter for letter in plan)[:LONGEST_SHEET]
        taken = {each.lower() for each in (*found, *others, "cases", "history")}
        number = 2
        unique = name
        while unique.lower() in taken:
            unique, number = f"{name}~{number}", number + 1
        found.append(unique)
    return found


def _sheet(
    book: "Workbook", name: str, cases: Sequence[Case], periods: Sequence[str], formats: "dict[str, Format]"
) -> float:
    """One plan: a table for every CSM below each other. Returns the sum of their bonuses. [usd]"""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, inert(cases[0].title), formats["bold"])
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(periods) + 1, 16)
    row, total = 2, 0.0
    for each in cases:
        row, paid = _block(sheet, row, each, periods, formats)
        total += paid
    return total


def _block(
    sheet: "Worksheet", top: int, case: Case, periods: Sequence[str], formats: "dict[str, Format]"
) -> tuple[int, float]:
    """One table from row ``top`` on. Returns the row after it, and its total bonus. [usd]"""
    sheet.write_string(top, 0, inert(case.csm), formats["bold"])
    for place, head in enumerate((*periods, "Total"), start=1):
        sheet.write_string(top, place, inert(head), formats["bold"])
    money = formats["usd"]
    quota = top + 1
    _numbers(sheet, quota, "Renewal Quota", case.quota, money)
    after = _summed(sheet, quota + 1, "Actual Renewed in Period", case.renewed, money)
    _numbers(sheet, after, "Credit after Multipliers", case.credit, money)
    _attainment(sheet, after + 1, (quota, after), case, formats["share"])
    bonus = after + 2
    after = _summed(sheet, bonus, BONUS, case.paid, money)
    paid = sum(map(sum, case.paid.values()))
    return after + 1, paid


def _numbers(sheet: "Worksheet", row: int, title: str, values: list[float], shown: "Format") -> None:
    """A row of numbers, its total a formula."""
    sheet.write_string(row, 0, title)
    for place, value in enumerate(values, start=1):
        sheet.write_number(row, place, value, shown)
    last = len(values)
    sheet.write_formula(row, last + 1, f"=SUM({cell(row, 1)}:{cell(row, last)})", shown, sum(values))


def _summed(sheet: "Worksheet", row: int, title: str, parts: dict[str, list[float]], shown: "Format") -> int:
    """A row that is the sum of the parts below it; the row after them."""
    after = row + 1 + len(parts)
    for at, (name, values) in enumerate(parts.items(), start=row + 1):
        _numbers(sheet, at, name, values, shown)
    sheet.write_string(row, 0, title)
    sums = [sum(each) for each in zip(*parts.values(), strict=True)]
    for place, value in enumerate([*sums, sum(sums)], start=1):
        formula = f"=SUM({cell(row + 1, place)}:{cell(after - 1, place)})"
        sheet.write_formula(row, place, formula, shown, value)
    return after


def _attainment(sheet: "Worksheet", row: int, rows: tuple[int, int], case: Case, shown: "Format") -> None:
    """Credit over quota as formulas; a number where attainment is something else, as where no quota is left."""
    quota, credit = rows
    sheet.write_string(row, 0, "Attainment")
    for place, value in enumerate(case.attainment, start=1):
        asked, granted = case.quota[place - 1], case.credit[place - 1]
        if asked > 0.0 and abs(granted / asked - value) <= 1e-9 * max(1.0, abs(value)):
            formula = f"={cell(credit, place)}/{cell(quota, place)}"
            sheet.write_formula(row, place, formula, shown, value)
        else:
            sheet.write_number(row, place, value, shown)


def _cover(
    sheet: "Worksheet",
    plans: Mapping[str, str],
    names: Sequence[str],
    totals: Sequence[float],
    column: str,
    formats: "dict[str, Format]",
) -> None:
    """The first sheet: what every plan pays, out of its own sheet, whose totals stand in ``column``; titles by plan."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 18)
    for place, head in enumerate(("Case", "Plan", "Bonus paid [usd]")):
        sheet.write_string(0, place, head, formats["bold"])
    for row, ((plan, title), name, total) in enumerate(
        zip(plans.items(), names, totals, strict=True), start=1
    ):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=inert(plan))
        sheet.write_string(row, 1, inert(title))
        formula = f"=SUMIF('{name}'!A:A,\"{BONUS}\",'{name}'!{column}:{column})"
        sheet.write_formula(row, 2, formula, formats["usd"], total)


def cell(row: int, column: int) -> str:
    """The address of a cell, rows and columns counted from 0.

    >>> cell(0, 0), cell(9, 27)
    ('A1', 'AB10')
    """
    letters, rest = "", column + 1
    while rest:
        rest, at = divmod(rest - 1, 26)
        letters = chr(65 + at) + letters
    return f"{letters}{row + 1}"
