"""The parts of a spread against models whose parts are known."""

import numpy as np
import pytest
from scipy.stats import binom

from sim.measure.unknown import LINE, WORLDS_A_DRAW, effects_of, spread_of
from sim.measure.variance import of_pairs

RUNS = 500
BETWEEN, WITHIN = 3.0, 4.0
SHARE = BETWEEN**2 / (BETWEEN**2 + WITHIN**2)


def model(rng, draws, worlds, inputs=4):
    """Inputs, the draw of each world, and values: a straight line in the inputs, and luck. Its known share is SHARE."""
    x = rng.standard_normal((draws, inputs)) @ np.triu(np.ones((inputs, inputs)))
    slopes = np.arange(inputs) - 1.0
    line = x @ slopes
    true_sd = np.sqrt(
        slopes @ (np.triu(np.ones((inputs, inputs))).T @ np.triu(np.ones((inputs, inputs)))) @ slopes
    )
    draw = np.arange(worlds) % draws
    values = 100.0 + BETWEEN * line[draw] / true_sd + WITHIN * rng.standard_normal(worlds)
    return x, draw, values


@pytest.mark.parametrize(
    ("draws", "worlds", "method"), [(60, 330, WORLDS_A_DRAW), (500, 400, LINE), (300, 450, LINE)]
)
def test_the_share_is_unbiased_and_its_error_is_its_spread(draws, worlds, method):
    """Also that the interval of two errors covers 95 %: it holds the truth in 91 to 98 % of runs."""
    found = []
    for seed in range(RUNS):
        x, draw, values = model(np.random.default_rng(seed), draws, worlds)
        found.append(spread_of(values, draw, x))
    shares, errors = np.array([each.share for each in found]), np.array([each.share_se for each in found])
    assert {each.method for each in found} == {method}
    assert abs(shares.mean() - SHARE) < 4.0 * shares.std() / np.sqrt(RUNS) + 0.004
    assert errors.mean() == pytest.approx(shares.std(), rel=0.15)
    hits = (np.abs(shares - SHARE) <= 1.96 * errors).sum()
    assert binom.cdf(455, RUNS, 0.95) < 1e-3
    assert 455 < hits <= 490
    assert np.mean([each.total for each in found]) == pytest.approx(BETWEEN**2 + WITHIN**2, rel=0.02)


def test_pairs_are_the_decomposition_of_pairs():
    x, draw, values = model(np.random.default_rng(3), 40, 80)
    mine, pairs = spread_of(values, draw, x), of_pairs(values[:40], values[40:])
    assert mine.unknown == pytest.approx(pairs.shared)
    assert mine.luck == pytest.approx(pairs.own)
    assert mine.share == pytest.approx(pairs.share)
    assert mine.share_se == pytest.approx(pairs.share_se)


def test_where_inputs_move_nothing_the_share_is_zero_but_for_its_error():
    for draws, worlds in ((50, 500), (600, 500)):
        rng = np.random.default_rng(9)
        x, draw, _ = model(rng, draws, worlds)
        found = [spread_of(rng.standard_normal(worlds), draw, x) for _ in range(200)]
        shares = np.array([each.share for each in found])
        assert abs(shares.mean()) < 0.005
        assert (np.abs(shares) <= 2.5 * np.array([each.share_se for each in found])).mean() > 0.93


def test_directions_that_are_sums_of_others_count_once():
    x, draw, values = model(np.random.default_rng(4), 500, 400)
    doubled = np.column_stack([x, x.sum(axis=1), np.full(len(x), 0.3)])
    assert spread_of(values, draw, doubled).share == pytest.approx(spread_of(values, draw, x).share)


def test_too_few_draws_or_worlds_tell_nothing():
    x, draw, values = model(np.random.default_rng(5), 9, 90)
    assert spread_of(values, draw, x) is None
    assert effects_of(values, draw, x) == [None] * 4
    x, draw, values = model(np.random.default_rng(5), 500, 24)
    assert spread_of(values, draw, x) is None
    assert spread_of(np.ones(90), np.arange(90) % 30, np.ones((30, 1))) is None


@pytest.mark.parametrize(("draws", "worlds"), [(80, 400), (500, 300)])
def test_effects_are_those_of_the_conditional_mean(draws, worlds):
    """Of normal inputs E[value | input j] is a line with slope Cov(line, x_j) / Var(x_j); 95 % of intervals hold it."""
    root = np.triu(np.ones((4, 4)))
    cov, slopes = root.T @ root, np.arange(4) - 1.0
    truth = BETWEEN / np.sqrt(slopes @ cov @ slopes) * (cov @ slopes) / np.diag(cov)
    hits, changes = np.zeros(4), []
    for seed in range(RUNS):
        x, draw, values = model(np.random.default_rng(seed), draws, worlds)
        found = effects_of(values, draw, x)
        low, high = np.quantile(x, [0.05, 0.95], axis=0)
        apart = np.array([each.change for each in found]) - truth * (high - low)
        hits += np.abs(apart) <= 1.96 * np.array([each.se for each in found])
        changes.append(apart)
    assert (hits > 455).all(), hits
    assert np.abs(np.mean(changes, axis=0)).max() < 0.15


def test_an_input_that_is_known_moves_nothing():
    x, draw, values = model(np.random.default_rng(6), 60, 300)
    x[:, 2] = 0.5
    found = effects_of(values, draw, x)
    assert found[2] is None
    assert found[3].told
    assert found[0].change != 0.0
