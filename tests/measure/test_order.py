"""Which plan is dearest: against scipy's tests, and the chance of a wrong claim over many drawn studies."""

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp

from sim.measure.order import order_of


def costs(rng, shifts, worlds=60):
    shared = rng.normal(0.0, 5.0, worlds)
    return 100.0 + shared + np.array([shift + rng.normal(0.0, 1.0, worlds) for shift in shifts])


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_the_p_of_a_plan_is_scipy_s(statistic):
    found = costs(np.random.default_rng(3), [0.0, 0.25])
    difference = found[1] - found[0]
    right = (
        ttest_1samp(difference, 0.0).pvalue
        if statistic == "mean"
        else binomtest(int((difference > 0.0).sum()), len(difference)).pvalue
    )
    assert order_of(found, 0, statistic).p[1] == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_clearly_different_plans_stand_in_their_order(statistic):
    order = order_of(costs(np.random.default_rng(5), [0.0, 9.0, -7.0, 4.0]), 0, statistic)
    assert (order.dearest, order.cheapest) == ((1,), (2,))
    assert [order.told_apart(plan) for plan in range(4)] == [False, True, True, True]


def test_plans_that_are_alike_are_not_told_apart():
    base = costs(np.random.default_rng(6), [0.0])[0]
    order = order_of(np.stack([base, base, base + 1.0]), 0, "mean")
    assert order.same == (1,)
    assert order.dearest == (2,)
    assert set(order.cheapest) == {0, 1}
    assert order.p[1] == 1.0


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_of_equal_plans_one_is_called_dearest_or_cheapest_in_at_most_a_twentieth_of_studies(statistic):
    rng, wrong, studies = np.random.default_rng(11), 0, 400
    for _ in range(studies):
        order = order_of(costs(rng, [0.0] * 6, worlds=40), 0, statistic)
        wrong += len(order.dearest) == 1 or len(order.cheapest) == 1
    assert binomtest(wrong, studies, 0.05, alternative="greater").pvalue > 0.001
