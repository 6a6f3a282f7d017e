"""Line of sight, luck and skill, and the risk premium, against data made so that the answer is known."""

import numpy as np
import pytest

from sim.measure.incentive.sight import (
    line_of_sight,
    luck_and_skill,
    periods_until_ranked,
    risk_premium,
    tail_share,
)


def test_pay_that_is_outcome_alone_is_seen_whole():
    kept = np.random.default_rng(1).normal(1.0, 0.1, (3, 4, 200))
    pay = 0.5 * kept + np.arange(12).reshape(
        3, 4, 1
    )  # what differs between books and periods explains nothing
    found = line_of_sight(pay, kept)
    assert found.slope == pytest.approx(0.5)
    assert found.share == pytest.approx(1.0)
    assert found.se < 1e-9
    assert line_of_sight(pay, np.ones_like(kept)) is None


def test_noise_takes_its_share():
    """Var(pay) = 1 + 3: outcomes explain a quarter. Within 4 jackknife errors (the seed is fixed)."""
    rng = np.random.default_rng(2)
    kept = rng.normal(size=(5, 8, 2_000))
    found = line_of_sight(kept + np.sqrt(3.0) * rng.normal(size=kept.shape), kept)
    assert abs(found.share - 0.25) < 4 * found.se
    assert 0.0005 < found.se < 0.01


def test_skill_is_compared_within_a_world_and_a_segment():
    """A market that moves all pay of a world, and segments paid differently, take nothing from skill."""
    rng = np.random.default_rng(3)
    skill = np.broadcast_to(rng.normal(size=(40, 1, 1)), (40, 4, 500)).copy()
    segment = np.repeat([0, 1], 20)
    market, level = 5.0 * rng.normal(size=(1, 4, 500)), 100.0 * segment[:, None, None]
    pay = skill + 2.0 * rng.normal(size=skill.shape) + market + level
    within = np.concatenate([part - part.mean() for part in (skill[:20, 0, 0], skill[20:, 0, 0])])
    luck = 4.0 * 19 / 20  # about the mean of twenty
    assert luck_and_skill(pay, skill, segment).share == pytest.approx(
        within.var() / (within.var() + luck), abs=0.01
    )
    assert luck_and_skill(pay[:1], skill[:1], segment[:1]) is None


def test_periods_until_pay_ranks_by_skill():
    """Spearman and Brown: 20 % of a quarter's variance gives reliability 0.8 after 16 quarters."""
    n = periods_until_ranked(0.2)
    assert n == pytest.approx(16.0)
    assert n * 0.2 / (1 + (n - 1) * 0.2) == pytest.approx(0.8)
    assert periods_until_ranked(0.0) is None


def test_risk_premium_by_hand():
    """Pay of 10 or 30 over two years: variance 100 (sample 100 x n / (n - 1)), 50 a year, at earnings 155 and rho 2."""
    pay = np.array([[10.0, 30.0] * 500])
    found = risk_premium(pay, years=2.0, earnings=155.0, aversion=2.0)
    assert found.mean == pytest.approx(50.0 / 155.0 * 1000 / 999)
    assert found.se == pytest.approx(0.0, abs=1e-12)


def test_a_premium_of_one_world_is_named():
    assert tail_share(np.full(50, 3.0)) == pytest.approx(0.02)
    assert tail_share(np.array([1.0, 1.0, 98.0])) == pytest.approx(0.98)
    assert tail_share(np.zeros(5)) == 0.0
