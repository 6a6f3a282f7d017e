"""``csmsim intake`` as a user meets it: exit codes, what is printed, and whose files are safe."""

import json

import pytest

from sim.cli import command
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
    assert document["asked"] == []
    assert document["map"] == "history.map.toml"


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
