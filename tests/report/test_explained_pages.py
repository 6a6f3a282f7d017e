"""A report leads from whoever gains or loses to how their pay comes about, in a typical, a bad and a good world."""

import json
import re

import numpy as np
import pytest

from sim.cli import command
from sim.questions.payees.summary import PayeesOfPlan
from sim.report.linked import INDEX, links_in
from sim.study import explanations
from sim.study.explanations import LEVELS, MOST_EXPLAINED, worlds_of
from sim.study.load import load
from sim.study.run import run
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit  # whole runs

WORLDS = 64


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A study of one drawn book, so that CSMs are the same in all worlds."""
    folder = tmp_path_factory.mktemp("held")
    scenario = (CONFIGS / "scenarios" / "mid-market.toml").read_text().replace("# [book]", "[book]")
    (folder / "held.toml").write_text(scenario.replace("# redraw = false", "redraw = false"))
    plans = [str(CONFIGS / "plans" / f"{name}.toml") for name in ("base", "tiers", "late-bands")]
    (folder / "study.toml").write_text(
        f'name = "held"\nseed = 7\nworlds = {WORLDS}\nscenario = "held.toml"\nplans = {plans}\nbaseline = "base"\n'
    )
    return folder


@pytest.fixture(scope="module")
def result(held):
    return run(load(held / "study.toml"))


@pytest.fixture(scope="module")
def written(result, tmp_path_factory):
    return result.write(tmp_path_factory.mktemp("results") / "out")


def test_links_lead_to_pages_that_are_there(written):
    page = (written / "report.html").read_text()
    links = set(re.findall(r'href="(explanations/[^"]+)"', page))
    assert len(links) == 3 * len(links_in(written))
    for link in links:
        name, _, key = link.partition("#")
        assert f'<section id="{key}"' in (written / name).read_text()
    manifest = json.loads((written / "manifest.json").read_text())
    assert {link.partition("#")[0] for link in links} | {INDEX} <= manifest["files"].keys()


def test_every_csm_of_the_payee_table_is_explained(result, written):
    listed = result.answers.where(PayeesOfPlan, lambda part: part.payees)
    rows = {(plan, row.csm) for plan, each in listed.items() for row in each.rows or ()}
    assert 0 < len(rows) <= MOST_EXPLAINED
    assert set(links_in(written)) == rows


def test_most_explained_is_a_bound(result, monkeypatch):
    """Beyond it those who lose and gain most come first, under each plan in turns."""
    monkeypatch.setattr(explanations, "MOST_EXPLAINED", 6)
    chosen = explanations._chosen(result.study, result.answers)
    assert len(chosen) == 6
    assert [plan for plan, _ in chosen] == [1, 2] * 3


def test_worlds_are_quantiles_of_the_payees_own_pay(result):
    pay = result.totals.first_pay[1, 4, :WORLDS]
    for (name, world, _), (_, level, _) in zip(worlds_of(result.totals, 1, 4, WORLDS), LEVELS, strict=True):
        assert pay[world] == np.quantile(pay, level, method="nearest"), name


def test_a_page_says_what_the_run_paid(result, written):
    (plan, csm), pages = next(iter(links_in(written).items()))
    role = [each.name for each in result.study.sets].index(plan)
    payee = result.territories[role].names.index(csm)
    text = (written / pages[0][1].partition("#")[0]).read_text()
    for name, world, _ in worlds_of(result.totals, role, payee, WORLDS):
        paid = float(result.totals.first_pay[role, payee, world])
        assert f"A {name} world, {world}: {paid:,.2f} usd" in text


def test_a_report_that_is_written_again_leads_there_too(written, capsys):
    before = (written / "report.html").read_text()
    assert command(["report", str(written), "--only", "html"]) == 0
    assert (written / "report.html").read_text() == before
    elsewhere = written.parent / "elsewhere"
    assert command(["report", str(written), "--only", "html", "--out", str(elsewhere)]) == 0
    assert "explanations/" not in (elsewhere / "report.html").read_text()


def test_masked_results_explain_nobody(result, tmp_path):
    out = result.anonymous().write(tmp_path / "masked")
    assert not (out / "explanations").exists()
    assert "explanations/" not in (out / "report.html").read_text()
