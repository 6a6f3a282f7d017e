"""Under stress, plans whose cost has no mean are told by medians of paired changes, and no limit on a mean is judged."""

import json

import numpy as np
import pytest

import sim
from sim.engine.pool import Threads
from sim.questions.stress.limits import UNDECIDED
from sim.questions.stress.tornado import tornado
from tests.rig.inputs.relief_study import relief_study
from tests.rig.readers.texts import terminal

pytestmark = pytest.mark.jit

SCENARIO = """\
name = "wide"
start = 2026-01-01
periods = 4
[[segment]]
name = "all"
csms = 2
arr = { mean = 50_000, sigma = 0.9, accounts = 6 }
churn = { probability = 0.1 }
lag = [{ days = [-60, -1], share = 0.5 }, { days = [0, 0], share = 0.3 }, { days = [1, 60], share = 0.2 }]
"""
STUDY = """\
name = "wide"
seed = 5
worlds = 256
scenario = "scenario.toml"
plans = ["plain.toml", "relief.toml"]
baseline = "plain"
budget = 460_000
[limits]
cost_p90 = 1.0
cost_rise = 0.5
cost_of_arr = 0.9
pay_cut = { by = 0.9, share = 0.9 }
[stress]
cases = ["recession"]
tornado_worlds = 64
reverse_worlds = 64
inputs = ["segment.*.churn.probability"]
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return relief_study(tmp_path_factory.mktemp("wide"), SCENARIO, STUDY)


@pytest.fixture(scope="module")
def document(study):
    return json.loads(sim.stress(study).to_json())


def test_changes_are_medians_and_there_is_no_mean(document):
    plain, relief = (document["stresses"]["recession"]["plans"][name] for name in ("plain", "relief"))
    assert plain["statistic"] == "mean"
    assert plain.keys() >= {"mean", "se"}
    assert relief["statistic"] == "median"
    assert relief["tail"]["decided_by"] == "plan"
    assert not {"mean", "se"} & relief.keys()
    assert relief["change_ci95"][0] <= relief["change"] <= relief["change_ci95"][1]


def test_limits_on_a_mean_stay_undecided_and_those_on_quantiles_do_not(document):
    plain, relief = (
        document["stresses"]["recession"]["plans"][name]["limits"] for name in ("plain", "relief")
    )
    assert {plain[name]["verdict"] for name in ("cost_rise", "cost_of_arr", "pay_cut")} == {"pass"}
    for name in ("cost_rise", "cost_of_arr", "pay_cut"):
        assert relief[name]["verdict"] == UNDECIDED
        assert relief[name]["low"] is None
    assert relief["cost_p90"]["low"] is not None


def test_the_tornado_takes_medians_of_paired_changes(study):
    found = tornado(study, Threads(2))
    assert found.heavy == (False, True)
    bar = next(each for each in found.bars if each.moves_cost)
    change = bar.change["high"]
    assert bar.effect("high", 0) == pytest.approx(np.mean(change[0]))
    assert bar.effect("high", 1) == np.median(change[1])


def test_the_report_says_whose_changes_are_medians(document):
    said = " ".join(terminal(document).split())
    assert "Changes of relief are medians of paired differences; limits on a mean stay undecided." in said
