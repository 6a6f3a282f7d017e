"""Company cost and paired differences, on numbers small enough to check by hand."""

import numpy as np
import pytest

from sim.measure.cost import Pay, company_cost, convexity_of, cost_of, difference_of


def test_company_cost_counts_salaries_and_the_employers_part():
    variable = np.array([[100.0, 200.0], [0.0, 50.0]])
    cost = company_cost(variable, Pay(base=1000.0, on_cost=0.1))
    np.testing.assert_allclose(cost, [[1210.0, 1320.0], [1100.0, 1155.0]])


def test_cost_distribution():
    cost = np.arange(1.0, 1001.0)[::-1].copy()
    found = cost_of(cost, budget=900.0)
    assert found.mean.mean == 500.5
    assert found.quantiles.values["p50"] == 500.5
    assert found.reserve == pytest.approx(np.quantile(cost, 0.9) - np.quantile(cost, 0.5))
    assert found.reserve_ci95[0] < found.reserve < found.reserve_ci95[1]
    assert found.over_budget.share == 0.1


def test_no_budget_no_probability():
    assert cost_of(np.arange(10.0), None).over_budget is None


def test_few_worlds_have_quantiles_without_intervals():
    found = cost_of(np.array([1.0, 3.0]), None)
    assert found.quantiles.values["p50"] == 2.0
    assert found.quantiles.intervals == {}
    assert found.reserve_ci95 is None


def test_difference_is_paired():
    """Two plans that both swing by thousands and differ by 10 or 20: the pairing sees 15."""
    swing = np.random.default_rng(4).normal(0.0, 5000.0, 400)
    found = difference_of(1e5 + swing + np.tile([10.0, 20.0], 200), 1e5 + swing)
    assert found.mean.mean == pytest.approx(15.0)
    assert found.mean.se == pytest.approx(np.std([10.0, 20.0]) / np.sqrt(399), rel=1e-6)
    assert found.dearer.share == 1.0
    assert found.quantiles.values["p95"] == pytest.approx(20.0)
    assert found.largest_world_share == pytest.approx(20 / 6000)


def test_float_residue_is_not_dearer():
    baseline = np.full(10, 1e6)
    found = difference_of(baseline * (1 + 1e-13), baseline)
    assert found.dearer.share == 0.0


def test_the_same_plan_differs_by_nothing():
    cost = np.arange(1.0, 11.0)
    found = difference_of(cost, cost)
    assert found.mean.ci95 == (0.0, 0.0)
    assert found.largest_world_share is None


def test_linear_pay_has_no_convexity():
    attainment = np.random.default_rng(5).normal(1.0, 0.2, 1000)
    found = convexity_of(100.0 * attainment, attainment, 100.0 * attainment.mean(), 100.0)
    assert found.mean == pytest.approx(0.0, abs=1e-9)
    assert found.se == pytest.approx(0.0, abs=1e-9)


def test_convexity_interval_covers_the_closed_form():
    """Pay max(a - 1, 0) of a normal attainment around 1: E[pay] = sd x phi(0), and the curve at the mean pays 0.

    The slope there jumps from 0 to 1; either linearisation is valid, so the kink is moved off the mean: a ~ N(1.1, 0.1),
    E[pay] = 0.1 x Phi(1) + 0.1 x phi(1), at the mean 0.1, slope 1. Of 400 intervals that cover 95 %, 360 or fewer cover
    with probability 2e-5 at a free seed; the seed is fixed.
    """
    truth = 0.1 * 0.8413447460685429 + 0.1 * 0.24197072451914337 - 0.1
    covered = 0
    for seed in range(400):
        attainment = np.random.default_rng(seed).normal(1.1, 0.1, 500)
        variable = np.maximum(attainment - 1.0, 0.0)
        found = convexity_of(variable, attainment, attainment.mean() - 1.0, 1.0)
        covered += found.ci95[0] <= truth <= found.ci95[1]
    assert covered > 360
