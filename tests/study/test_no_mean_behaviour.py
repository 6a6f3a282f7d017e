"""Rewards, responses, exposure and ranks of plans whose pay has no mean: medians or nothing."""

import json

import numpy as np
import pytest

import sim
from sim.engine.heavy_tail import heavy_plans
from sim.engine.pool import Threads
from sim.measure.screening import known, screen
from sim.questions.response.rank import ranking
from sim.report.written import FORMATS, write_reports
from tests.rig.inputs.relief_study import relief_study

SCENARIO = """\
name = "wide"
start = 2026-01-01
periods = 4
[[segment]]
name = "all"
csms = 2
arr = { mean = 50_000, sigma = 0.9, accounts = 6 }
churn = { probability = 0.1 }
lag = [{ days = [-60, -1], share = 0.4 }, { days = [0, 0], share = 0.4 }, { days = [1, 60], share = 0.2 }]
movable = { ready_early = 0.3 }
"""
STUDY = """\
name = "wide"
seed = 5
worlds = 96
scenario = "scenario.toml"
plans = ["plain.toml", "relief.toml"]
baseline = "plain"
[incentive]
worlds = 8
[response]
points = [1.0]
worlds = 4
value_worlds = 32
[gaming]
worlds = 24
training_worlds = 16
curve_worlds = 2
cells = 24
friction = []
movable = []
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return relief_study(tmp_path_factory.mktemp("wide"), SCENARIO, STUDY)


@pytest.mark.jit
def test_sections_tell_medians_or_nothing(study, tmp_path):
    document = json.loads(sim.run(study).to_json())
    plain, relief = (document["plans"][name] for name in ("plain", "relief"))
    assert {"save", "pay", "risk_premium"} <= plain["incentive"].keys()
    assert not {"save", "pay", "risk_premium", "line_of_sight"} & relief["incentive"].keys()
    assert {"certain_pay", "dead_zone_share"} <= relief["incentive"].keys()
    assert "split" in plain
    assert "split" not in relief
    assert relief["exposure"]["statistic"] == relief["response"]["statistic"] == "median"
    assert relief["exposure"]["lower"] <= relief["exposure"]["clairvoyant"]
    assert "roi" not in relief["response"]
    assert {"mean", "median"} & relief["card"]["net_value"].keys() == {"median"}
    write_reports(document, tmp_path / "told", FORMATS)


@pytest.mark.jit
def test_rank_compares_them_by_medians(study):
    assert heavy_plans(study, Threads(2)) == {"relief"}
    found = ranking(study, Threads(2)).plans
    assert (found["plain"].statistic, found["relief"].statistic) == ("mean", "median")


def test_screening_by_the_sign_test_is_not_fooled_by_one_world():
    """The second plan is better in 190 worlds of 200, and worse by far in one: by its mean nothing beats the first."""
    better = np.where(np.arange(200) < 190, 1.0, -1.0)
    better[-1] = -1e9
    values = known(np.stack([np.zeros(200), better]))
    assert screen([values]).beaten_by == (-1, -1)
    assert screen([values], [False, True]).beaten_by == (1, -1)
    assert screen([values], [False, True]).better_on == ((0,), ())


def test_screening_by_the_sign_test_errs_as_seldom_as_told():
    """Two equal plans of Cauchy value: one is called beaten in at most 5 % of 2,000 studies (4 standard errors: 7 %)."""
    rng = np.random.default_rng(9)
    beaten = 0
    for _ in range(2_000):
        values = known(np.stack([np.zeros(100), rng.standard_cauchy(100)]))
        beaten += screen([values], [False, True]).beaten_by != (-1, -1)
    assert beaten / 2_000 <= 0.07


@pytest.mark.jit
def test_role_sets_without_a_mean_are_compared_by_medians(study, tmp_path):
    folder = study.path.parent
    (tmp_path / "scenario.toml").write_text((folder / "scenario.toml").read_text())
    for name in ("plain", "relief"):
        (tmp_path / f"{name}.toml").write_text((folder / f"{name}.toml").read_text())
    (tmp_path / "study.toml").write_text(
        'name = "own"\nseed = 5\nworlds = 96\nscenario = "scenario.toml"\nplans = ["plain.toml", "relief.toml"]\n'
        'baseline = "plain"\n[ownership]\ngross_margin = 0.8\n'
    )
    document = json.loads(sim.run(sim.load(tmp_path / "study.toml")).to_json())
    (company,) = document["ownership"]["companies"]
    relief = company["plans"]["relief"]
    assert relief["statistic"] == "median"
    assert "mean" not in relief["net_vs_baseline"]
    assert "statistic" not in company["plans"]["plain"]
    assert company["best"] == "plain"
    assert "median" in company["ahead"]
    write_reports(document, tmp_path / "told", FORMATS)
