"""Estimates from worlds that share draws: what their intervals cover, and that they are the usual ones without draws."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from sim.measure.clustered import (
    INDEPENDENT,
    Clusters,
    centre_on,
    design_effect,
    gap_on,
    interval_on,
    mean_on,
    median_on,
    ratio_on,
    share_on,
    tail_on,
)
from sim.measure.estimate import (
    gap_interval,
    mean_of,
    median_of,
    quantile_interval,
    ratio_of,
    share_of,
    tail_mean,
)

DRAWS, WORLDS, RUNS = 40, 400, 2_000
BETWEEN, WITHIN = 3.0, 4.0
TOTAL = np.hypot(BETWEEN, WITHIN)


@pytest.fixture(scope="module")
def runs():
    """Worlds of many runs, each with draws of its own: normal, 36 % of the variance between draws. [run, world]"""
    rng = np.random.default_rng(7)
    shared = BETWEEN * rng.standard_normal((RUNS, DRAWS))
    return shared[:, np.arange(WORLDS) % DRAWS] + WITHIN * rng.standard_normal((RUNS, WORLDS))


def covers(intervals, truth):
    """The share of intervals that hold the truth is between 93.0 and 97.0 %: a right one is not once in 10,000 seeds."""
    hits = sum(low <= truth <= high for low, high in intervals)
    assert binom.cdf(0.93 * RUNS, RUNS, 0.95) < 1e-4
    assert 0.93 <= hits / len(intervals) <= 0.97, hits / len(intervals)


def test_intervals_of_the_mean_cover_the_mean_over_all_draws(runs):
    clusters = Clusters(DRAWS)
    covers([mean_on(each, clusters).ci95 for each in runs], 0.0)
    alone = np.mean([low <= 0.0 <= high for low, high in (mean_of(each).ci95 for each in runs)])
    assert alone < 0.75  # as if worlds were independent


def test_the_error_is_the_spread_of_the_means_of_runs(runs):
    told = np.mean([mean_on(each, Clusters(DRAWS)).se ** 2 for each in runs])
    assert told == pytest.approx(BETWEEN**2 / DRAWS + WITHIN**2 / WORLDS, rel=0.03)


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9])
def test_intervals_of_quantiles_cover(runs, level):
    clusters = Clusters(DRAWS)
    found = [interval_on(each, np.sort(each), level, clusters) for each in runs]
    hits = np.mean([low <= TOTAL * norm.ppf(level) <= high for low, high in found if low is not None])
    assert 0.92 <= hits <= 0.985  # of 40 draws the tails are told by few: of 200 it is 94 to 97 %


def test_intervals_of_shares_cover(runs):
    truth = norm.sf(1.0)
    found = [share_on(each > TOTAL, Clusters(DRAWS)) for each in runs]
    assert 0.93 <= np.mean([each.ci95[0] <= truth <= each.ci95[1] for each in found]) <= 0.985
    assert np.mean([each.se**2 for each in found]) == pytest.approx(
        np.var([each.share for each in found]), rel=0.15
    )


def test_tails_and_ratios_have_the_error_of_their_draws(runs):
    tails = [tail_on(each, np.sort(each), Clusters(DRAWS)) for each in runs[:800]]
    assert np.mean([each.se**2 for each in tails]) == pytest.approx(
        np.var([each.cvar for each in tails]), rel=0.2
    )
    ratios = [ratio_on(each + 50.0, 100.0 + 0.0 * each, Clusters(DRAWS)) for each in runs[:800]]
    assert ratios[0].se == pytest.approx(mean_on(runs[0], Clusters(DRAWS)).se / 100.0)


def test_where_no_draw_is_shared_estimates_are_the_usual_ones_to_the_bit(runs):
    values = runs[0]
    ordered = np.sort(values)
    for clusters in (INDEPENDENT, Clusters(1), Clusters(WORLDS), Clusters(5_000)):
        assert design_effect(values, clusters) == 1.0
        assert mean_on(values, clusters) == mean_of(values)
        assert interval_on(values, ordered, 0.9, clusters) == quantile_interval(ordered, 0.9)
        assert gap_on(values, ordered, 0.5, 0.9, clusters) == gap_interval(ordered, 0.5, 0.9)
        assert share_on(values > 1.0, clusters) == share_of(int((values > 1.0).sum()), WORLDS)
        assert tail_on(values, ordered, clusters) == tail_mean(ordered)
        assert ratio_on(values, values + 9.0, clusters) == ratio_of(values, values + 9.0)


def test_what_all_draws_agree_on_is_bounded_by_their_number():
    never = share_on(np.zeros(WORLDS, dtype=bool), Clusters(DRAWS))
    assert never.ci95 == pytest.approx((0.0, 1.0 - 0.025 ** (1.0 / DRAWS)))
    assert mean_on(np.ones(WORLDS), Clusters(DRAWS)).se == 0.0


def test_the_gap_of_quantiles_is_wider_where_draws_are_shared(runs):
    values = runs[0]
    low, high = gap_on(values, np.sort(values), 0.5, 0.9, Clusters(DRAWS))
    alone = gap_interval(np.sort(values), 0.5, 0.9)
    assert high - low > alone[1] - alone[0]
    assert interval_on(values[:60], np.sort(values[:60]), 0.01, Clusters(DRAWS)) is None


def test_medians_cover_and_centres_are_the_one_or_the_other(runs):
    clusters = Clusters(DRAWS)
    covers([median_on(run, clusters).ci95 for run in runs], 0.0)
    assert median_on(runs[0], INDEPENDENT) == median_of(runs[0])
    assert centre_on(runs[0], False, clusters) == mean_on(runs[0], clusters).centre
    assert centre_on(runs[0], True, clusters).se == median_on(runs[0], clusters).se
    assert centre_on(runs[0], True, clusters).se > 1.5 * median_of(runs[0]).se
