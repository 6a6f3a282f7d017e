"""Variance of pairs: by hand, unbiased over many repetitions, and an error that covers."""

import numpy as np
import pytest

from sim.measure.variance import of_pairs


def test_by_hand():
    """Pair means 1, 3, 5 and differences 2, 0, 2: between 4, within 4/3; shared 4 - 2/3."""
    found = of_pairs(np.array([2.0, 3.0, 6.0]), np.array([0.0, 3.0, 4.0]))
    assert (found.own, found.shared, found.total) == pytest.approx((4 / 3, 10 / 3, 14 / 3))
    assert found.share == pytest.approx(10 / 14)


def test_twins_share_everything_and_what_is_constant_shares_nothing():
    values = np.array([1.0, 2.0, 4.0, 8.0])
    found = of_pairs(values, values)
    assert (found.own, found.share, found.share_se) == (0.0, 1.0, 0.0)
    assert found.total == pytest.approx(np.var(values, ddof=1))
    still = of_pairs(np.full(5, 3.0), np.full(5, 3.0))
    assert (still.total, still.share) == (0.0, None)


def test_parts_add_up_and_the_error_is_that_of_the_jackknife_left_out_pair_by_pair():
    random = np.random.default_rng(3)
    first, second = random.normal(size=(2, 12)) + random.normal(size=12)
    found = of_pairs(first, second)
    assert found.total == pytest.approx(found.shared + found.own)
    shares = []
    for out in range(12):
        left = of_pairs(np.delete(first, out), np.delete(second, out))
        shares.append(left.share)
    error = np.sqrt(11 / 12 * np.sum((shares - np.mean(shares)) ** 2))
    assert found.share_se == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize("odd", [7.0, 1e-3, 1e12])
def test_one_pair_that_differs_has_a_share_and_no_error_of_it(odd):
    """Of five worlds in pairs one alone costs something: without its pair nothing varies, and the jackknife is silent."""
    first, second = np.full(5, 0.3), np.full(5, 0.3)
    first[2] += odd
    found = of_pairs(first, second)
    assert found.total == pytest.approx(odd**2 / 10)
    assert found.share == pytest.approx(0.0, abs=1e-6)
    assert found.share_se is None
    both = of_pairs(first, first)
    assert (both.share, both.share_se) == (1.0, None)


def test_unbiased_and_covered():
    """Shared variance 2, own 1: means of 2,000 repetitions within 4.5 errors (false alarms: one in 50,000); 93 to 97 % of
    95 % intervals hold the share.
    """
    random = np.random.default_rng(7)
    shared = np.sqrt(2.0) * random.normal(size=(2000, 80))
    pairs = shared + random.normal(size=(2, 2000, 80))
    found = [of_pairs(*each) for each in pairs.transpose(1, 0, 2)]
    for name, true in (("shared", 2.0), ("own", 1.0), ("total", 3.0)):
        values = np.array([getattr(each, name) for each in found])
        assert abs(values.mean() - true) < 4.5 * values.std(ddof=1) / np.sqrt(2000)
    covers = np.mean([abs(each.share - 2 / 3) < 1.96 * each.share_se for each in found])
    assert 0.93 < covers < 0.97
