"""The index of a tail: right where it is known, silent on light tails, heard where there is no mean."""

import numpy as np
import pytest
from scipy.stats import lomax, pareto, t

from sim.measure.tail import TailIndex, largest_share, of_one_world, tail_index

LIGHT = {
    "normal": lambda rng, count: rng.normal(5.0, 1.0, count),
    "a company's total of twelve lognormal books": lambda rng, count: rng.lognormal(
        0.0, 1.0, (count, 12)
    ).sum(1),
    "lognormal, sigma 0.5": lambda rng, count: rng.lognormal(0.0, 0.5, count),
    "exponential": lambda rng, count: rng.exponential(1.0, count),
}


def test_hill_by_hand():
    """64 worlds, 8 of them beyond the threshold: distances 0 (55 worlds), 2, then 2e, 2e^2, ... 2e^8: mean log 4.5."""
    values = np.concatenate([np.zeros(55), [2.0], 2.0 * np.exp(np.arange(1.0, 9.0))])
    found = tail_index(values)
    assert found.value == pytest.approx(1 / 4.5)
    assert found.se == pytest.approx(1 / 4.5 / np.sqrt(8))


@pytest.mark.parametrize("law", [lomax(1.05), t(1), pareto(1.5)], ids=["lomax 1.05", "Cauchy", "Pareto 1.5"])
def test_known_indices_are_found_within_their_error(law):
    """Hill's estimate over 200 samples of 10,000: its mean is near the truth, its error is the spread that is seen."""
    true = {"lomax": 1.05, "t": 1.0, "pareto": 1.5}[law.dist.name]
    rng = np.random.default_rng(8)
    found = [tail_index(law.rvs(10_000, random_state=rng)) for _ in range(200)]
    values = np.array([each.value for each in found])
    assert values.mean() == pytest.approx(
        true, rel=0.06
    )  # distances from the median bend Pareto's law a little
    assert np.mean([each.se for each in found]) == pytest.approx(values.std(), rel=0.15)


def test_shift_and_scale_change_nothing():
    sample = lomax(1.3).rvs(4_000, random_state=3)
    plain, moved = tail_index(sample), tail_index(1e6 - 40.0 * sample)
    assert moved.value == pytest.approx(plain.value)


@pytest.mark.parametrize("name", LIGHT)
@pytest.mark.parametrize("worlds", [1_000, 10_000])
def test_light_tails_are_not_called_heavy(name, worlds):
    """No false alarm in 300 samples: at a true rate of 1 % there would be one in 19 of 20 such tests."""
    rng = np.random.default_rng(11)
    samples = [LIGHT[name](rng, worlds) for _ in range(300)]
    assert not any(tail_index(each).heavy for each in samples)
    assert not any(of_one_world(largest_share(each), worlds) for each in samples)


def test_a_lognormal_of_sigma_one_is_rarely_called_heavy():
    """The heaviest of what is shipped as finite: at most 1 % of 1,000 samples (0.1 % measured)."""
    rng = np.random.default_rng(12)
    assert sum(tail_index(rng.lognormal(0.0, 1.0, 1_000)).heavy for _ in range(1_000)) <= 10


@pytest.mark.parametrize(("worlds", "least"), [(1_000, 0.95), (10_000, 1.0)])
def test_index_1_05_is_heard(worlds, least):
    """Power: 97.8 % of samples of 1,000 worlds, all of 10,000."""
    rng = np.random.default_rng(13)
    heard = [tail_index(lomax(1.05).rvs(worlds, random_state=rng)).heavy for _ in range(400)]
    assert np.mean(heard) >= least


def test_where_hardly_any_world_differs_there_is_no_index_but_one_world_can_carry_all():
    values = np.zeros(1_000)
    values[:20] = 1.0
    assert tail_index(values) is None
    assert not of_one_world(largest_share(values), 1_000)
    values[0] = 10.0
    assert largest_share(values) == pytest.approx(10 / 29)
    assert of_one_world(largest_share(values), 1_000)


def test_too_few_worlds_tell_nothing():
    assert tail_index(np.arange(63.0)) is None
    assert tail_index(np.ones(500)) is None
    assert largest_share(np.zeros(5)) is None
    assert not TailIndex(1.9, 0.1).heavy
    assert TailIndex(1.7, 0.1).heavy
