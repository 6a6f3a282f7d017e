import numpy as np
import pytest

from sim.errors import MOST_SAID, InputError
from sim.files import csv
from sim.files.cells import Column, parse_cell
from sim.files.csv import read_columns

COLUMNS = (
    Column("csm"),
    Column("arr", "number"),
    Column("due_date", "date"),
    Column("booked_date", "date", blank="NaT"),
    Column("term_months", "integer", required=False, blank=12, least=1, most=120),
    Column("segment", "choice", required=False, choices=("smb", "enterprise")),
)
HEADER = "csm,arr,due_date,booked_date"


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(content):
        path = tmp_path / "deals.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path.relative_to(tmp_path)

    return write


def sentences(path, *unique):
    with pytest.raises(InputError) as caught:
        read_checked(path, *unique)
    return str(caught.value).splitlines()


def read_checked(path, *unique):
    table = read_columns(path, COLUMNS)
    if unique:
        table.unique(*unique)
    table.check()
    return table


def test_columns_arrive_typed_and_in_file_order(written):
    path = written("\ufeffbooked_date,csm,term_months,arr,due_date\n,Ann,24,1e3,2026-03-31\n"
                   '\n2026-02-28," Bo, jr ",,12.5,2026-01-01\n')  # fmt: skip
    table = read_checked(path)
    assert table.row == [2, 4]
    assert table.text == {"csm": ["Ann", "Bo, jr"]}
    assert table.number["arr"].tolist() == [1000.0, 12.5]
    assert table.integer["term_months"].tolist() == [24, 12]
    assert table.date["due_date"].tolist() == np.array(["2026-03-31", "2026-01-01"], "datetime64[D]").tolist()
    assert np.isnat(table.date["booked_date"]).tolist() == [True, False]
    assert "segment" not in table.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "deals.csv must be a CSV file with a header row, received an empty file."),
        ("\n \n", "deals.csv must be a CSV file with a header row, received an empty file."),
        (HEADER, "deals.csv must be a header and at least one row, received a header only."),
        (
            HEADER.replace(",", ";"),
            (
                "deals.csv, row 1 must be column names separated by commas, "
                "received 'csm;arr;due_date;booked_date'. Exports of a CRM as they come are read by csmsim intake, which "
                "writes such files."
            ),
        ),
        (
            f"{HEADER}\nAnn,1\n",
            "deals.csv, row 2 must be 4 cells, received 2 cells.",
        ),
        (
            f"{HEADER}\nAnn,1,000,2026-01-01,\n",
            "deals.csv, row 2 must be 4 cells, received 5 cells. A cell with a comma in it needs quotes.",
        ),
        (
            f'{HEADER}\n"Ann,1,2026-01-01,\n',
            (
                "deals.csv, row 2 must be a readable CSV row, received 'unexpected end of data'. "
                "Check its quotes."
            ),
        ),
        (
            f"{HEADER}\nA\0nn,1,2026-01-01,\n",
            "deals.csv, row 2 must be text, received a NUL byte. The file is damaged or not a CSV.",
        ),
        (
            HEADER.encode("utf-16"),
            "deals.csv must be UTF-8 text, received byte 0xff at position 0. Save it again as UTF-8.",
        ),
        (
            f"{HEADER}\nJosé,1,2026-01-01,\n".encode("latin-1"),
            "deals.csv must be UTF-8 text, received byte 0xe9 at position 32. Save it again as UTF-8.",
        ),
    ],
)
def test_what_is_no_table_is_refused_at_once(written, content, said):
    assert sentences(written(content)) == [said]


def test_header_problems_come_together_with_near_matches(written):
    names = "['csm', 'arr', 'due_date', 'booked_date', 'term_months', 'segment']"
    assert sentences(written("csm,ARR,Due Date,csm,region\n")) == [
        f"deals.csv, row 1, column 2 must be one of {names}, received 'ARR'. Did you mean 'arr'?",
        f"deals.csv, row 1, column 3 must be one of {names}, received 'Due Date'. Did you mean 'due_date'?",
        "deals.csv, row 1, column 4 must be named once, received 'csm' again.",
        (
            f"deals.csv, row 1, column 5 must be one of {names}, received 'region'. "
            "Remove the column or correct its name."
        ),
        "deals.csv, row 1, column booked_date must be present, received nothing.",
    ]


AMOUNT = "a number from 0 to 1,000,000,000,000"
PLAINLY = "Write the number without separators, currency signs or units."


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        (",1,2026-01-01,,12,smb", "csm", "text, received a blank cell."),
        ("Ann,,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received a blank cell."),
        ("Ann,-1,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '-1'."),
        ("Ann,nan,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received 'nan'."),
        ("Ann,inf,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received 'inf'."),
        ("Ann,1e13,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '1e13'."),
        ("Ann,1e-7,2026-01-01,,12,smb", "arr", "0 or at least 0.000001, received '1e-7'."),
        ("Ann,1e999,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '1e999'."),
        ("Ann,0x10,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '0x10'. {PLAINLY}"),
        ("Ann,1_000,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '1_000'. {PLAINLY}"),
        ('Ann,"1,000",2026-01-01,,12,smb', "arr", f"{AMOUNT}, received '1,000'. {PLAINLY}"),
        ("Ann,$5,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '$5'. {PLAINLY}"),
        ("Ann,١٢,2026-01-01,,12,smb", "arr", f"{AMOUNT}, received '١٢'. {PLAINLY}"),
        ("Ann,1,,,12,smb", "due_date", "an ISO date, received a blank cell."),
        ("Ann,1,2026-13-01,,12,smb", "due_date", "an ISO date, received '2026-13-01'. There is no such day."),
        ("Ann,1,2026-02-29,,12,smb", "due_date", "an ISO date, received '2026-02-29'. There is no such day."),
        (
            "Ann,1,20260131,,12,smb",
            "due_date",
            "an ISO date, received '20260131'. Write dates as YYYY-MM-DD.",
        ),
        ("Ann,1,1/31/26,,12,smb", "due_date", "an ISO date, received '1/31/26'. Write dates as YYYY-MM-DD."),
        ("Ann,1,1899-12-31,,12,smb", "due_date", "an ISO date from 1900 to 2200, received '1899-12-31'."),
        ("Ann,1,2201-01-01,,12,smb", "due_date", "an ISO date from 1900 to 2200, received '2201-01-01'."),
        ("Ann,1,2026-01-01,,0,smb", "term_months", "a whole number from 1 to 120, received '0'."),
        ("Ann,1,2026-01-01,,12.0,smb", "term_months", "a whole number from 1 to 120, received '12.0'."),
        (
            "Ann,1,2026-01-01,,12,SMB",
            "segment",
            "one of ['smb', 'enterprise'], received 'SMB'. Did you mean 'smb'?",
        ),
        (f"{'x' * 201},1,2026-01-01,,12,smb", "csm", "at most 200 characters long, received 201 characters."),
        (
            "A\x1b[31mn,1,2026-01-01,,12,smb",
            "csm",
            r"text on one line, received 'A\x1b[31mn'. Remove the line breaks and control characters.",
        ),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(written, cells, column, said):
    path = written(f"{HEADER},term_months,segment\nBo,2,2026-01-01,2026-01-01,24,enterprise\n{cells}\n")
    assert sentences(path) == [f"deals.csv, row 3, column {column} must be {said}"]


def test_all_wrong_cells_come_at_once_in_reading_order(written):
    path = written(f"{HEADER}\n,x,2026-01-01,\n\nAnn,1,soon,later\n")
    assert [line.split(" must be")[0] for line in sentences(path)] == [
        "deals.csv, row 2, column csm",
        "deals.csv, row 2, column arr",
        "deals.csv, row 4, column due_date",
        "deals.csv, row 4, column booked_date",
    ]


def test_a_flood_of_problems_is_cut_and_counted(written):
    lines = sentences(written(f"{HEADER}\n" + "Ann,x,2026-01-01,\n" * (MOST_SAID + 1234)))
    assert len(lines) == MOST_SAID + 1
    assert lines[-1] == "And 1,234 more problems."


def test_a_repeated_key_names_both_rows(written):
    path = written(f"{HEADER}\nAnn,1,2026-01-01,\nBo,1,2026-01-01,\nAnn,2,2026-01-01,\n")
    assert sentences(path, "csm", "due_date") == [
        (
            "deals.csv, row 4, columns csm and due_date must be different from every other row, "
            "received 'Ann', '2026-01-01'. It repeats row 2."
        )
    ]


def test_own_problems_join_those_of_the_cells(written):
    table = read_columns(written(f"{HEADER}\nAnn,x,2026-01-01,\nBo,1,2026-01-01,\n"), COLUMNS)
    table.refuse(0, "due_date", "after today", "'2026-01-01'")  # silent: the row cannot be read anyway
    table.refuse(1, "due_date", "after today", "'2026-01-01'", "Time flies.")
    with pytest.raises(InputError) as caught:
        table.check()
    assert str(caught.value).splitlines()[1:] == [
        "deals.csv, row 3, column due_date must be after today, received '2026-01-01'. Time flies."
    ]


def test_size_is_bounded(written, monkeypatch):
    path = written(f"{HEADER}\n" + "Ann,1,2026-01-01,\n" * 4)
    monkeypatch.setattr(csv, "MOST_ROWS", 3)
    assert sentences(path) == ["deals.csv must be at most 3 rows long, received more."]
    monkeypatch.setattr(csv, "LARGEST_TABLE", 20)
    assert sentences(path) == ["deals.csv must be at most 20 bytes long, received 101 bytes."]


def test_a_huge_cell_is_refused(written):
    path = written(f"{HEADER}\n{'x' * 200_000},1,2026-01-01,\n")
    assert sentences(path) == [
        (
            "deals.csv, row 2 must be a readable CSV row, "
            "received 'field larger than field limit (131072)'. Check its quotes."
        )
    ]


@pytest.mark.parametrize("cell", ["120.000", "7.250", "-45.100", "+999.999"])
def test_an_amount_with_three_decimals_reads_two_ways_and_is_refused(cell):
    found = parse_cell(Column("arr", "number", least=-1e12, money=True), cell)
    digits = cell.replace(".", "")
    assert found == (
        "an amount that reads one way only",
        repr(cell),
        f"Write {digits}, or {cell}0 if the point is a decimal one.",
    )


@pytest.mark.parametrize("cell", ["120.00", "1234.567", "0.125", "120000", "12.3450", ".125"])
def test_amounts_that_read_one_way_are_read(cell):
    assert parse_cell(Column("arr", "number", money=True), cell) == float(cell)
    assert parse_cell(Column("value", "number"), "62.125") == 62.125
