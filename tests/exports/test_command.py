"""``csmsim intake`` as a user meets it: exit codes, what is printed, and whose files are safe."""

import json

import pytest

from sim.cli import command
from sim.exports.intake import intake
from tests.exports.test_systems import HUBSPOT, SALESFORCE


@pytest.fixture
def at(tmp_path, monkeypatch):
    """A folder with an export in it, to be in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sf.csv").write_text(SALESFORCE)
    (tmp_path / "hs.csv").write_text(HUBSPOT)
    return tmp_path


def test_an_export_that_reads_one_way_is_taken_in_at_once(at, capsys):
    assert command(["intake", "sf.csv", "--out", "history"]) == 0
    told = capsys.readouterr().out
    for words in ("what Salesforce calls it", "a total of the export", "2026 Q1", "Rita Roe", "Total"):
        assert words in told
    assert {each.name for each in (at / "history").iterdir()} == {
        "deals.csv", "events.csv", "intake.csv", "manifest.json", "map.toml",
    }  # fmt: skip
    assert (at / "history" / "map.toml").read_text() == (at / "history.map.toml").read_text()


def test_a_question_is_asked_with_exit_code_2_and_settled_by_the_map(at, capsys):
    assert command(["intake", "hs.csv", "--out", "history"]) == 2
    told = capsys.readouterr().err
    assert "Then: csmsim intake hs.csv --map history.map.toml --out history" in told
    assert "columns.due_date must be confirmed" in told
    assert not (at / "history").exists()
    assert command(["intake", "hs.csv", "--map", "history.map.toml", "--out", "history"]) == 0


def test_json_has_all_of_it(at, capsys):
    assert command(["intake", "sf.csv", "--out", "history", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["by_owner"][-1] == {
        "csm": "Total", "due": 3.0, "due_arr": 77_000.0, "booked": 1.0, "booked_arr": 27_500.0, "events": 2.0,
        "events_arr": 14_000.0,
    }  # fmt: skip
    assert document["map"] == "history.map.toml"


def test_json_with_a_question_is_one_document(at, capsys):
    assert command(["intake", "hs.csv", "--out", "history", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert "history.map.toml: columns.due_date" in {each["where"] for each in document["problems"]}
    assert document["found"]["map"] == "history.map.toml"


def test_a_map_that_lies_there_is_neither_used_nor_replaced_unasked(at, capsys):
    (at / "history.map.toml").write_text("mine = 1\n")
    assert command(["intake", "sf.csv", "--out", "history"]) == 2
    assert "history.map.toml' is there from before" in capsys.readouterr().err
    assert (at / "history.map.toml").read_text() == "mine = 1\n"


def test_somebody_elses_folder_is_left_alone_and_an_earlier_history_is_replaced(at, capsys):
    (at / "history").mkdir()
    (at / "history" / "mine.txt").write_text("mine")
    assert command(["intake", "sf.csv", "--out", "history"]) == 2
    assert (at / "history" / "mine.txt").read_text() == "mine"
    for _ in range(2):
        assert command(["intake", "sf.csv", "--map", "m.toml", "--out", "new"]) == 0
    (at / "new" / "deals.csv").write_text("changed by hand\n")
    assert command(["intake", "sf.csv", "--map", "m.toml", "--out", "new"]) == 2
    assert (at / "new" / "deals.csv").read_text() == "changed by hand\n"
    capsys.readouterr()


ACCOUNTS = "Account Owner,Account Name,ARR\nRita Roe,Acme,24000\nSam Poe,Umbrella,9000\n"
PEOPLE = "Name,Title,Start Date,End Date\nRita Roe,CSM,2024-01-01,\nSam Poe,CSM,2025-06-01,\n"
MAPS = {
    "accounts": 'rows = "book"\n[columns]\ncsm = "Account Owner"\naccount = "Account Name"\narr = "ARR"\n'
    '[currency]\ncode = "USD"\n',
    "people": 'rows = "people"\n[columns]\ncsm = "Name"\nrole = "Title"\nfrom = "Start Date"\nuntil = "End Date"\n',
}


@pytest.fixture
def three(at):
    """Opportunities with the map that was proposed for them, accounts and people."""
    assert command(["intake", "sf.csv", "--out", "first"]) == 0
    (at / "sf.toml").write_text((at / "first.map.toml").read_text())
    for name, text in {"accounts": ACCOUNTS, "people": PEOPLE}.items():
        (at / f"{name}.csv").write_text(text)
        (at / f"{name}.toml").write_text(MAPS[name])
    return [
        "sf.csv",
        "accounts.csv",
        "people.csv",
        "--map",
        "sf.toml",
        "--map",
        "accounts.toml",
        "--map",
        "people.toml",
    ]


def test_several_exports_make_one_history(at, three, capsys):
    assert command(["intake", *three, "--out", "history"]) == 0
    told = capsys.readouterr().out
    assert "All exports together" in told
    assert {each.name for each in (at / "history").iterdir()} == {
        "deals.csv", "events.csv", "book.csv", "people.csv", "intake.csv", "manifest.json",
        "sf.map.toml", "accounts.map.toml", "people.map.toml",
    }  # fmt: skip
    for name in ("deals", "events"):
        assert (at / "history" / f"{name}.csv").read_text() == (at / "first" / f"{name}.csv").read_text()
    aside = (at / "history" / "intake.csv").read_text()
    assert aside.count("sf.csv: ") == (at / "first" / "intake.csv").read_text().count("\n") - 1
    found = intake(["sf.csv", "accounts.csv", "people.csv"], ["sf.toml", "accounts.toml", "people.toml"])
    assert list(found.tables) == ["deals", "events", "book", "people"]


def test_exports_of_the_same_kind_follow_one_another(at, three, capsys):
    (at / "later.csv").write_text((at / "sf.csv").read_text())
    asked = ["intake", "sf.csv", "later.csv", "--map", "sf.toml", "--map", "sf.toml", "--out", "history"]
    assert command(asked) == 0
    once = (at / "first" / "deals.csv").read_text().splitlines()
    assert (at / "history" / "deals.csv").read_text().splitlines() == [*once, *once[1:]]


def test_what_several_exports_ask_is_asked_together_and_nothing_is_written(at, three, capsys):
    assert command(["intake", "sf.csv", "hs.csv", "--out", "history"]) == 2
    told = capsys.readouterr().err
    assert "--map history.sf.map.toml --map history.hs.map.toml --out history" in told
    assert "columns.due_date must be confirmed" in told
    assert not (at / "history").exists()
    assert (at / "history.hs.map.toml").exists()
    assert command(["intake", *three[:5], "--out", "history"]) == 2
    assert "--map must be 3 maps, received 1" in capsys.readouterr().err
