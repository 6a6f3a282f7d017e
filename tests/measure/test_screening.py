"""Screening: what is clearly beaten goes, what may not be stays, and mistakes are as rare as promised."""

import numpy as np

from sim.measure.screening import Criterion, known, screen


def test_a_plan_beaten_on_all_counts_goes_and_trade_offs_stay():
    """0 and 1 trade value for risk, 2 is worse than 0 on both, 3 ties with 0 on value and is better on risk."""
    noise = np.random.default_rng(1).normal(0.0, 50.0, 400)  # the same worlds: it cancels in pairs
    own = np.random.default_rng(2).normal(0.0, 0.5, (4, 400))
    value = np.array([10.0, 20.0, 5.0, 10.0])[:, None] + noise + own
    value[3] = value[0]
    risk = np.array([-5.0, -9.0, -6.0, -4.0])[:, None] + own[::-1]
    found = screen([known(value), known(risk)])
    assert found.beaten_by == (3, -1, 0, -1)
    assert found.better_on == ((1,), (), (0, 1), ())
    assert found.comparisons == 4 * 3 * 2


def test_what_chance_explains_beats_nobody():
    """Two plans of the same mean: one is called beaten in at most 5 % of studies (2,000 studies; 4 errors above)."""
    rng = np.random.default_rng(3)
    wrong = sum(max(screen([known(rng.normal(0.0, 1.0, (2, 30)))]).beaten_by) >= 0 for _ in range(2_000))
    assert wrong / 2_000 < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 2_000)
    assert wrong > 20  # and the interval is not idle


def test_one_plan_is_never_beaten():
    assert screen([known(np.ones((1, 5)))]).beaten_by == (-1,)


def test_brackets_that_overlap_beat_nobody():
    """Exposures of 1 to 4, 3 to 6 and 5 to 8, less being better: only the first is clearly below the last."""
    ends = np.array([[1.0, 4.0], [3.0, 6.0], [5.0, 8.0]])
    worlds = np.random.default_rng(4).normal(0.0, 0.1, 50)
    exposure = Criterion(-ends[:, 1:] + worlds, -ends[:, :1] + worlds)
    found = screen([exposure])
    assert found.beaten_by == (-1, -1, 0)
    points = screen([known(exposure.high)])  # as if the least were all there is to know
    assert points.beaten_by == (-1, 0, 0)


def test_a_bracket_can_save_a_plan_that_is_beaten_on_value():
    value = known(np.array([[1.0, 2.0, 1.5], [3.0, 4.5, 3.5]]))
    assert screen([value]).beaten_by == (1, -1)
    wide = np.array([[-2.0] * 3, [-9.0] * 3]), np.array([[-1.0] * 3, [-1.0] * 3])
    assert screen([value, Criterion(*wide)]).beaten_by == (-1, -1)


def test_what_is_not_known_is_neither_as_good_nor_better():
    value = known(np.array([[1.0, 2.0, 1.5], [3.0, 4.5, 3.5]]))
    unknown = np.array([[-1.0] * 3, [np.nan] * 3])
    assert screen([value, known(unknown)]).beaten_by == (-1, -1)
    assert screen([value, known(unknown[::-1])]).beaten_by == (-1, -1)
