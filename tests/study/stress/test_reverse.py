"""Tornado and reverse stress of plans whose cost is algebra: the root found is the root computed by hand."""

from math import hypot, log

import numpy as np
import pytest

import sim
from sim.engine.pool import ALONE, Threads
from sim.questions.stress.gap import Gap
from sim.questions.stress.ray import CLOSE, Part, Ray, bracket, first_roots, slope
from sim.questions.stress.reverse import reverse
from sim.questions.stress.setting import Range, default_range
from sim.questions.stress.tornado import Bar, reversals, tornado, tornado_entry
from tests.rig.inputs.small_stress import write_plain

STEP = log(1.1)
BUDGET = 255_000


def suite(tmp_path, rest, budget):
    study = sim.load(write_plain(tmp_path, budget=budget, rest=rest))
    found = tornado(study, Threads(2))
    return study, tornado_entry(study, found), reverse(study, found, Threads(2))


def pay_of(study):
    """Mean variable pay of the first 128 worlds: what the search sees. [usd]"""
    return sim.run(study, threads=1).totals.variable[0].sum(axis=0)[:128].mean()


@pytest.mark.jit
def test_the_tornado_of_what_is_linear(tmp_path):
    study, entry, _ = suite(tmp_path, "", 1e6)
    total = pay_of(study) + 80_000
    bar = entry.inputs["employer.on_cost"].plans["per-dollar"]
    assert bar.high == pytest.approx(0.1 * 0.2 * total)
    assert bar.low == pytest.approx((1 / 1.1 - 1) * 0.2 * total)
    arr = entry.inputs["segment.*.arr"].plans
    assert arr["per-dollar"].high == pytest.approx(0.1 * 1.2 * pay_of(study))
    assert arr["salary"].high == 0.0
    order = [
        max(abs(getattr(each.plans["per-dollar"], end)) for end in ("low", "high"))
        for each in entry.inputs.values()
    ]
    assert order == sorted(order, reverse=True)
    assert "team.turnover_per_year" in entry.zero
    assert "market.persistence" not in entry.zero


def test_an_input_that_turns_the_decision_is_named(tmp_path):
    study = sim.load(write_plain(tmp_path))
    cost, base = np.full((2, 4), 10.0), study.baseline_index
    cost[1] = [12.0, 13.0, 12.0, 13.0]
    low, high = np.zeros((2, 4)), np.zeros((2, 4))
    high[0] = 5.0
    low[0] = 2.4
    bar = Bar(
        default_range("segment.*.churn", 0.1),
        {"low": (), "high": ()},
        {"low": low, "high": high},
        (False, False),
    )
    found = reversals(study, cost, bar)
    assert base == 0
    assert [(each.plan, each.input, each.end) for each in found] == [("salary", "segment.*.churn", "high")]
    assert (found[0].before, found[0].after) == (2.5, -2.5)


@pytest.mark.jit
def test_one_input_breaks_the_budget_where_algebra_says(tmp_path):
    """(pay + salaries)(1 + 0.2 f) = budget; f is 1.1 to the number of steps."""
    study, _, found = suite(tmp_path, '[stress]\ninputs = ["employer.on_cost"]', BUDGET)
    total = pay_of(study) + 80_000
    factor = (BUDGET / total - 1.0) / 0.2
    root = found.plans["per-dollar"].one
    assert found.plans["per-dollar"].gap == pytest.approx(1.2 * total - BUDGET)
    assert root.steps == pytest.approx(log(factor) / STEP, abs=CLOSE)
    assert root.inputs[0].times == pytest.approx(factor, rel=2e-3)
    assert root.low < log(factor) / STEP <= root.high
    worlds = sim.run(study, threads=1).totals.variable[0].sum(axis=0)[:128]
    slope = total * 0.2 * factor * STEP
    error = (1.0 + 0.2 * factor) * worlds.std(ddof=1) / np.sqrt(128) / slope
    assert root.steps_se == pytest.approx(error, rel=0.02)


@pytest.mark.jit
def test_two_inputs_break_it_on_the_line_that_algebra_says(tmp_path):
    """(pay g + salaries)(1 + 0.2 f) = budget along three directions; the nearest of them is told."""
    rest = '[stress]\ninputs = ["employer.on_cost"]\npair = ["segment.*.arr", "employer.on_cost"]'
    study, _, found = suite(tmp_path, rest, BUDGET)
    entry, pay = found.plans["per-dollar"], pay_of(study)
    both = entry.two
    arr, cost = (each.times for each in both.inputs)
    assert (pay * arr + 80_000) * (1.0 + 0.2 * cost) == pytest.approx(BUDGET, rel=1e-3)
    assert both.steps == pytest.approx(hypot(log(arr), log(cost)) / STEP)
    assert both.steps < entry.one.steps
    near = min(each.low for each in entry.two_others)
    assert near >= both.low - CLOSE


@pytest.mark.jit
def test_two_inputs_that_do_not_help_each_other_are_no_nearer(tmp_path):
    """Persistence of the market does not move mean pay: on-cost alone is nearer than on-cost with it."""
    rest = '[stress]\ninputs = ["employer.on_cost"]\npair = ["employer.on_cost", "market.persistence"]'
    path = write_plain(tmp_path, budget=BUDGET, rest=rest)
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(scenario.read_text() + "\n[dependence]\nmarket = 0.0\nexpansion = 0.0\n")
    study = sim.load(path)
    entry = reverse(study, tornado(study, Threads(2)), Threads(2)).plans["per-dollar"]
    assert entry.two is None
    assert entry.two_no_nearer >= entry.one.steps


def test_none_within_reach_and_broken_as_it_is(tmp_path):
    rest = '[stress]\ninputs = ["segment.*.arr"]'
    _, _, found = suite(tmp_path, rest, 192_001)
    assert found.plans["salary"].document() == {
        "gap": pytest.approx(-1.0),
        "gap_se": 0.0,
        "status": "none within reach",
    }
    assert found.plans["per-dollar"].status == "broken as it is"


@pytest.mark.jit
def test_a_limit_can_be_broken_instead(tmp_path):
    """Cost rises by 5 % where on-cost f times as high does that to (1 + 0.2 f) / 1.2, in every world alike."""
    rest = '[stress]\nbreaks = "cost_rise"\ninputs = ["employer.on_cost"]\n[limits]\ncost_rise = 0.05'
    _, _, found = suite(tmp_path, rest, 1e6)
    for name in ("per-dollar", "salary"):
        assert found.plans[name].one.inputs[0].times == pytest.approx(1.3, rel=2e-3)


def test_no_budget_no_reverse_stress(tmp_path):
    path = write_plain(tmp_path)
    path.write_text(path.read_text().replace("budget = 300000.0\n", ""))
    study = sim.load(path)
    assert reverse(study, tornado(study, ALONE), ALONE) is None


def ray():
    return Ray((Part(default_range("employer.on_cost", 0.1), 1.0),))


@pytest.mark.parametrize("root", [0.37, 2.2, 9.9])
def test_roots_of_functions_are_bracketed_and_closed_in_on(root):
    asked = []

    def evaluate(asks):
        asked.extend(asks)
        return [[Gap(at**3 - root**3, 0.0), Gap(at - 100.0, 0.0)] for _, at in asks]

    found = first_roots([ray()], [Gap(-(root**3), 0.0), Gap(-100.0, 0.0)], (1.0, 3.0, 10.0), evaluate)
    assert found[0][0].distance == pytest.approx(root, abs=CLOSE)
    assert found[0][0].low <= root <= found[0][0].high
    assert found[0][1] is None
    assert len(asked) <= 3 + 12


def test_only_the_nearest_direction_is_closed_in_on():
    far, near = ray(), ray()

    def evaluate(asks):
        return [[Gap(at - (0.5 if ray is near else 5.0), 1e-9)] for ray, at in asks]

    found = first_roots([far, near], [Gap(-0.5, 0.0)], (1.0, 3.0, 10.0), evaluate)
    assert found[0][0].distance is None
    assert (found[0][0].low, found[0][0].high) == (3.0, 10.0)
    assert found[1][0].distance == pytest.approx(0.5, abs=CLOSE)


def test_the_slope_is_that_of_the_parabola_through_the_nearest_points():
    points = [(at, 2.0 * at**2 - at) for at in (0.0, 1.0, 1.05, 3.0)]
    assert slope(points, 1.5) == pytest.approx(4.0 * 1.5 - 1.0)
    assert slope([(0.0, 1.0), (2.0, 5.0)], 1.0) == 2.0
    assert slope([(0.0, 1.0), (0.001, 1.002), (0.002, 1.004)], 0.0015) == pytest.approx(2.0)


def test_a_bracket_is_the_first_crossing():
    points = {0.0: [Gap(-1.0, 0.0)], 1.0: [Gap(-0.5, 0.0)], 3.0: [Gap(0.2, 0.0)], 5.0: [Gap(-0.1, 0.0)]}
    assert bracket(points, 0) == (1.0, 3.0)
    assert bracket({0.0: [Gap(0.0, 0.0)], 1.0: [Gap(1.0, 0.0)]}, 0) is None
    assert bracket({0.0: [None], 1.0: [Gap(1.0, 0.0)]}, 0) is None


def test_steps_of_a_range_compound_or_add_up():
    odds = Range(input="x", odds=(0.5, 3.0), source="s")
    assert odds.at(2.0).odds == 9.0
    assert odds.at(-2.0).odds == 0.25
    added = Range(input="x", add=(-0.1, 0.3), source="s")
    assert (added.at(2.0).add, added.at(-3.0).add) == pytest.approx((0.6, -0.3))
