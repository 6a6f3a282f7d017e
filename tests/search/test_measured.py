"""Measures of a pass of their own: predicted in the search, measured for finalists as the passes measure them."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.questions.search.measure import measure_of
from sim.questions.search.setting import Search
from sim.searching.dear import Dear, Predictor, drawn
from sim.searching.settled import study_of
from sim.searching.space import Space
from tests.search.test_asked import study_with

DATES = """
[gaming]
worlds = 8
training_worlds = 8
curve_worlds = 2
cells = 16
friction = [0.05]
movable = [1.0]
[gaming.movability]
ready_early = 0.3
holdable = 0.3
[search]
plan = "multiplier"
objectives = ["cost.mean", "exposure.lower"]
keep = ["cost.p90 <= 0.9M"]
evaluations = 30
population = 10
finalists = 2
measured = 8
worlds = 64
fresh_worlds = 512
[search.vary]
"component.renewals.quota.rate" = { from = 0.80, to = 1.00 }
"component.renewals.crediting.early_multiplier" = { from = 1.0, to = 2.0, step = 0.1 }
"""


def test_dates_are_predicted_and_measured(tmp_path):
    study = sim.load(study_with(tmp_path, DATES))
    result = sim.search(study, threads=2)
    quality = {each.path: each.predicted for each in result.suite.objectives}
    assert quality["cost.mean"] is None
    assert quality["exposure.lower"] > 0.8
    name, plan = next(iter(result.plans.items()))
    found = result.suite.finalists[name]
    run = sim.run(replace(study_of(study, [plan]), tables=study.tables), worlds=64).document
    assert found.dear["exposure.lower"] == run["plans"][name]["exposure"]["lower"]
    assert found.objectives["exposure.lower"].value == found.dear["exposure.lower"]


def test_a_prediction_of_a_plane_is_the_plane(tmp_path):
    """Thin-plate splines hold every plane; what is left out is predicted."""
    study = sim.load(study_with(tmp_path, DATES))
    space = Space(study.plans["multiplier"], study.asked(Search).vary)
    points = drawn(space, 24, 1)
    plane = np.array([3.0 * rate - multiplier for rate, multiplier in points])
    predictor = Predictor(space, points, Dear({"exposure.lower": plane}, {}, {}))
    assert predictor.quality["exposure.lower"] == pytest.approx(1.0, abs=1e-6)
    for point in ((0.9, 1.5), (0.85, 1.2)):
        known = 3.0 * point[0] - point[1]
        assert predictor.predict(point)["exposure.lower"] == pytest.approx(known, abs=1e-6)


def test_what_takes_a_pass_of_its_own_is_known():
    assert measure_of("exposure.upper").dear
    assert measure_of("net_value").dear
    assert measure_of("stress.broken").dear
    assert not measure_of("payees.share_losing_10pct").dear
    assert not measure_of("lint.major").dear
