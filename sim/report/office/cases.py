"""Replayed deals as a workbook: one sheet a plan, every table as the founding document prints it, its totals as formulas."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.plan.split import split_bonus
from sim.replay.settled import Replay, Settled
from sim.shapes.table import inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_SHEET: Final = 28
"""A sheet's name holds 31 characters; a number may follow. [character]"""
NOT_IN_SHEETS: Final = "[]:*?/\\'"
CENT: Final = 0.005
"""What differs by less is rounding. [usd]"""
BONUS: Final = "Bonus Paid in Period"
OTHER: Final = "  Other components and rules"
FORMATS: Final = {"usd": "#,##0.00", "share": "0.0%"}


class Block(NamedTuple):
    """One CSM's table under one plan. All by period. [usd], attainment [share]"""

    quota: list[float]
    renewed: dict[str, list[float]]
    credit: list[float]
    attainment: list[float]
    paid: dict[str, list[float]]


def case_workbook(result: Replay) -> bytes:
    """The content of the file: a sheet with the total of every plan, then one sheet a plan.

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
        plans = list(dict.fromkeys(each.plan.name for each in result.settled))
        names = sheet_names(plans)
        totals = [
            _sheet(
                book, names[at], [each for each in result.settled if each.plan.name == plan], result, formats
            )
            for at, plan in enumerate(plans)
        ]
        _cover(cover, result, names, totals, formats)
    return out.getvalue()


def sheet_names(plans: Sequence[str]) -> list[str]:
    """A sheet's name for each plan: without what a sheet may not be called, and each once, upper and lower case alike."""
    found: list[str] = []
    for plan in plans:
        name = "".join("-" if letter in NOT_IN_SHEETS else letter for letter in plan)[:LONGEST_SHEET]
        taken = {each.lower() for each in (*found, "cases", "history")}
        number = 2
        unique = name
        while unique.lower() in taken:
            unique, number = f"{name}~{number}", number + 1
        found.append(unique)
    return found


def block_of(settled: Settled) -> Block:
    """The numbers of one table."""
    statement = settled.statement
    bonus = split_bonus(statement)
    sides = ("early", "late", "on_time")
    titles = {"early": "  Early", "late": "  Late", "on_time": "  On-Time"}
    renewed = {titles[side]: getattr(statement, f"renewed_{side}")[:, 0].tolist() for side in sides}
    paid = {titles[side]: getattr(bonus, side)[:, 0].tolist() for side in sides}
    parts = [sum(each) for each in zip(*paid.values(), strict=True)]
    rest = [whole - part for whole, part in zip(statement.bonus[:, 0].tolist(), parts, strict=True)]
    if any(abs(each) > CENT for each in rest):
        paid[OTHER] = rest
    return Block(
        statement.quota[:, 0].tolist(),
        renewed,
        statement.credit[:, 0].tolist(),
        statement.attainment[:, 0].tolist(),
        paid,
    )


def _sheet(
    book: "Workbook", name: str, settled: Sequence[Settled], result: Replay, formats: "dict[str, Format]"
) -> float:
    """One plan: a table for every CSM below each other. Returns the sum of their bonuses. [usd]"""
    sheet = book.add_worksheet(name)
    plan = settled[0].plan
    sheet.write_string(0, 0, inert(plan.title or plan.name), formats["bold"])
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, result.calendar.periods + 1, 16)
    row, total = 2, 0.0
    for each in settled:
        row, paid = _block(sheet, row, each, result, formats)
        total += paid
    return total


def _block(
    sheet: "Worksheet", top: int, settled: Settled, result: Replay, formats: "dict[str, Format]"
) -> tuple[int, float]:
    """One table from row ``top`` on. Returns the row after it, and its total bonus. [usd]"""
    block, calendar = block_of(settled), result.calendar
    heads = [*(calendar.label(period) for period in range(calendar.periods)), "Total"]
    sheet.write_string(top, 0, inert(settled.csm), formats["bold"])
    for place, head in enumerate(heads, start=1):
        sheet.write_string(top, place, inert(head), formats["bold"])
    money = formats["usd"]
    quota = top + 1
    _numbers(sheet, quota, "Renewal Quota", block.quota, money)
    after = _summed(sheet, quota + 1, "Actual Renewed in Period", block.renewed, money)
    _numbers(sheet, after, "Credit after Multipliers", block.credit, money)
    _attainment(sheet, after + 1, (quota, after), block, formats["share"])
    bonus = after + 2
    after = _summed(sheet, bonus, BONUS, block.paid, money)
    paid = sum(map(sum, block.paid.values()))
    return after + 1, paid


def _numbers(sheet: "Worksheet", row: int, title: str, values: list[float], shown: "Format") -> None:
    """A row of numbers, its total a formula."""
    sheet.write_string(row, 0, title)
    for place, value in enumerate(values, start=1):
        sheet.write_number(row, place, value, shown)
    last = len(values)
    sheet.write_formula(row, last + 1, f"=SUM({_cell(row, 1)}:{_cell(row, last)})", shown, sum(values))


def _summed(sheet: "Worksheet", row: int, title: str, parts: dict[str, list[float]], shown: "Format") -> int:
    """A row that is the sum of the parts below it; the row after them."""
    after = row + 1 + len(parts)
    for at, (name, values) in enumerate(parts.items(), start=row + 1):
        _numbers(sheet, at, name, values, shown)
    sheet.write_string(row, 0, title)
    sums = [sum(each) for each in zip(*parts.values(), strict=True)]
    for place, value in enumerate([*sums, sum(sums)], start=1):
        formula = f"=SUM({_cell(row + 1, place)}:{_cell(after - 1, place)})"
        sheet.write_formula(row, place, formula, shown, value)
    return after


def _attainment(sheet: "Worksheet", row: int, rows: tuple[int, int], block: Block, shown: "Format") -> None:
    """Credit over quota as formulas; a number where attainment is something else, as where no quota is left."""
    quota, credit = rows
    sheet.write_string(row, 0, "Attainment")
    for place, value in enumerate(block.attainment, start=1):
        asked, granted = block.quota[place - 1], block.credit[place - 1]
        if asked > 0.0 and abs(granted / asked - value) <= 1e-9 * max(1.0, abs(value)):
            formula = f"={_cell(credit, place)}/{_cell(quota, place)}"
            sheet.write_formula(row, place, formula, shown, value)
        else:
            sheet.write_number(row, place, value, shown)


def _cover(
    sheet: "Worksheet",
    result: Replay,
    names: Sequence[str],
    totals: Sequence[float],
    formats: "dict[str, Format]",
) -> None:
    """The first sheet: what every plan pays, out of its own sheet."""
    plans = list(dict.fromkeys(each.plan.name for each in result.settled))
    titles = {each.plan.name: each.plan.title or each.plan.name for each in result.settled}
    column = _cell(0, result.calendar.periods + 1).rstrip("1")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 18)
    for place, head in enumerate(("Case", "Plan", "Bonus paid [usd]")):
        sheet.write_string(0, place, head, formats["bold"])
    for row, (plan, name, total) in enumerate(zip(plans, names, totals, strict=True), start=1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=inert(plan))
        sheet.write_string(row, 1, inert(titles[plan]))
        formula = f"=SUMIF('{name}'!A:A,\"{BONUS}\",'{name}'!{column}:{column})"
        sheet.write_formula(row, 2, formula, formats["usd"], total)


def _cell(row: int, column: int) -> str:
    """The address of a cell, rows and columns counted from 0.

    >>> _cell(0, 0), _cell(9, 27)
    ('A1', 'AB10')
    """
    letters, rest = "", column + 1
    while rest:
        rest, at = divmod(rest - 1, 26)
        letters = chr(65 + at) + letters
    return f"{letters}{row + 1}"
