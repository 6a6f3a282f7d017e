"""Measures of a pass of their own: predicted in the search, measured for finalists as the passes measure them."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.pool import ALONE
from sim.plan.altered import value_at
from sim.questions.search.measure import measure_of
from sim.questions.search.setting import Search
from sim.searching.dear import Dear, Predictor, drawn, measured
from sim.searching.settled import study_of
from sim.searching.space import Space
from tests.search.test_asked import study_with

MULTIPLIER = "component.renewals.crediting.early_multiplier"
DATES = """
[gaming]
worlds = 4
training_worlds = 4
curve_worlds = 2
cells = 8
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
finalists = 1
measured = 8
worlds = 64
fresh_worlds = 512
[search.vary]
"component.renewals.quota.rate" = { from = 0.80, to = 1.00 }
"component.renewals.crediting.early_multiplier" = { from = 1.0, to = 2.0, step = 0.1 }
"""


@pytest.fixture
def study(tmp_path):
    return sim.load(study_with(tmp_path, DATES))


def test_what_is_measured_is_what_a_run_says(study):
    plan = study.plans["multiplier"].altered({}, "one")
    path = "exposure.lower"
    found = measured(study, [plan], [measure_of(path)], 64, ALONE)
    run = sim.run(replace(study_of(study, [plan]), tables=study.tables), worlds=64).document["plans"]["one"]
    assert found.values[path].tolist() == [run["exposure"]["lower"]]
    assert found.errors[path].tolist() == [run["exposure"]["lower_se"]]


def test_what_takes_a_pass_of_its_own_is_predicted_in_the_search_and_measured_for_finalists(
    study, monkeypatch
):
    asked_of_passes = []

    def known(_study, plans, measures, _worlds, _workers):
        asked_of_passes.append(len(plans))
        gains = np.array([value(plan) for plan in plans])
        paths = [measure.path for measure in measures]
        return Dear(dict.fromkeys(paths, gains), {path: np.full(len(plans), 5.0) for path in paths}, {})

    def value(plan):
        return 1_000.0 * (value_at(plan, MULTIPLIER) - 1.0) ** 2

    monkeypatch.setattr("sim.searching.search.measured", known)
    suite = sim.search(study, threads=1).suite
    assert asked_of_passes == [8, 1 + len(suite.finalists)]
    quality = {each.path: each.predicted for each in suite.objectives}
    assert quality["cost.mean"] is None
    assert quality["exposure.lower"] > 0.9
    for found in suite.finalists.values():
        gain = 1_000.0 * (found.values[MULTIPLIER] - 1.0) ** 2
        assert found.dear["exposure.lower"] == found.objectives["exposure.lower"].value == gain
        assert found.dear_se["exposure.lower"] == 5.0
        assert abs(found.objectives["exposure.lower"].kept - gain) < 100.0


def test_a_prediction_of_a_plane_is_the_plane(study):
    """Thin-plate splines hold every plane; what is left out is predicted."""
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
