"""Sums per tile, merged in order: equal to the plain formulas, and the same bits however worlds are cut into blocks."""

import numpy as np
import pytest

from sim.measure.moments import TILE, Moments, merge, no_moments, tiles_of


def fold(values, block):
    total = no_moments((values.shape[0],))
    for first in range(0, values.shape[1], block):
        tiles = tiles_of(values[:, first : first + block])
        for tile in zip(*tiles, strict=True):
            total = merge(total, Moments(*tile))
    return total


@pytest.fixture
def values():
    return np.random.default_rng(1).normal(1e6, 3.0, size=(5, 500))


def test_equal_to_numpy(values):
    total = fold(values, 128)
    assert total.worlds.tolist() == [500.0] * 5
    np.testing.assert_allclose(total.mean, values.mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(total.sd, values.std(axis=1, ddof=1), rtol=1e-9)


@pytest.mark.parametrize("block", [TILE, 3 * TILE, 512])
def test_blocks_change_no_bit(values, block):
    for one, other in zip(fold(values, block), fold(values, 2 * TILE), strict=True):
        assert one.tobytes() == other.tobytes()


def test_undefined_worlds_do_not_count(values):
    values[1, ::3] = np.nan
    values[2] = np.nan
    total = fold(values, 64)
    np.testing.assert_allclose(total.mean[1], np.nanmean(values[1]), rtol=1e-14)
    assert total.worlds.tolist() == [500.0, 333.0, 0.0, 500.0, 500.0]
    assert total.mean[2] == 0.0
    assert total.sd[2] == 0.0
