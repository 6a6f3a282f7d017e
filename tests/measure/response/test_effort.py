"""Effort against closed forms: linear pay, substitutes, one task of Holmstrom and Milgrom."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from sim.measure.response.effort import MOST, Costs, best_effort, calibrate, effort_cost, marginal

ALL = np.ones(6, dtype=bool)
GAIN = np.array([300.0, 80.0, 60.0, 40.0, 90.0, 0.0])


def one_task(own):
    return Costs(np.array([own]), 0.0, np.zeros(1), np.ones(1, dtype=bool))


def test_todays_effort_is_best_under_todays_plan():
    for substitution in (0.0, 0.3, 0.9):
        costs = calibrate(GAIN, ALL, substitution)
        np.testing.assert_allclose(best_effort(GAIN, costs), 1.0, rtol=1e-9)
        assert 0.0 <= costs.cross < costs.own.min()


def test_linear_pay_has_the_closed_form():
    """Without substitution e_k = gamma_k b A_k / c_k: effort on what is paid goes with the slope b."""
    costs = calibrate(GAIN, ALL, 0.0)
    for slope in (0.5, 1.0, 2.5):
        effort = best_effort(slope * GAIN, costs)
        np.testing.assert_allclose(effort[:5], slope, rtol=1e-9)
        assert effort[5] == pytest.approx(1.0)  # nobody pays for it, its motive stays


def test_the_best_effort_cannot_be_bettered():
    costs = calibrate(GAIN, ALL, 0.5)
    rng = np.random.default_rng(1)
    for _ in range(20):
        gain = GAIN * rng.uniform(0.0, 3.0, 6)
        best = best_effort(gain, costs)
        worth = gain @ best - effort_cost(best, costs)
        for _ in range(50):
            other = np.clip(best + rng.normal(0, 0.2, 6), 0.0, MOST)
            assert gain @ other - effort_cost(other, costs) <= worth + 1e-9


def test_paying_one_task_crowds_out_the_unpaid():
    """Substitutes: more pay for saves, less unpaid customer work; and none of it without substitution."""
    more = GAIN * np.array([3.0, 1, 1, 1, 1, 1])
    close, apart = calibrate(GAIN, ALL, 0.5), calibrate(GAIN, ALL, 0.0)
    assert best_effort(more, close)[5] < 0.95
    assert best_effort(more, apart)[5] == pytest.approx(1.0)


@pytest.mark.parametrize("gain", [np.zeros(6), -GAIN])
def test_where_nothing_is_paid_motives_keep_effort_at_one(gain):
    """How large costs are is then said from outside: twice of that in pay asks more effort, up to the limit."""
    costs = calibrate(gain, ALL, 0.3, unpaid=50.0)
    assert best_effort(gain, costs) == pytest.approx(np.ones(6))
    assert (costs.cross < costs.own).all()
    assert best_effort(gain + 50.0 * np.eye(6)[0], costs)[0] > 1.5
    assert best_effort(gain, calibrate(gain, ALL, 0.3)) == pytest.approx(np.ones(6))


def test_holmstrom_and_milgrom_slope():
    """One task, output e + noise: e* = b / c, and total certainty equivalent is highest at b = 1 / (1 + r c sigma^2)."""
    r, c, sigma = 2.0, 0.7, 0.9
    costs = one_task(c)
    assert best_effort(np.array([0.6]), costs)[0] == pytest.approx(0.6 / c)

    def surplus(b):
        effort = best_effort(np.array([b]), costs)
        return float(effort[0]) - effort_cost(effort, costs) - 0.5 * r * (b * sigma) ** 2

    found = minimize_scalar(lambda b: -surplus(b), bounds=(0.0, 1.5), method="bounded")
    assert found.x == pytest.approx(1.0 / (1.0 + r * c * sigma**2), abs=1e-4)


def test_effort_has_a_limit():
    assert best_effort(np.array([1e6]), one_task(1.0))[0] == pytest.approx(MOST)
    assert best_effort(np.array([1e6]), one_task(1.0)._replace(limit=2.5))[0] == pytest.approx(2.5)


def test_what_one_more_unit_is_worth_is_the_slope_of_gain_less_cost():
    """Against differences of gain x effort less its cost, at efforts that are not the best ones; none out of scope."""
    scope = np.array([True, True, False, True, True, True])
    costs = calibrate(np.where(scope, GAIN, 0.0), scope, 0.4)
    effort = np.array([0.5, 1.5, 1.0, 2.0, 0.1, 1.2])
    found = marginal(GAIN, effort, costs)
    for task in range(6):
        ends = []
        for step in (1e-4, -1e-4):
            near = effort.copy()
            near[task] += step
            ends.append(GAIN[scope] @ near[scope] - effort_cost(near, costs))
        assert found[task] == pytest.approx((ends[0] - ends[1]) / 2e-4, abs=1e-6)
    assert found[2] == 0.0
