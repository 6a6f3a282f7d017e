"""A histogram of shares that merges exactly: integer counts in bins that are finer where values are small.

The bin of x >= 0 is 1 + x rounded to eleven significant binary digits. So 0, 0.5, 1.0, 1.25 and 1.5 have bins
of their own, and a percentile read from the bins is off by at most (1 + x) / 2,048.

Source: the bins of HdrHistogram (Tene), taken over 1 + x instead of x.
"""

from math import ceil
from typing import Final

import numpy as np

from sim.kernel import kernel
from sim.records import FloatPW, IntP

DIGITS: Final = 10
"""Binary digits kept after the leading one."""
OCTAVES: Final = 10
"""Doublings of 1 + x that have bins; larger values are counted in the last bin."""
BINS: Final = (OCTAVES << DIGITS) + 1
SHIFT: Final = 52 - DIGITS
HALF: Final = 1 << (SHIFT - 1)
ORIGIN: Final = 1023 << DIGITS
LAST: Final = BINS - 1


@kernel
def count_values(values: FloatPW, scale: float, bits: IntP, shifted: FloatPW, out: IntP) -> None:
    """Add every ``values`` x ``scale`` [period, world] to the counts ``out`` [bin].

    ``shifted`` [world] is scratch, and ``bits`` the same memory seen as integers.
    """
    periods, worlds = values.shape
    for period in range(periods):
        for world in range(worlds):
            shifted[world] = 1.0 + values[period, world] * scale
        for world in range(worlds):
            position = ((bits[world] + HALF) >> SHIFT) - ORIGIN
            out[min(max(position, 0), LAST)] += 1


def percentile(counts: IntP, level: float) -> float | None:
    """The smallest bin that holds at least ``level`` of all values; None of an empty histogram. [share]"""
    total = int(counts.sum())
    if total == 0:
        return None
    rank = min(max(ceil(level * total), 1), total)
    return value_of(int(np.searchsorted(np.cumsum(counts), rank)))


def value_of(position: int) -> float:
    """The value in the middle of a bin. [share]"""
    return float(np.array([(position + ORIGIN) << SHIFT], dtype=np.int64).view(np.float64)[0]) - 1.0
