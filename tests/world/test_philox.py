"""The generator against the published known answers, and against the paper's algorithm on Python integers."""

import numpy as np
import pytest

from sim.world.philox import U64, philox
from tests.rig.twins.world import philox as plain_philox

# Random123, kat_vectors, philox4x32 with 10 rounds
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def words(counter, key):
    return tuple(int(word) for word in philox(*(U64(c) for c in counter), *(U64(k) for k in key)))


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_published_answers(counter, key, expected):
    assert words(counter, key) == expected
    assert plain_philox(counter, key) == expected


def test_agrees_with_the_plain_algorithm_on_random_counters():
    rng = np.random.default_rng(3)
    for row in rng.integers(0, 2**32, size=(200, 6)).tolist():
        assert words(tuple(row[:4]), tuple(row[4:])) == plain_philox(tuple(row[:4]), tuple(row[4:]))


@pytest.mark.jit
def test_neighbouring_counters_are_independent():
    # each word of 20,000 counters against the same word with one counter word or key word moved by one: |r| < 4.4 / sqrt(n);
    # 24 comparisons at 1e-5 each: a false alarm once in 4,000 seeds, and the seed is fixed
    n = 20_000
    base = np.array([words((w, 7, 9, 11), (1, 2)) for w in range(n)], dtype=float)
    moves = [((0, 1, 0, 0), (0, 0)), ((0, 0, 1, 0), (0, 0)), ((0, 0, 0, 1), (0, 0)), ((0, 0, 0, 0), (1, 0))]
    for (_, b, c, d), (k, _) in moves:
        moved = np.array([words((w, 7 + b, 9 + c, 11 + d), (1 + k, 2)) for w in range(n)], dtype=float)
        for column in range(4):
            assert abs(np.corrcoef(base[:, column], moved[:, column])[0, 1]) < 4.4 / np.sqrt(n)
    for lag in (1, 2):
        for column in range(4):
            assert abs(np.corrcoef(base[lag:, column], base[:-lag, column])[0, 1]) < 4.4 / np.sqrt(n - lag)
