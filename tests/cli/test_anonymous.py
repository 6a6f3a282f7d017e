"""--anonymous: no name of a person is left in any byte of a result, report, replay or comparison, and masks agree."""

import json

import pandas as pd
import pytest

import sim
from sim.cli import command
from tests.rig.repository import CONFIGS

PEOPLE = ("Zoe Adams", "Yan Brown", "Xi Clark", "Wim Davis")
STUDY = """
name = "people"
seed = 3
worlds = 64
scenario = "scenario.toml"
plans = ["base.toml", "tiers.toml"]
baseline = "base"
"""
DEALS = """csm,account,arr,due_date,booked_date,booked_arr,exception,exception_by,exception_date
Zoe Adams,a1,500000,2026-02-01,2026-02-01,500000,,,
Yan Brown,b1,400000,2026-02-01,2026-04-15,400000,asked by Zoe Adams,Ivo Fox,2026-02-01
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A study on a small CRM export whose CSMs have names of people."""
    folder = tmp_path_factory.mktemp("people")
    scenario = (CONFIGS / "scenarios" / "crm-export.toml").read_text()
    (folder / "scenario.toml").write_text(scenario.replace("../books/real-shape.csv", "book.csv"))
    book = pd.read_csv(CONFIGS / "books" / "real-shape.csv")
    book["csm"] = [PEOPLE[place % len(PEOPLE)] for place in range(len(book))]
    book.to_csv(folder / "book.csv", index=False)
    for plan in ("base", "tiers"):
        (folder / f"{plan}.toml").write_text((CONFIGS / "plans" / f"{plan}.toml").read_text())
    (folder / "study.toml").write_text(STUDY)
    (folder / "deals.csv").write_text(DEALS)
    return folder


def told(text):
    return [name for name in (*PEOPLE, "Ivo Fox") if name in text or name.split()[0] in text]


def everything(directory):
    """Every file as text: of Parquet its cells."""
    found = []
    for path in sorted(each for each in directory.rglob("*") if each.is_file()):
        content = pd.read_parquet(path).to_csv() if path.suffix == ".parquet" else path.read_text("latin-1")
        found.append(content)
    return "\n".join(found)


@pytest.mark.jit
def test_no_name_is_left_in_a_run_or_a_report_and_their_masks_agree(folder, tmp_path, capsys):
    masked, plain = tmp_path / "masked", tmp_path / "plain"
    assert command(["run", str(folder / "study.toml"), "--out", str(masked), "--anonymous"]) == 0
    said = capsys.readouterr().out
    assert "CSM 01" in said
    assert told(said) == []
    assert told(everything(masked)) == []
    assert not (masked / "book.csv").exists()
    assert command(["run", str(folder / "study.toml"), "--out", str(plain)]) == 0
    assert set(told(everything(plain))) >= set(PEOPLE[:2])
    out = tmp_path / "reports"
    assert (
        command(["report", str(plain), "--out", str(out), "--anonymous", "--only", "csv", "--only", "html"])
        == 0
    )
    assert told(everything(out)) == []
    rows = pd.read_csv(out / "tables" / "payees.csv")
    document = json.loads((masked / "summary.json").read_text())
    assert document["study"]["anonymous"]
    of_run = {row["csm"]: row["change"] for row in document["plans"]["tiers"]["payees"]["rows"]}
    assert dict(zip(rows["csm"], rows["change [usd]"], strict=True)) == pytest.approx(of_run)
    books = pd.read_parquet(masked / "books.parquet")
    unmasked = pd.read_parquet(plain / "books.parquet")
    assert sorted(books["variable_mean"]) == sorted(unmasked["variable_mean"])
    for _, each in books.groupby("plan", observed=True):
        assert each["csm"].tolist() == sorted(each["csm"])
        assert each["csm_index"].tolist() == list(range(len(each)))
    again = tmp_path / "again"
    assert command(["report", str(masked), "--out", str(again), "--anonymous", "--only", "csv"]) == 0
    assert pd.read_csv(again / "tables" / "payees.csv")["csm"].tolist() == rows["csm"].tolist()
    capsys.readouterr()
    assert command(["compare", str(plain), str(plain), "--anonymous", "--json"]) == 0
    compared = capsys.readouterr().out
    assert told(compared) == []
    assert {row["csm"] for row in json.loads(compared)["payees"]["tiers"]["rows"]} == set(of_run)


def test_no_name_is_left_in_a_replay(folder, tmp_path, capsys):
    """Nor that of who granted an exception, nor one in its reason."""
    options = ["--plan", str(folder / "base.toml"), "--plan", str(folder / "tiers.toml")]
    when = ["--start", "2026-01-01", "--periods", "4", "--anonymous"]
    assert command(["replay", str(folder / "deals.csv"), *options, *when]) == 0
    said = capsys.readouterr().out
    assert told(said) == []
    assert "granted by 'Approver 01'" in said
    assert command(["replay", str(folder / "deals.csv"), *options, *when, "--json"]) == 0
    document = capsys.readouterr().out
    assert told(document) == []
    csms = [each["csm"] for each in json.loads(document)["totals"]]
    assert csms == ["CSM 01", "CSM 02"] * 2
    plans = [folder / "base.toml", folder / "tiers.toml"]
    found = sim.replay(folder / "deals.csv", plans, start="2026-01-01", periods=4, anonymous=True)
    assert found.document == json.loads(document)
