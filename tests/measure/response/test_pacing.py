"""Effort through a window: closed forms of bunching with a cost of shifting, no trend without news, and who gives up."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.measure.response.pacing import Race, best_pace, followed, steady_cost

START = ndtri((np.arange(20_000) + 0.5) / 20_000)
"""Standard normal quantiles: where worlds stand before the last period, without noise of simulation."""


def last_period(pay, cost, mean, sd, limit):
    """One period in which nothing happens by itself: whoever stands at a may move by p at c p^2 / 2."""
    start = mean + sd * START
    race = Race(pay, start, np.zeros((1, 1)), np.ones(1), cost, limit)
    policy = best_pace(race._replace(start=start), states=4_001, paces=1_001)
    return start, followed(race._replace(drift=np.zeros((1, len(start)))), policy)


def test_a_notch_is_reached_from_as_far_as_it_pays():
    """Jump J at h: in from a0 > h - sqrt(2 J / c), so the mass that moves is F(h) - F(h - sqrt(2 J / c))."""
    jump, cost, at, mean, sd = 0.6, 150.0, 0.95, 1.0, 0.12
    start, run = last_period(lambda a: jump * (a >= at), cost, mean, sd, 0.12)
    moved = (start < at) & (run.end >= at - 1e-3) & (run.pace[0] > 0.0)
    reach = np.sqrt(2.0 * jump / cost)
    expected = ndtr((at - mean) / sd) - ndtr((at - reach - mean) / sd)
    assert moved.mean() == pytest.approx(expected, abs=0.004)
    assert not run.pace[0][start >= at + 1e-3].any()  # nothing is left to win
    assert not run.pace[0][start < at - reach - 0.01].any()  # too far to be worth it: given up


def test_a_cap_gathers_whoever_comes_near_it():
    """Slope s up to h, then nothing: mass at h is F(h) - F(h - s / c), and below everybody moves by s / c."""
    slope, cost, at, mean, sd = 1.2, 30.0, 1.15, 1.0, 0.1
    start, run = last_period(lambda a: slope * np.minimum(a, at), cost, mean, sd, 0.1)
    near = np.abs(run.end - at) < 1e-3
    outside = (ndtr((at + 1e-3 - mean) / sd) - ndtr((at - 1e-3 - mean) / sd)) * 1.0
    expected = ndtr((at - mean) / sd) - ndtr((at - slope / cost - mean) / sd)
    assert near.mean() == pytest.approx(expected, abs=outside + 0.002)
    below = start < at - slope / cost - 0.01
    np.testing.assert_allclose(run.pace[0][below], slope / cost, atol=2e-3)


def test_an_accelerator_leaves_a_hole():
    """Slopes s1 < s2 at h: whoever stands at h - (s1 + s2) / (2 c) does not mind which way; nobody ends around h, in a hole
    of width (s2 - s1) / c.
    """
    low, high, cost, at = 0.8, 2.0, 40.0, 1.0
    pay = lambda a: low * np.minimum(a, at) + high * np.maximum(a - at, 0.0)  # noqa: E731
    start, run = last_period(pay, cost, 1.0, 0.1, 0.1)
    middle, half = at - (low + high) / (2.0 * cost), (high - low) / (2.0 * cost)
    inside = np.abs(run.end - at) < half - 1e-3
    assert not inside.any()
    edges = run.end[run.end < at].max(), run.end[run.end > at].min()
    np.testing.assert_allclose(edges, [at - half, at + half], atol=2e-3)
    switch = start[np.argmax(np.diff(run.pace[0])) + 1]
    assert switch == pytest.approx(middle, abs=2e-3)


def race(pay, sd=0.05, periods=4, limit=6.0, worlds=400):
    """Periods that each add about a quarter, independent normal noise, pace 1 adding 0.03."""
    noise = sd * ndtri((np.arange(worlds) + 0.5) / worlds)
    rng = np.random.default_rng(4)
    drift = np.stack([0.25 - 0.03 + rng.permutation(noise) for _ in range(periods)])
    lift = np.full(periods, 0.03)
    cost = steady_cost(pay, drift.sum(axis=0) + lift.sum(), lift, 0.25)
    return Race(pay, np.zeros(worlds), drift, lift, cost, limit)


def test_linear_pay_asks_the_same_pace_always():
    asked = race(lambda a: 10_000.0 * a)
    run = followed(asked, best_pace(asked))
    np.testing.assert_allclose(run.pace, 1.0, atol=0.06)


def test_no_trend_without_news():
    """What one more unit adds is a martingale under the best policy, and pace is in proportion: its mean does not change."""
    asked = race(lambda a: 10_000.0 / (1.0 + np.exp(-20.0 * (a - 1.0))), limit=4.0, worlds=100)
    run = followed(asked, best_pace(asked, states=301, paces=161))
    means = run.pace.mean(axis=1)
    np.testing.assert_allclose(means, means[0], rtol=0.06)
    assert run.pace[-1].std() > 3 * run.pace[0].std()  # but it spreads


def test_at_the_end_of_the_year_those_near_spurt_and_the_others_give_up():
    """All or nothing at 100 %: in the last quarter nobody works far below, nor above; those between work hardest."""
    asked = race(lambda a: 10_000.0 * (a >= 1.0), sd=0.08)
    run = followed(asked, best_pace(asked))
    last, standing = run.pace[-1], run.before[-1]
    far, near, over = standing < 0.45, np.abs(standing - 0.70) < 0.05, standing > 1.0
    assert last[near].mean() > 1.7
    assert last[far].size == 0 or last[far].max() < 0.3
    assert last[over].size == 0 or last[over].max() < 0.3
    low = np.interp(0.40, best_pace(asked).standing, best_pace(asked).pace[-1])
    assert low < 0.1
