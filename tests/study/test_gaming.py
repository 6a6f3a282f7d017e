"""A study that asks about gaming: what it reports, and that nothing in it depends on how it was run."""

import json
import re

import pytest

import sim
from sim.errors import InputError
from sim.explain.explain import explain
from sim.questions.gaming.setting import Gaming
from tests.rig.repository import CONFIGS

STUDY = """\
name = "asked"
seed = 3
worlds = 64
scenario = "{scenario}"
plans = [{plans}]
baseline = "linear"

[gaming]
worlds = 24
training_worlds = 16
curve_worlds = 6
cells = 48
friction = [0.05, 0.5]
movable = [0.5, 1.0]
{more}
"""
NAMES = ("linear", "threshold-90", "relief-cap")


def write(folder, more="", names=NAMES):
    plans = ", ".join(f'"{CONFIGS}/plans/gaming/{name}.toml"' for name in names)
    text = STUDY.format(scenario=CONFIGS / "scenarios" / "gaming-cohort.toml", plans=plans, more=more)
    path = folder / "study.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return sim.run(sim.load(write(tmp_path_factory.mktemp("asked"))), threads=2)


@pytest.mark.jit
def test_the_cost_split_adds_up_to_the_cent(result):
    for entry in result.document["plans"].values():
        split = entry["split"]
        assert split["value"] + split["natural_timing"] + split["exposure"] == pytest.approx(
            split["gamed"], abs=0.005
        )


@pytest.mark.jit
def test_the_bracket_is_in_order_and_linear_pay_has_none(result):
    for name, entry in result.document["plans"].items():
        exposure = entry["exposure"]
        assert 0.0 <= exposure["lower"] <= exposure["clairvoyant"] <= exposure["upper"]
        gains = [point["gain"] for point in exposure["friction"]]
        assert gains == sorted(gains, reverse=True)
        assert (exposure["upper"] > 1.0) == (name != "linear")
    assert "leak" not in result.document["plans"]["linear"]


@pytest.mark.jit
def test_the_leak_is_what_the_schedule_pays(result):
    leak = result.document["plans"]["relief-cap"]["leak"]
    gain = sum(each["gamed_bonus"] - each["honest_bonus"] for each in leak["periods"])
    assert gain == pytest.approx(leak["gain"], abs=0.005)
    most = result.document["plans"]["relief-cap"]["exposure"]["max"]
    assert leak["gain"] == pytest.approx(most * 2.0, abs=0.005)
    for move in leak["moves"]:
        assert move["moved"] == ("early" if move["moved_to"] < move["booked"] else "held")
        assert move["credit"] == pytest.approx(move["amount"] * (1.0 if move["moved"] == "early" else 0.75))


@pytest.mark.jit
def test_explain_tells_the_same_schedule(result, tmp_path):
    leak = result.document["plans"]["relief-cap"]["leak"]
    told = explain(sim.load(write(tmp_path)), "relief-cap", leak["world"], leak["csm"], gamed=True)
    assert float(told.statement.bonus.sum()) - told.honest == pytest.approx(leak["gain"], abs=0.005)
    moved = {move["account"]: move["moved_to"] for move in leak["moves"]}
    booked = {deal.account: str(deal.booked_date) for deal in told.deals if deal.account in moved}
    assert booked == moved
    assert all(deal.days == 0 for deal in told.deals if deal.booked_date and deal.account not in moved)


@pytest.mark.jit
def test_explain_tells_the_schedule_of_a_plan_of_any_rules(tmp_path):
    """Of one that credits by cash date, and that gates a bonus on growth: the leak is what the schedule pays."""
    study = sim.load(write_any(tmp_path))
    result = sim.run(study, threads=2).document["plans"]
    for name in ("cash", "gated"):
        leak = result[name]["leak"]
        told = explain(study, name, leak["world"], leak["csm"], gamed=True)
        assert float(told.statement.bonus.sum()) - told.honest == pytest.approx(leak["gain"], abs=0.005)
        gain = sum(each["gamed_bonus"] - each["honest_bonus"] for each in leak["periods"])
        assert gain == pytest.approx(leak["gain"], abs=0.005)


def write_any(folder):
    """A study of plans that are no chain."""
    linear = (CONFIGS / "plans" / "gaming" / "accelerator.toml").read_text()
    cash = linear.replace('name = "accelerator"', 'name = "cash"')
    (folder / "cash.toml").write_text(
        cash.replace("[component.crediting]", '[component.crediting]\ndate = "cash"')
    )
    gate = '\n[[gate]]\nrequires = "renewals"\nattainment = 0.9\n'
    (folder / "gated.toml").write_text(linear.replace('name = "accelerator"', 'name = "gated"') + gate)
    path = write(folder, names=("linear",))
    text = path.read_text()
    named = text[text.index("plans = [") :].split("\n")[0]
    path.write_text(text.replace(named, 'plans = ["cash.toml", "gated.toml"]').replace('"linear"', '"cash"'))
    return path


@pytest.mark.jit
def test_threads_change_nothing_and_the_results_can_be_run_again(result, tmp_path):
    again = sim.run(sim.load(result.write(tmp_path / "out") / "study.toml"), threads=1)
    assert json.dumps(again.document["plans"], sort_keys=True) == json.dumps(
        result.document["plans"], sort_keys=True
    )


@pytest.mark.jit
def test_certified_the_upper_end_comes_closer(tmp_path):
    """It stays above the lower end; where hindsight is bounded more closely, that bound stays."""
    path = write(tmp_path, more="certify = true\ncertify_worlds = 96\ncertify_samples = 48")
    finer = path.read_text().replace("cells = 48", "cells = 128").replace("\nworlds = 24", "\nworlds = 96")
    path.write_text(finer.replace("training_worlds = 16", "training_worlds = 200"))
    plans = sim.run(sim.load(path), threads=2).document["plans"]
    for name in NAMES:
        exposure = plans[name]["exposure"]
        assert exposure["certificate"]["gap"] >= -1e-6
        assert exposure["lower"] <= exposure["upper"]
        if "hindsight_upper" in exposure:
            assert exposure["upper"] < exposure["hindsight_upper"]
            assert exposure["upper"] == pytest.approx(exposure["lower"] + exposure["certificate"]["gap"])
    assert "hindsight_upper" in plans["threshold-90"]["exposure"]


@pytest.mark.jit
def test_what_can_be_moved_may_stand_in_the_study(tmp_path):
    """Where the scenario says nothing of it; and with a market factor the upper end is certified too."""
    scenario = (CONFIGS / "scenarios" / "gaming-cohort.toml").read_text()
    scenario = scenario.replace("market = 0.0", "market = 0.1").replace(
        "ready_early = 1.0, holdable = 1.0", ""
    )
    scenario = scenario.replace("../books", str(CONFIGS / "books"))
    (tmp_path / "still.toml").write_text(scenario)
    path = write(
        tmp_path,
        "certify = true\ncertify_worlds = 8\ncertify_samples = 20\n[gaming.movability]\nready_early = 0.5",
        ("linear", "relief-cap"),
    )
    path.write_text(path.read_text().replace(str(CONFIGS / "scenarios" / "gaming-cohort.toml"), "still.toml"))
    exposure = sim.run(sim.load(path), threads=2).document["plans"]["relief-cap"]["exposure"]
    assert exposure["assumed"]["movable"] == {"ready_early": 0.5, "holdable": 0.0}
    assert exposure["lower"] > 1_000
    assert exposure["certificate"]["gap"] >= -1e-6
    assert exposure["lower"] <= exposure["upper"]
    assert "not_certified" not in exposure


def test_a_study_that_does_not_ask_is_not_told(tmp_path):
    path = write(tmp_path, names=("linear",))
    path.write_text(path.read_text().split("[gaming]")[0])
    assert sim.load(path).asked(Gaming) is None


def test_what_is_asked_is_checked(tmp_path):
    path = write(tmp_path, more="share_of_csms = 1.5")
    with pytest.raises(InputError, match="share_of_csms must be"):
        sim.load(path)


@pytest.mark.jit
def test_the_report_tells_it(result):
    from sim.report.written import report_text

    text = report_text(result.document)
    assert "What variable pay is for" in text
    assert "Gaming exposure" in text
    assumed = "Assumed movable, without evidence: movable 100 % early, 100 % held"
    assert assumed in " ".join(text.split())
    assert "Largest leak: relief-cap, CSM casey" in text
    assert "Its largest moves" in text
    assert re.search(r"\d+ more rows in tables/leak.csv\.", text)
    costs = text[text.index("Exposure when each dollar moved") :].splitlines()[:4]
    assert costs[2].split() == ["Plan", "0¢", "0.5¢", "5¢", "50¢"]
    factors = text[text.index("Exposure when fewer or more renewals") :].splitlines()[:8]
    assert factors[2].split() == ["Plan", "0.5", "1"]
    assert not any(line.startswith("linear") for line in factors)
    assert max(len(line) for line in text.splitlines()) <= 100
