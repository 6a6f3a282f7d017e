"""A CRM export whose names try to do harm, from the file to every output: refused in a sentence, or shown and inert."""

import csv
import io
import json
import zipfile

import pytest

from sim.cli import command
from sim.report.written import installed
from sim.visible import HIDDEN
from tests.rig.inputs.harm import HARM

pytestmark = pytest.mark.jit  # whole runs of the program

SCENARIO = """
name = "export"
start = 2026-01-01
periods = 4
book = { file = "book.csv" }
[[segment]]
name = "mid"
churn = { probability = 0.1 }
movable = { ready_early = 0.5, holdable = 0.5 }
"""
STUDY = """
name = "harm"
seed = 1
worlds = 16
scenario = "scenario.toml"
plans = ["plan.toml"]
baseline = "tiers"
[gaming]
worlds = 4
training_worlds = 4
curve_worlds = 2
cells = 16
"""
PLAN = """
name = "tiers"
[pay]
target_bonus = 10_000
[[component]]
quota = { kind = "retention", rate = 0.9 }
[[component.curve]]
attainment = "[0, 0.9)"
pays = 0.0
[[component.curve]]
attainment = "[0.9, inf)"
pays = 1.0
slope = 1.0
"""
SHOWN = [text for name, text in HARM.items() if name not in ("long", "escape", "control")]
"""What a cell may hold: one line, at most 200 characters."""
START = ("=", "+", "-", "@")


def write(folder, names):
    rows = [
        {"csm": csm, "account": f"{account} {number}", "segment": "mid", "arr": 30_000 + 100 * number,
         "due_date": f"2026-{1 + number % 12:02d}-15", "term_months": 12}
        for csm in names
        for number, account in enumerate(names * 2)
    ]  # fmt: skip
    for at, row in enumerate(rows):
        row["account"] = f"{row['account']}.{at}"
    with (folder / "book.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    for name, text in (("scenario", SCENARIO), ("study", STUDY), ("plan", PLAN)):
        (folder / f"{name}.toml").write_text(text)
    return str(folder / "study.toml")


@pytest.mark.parametrize("name", ["long", "escape", "control"])
def test_what_no_cell_may_hold_is_refused_in_a_short_sentence(tmp_path, capsys, name):
    study = write(tmp_path, [HARM[name]])
    assert command(["run", study, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "book.csv" in said
    assert HIDDEN.search(said.replace("\n", "")) is None
    assert len(said) < 20_000
    assert not (tmp_path / "out").exists()


def test_what_a_cell_may_hold_is_inert_in_every_output(tmp_path, capsys):
    study, out = write(tmp_path, SHOWN), tmp_path / "out"
    assert command(["run", study, "--out", str(out)]) == 0
    assert command(["explain", study, "--plan", "tiers", "--world", "0", "--csm", SHOWN[0]]) == 0
    said = capsys.readouterr().out + (out / "report.txt").read_text()
    assert HIDDEN.search(said.replace("\n", "")) is None
    leak = json.loads((out / "summary.json").read_text())["plans"]["tiers"]["leak"]
    assert leak["csm"] in SHOWN
    if not all(installed(kind) for kind in ("html", "xlsx", "pptx")):
        pytest.skip("the extra 'report' is not installed")
    assert command(["report", str(out)]) == 0
    page = (out / "report.html").read_text()
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "onload=alert" not in page.replace("onload=alert(1)&gt;", "")
    for path in (out / "tables").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text())):
            assert not any(cell.startswith(START) and not _number(cell) for cell in row)
    with zipfile.ZipFile(out / "workbook.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    formulas = [part.split("</f>")[0] for sheet in sheets for part in sheet.split("<f>")[1:]]
    assert formulas
    assert all(each.startswith(("SUM(", "IF(ABS(")) for each in formulas)


def _number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True
