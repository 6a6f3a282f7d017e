"""Counts in bins: exact where plans pay exact multiples, close everywhere else, and mergeable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure.histogram import BINS, ZERO, count_values, percentile, value_of


def counts_of(values, scale=1.0):
    values = np.atleast_2d(np.asarray(values, dtype=np.float64))
    counts = np.zeros(BINS, dtype=np.int64)
    shifted = np.empty(values.shape[1])
    count_values(values, scale, shifted.view(np.int64), shifted, counts)
    return counts


@pytest.mark.parametrize("exact", [-5.0, -4.0, -0.5, 0.0, 0.25, 0.5, 1.0, 1.25, 1.5, 2.0, 3.0, 7.0])
def test_multiples_that_plans_pay_are_exact(exact):
    assert percentile(counts_of([exact] * 3), 0.5) == exact


@given(st.floats(min_value=-1000.0, max_value=1000.0))
def test_any_value_is_within_the_stated_error(value):
    found = percentile(counts_of([value]), 0.5)
    assert abs(found - value) <= (1.0 + abs(value)) / 2048
    assert percentile(counts_of([-value]), 0.5) == -found


@pytest.mark.parametrize("level", [0.05, 0.1, 0.5, 0.9, 0.99])
def test_percentiles_of_many_values(level):
    values = np.random.default_rng(2).lognormal(0.0, 0.5, size=(8, 400))
    expected = np.quantile(values, level, method="inverted_cdf")
    found = percentile(counts_of(values), level)
    assert abs(found - expected) <= (1.0 + expected) / 2048


@pytest.mark.parametrize("level", [0.05, 0.1, 0.5, 0.9, 0.99])
def test_percentiles_on_both_sides_of_zero(level):
    """Attainment of a measure whose floor is near its target: a normal around -0.3."""
    values = np.random.default_rng(4).normal(-0.3, 1.2, size=(8, 400))
    expected = np.quantile(values, level, method="inverted_cdf")
    assert abs(percentile(counts_of(values), level) - expected) <= (1.0 + abs(expected)) / 2048


def test_values_beyond_the_bins_are_counted_at_the_ends():
    counts = counts_of([-np.inf, -1e9, -1e-17, 1e9, np.inf])
    assert counts[0] == counts[-1] == 2
    assert counts[ZERO] == 1


def test_scale_is_applied():
    assert percentile(counts_of([20_000.0], scale=1 / 20_000), 0.5) == 1.0


def test_halves_merge_to_the_whole():
    values = np.random.default_rng(3).random((4, 100)) * 3 - 1
    whole = counts_of(values)
    assert whole.sum() == 400
    assert (counts_of(values[:, :50]) + counts_of(values[:, 50:]) == whole).all()


def test_nothing_has_no_percentile():
    assert percentile(np.zeros(BINS, dtype=np.int64), 0.5) is None


def test_bins_ascend():
    values = [value_of(position) for position in range(0, BINS, 97)]
    assert values == sorted(values)
