"""A sweep and a solution as results: typed files with a schema, and sentences and figures that say what their rows say."""

import json
import re

import numpy as np
import pytest

import sim
from sim.cli import command
from sim.questions.sweep.figures import swept_lines
from sim.questions.sweep.findings import kept, moved
from sim.questions.sweep.summary import SweepSuite, sweep_schema
from sim.report.written import read_result
from sim.study.sweep import swept
from sim.study.swept import result_of_sweep
from tests.rig.inputs.small_study import write_study

RATE, DATE = "component.renewals.quota.rate", "component.renewals.crediting.date"
MEASURES = ("cost.mean", "cost.p90", "pay.share_at_target", "vs_baseline.p50")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("swept") / "study")


@pytest.fixture(scope="module")
def worlds(path):
    return sim.simulate(sim.load(path), worlds=64)


def suite_of(worlds, vary):
    rows = swept(worlds, "capped", vary, MEASURES)
    return result_of_sweep(worlds, worlds.plan_of("capped"), tuple(vary), rows, MEASURES).suite


def test_sentences_and_figures_are_those_of_random_rows(worlds):
    """Least and most, and up and down all the way, on rows of random numbers in the place of those that were swept."""
    suite, rng = suite_of(worlds, {RATE: [0.8, 0.9, 1.0]}), np.random.default_rng(4)
    for _ in range(50):
        values = rng.choice([1e6, 2e6, 3e6], size=3).tolist()
        rows = [
            row.model_copy(update={"measures": (value, *row.measures[1:])})
            for row, value in zip(suite.swept, values, strict=True)
        ]
        said = moved(suite.model_copy(update={"swept": tuple(rows)}), 0)
        amounts = [1e6 * float(each) for each in re.findall(r"\$([\d.]+)M", said)]
        at = [float(each) for each in re.findall(r"rate = ([\d.]*\d)", said)]
        if len(set(values)) == 1:
            assert (amounts, at) == ([values[0]], [])
        elif values in (sorted(values), sorted(values)[::-1]):
            assert ("rises" in said) == (values[-1] > values[0])
            assert (amounts, at) == ([values[0], values[-1]], [0.8, 1.0])
        else:
            assert amounts == [min(values), max(values)]
            assert [values[[0.8, 0.9, 1.0].index(each)] for each in at] == amounts
    lines = list(swept_lines(suite))
    assert [[panel.name for panel in each.panels] for each in lines] == [
        ["Mean cost", "P90 of cost"],
        ["At target"],
        ["Median over baseline"],
    ]
    heights = [place for _, place in lines[0].panels[0].line]
    assert np.argsort(heights).tolist() == np.argsort([-row.measures[0] for row in suite.swept]).tolist()


def test_the_budget_is_held_against_the_rows(worlds):
    suite = suite_of(worlds, {RATE: [0.8, 0.9, 1.0]})
    costs = sorted(row.measures[1] for row in suite.swept)
    tight = suite.model_copy(update={"study": suite.study.model_copy(update={"budget": costs[0] + 1.0})})
    assert kept(tight).endswith("at 1 of 3 values.")
    assert kept(suite.model_copy(update={"study": suite.study.model_copy(update={"budget": None})})) is None


def test_choices_and_several_clauses_are_told_as_they_are(worlds):
    by_date = suite_of(worlds, {DATE: ["due", "booking"]})
    assert [tick.label for tick in next(swept_lines(by_date)).x.ticks] == ["due", "booking"]
    both = suite_of(worlds, {RATE: [0.8, 1.0], DATE: ["due", "booking"]})
    assert list(swept_lines(both)) == []
    least = min(both.swept, key=lambda row: row.measures[0])
    assert (
        f"at renewals.quota.rate = {least.values[0]:g}, renewals.crediting.date = {least.values[1]}"
        in moved(both, 0)
    )


@pytest.mark.parametrize("asked", ["sweep", "solve"])
def test_the_command_leaves_a_whole_result(asked, path, tmp_path, capsys):
    jsonschema = pytest.importorskip("jsonschema")
    out = tmp_path / "out"
    vary = f"{RATE}=0.8..1"
    extra = ["--until", "cost.p90 = 0.55M"] if asked == "solve" else ["--measure", "cost.p90"]
    options = ["--plan", "capped", "--vary", vary, *extra, "--worlds", "64", "--out", str(out)]
    assert command([asked, str(path), *options]) == 0
    printed = capsys.readouterr().out
    document = json.loads((out / f"{asked}.json").read_text())
    jsonschema.validate(document, sweep_schema())
    suite = SweepSuite.model_validate(document)
    assert read_result(out) == suite.document()
    for row in suite.swept:
        assert f"{row.values[0]:.6g} " in printed
    assert (suite.solution is not None) == (asked == "solve")
    if suite.solution is not None:
        assert " ".join(suite.solution.said.split()) in " ".join((out / "solve.txt").read_text().split())
    rows = (out / "tables" / f"{asked}.csv").read_text().splitlines()
    assert len(rows) == 1 + len(suite.swept)
    assert command([asked, str(path), *options]) == 0  # only unchanged files of ours are replaced
    (out / "notes.txt").write_text("mine")
    assert command([asked, str(path), *options]) == 2
    assert (out / "notes.txt").exists()
    assert command(["report", str(out), "--only", "csv", "--out", str(tmp_path / "again")]) == 0
    assert sim.load(out / "study.toml").seed == sim.load(path).seed
