"""Replayed cases as a workbook: the founding tables, whose totals a spreadsheet adds up itself."""

import re

import pytest

from sim.cli import command
from tests.rig.repository import CONFIGS

pytest.importorskip("xlsxwriter", reason="the extra 'report' is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

CASES = [CONFIGS / "plans" / "founding" / f"{name}.toml" for name in ("early-2", "early-4", "early-5")]


def replay(folder, *options, deals="founding-early.csv", plans=CASES):
    asked = [part for each in plans for part in ("--plan", str(each))]
    ends = ["--start", "2026-01-01", "--periods", "2", *options]
    return command(["replay", str(CONFIGS / "deals" / deals), *asked, *ends])


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    found = tmp_path_factory.mktemp("cases") / "cases.xlsx"
    assert replay(found.parent, "--xlsx", str(found)) == 0
    return found


def computed(book, sheet, cell):
    """The value of a cell by its own formula: sums of ranges, a quotient of two cells, or a number."""
    value = book[sheet][cell].value
    if not isinstance(value, str) or not value.startswith("="):
        return value
    if found := re.fullmatch(r"=SUM\((\w+):(\w+)\)", value):
        cells = book[sheet][f"{found[1]}:{found[2]}"]
        return sum(computed(book, sheet, each.coordinate) for row in cells for each in row)
    above, below = re.fullmatch(r"=(\w+)/(\w+)", value).groups()
    return computed(book, sheet, above) / computed(book, sheet, below)


def test_a_sheet_a_case_with_the_founding_numbers(path):
    """Early 4: quotas of 600 and 500, 700 and 500 renewed, bonuses of 23.3 and 20.0, of which 3.3 early. [$K]"""
    book = openpyxl.load_workbook(path)
    winners = ["winners", "winners_first", "payees", "winners_by_clause"]
    assert book.sheetnames == ["cases", "early-2", "early-4", "early-5", *winners]
    sheet = book["early-4"]
    rows = {(at, sheet.cell(at, 1).value): at for at in range(3, 16)}
    names = [name for _, name in rows]
    assert names[:5] == ["casey", "Renewal Quota", "Actual Renewed in Period", "  Early", "  Late"]
    found = {
        name: [round(computed(book, "early-4", f"{column}{at}"), 1) for column in "BCD"]
        for (at, name) in rows
        if name in ("Renewal Quota", "Actual Renewed in Period", "Bonus Paid in Period")
    }
    assert found == {
        "Renewal Quota": [600_000, 500_000, 1_100_000],
        "Actual Renewed in Period": [700_000, 500_000, 1_200_000],
        "Bonus Paid in Period": [23_333.3, 20_000, 43_333.3],
    }
    attained = next(at for at, name in rows if name == "Attainment")
    assert computed(book, "early-4", f"B{attained}") == pytest.approx(7 / 6)


def test_stored_values_are_those_of_the_formulas(path):
    book, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    formulas = 0
    for sheet in book.sheetnames[1:]:
        for row in book[sheet].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    value = stored[sheet][cell.coordinate].value
                    assert computed(book, sheet, cell.coordinate) == pytest.approx(value)
                    formulas += 1
    assert formulas == 3 * 16
    totals = {row[0].value: row[2].value for row in stored["cases"].iter_rows(min_row=2)}
    assert totals == pytest.approx({"early-2": 40_000, "early-4": 130_000 / 3, "early-5": 40_000})
    assert book["cases"]["C2"].value == "=SUMIF('early-2'!A:A,\"Bonus Paid in Period\",'early-2'!D:D)"


def test_late_cases(tmp_path):
    """Late 3: a fifth less credit for 100 booked late: 39.3 in all. [$K]"""
    late = [CONFIGS / "plans" / "founding" / "late-3.toml"]
    assert replay(tmp_path, "--xlsx", str(tmp_path / "late.xlsx"), deals="founding-late.csv", plans=late) == 0
    stored = openpyxl.load_workbook(tmp_path / "late.xlsx", data_only=True)
    assert stored["cases"]["C2"].value == pytest.approx(118_000 / 3)


def test_nothing_is_replaced(path, capsys):
    before = path.read_bytes()
    assert replay(path.parent, "--xlsx", str(path)) == 2
    assert "--xlsx must be a path where nothing lies" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert replay(path.parent, "--xlsx", str(path.parent / "x.xls")) == 2
    assert [each.name for each in path.parent.iterdir()] == ["cases.xlsx"]


def test_a_workbook_in_a_new_folder(tmp_path):
    assert replay(tmp_path, "--xlsx", str(tmp_path / "new" / "x.xlsx")) == 0
    assert [each.name for each in tmp_path.rglob("*")] == ["new", "x.xlsx"]


def test_sheets_have_names_that_a_sheet_may_have():
    from sim.report.office.cases import sheet_names

    long = "a plan whose name is longer than any sheet's"
    found = sheet_names(["a/b", "A-B", "history", "cases", long, long.upper()])
    assert found == ["a-b", "A-B~2", "history~2", "cases~2", long[:28], f"{long.upper()[:28]}~2"]
    assert all(len(each) <= 31 for each in found)
