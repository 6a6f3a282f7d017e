"""Screening: what is clearly beaten goes, what may not be stays, and mistakes are as rare as promised."""

import numpy as np

from sim.measure.screening import screen


def test_a_plan_beaten_on_all_counts_goes_and_trade_offs_stay():
    """0 and 1 trade value for risk, 2 is worse than 0 on both, 3 ties with 0 on value and is better on risk."""
    noise = np.random.default_rng(1).normal(0.0, 50.0, 400)  # the same worlds: it cancels in pairs
    own = np.random.default_rng(2).normal(0.0, 0.5, (4, 400))
    value = np.array([10.0, 20.0, 5.0, 10.0])[:, None] + noise + own
    value[3] = value[0]
    risk = np.array([-5.0, -9.0, -6.0, -4.0])[:, None] + own[::-1]
    found = screen([value, risk])
    assert found.beaten_by == (3, -1, 0, -1)
    assert found.comparisons == 4 * 3 * 2


def test_what_chance_explains_beats_nobody():
    """Two plans of the same mean: one is called beaten in at most 5 % of studies (2,000 studies; 4 errors above)."""
    rng = np.random.default_rng(3)
    wrong = sum(max(screen([rng.normal(0.0, 1.0, (2, 30))]).beaten_by) >= 0 for _ in range(2_000))
    assert wrong / 2_000 < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 2_000)
    assert wrong > 20  # and the interval is not idle


def test_one_plan_is_never_beaten():
    assert screen([np.ones((1, 5))]).beaten_by == (-1,)


def test_a_criterion_without_worlds_can_save_a_plan_but_not_beat_one():
    values = np.array([[1.0, 2.0, 1.5], [3.0, 4.5, 3.5]])
    assert screen([values]).beaten_by == (1, -1)
    assert screen([values], [np.array([5.0, 4.0])]).beaten_by == (-1, -1)
    assert screen([np.ones((2, 3))], [np.array([5.0, 4.0])]).beaten_by == (-1, -1)
