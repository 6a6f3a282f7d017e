"""``csmsim stress``: what it prints and leaves, how it ends, and that its directory runs again."""

import csv
import json

import pytest

import sim
from sim.cli import command
from tests.rig.inputs.small_stress import write_plain
from tests.rig.readers.texts import printed

OWN = """\
name = "dear"
title = "Dear"
why = "To see"
source = "assumption"

[[change]]
input = "employer.on_cost"
add = 0.3
"""
REST = """
[limits]
cost_p90 = 1.0
cost_rise = 0.05
low_pay = { below = 0.5, share = 0.9 }

[stress]
cases = ["recession", "whale-leaves"]
files = ["dear.toml"]
tornado_worlds = 8
reverse_worlds = 8
inputs = ["employer.on_cost"]

[[stress.range]]
input = "employer.on_cost"
times = [0.5, 2.0]
source = "assumption"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_plain(tmp_path, rest=REST)
    (tmp_path / "dear.toml").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


RUN = ["stress", "study.toml", "--threads", "2", "--worlds", "64"]


def test_it_prints_and_leaves_what_it_found(folder, capsys):
    assert command(RUN) == 0
    said = capsys.readouterr()
    assert said.err == ""
    for part in (
        "as it is",
        "recession",
        "dear",
        "+25.0 % ✗",
        "Tornado",
        "Reverse stress",
        "Results: results/plain-stress",
    ):
        assert part in said.out
    left = folder / "results/plain-stress"
    document = json.loads((left / "stress.json").read_text())
    assert list(document["stresses"]) == ["as it is", "recession", "whale-leaves", "dear"]
    assert (left / "stress.txt").read_text().split() == said.out.split()[:-2]
    rows = list(csv.DictReader((left / "tables/stresses.csv").read_text().splitlines()))
    dear = next(row for row in rows if (row["stress"], row["plan"]) == ("dear", "salary"))
    assert float(dear["change [usd]"]) == document["stresses"]["dear"]["plans"]["salary"]["change"]
    assert float(dear["change [usd]"]) == pytest.approx(0.3 * 160_000)
    written = {path.stem for path in (left / "tables").iterdir()}
    assert {"stresses", "limits", "moves", "tornado", "reverse"} <= written


def test_the_directory_runs_again_for_the_same_numbers(folder, capsys):
    assert command([*RUN, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert command(["stress", "results/plain-stress/study.toml", "--json", "--out", "again"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again == first
    assert json.loads((folder / "again/stress.json").read_text()) == first
    assert first["study"]["hash"] == sim.load("results/plain-stress/study.toml").hash


def test_a_stress_of_ones_own_decides_the_hash(folder):
    before = sim.load("study.toml").hash
    (folder / "dear.toml").write_text(OWN.replace("0.3", "0.4"))
    assert sim.load("study.toml").hash != before


def test_strict_leaves_with_1_where_a_limit_breaks(folder):
    assert command([*RUN, "--strict", "--no-tornado", "--only", "dear"]) == 1
    study = folder / "study.toml"
    study.write_text(
        study.read_text().replace("cost_rise = 0.05", "cost_rise = 0.5").replace("300000.0", "900000.0")
    )
    assert command([*RUN, "--strict", "--no-tornado", "--only", "dear"]) == 0


def test_only_and_no_tornado(folder, capsys):
    assert command([*RUN, "--no-tornado", "--only", "dear", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document["stresses"]) == ["as it is", "dear"]
    assert not {"tornado", "reverse"} & document.keys()


def test_without_any_table_everything_is_asked_and_the_budget_alone_is_judged(folder, capsys):
    write_plain(folder)
    assert command(["stress", "study.toml", "--worlds", "16", "--no-tornado", "--strict"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "correlation-doubles" in out
    assert (
        out.count("✗") == out.count("✓ keeps the budget (exceeded in at most 5 % of worlds), ✗ does not") == 1
    )


def test_names_cannot_mark_up_the_report(folder):
    from io import StringIO

    from rich.console import Console

    (folder / "dear.toml").write_text(OWN.replace('"Dear"', '"[bold]Dear[/nope]"'))
    assert command([*RUN, "--no-tornado", "--only", "dear"]) == 0
    document = json.loads((folder / "results/plain-stress/stress.json").read_text())
    out = StringIO()
    Console(file=out, width=100).print(printed(document))
    assert "[bold]Dear[/nope]" in out.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('"change": 0.0', '"change": "dear"', "plans.per-dollar.change must be a number, received 'dear'."),
        ('"verdict": "pass"', '"verdict": "good"', "verdict must be 'pass', 'fail' or 'undecided', received 'good'."),
        ('"title": "Dear"', '"titel": "Dear"', "stresses.dear.title must be present, received nothing."),
        ('"baseline": "per-dollar"', '"baseline": "x"', "baseline must be one of ['per-dollar', 'salary'], received 'x'."),
    ],
)  # fmt: skip
def test_a_suite_with_a_wrong_value_is_refused_with_its_key(folder, capsys, before, after, sentence):
    assert command([*RUN, "--no-tornado", "--only", "dear"]) == 0
    left = folder / "results/plain-stress"
    (left / "manifest.json").unlink()
    text = (left / "stress.json").read_text()
    assert before in text
    (left / "stress.json").write_text(text.replace(before, after, 1))
    capsys.readouterr()
    assert command(["report", str(left)]) == 2
    assert sentence in capsys.readouterr().err


def test_the_text_shows_every_character_of_a_name(folder, capsys):
    (folder / "dear.toml").write_text(OWN.replace('"Dear"', '"Dear \u202etxet"'))
    assert command([*RUN, "--no-tornado", "--only", "dear"]) == 0
    written = (folder / "results/plain-stress/stress.txt").read_text()
    for text in (capsys.readouterr().out, written):
        assert "\u202e" not in text
        assert "Dear \\u202etxet" in text
