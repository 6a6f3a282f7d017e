"""The part of a sheet whose totals are formulas: parts by plan, their sum, and whether it foots to what was simulated."""

from typing import TYPE_CHECKING, Final

from sim.shapes.chart import Foots
from sim.shapes.fragile import MARK, MARKED, NO_MEAN
from sim.shapes.table import inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TOP: Final = 3
"""Row of the column titles."""
CLOSE: Final = 0.01
"""Totals differ by no more than this. [usd]"""
MONEY: Final = "#,##0"
NOTE: Final = "usd, means over worlds; Total is a formula, Simulated the mean of the cost sheet."


def write_footed(book: "Workbook", sheet: "Worksheet", foots: Foots) -> None:
    """Plans by parts; each row ends with its total, the cost as simulated, and whether they agree."""
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "align": "right"})
    plain, marked = (book.add_format({"num_format": f"{MONEY}{mark}"}) for mark in ("", f'"{MARK}"'))
    sheet.write_string(0, 0, inert(foots.title), book.add_format({"bold": True, "size": 13}))
    sheet.write_string(1, 0, f"{NOTE} {MARKED}" if any(row.fragile for row in foots.rows) else NOTE)
    for place, name in enumerate(["Plan", *foots.columns, "Total", "Simulated", "Foots"]):
        sheet.write_string(TOP, place, inert(name), bold)
    for at, row in enumerate(foots.rows, TOP + 1):
        sheet.write_string(at, 0, inert(row.name))
        if row.parts is None or row.total is None:
            sheet.write_string(at, 1, NO_MEAN)
        else:
            _write_row(sheet, at, row.parts, row.total, marked if row.fragile else plain)
    sheet.set_column(0, 0, min(max(len(row.name) for row in foots.rows) + 2, 60))


def _write_row(
    sheet: "Worksheet", at: int, parts: tuple[float, ...], simulated: float, usd: "Format"
) -> None:
    """The parts, their sum as a formula, what was simulated, and whether they agree."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    end = len(parts)
    for place, value in enumerate(parts, start=1):
        sheet.write_number(at, place, value, usd)
    first, last, total, mean = (xl_rowcol_to_cell(at, place) for place in (1, end, end + 1, end + 2))
    sheet.write_formula(at, end + 1, f"=SUM({first}:{last})", usd, sum(parts))
    sheet.write_number(at, end + 2, simulated, usd)
    agree = "yes" if abs(sum(parts) - simulated) < CLOSE else "no"
    sheet.write_formula(at, end + 3, f'=IF(ABS({total}-{mean})<{CLOSE},"yes","no")', None, agree)
