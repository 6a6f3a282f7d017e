"""A histogram of shares that merges exactly: integer counts in bins that are finer where values are small.

The bin of x is 1 + |x| rounded to eleven significant binary digits, on the side of its sign. So 0, 0.5, 1.0, 1.25 and
-4 have bins of their own, and a percentile read from the bins is off by at most (1 + |x|) / 2,048. Shares below zero are
attainments of a measure under its floor, and pay that is taken back.

Source: the bins of HdrHistogram (Tene), taken over 1 + |x| instead of x.
"""

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.records import FloatPW, IntP

DIGITS: Final = 10
"""Binary digits kept after the leading one."""
OCTAVES: Final = 10
"""Doublings of 1 + |x| that have bins; larger values are counted in the last bin of their side."""
ZERO: Final = OCTAVES << DIGITS
"""The bin of 0, and the number of bins on each side of it."""
BINS: Final = 2 * ZERO + 1
SHIFT: Final = 52 - DIGITS
HALF: Final = 1 << (SHIFT - 1)
ORIGIN: Final = 1023 << DIGITS


@kernel
def count_values(values: FloatPW, scale: float, bits: IntP, shifted: FloatPW, out: IntP) -> None:
    """Add every ``values`` x ``scale`` [period, world] to the counts ``out`` [bin].

    ``shifted`` [world] is scratch, and ``bits`` the same memory seen as integers.
    """
    for period in range(values.shape[0]):
        count_row(values[period], scale, bits, shifted, out)


@stage
def count_row(values: FloatPW, scale: float, bits: IntP, shifted: FloatPW, out: IntP) -> None:
    """The same for one row of values. [world]"""
    for world in range(values.size):
        shifted[world] = 1.0 + abs(values[world] * scale)
    for world in range(values.size):
        size = min(((bits[world] + HALF) >> SHIFT) - ORIGIN, ZERO)
        bits[world] = ZERO - size if values[world] < 0.0 else ZERO + size
    for world in range(values.size):
        out[np.uint64(bits[world])] += 1  # an unsigned index is not checked for being counted from the end


def percentile(counts: IntP, level: float) -> float | None:
    """The smallest bin that holds at least ``level`` of all values; None of an empty histogram. [share]"""
    total = int(counts.sum())
    if total == 0:
        return None
    rank = min(max(ceil(level * total), 1), total)
    return value_of(int(np.searchsorted(np.cumsum(counts), rank)))


def value_of(position: int) -> float:
    """The value in the middle of a bin. [share]"""
    return float(values_of(np.array([position]))[0])


def values_of(positions: IntP) -> NDArray[np.float64]:
    """The values in the middle of bins. [bin] [share]"""
    size = ((np.abs(positions - ZERO) + ORIGIN) << SHIFT).view(np.float64) - 1.0
    values: NDArray[np.float64] = np.where(positions < ZERO, -size, size)
    return values
