"""Certain pay: the normal closed form, small risks, tails that cannot dominate, and errors of the right size."""

import numpy as np
import pytest

from sim.measure.incentive.certain import certain_by_world, worth_of


def test_normal_pay_has_the_closed_form():
    """Exponential utility of N(m, s^2): certain pay m - a s^2 / 2. Within 4 standard errors (the seed is fixed)."""
    a, mean, sd, worlds = 2e-5, 60_000.0, 8_000.0, 200_000
    pay = np.random.default_rng(1).normal(mean, sd, (1, worlds))
    found = certain_by_world(pay, a, 1.0)
    error = found.std(ddof=1) / np.sqrt(worlds)
    assert abs(found.mean() - (mean - a * sd**2 / 2)) < 4 * error
    assert error < 0.01 * a * sd**2 / 2 * 4


def test_no_aversion_is_the_mean():
    pay = np.random.default_rng(2).uniform(0.0, 1e5, (3, 50))
    np.testing.assert_allclose(certain_by_world(pay, 0.0, 2.0), pay.mean(axis=0) / 2.0)
    assert worth_of(pay[0], 0.0).certain == pytest.approx(pay[0].mean())


def test_a_sure_pay_is_worth_itself():
    assert worth_of(np.full(9, 7_500.0), 1e-4).certain == pytest.approx(7_500.0)


def test_one_enormous_world_moves_the_variance_and_not_the_certain_pay():
    """Of 1,000 worlds one pays a billion: certain pay rises by less than its share of worlds, times 1 / a."""
    a, pay = 2e-5, np.random.default_rng(3).normal(60_000.0, 8_000.0, 1_000)
    wild = pay.copy()
    wild[0] = 1e9
    before, after = worth_of(pay, a).certain, worth_of(wild, a).certain
    assert 0.0 <= after - before < 2.0 / (1_000 * a)
    assert np.isfinite(after)
    assert wild.var() > 1e6 * pay.var()


def test_utility_is_the_slope_of_certain_pay():
    """A small change of pay in one world changes certain pay as it changes mean utility."""
    a, pay = 2e-5, np.random.default_rng(4).normal(60_000.0, 8_000.0, 40)
    worth, moved = worth_of(pay, a), pay.copy()
    moved[7] += 1.0
    gained = worth_of(moved, a).certain - worth.certain
    assert gained == pytest.approx((worth.utility(moved) - worth.utility(pay)).mean(), rel=1e-4)


def test_the_error_is_that_of_repeated_studies():
    """Standard error from influences against the spread over 400 studies of 200 worlds: within 15 % (4 errors of a sd)."""
    rng, a = np.random.default_rng(5), 3e-5
    studies = [certain_by_world(rng.gamma(2.0, 30_000.0, (2, 200)), a, 2.0) for _ in range(400)]
    spread = np.std([each.mean() for each in studies], ddof=1)
    stated = np.mean([each.std(ddof=1) / np.sqrt(200) for each in studies])
    assert stated == pytest.approx(spread, rel=0.15)
