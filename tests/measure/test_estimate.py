"""Estimators against scipy and closed forms, and the promise of every interval: how often it covers."""

import numpy as np
import pytest
from scipy import stats

from sim.measure.estimate import (
    LEVELS,
    gap_interval,
    mean_of,
    median_of,
    quantile,
    quantile_interval,
    ratio_of,
    share_of,
    sign_test,
    tail_mean,
)

RUNS = 2000
# Of 2,000 intervals that cover 95 %, the number that do is binomial: 1,846 or fewer has probability 3e-7,
# the false-alarm rate of each coverage test below at a free seed (the seed is fixed).
FEWEST = 1847


def normal_runs(worlds, seed=20):
    return np.random.default_rng(seed).normal(3.0, 2.0, size=(RUNS, worlds))


def test_false_alarm_rate_is_as_stated():
    assert stats.binom.cdf(FEWEST - 1, RUNS, 0.95) < 3e-7


def test_mean_equals_scipy():
    sample = normal_runs(37)[0]
    found = mean_of(sample)
    low, high = stats.t.interval(0.95, 36, loc=sample.mean(), scale=stats.sem(sample))
    assert found.mean == pytest.approx(sample.mean(), rel=1e-14)
    assert found.se == pytest.approx(stats.sem(sample), rel=1e-12)
    assert found.ci95 == pytest.approx((low, high), rel=1e-12)


@pytest.mark.parametrize("worlds", [2, 5, 100])
def test_mean_interval_covers(worlds):
    covered = 0
    for sample in normal_runs(worlds):
        low, high = mean_of(sample).ci95
        covered += low <= 3.0 <= high
    assert covered >= FEWEST


@pytest.mark.parametrize("name", list(LEVELS))
def test_quantile_equals_numpy(name):
    sample = np.sort(normal_runs(101)[1])
    assert quantile(sample, LEVELS[name]) == pytest.approx(np.quantile(sample, LEVELS[name]), rel=1e-13)


def test_quantile_at_the_ends():
    sample = np.array([1.0, 2.0, 4.0])
    assert (quantile(sample, 0.0), quantile(sample, 1.0)) == (1.0, 4.0)


@pytest.mark.parametrize(("level", "worlds"), [(0.5, 20), (0.05, 100), (0.95, 100), (0.99, 800)])
def test_quantile_interval_covers(level, worlds):
    truth = stats.norm.ppf(level, 3.0, 2.0)
    covered = 0
    for sample in normal_runs(worlds, seed=21):
        interval = quantile_interval(np.sort(sample), level)
        assert interval is not None
        covered += interval[0] <= truth <= interval[1]
    assert covered >= FEWEST


def test_quantile_interval_of_a_known_size():
    """Ranks 9457 and 9544 of 10,000 for P95: 9,500 -+ 1.96 sqrt(10,000 x 0.95 x 0.05) = 9,500 -+ 42.7."""
    interval = quantile_interval(np.arange(1.0, 10_001.0), 0.95)
    assert interval == pytest.approx((9457.0, 9544.0), abs=1.0)


def test_quantile_interval_is_absent_when_worlds_are_too_few():
    """The largest of 20 worlds exceeds P95 with probability 0.64 only."""
    assert quantile_interval(np.arange(20.0), 0.95) is None


def test_tail_mean_of_a_normal():
    """CVaR of a normal is mu + sd x phi(z) / (1 - level) (Rockafellar and Uryasev 2000)."""
    sample = np.sort(np.random.default_rng(22).normal(3.0, 2.0, 200_000))
    truth = 3.0 + 2.0 * stats.norm.pdf(stats.norm.ppf(0.95)) / 0.05
    found = tail_mean(sample)
    assert abs(found.cvar - truth) < 4 * found.se


def test_tail_mean_error_is_the_spread_of_repeated_runs():
    found = [tail_mean(np.sort(sample)) for sample in normal_runs(1000, seed=23)]
    spread = np.std([each.cvar for each in found], ddof=1)
    assert np.mean([each.se for each in found]) == pytest.approx(spread, rel=0.08)


def test_tail_mean_of_a_short_list_by_hand():
    """Of 1..100, P95 is 95.05; (96 + ... + 100 - 5 x 95.05) / 100 / 0.05 above it."""
    assert tail_mean(np.arange(1.0, 101.0)).cvar == pytest.approx(95.05 + (490 - 475.25) / 5)


def test_share_equals_scipy():
    found = share_of(7, 50)
    low, high = stats.binomtest(7, 50).proportion_ci(0.95, method="exact")
    assert found.ci95 == pytest.approx((low, high), rel=1e-10)
    assert found.se == pytest.approx((0.14 * 0.86 / 50) ** 0.5)


@pytest.mark.parametrize(("hits", "ends"), [(0, (0.0, 1 - 0.025**0.02)), (50, (0.025**0.02, 1.0))])
def test_share_of_none_and_all(hits, ends):
    assert share_of(hits, 50).ci95 == pytest.approx(ends)


def test_ratio_interval_covers():
    generator = np.random.default_rng(24)
    covered = 0
    for _ in range(RUNS):
        below = generator.normal(10.0, 1.0, 200)
        found = ratio_of(0.3 * below + generator.normal(0.0, 0.5, 200), below)
        assert found is not None
        covered += found.ci95[0] <= 0.3 <= found.ci95[1]
    assert covered >= FEWEST


def test_ratio_over_zero_is_absent():
    assert ratio_of(np.ones(3), np.zeros(3)) is None


@pytest.mark.parametrize(
    "law",
    [stats.norm, stats.expon, stats.lognorm(1.0), stats.cauchy],
    ids=["normal", "exponential", "lognormal", "Cauchy"],
)
def test_the_interval_of_a_gap_between_quantiles_covers(law):
    """P90 - P50 in 2,000 samples of 1,000 worlds: 93 to 97 % hold the true gap, no more than 4 % miss on one side."""
    rng = np.random.default_rng(17)
    true = law.ppf(0.9) - law.ppf(0.5)
    found = np.array(
        [gap_interval(np.sort(law.rvs(size=1_000, random_state=rng)), 0.5, 0.9) for _ in range(2_000)]
    )
    missed_low, missed_high = np.mean(true < found[:, 0]), np.mean(true > found[:, 1])
    assert 0.93 <= 1.0 - missed_low - missed_high <= 0.97
    assert max(missed_low, missed_high) <= 0.04


def test_a_gap_needs_worlds_enough_for_both_quantiles():
    assert gap_interval(np.arange(20.0), 0.5, 0.9) is None
    low, high = gap_interval(np.arange(1_000.0), 0.5, 0.9)
    assert low < 0.4 * 999 < high


def test_median_and_sign_test_against_scipy():
    values = np.random.default_rng(6).standard_cauchy(401) + 0.2
    found = median_of(values)
    assert found.median == np.median(values)
    assert found.ci95 == quantile_interval(np.sort(values), 0.5)
    assert found.se == pytest.approx((found.ci95[1] - found.ci95[0]) / 3.92)
    above = int((values > 0).sum())
    assert sign_test(values) == pytest.approx(stats.binomtest(above, 401).pvalue)
    assert sign_test(np.array([0.0, 0.0])) == 1.0
    assert sign_test(np.array([0.0, 3.0, 1.0, 2.0])) == 0.25
    assert median_of(np.array([1.0, 2.0])).ci95 is None
