"""Climbing to the best effort: closed forms, two equilibria, caps and cliffs, and few evaluations."""

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.measure.response.climb import MOST_STEPS, climb
from sim.measure.response.effort import Costs, best_effort, calibrate, effort_cost

ALL = np.ones(6, dtype=bool)
GAIN = np.array([300.0, 80.0, 60.0, 40.0, 90.0, 0.0])


def one_task(own):
    return Costs(np.array([own]), 0.0, np.zeros(1), np.ones(1, dtype=bool))


def start_at(effort):
    return np.array([float(effort)])


@pytest.mark.parametrize("start", [0.0, 0.4, 2.0, 4.0])
def test_it_solves_the_first_order_condition(start):
    """A gain that falls with effort, G = 2 / (1 + e): e = 1 at cost 1, from either side."""
    found = climb(lambda e: 2.0 / (1.0 + e), [one_task(1.0)], start_at(start))
    assert found.settled
    assert found.effort[0] == pytest.approx(1.0, abs=0.002)
    assert found.steps <= 8


def test_a_gain_that_falls_steeply_is_no_cycle():
    """G = 1 / e^4, whose best answer overshoots whatever the damping: e^5 = 1."""
    found = climb(lambda e: 1.0 / np.maximum(e, 0.05) ** 4, [one_task(1.0)], start_at(0.3))
    assert found.settled
    assert found.effort[0] == pytest.approx(1.0, abs=0.002)


def test_two_equilibria_are_found_from_two_starts():
    """A gain that rises steeply with effort, as before a cliff: none and much are both best answers."""
    cliff = lambda e: 3.0 / (1.0 + np.exp(-12.0 * (e - 1.0)))  # noqa: E731
    low, high = (climb(cliff, [one_task(1.0)], start_at(start)) for start in (0.0, 2.0))
    assert low.effort[0] < 0.1
    assert high.effort[0] > 2.8


def test_a_jump_is_met_where_it_is():
    """Pay ends at effort 1.3: the best is there, within the tolerance, though no slope is ever zero."""
    found = climb(lambda e: np.where(e < 1.3, 5.0, 0.0), [one_task(1.0)], start_at(0.5))
    assert found.settled
    assert found.effort[0] == pytest.approx(1.3, abs=0.05)
    assert found.effort[0] <= 1.3


def test_linear_pay_is_answered_at_once():
    """Gains that do not depend on effort: the closed form, after two evaluations."""
    costs = calibrate(GAIN, ALL, 0.3)
    found = climb(lambda e: 1.5 * GAIN, [costs], np.ones(6))
    np.testing.assert_allclose(found.effort, best_effort(1.5 * GAIN, costs))
    assert found.steps == 2


def test_no_other_effort_is_better():
    """Six tasks with falling gains, 50 random rivals: concave in effort, so the answer is the best of all."""
    costs, rng = calibrate(GAIN, ALL, 0.4), np.random.default_rng(3)

    def worth(effort):
        return float((2.0 * GAIN * np.log1p(effort)).sum()) * 1.4 - effort_cost(effort, costs)

    found = climb(lambda e: 2.8 * GAIN / (1.0 + e), [costs], np.ones(6), tolerance=0.002)
    assert found.settled
    assert found.steps < MOST_STEPS
    best = worth(found.effort)
    for _ in range(50):
        other = np.clip(found.effort + rng.normal(0.0, 0.3, 6), 0.0, costs.limit)
        assert worth(other) <= best + 1e-3


def test_the_climb_goes_uphill():
    """Every accepted effort is worth more to the CSM than the start: pay 4 sin(e) over costs e^2 / 2."""
    gains = lambda e: 4.0 * np.cos(e)  # noqa: E731
    found = climb(gains, [one_task(1.0)], start_at(0.2))
    assert found.effort[0] == pytest.approx(brentq(lambda e: 4.0 * np.cos(e) - e, 0.0, 2.0), abs=0.05)
