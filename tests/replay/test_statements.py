"""Statements to the cent: every file of a folder says the same, the company foots with its people, and names stay masked."""

import csv
import io
import json
from decimal import Decimal

import openpyxl
import pyarrow.parquet as pq
import pytest

import sim
from sim.calls.statements import statement_files
from sim.cli import command
from sim.errors import InputError
from sim.replay.changes import changes_of
from sim.replay.slips import slips_of
from sim.shapes.cents import apportioned, to_cent, without_dust
from tests.rig.repository import CONFIGS

DEALS = """csm,account,arr,due_date,booked_date,booked_arr
ada,a1,500000.10,2026-02-01,2026-02-01,500000.10
ada,a2,300000.20,2026-05-01,2026-03-01,250000.30
bob,b1,400000,2026-02-01,2026-04-15,400000
bob,b2,200000,2026-08-01,2026-06-01,200000
=cyd,c1,700000,2026-03-01,2026-03-01,700000
"""
PLANS = [CONFIGS / "plans" / name for name in ("base.toml", "tiers.toml", "library/gated.toml")]
BOOK = """csm,account,arr
ada,a1,500000.10
ada,a2,300000.20
bob,b1,400000
bob,b2,200000
=cyd,c1,700000
"""
EVENTS = """csm,account,date,arr,kind
ada,a1,2026-04-01,33333.33,expansion
bob,b2,2026-07-01,10000.01,expansion
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    (folder / "deals.csv").write_text(DEALS)
    (folder / "book.csv").write_text(BOOK)
    (folder / "events.csv").write_text(EVENTS)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return sim.replay(folder, PLANS, start="2026-01-01", periods=4)


@pytest.fixture(scope="module")
def files(found):
    return statement_files(found.value)


def rows_of(files, name):
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))


def test_the_company_foots_to_the_cent_with_everybody(files):
    statements, company = rows_of(files, "statements"), rows_of(files, "company")
    for plan in ("base", "tiers", "gated"):
        by_csm = {row["csm"]: row for row in company if row["plan"] == plan}
        own = [row for row in statements if row["plan"] == plan]
        assert set(by_csm) == {row["csm"] for row in own} | {"All"}
        for row in own:
            assert Decimal(row["paid [usd]"]) == Decimal(by_csm[row["csm"]][f"{row['period']} [usd]"])
        paid = sum(Decimal(row["paid [usd]"]) for row in own)
        assert paid == Decimal(by_csm["All"]["total [usd]"]) == round(paid, 2) > 0
        totals = [Decimal(row["total [usd]"]) for csm, row in by_csm.items() if csm != "All"]
        assert sum(totals) == paid


def test_components_and_sides_add_up_to_what_is_earned(files):
    statements, components = rows_of(files, "statements"), rows_of(files, "components")
    for row in statements:
        own = [each for each in components if all(each[key] == row[key] for key in ("plan", "csm", "period"))]
        assert sum(Decimal(each["earned [usd]"]) for each in own) == Decimal(row["earned [usd]"])
        sides = [row[f"paid_{side} [usd]"] for side in ("early", "late", "on_time")]
        if row["plan"] != "gated" and any(map(Decimal, sides)):
            assert sum(map(Decimal, sides)) == Decimal(row["paid [usd]"])


def test_what_is_paid_is_what_settles_to_the_cent(found):
    for slip in slips_of(found.value):
        exact = slip.settled.settlement.paid[:, 0].tolist()
        assert slip.paid == pytest.approx(exact, abs=0.005001)
        assert [round(100 * each) / 100 for each in slip.paid] == slip.paid


def test_every_format_has_the_same_amounts(files):
    for name in ("statements", "components", "company", "changes"):
        read = pq.read_table(io.BytesIO(files[f"{name}.parquet"])).to_pylist()
        rows = rows_of(files, name)
        assert len(read) == len(rows) > 0
        for one, other in zip(read, rows, strict=True):
            for (key, value), text in zip(one.items(), other.values(), strict=True):
                if isinstance(value, float):
                    assert value == float(text), key
    document = json.loads(files["statements.json"])
    paid = {(row["plan"], row["csm"]): row["total [usd]"] for row in rows_of(files, "company")}
    for each in document["totals"]:
        name = each["csm"].replace("=cyd", "'=cyd")
        assert Decimal(str(each["paid"])) == Decimal(paid[each["plan"], name])


def test_the_workbook_has_a_sheet_a_person_and_a_company_sheet_that_adds_them_up(files, found):
    formulas = openpyxl.load_workbook(io.BytesIO(files["statements.xlsx"]))
    values = openpyxl.load_workbook(io.BytesIO(files["statements.xlsx"]), data_only=True)
    assert formulas.sheetnames[:4] == ["company", "ada", "bob", "=cyd"]
    company, seen = formulas["company"], 0
    for row in company.iter_rows(min_row=4):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("='"):
                sheet, _, place = cell.value[2:].partition("'!")
                assert values[sheet][place].value == values["company"][cell.coordinate].value
                seen += 1
    assert seen == 3 * 3 * 4
    for sheet in ("ada", "bob", "=cyd"):
        sums(formulas[sheet], values[sheet])
    sums(company, values["company"])


def sums(formulas, values):
    """What a spreadsheet that does not calculate shows is what one that does would."""
    found = 0
    for row in formulas.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("=SUM("):
                cells = formulas[cell.value[5:-1]]
                several = [each for line in cells for each in line]
                total = sum(Decimal(str(values[each.coordinate].value)) for each in several)
                assert total == Decimal(str(values[cell.coordinate].value))
                found += 1
    assert found


def test_who_gains_and_loses_adds_up(found):
    slips = slips_of(found.value)
    for plan in ("tiers", "gated"):
        changes = changes_of(found.value, slips, plan)
        assert [each.change for each in changes] == sorted(each.change for each in changes)
        exact = {row.csm: row.change for row in found.value.winners[plan].rows}
        for each in changes:
            assert each.change == pytest.approx(exact[each.csm], abs=0.05)
    table = rows_of(statement_files(found.value), "changes")
    for plan in ("tiers", "gated"):
        mine = [row for row in table if row["plan"] == plan]
        group = [row["csm"].split()[-1] in ("lose", "gain", "stay") for row in mine]
        change = [Decimal(row["change [usd]"]) for row in mine]
        *people, whole = [each for each, of in zip(change, group, strict=True) if not of]
        groups = [each for each, of in zip(change, group, strict=True) if of]
        assert sum(people) == whole == sum(groups)


def test_masked_statements_name_nobody(folder, tmp_path):
    masked = sim.replay(folder, PLANS[:2], start="2026-01-01", periods=4, anonymous=True)
    masked.write(tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        content = path.read_bytes()
        assert not any(name in content for name in (b"ada", b"bob", b"cyd")) or path.suffix in (
            ".xlsx",
            ".html",
        )
    page = (tmp_path / "out" / "statements.html").read_text()
    assert "CSM 01" in page
    assert not any(f">{name}<" in page or f"· {name}" in page for name in ("ada", "bob", "=cyd"))
    book = openpyxl.load_workbook(tmp_path / "out" / "statements.xlsx")
    assert book.sheetnames[1:4] == ["CSM 01", "CSM 02", "CSM 03"]


def test_a_folder_is_written_whole_and_over_nothing_of_anybodys(found, tmp_path):
    out = tmp_path / "out"
    assert found.write(out) == out
    assert json.loads((out / "manifest.json").read_text())["command"] == "replay"
    found.write(out)
    (out / "statements.csv").write_text("mine")
    with pytest.raises(InputError, match=r"statements\.csv"):
        found.write(out)
    assert (out / "statements.csv").read_text() == "mine"
    found.write(out, force=True)
    assert (tmp_path / "out.old-1" / "statements.csv").read_text() == "mine"


def test_the_command_writes_and_prints_to_the_cent(folder, tmp_path, capsys):
    arguments = ["replay", str(folder), "--start", "2026-01-01", "--periods", "4"]
    arguments += [f"--plan={path}" for path in PLANS[:2]]
    assert command([*arguments, "--out", str(tmp_path / "out"), "--units", "usd"]) == 0
    said = capsys.readouterr().out
    assert "500,000.10" in said
    assert "Who gains and who loses by name" in said
    assert (tmp_path / "out" / "statements.html").exists()
    assert command([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(
        (tmp_path / "out" / "statements.json").read_text()
    )
    assert command([*arguments, "--units", "eur"]) == 2


def test_sums_of_cents_have_no_dust():
    total = sum([0.1] * 3 + [12_799.7] + [0.29] * 100)
    assert total != 12_829.0
    assert without_dust(total) == 12_829.0
    third = 20_000.0 / 3.0
    assert without_dust(third) == third
    assert [to_cent(each) for each in (0.005, -0.005, 1.004999, -0.001)] == [0.01, -0.01, 1.0, 0.0]
    for parts in ([1 / 3] * 3, [-1 / 3, 2 / 3], [0.005, 0.005], [1e9 + 1 / 3, -1e9 - 1 / 3]):
        whole = to_cent(sum(parts))
        split = apportioned(parts, whole)
        assert sum(Decimal(str(each)) for each in split) == Decimal(str(whole))
        assert split == pytest.approx(parts, abs=0.0101)


def test_statements_show_what_is_agreed_with_a_person(folder, tmp_path):
    """A target bonus of one's own stands in the statement, and is what 100 % pays."""
    for name in ("deals.csv", "book.csv", "events.csv"):
        (tmp_path / name).write_text((folder / name).read_text())
    (tmp_path / "people.csv").write_text("csm,target_bonus\nada,12345.67\nbob,\n=cyd,\n")
    found = sim.replay(tmp_path, PLANS[0], start="2026-01-01", periods=4)
    rows = rows_of(statement_files(found.value), "statements")
    plan = found.value.settled[0].plan.target_bonus(found.value.calendar)
    for row in rows:
        own = 12_345.67 if row["csm"] == "ada" else plan
        assert float(row["at_target [usd]"]) == own
        assert float(row["paid [usd]"]) == pytest.approx(own * float(row["attainment [share]"]), abs=0.005001)
