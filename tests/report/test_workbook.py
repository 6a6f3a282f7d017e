"""The workbook: real numbers, totals that LibreOffice recomputes, charts, and no name that becomes a formula."""

import csv
import io
import zipfile

import pyarrow.parquet as parquet
import pytest

from sim.report.parquet import parquet_of
from sim.report.written import csv_of
from sim.shapes.table import inert
from tests.rig.readers.office import converted
from tests.rig.readers.texts import tables, workbook

pytest.importorskip("xlsxwriter", reason="the extra 'report' is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

pytestmark = pytest.mark.jit  # reports are the same with or without compiled kernels

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Every sheet as CSV with plain numbers."""
TOP = 4
"""Row of the column titles, from 1."""
UNDER_CHART = 26
"""Rows from the last that foots to the titles of the table below its chart."""


def read(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_every_table_has_its_sheet_with_the_summary_s_numbers(asked):
    book = read(workbook(asked))
    for table in tables(asked):
        sheet = book[table.name]
        first = TOP if table.foots is None else TOP + len(table.foots.rows) + UNDER_CHART
        assert sheet.cell(first, 1).value.startswith(table.columns[0].title)
        for at, row in enumerate(table.rows, start=first + 1):
            for place, value in enumerate(row, start=1):
                found = sheet.cell(at, place).value
                if isinstance(value, str):
                    assert found == (inert(value) or None)
                elif value is None:
                    assert found == (table.columns[place - 1].none or None)
                else:  # a workbook keeps 16 digits
                    assert found == pytest.approx(value, rel=1e-15)


CHARTED = {
    "asked": {
        *("differences", "cost", "cost_parts", "cost_by_period", "curves", "retention", "budget"),
        *("split", "exposure", "friction", "movable", "incentive", "response"),
    },
    "forecast": {"market_levels", "volatility", "hires"},
}


@pytest.mark.parametrize("kind", CHARTED)
def test_charts_are_native(kind, request):
    with zipfile.ZipFile(io.BytesIO(workbook(request.getfixturevalue(kind)))) as parts:
        charts = [
            parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")
        ]
    for sheet in CHARTED[kind]:
        assert any(f"<c:f>{sheet}!" in chart for chart in charts), sheet


def test_libreoffice_recomputes_totals_that_foot_to_the_simulated_cost(document, tmp_path):
    """One input is changed and no total is stored: whatever stands in the totals was computed on opening."""
    book = read(workbook(document))
    moved = 1_234.5
    for name in ("cost_parts", "cost_by_period"):
        book[name].cell(TOP + 1, 2).value += moved
    path = tmp_path / "workbook.xlsx"
    book.save(path)
    sheets = {each.stem.removeprefix("workbook-"): each for each in converted(path, EVERY_SHEET, tmp_path)}
    for name in ("cost_parts", "cost_by_period"):
        rows = list(csv.reader(io.StringIO(sheets[name].read_text(encoding="utf-8"))))
        header = rows[TOP - 1]
        total, simulated, foots = (header.index(title) for title in ("Total", "Simulated", "Foots"))
        for at, (plan, entry) in enumerate(document["plans"].items()):
            row = rows[TOP + at]
            assert row[0] == plan
            off = moved if at == 0 else 0.0
            assert float(row[total]) == pytest.approx(entry["cost"]["mean"] + off, abs=0.01)
            assert float(row[simulated]) == pytest.approx(entry["cost"]["mean"], abs=1e-6)
            assert row[foots] == ("no" if at == 0 else "yes")


def test_stored_totals_are_those_a_reader_without_formulas_sees(document):
    content = workbook(document)
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["cost_by_period"]
    titles = [cell.value for cell in stored[TOP]]
    for at, entry in enumerate(document["plans"].values(), start=TOP + 1):
        found = stored.cell(at, titles.index("Total") + 1).value
        assert found == pytest.approx(entry["cost"]["mean"])


def test_harmful_names_are_text_in_every_cell(harmful):
    content = workbook(harmful)
    ours = 0
    for sheet in read(content):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.value.startswith(("=SUM(", "=IF(ABS("))
                    ours += 1
                elif isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "-", "@"))
    feet = [plan for plan in harmful["plans"].values() if "foot" in plan.get("payees", {})]
    assert ours == 4 * len(harmful["plans"]) + 2 * len(feet)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any("externalLink" in name for name in parts.namelist())
        assert not any(
            "TargetMode" in parts.read(name).decode() for name in parts.namelist() if "rels" in name
        )


def test_csv_files_carry_plain_numbers_units_and_inert_text(harmful, document):
    for table in tables(document):
        rows = list(csv.reader(io.StringIO(csv_of(table))))
        assert len(rows) == len(table.rows) + 1
        for row, values in zip(rows[1:], table.rows, strict=True):
            for text, value in zip(row, values, strict=True):
                assert not isinstance(value, float) or float(text) == value
    for table in tables(harmful):
        for row, values in zip(list(csv.reader(io.StringIO(csv_of(table))))[1:], table.rows, strict=True):
            for text, value in zip(row, values, strict=True):
                assert not isinstance(value, str) or not text.startswith(("=", "+", "-", "@"))


def test_parquet_files_carry_the_same_numbers_and_their_units(harmful, asked):
    for document in (asked, harmful):
        for table in tables(document):
            found = parquet.read_table(io.BytesIO(parquet_of(table)))
            assert found.column_names == [column.key for column in table.columns]
            for column, field in zip(table.columns, found.schema, strict=True):
                assert field.metadata[b"unit"].decode() == column.unit
            rows = list(zip(*(found[name].to_pylist() for name in found.column_names), strict=True))
            assert rows == [tuple(row) for row in table.rows]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_what_starts_like_a_formula_is_quoted(text):
    assert inert(text) == "'" + text


@pytest.mark.parametrize("text", ["base", "early-relief", "a=b", ""])
def test_other_names_stay(text):
    assert inert(text) == text
