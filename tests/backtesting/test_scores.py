"""Percentiles and misses, against closed forms and what scipy says."""

import numpy as np
import pytest
from scipy.stats import chi2, chisquare, energy_distance, norm

from sim.backtesting.scores import chance_of_scores, crps, keyed_share, pit, quantiles


@pytest.mark.parametrize("actual", [-2.5, 0.0, 0.3, 4.0])
def test_the_miss_of_a_normal_forecast_is_its_closed_form(actual):
    """Gneiting and Raftery (2007), eq. 22: sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))."""
    mean, sd, n = 1.0, 2.0, 20_000
    worlds = mean + sd * norm.ppf((np.arange(n) + 0.5) / n)
    z = (actual - mean) / sd
    exact = sd * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
    assert crps(worlds, actual) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_the_miss_is_half_the_squared_energy_distance(seed):
    draws = np.random.default_rng(seed)
    worlds, actual = draws.gamma(2.0, 3.0, 57).round(1), float(draws.gamma(2.0, 3.0))
    assert crps(worlds, actual) == pytest.approx(energy_distance(worlds, [actual]) ** 2 / 2.0)


def test_the_miss_of_a_single_number_is_how_far_off_it_is():
    assert crps(np.array([3.0]), 5.5) == 2.5


def test_the_percentile_of_one_more_draw_is_uniform_ties_included():
    """2,000 forecasts of counts, of which a third are 0; chi-square with a false-alarm rate of 0.1 %."""
    draws = np.random.default_rng(7)
    found = []
    for number in range(2_000):
        worlds = draws.poisson(1.1, 99).astype(float)
        found.append(pit(worlds, float(draws.poisson(1.1)), keyed_share(number)))
    counts = np.histogram(found, 10, (0.0, 1.0))[0]
    assert chisquare(counts).pvalue > 0.001
    assert 0.0 <= min(found) < max(found) < 1.0


def test_without_ties_the_percentile_is_the_rank():
    worlds = np.arange(9.0)
    assert pit(worlds, -1.0, 0.5) == pytest.approx(0.05)
    assert pit(worlds, 8.5, 0.5) == pytest.approx(0.95)
    assert pit(worlds, 3.5, 0.0) == pytest.approx(0.4)


def test_quantiles_are_values_that_occur():
    worlds = np.random.default_rng(1).permutation(100).astype(float)
    assert quantiles(worlds) == (5.0, 50.0, 95.0)


def test_scores_of_right_forecasts_are_as_unlikely_as_chance_says():
    scores = np.random.default_rng(3).standard_normal((4_000, 6))
    chances = [chance_of_scores(each) for each in scores]
    assert chisquare(np.histogram(chances, 10, (0.0, 1.0))[0]).pvalue > 0.001
    assert chance_of_scores(np.array([3.0, -3.0])) == pytest.approx(chi2.sf(18.0, 2))
