"""How heavy a tail is: its index with its error, and whether means of such worlds say anything."""

from math import isqrt, sqrt
from typing import Final, NamedTuple

import numpy as np

from sim.measure.estimate import Floats

FINITE_VARIANCE: Final = 2.0
"""Below this index the variance is infinite, and no interval of a mean covers. [1]"""
CLEAR: Final = 1.96
"""Standard errors by which an index has to be below that. [1]"""
FEWEST: Final = 64
"""Below so many worlds no index is told. [world]"""
ONE_WORLD: Final = 0.10
"""A mean of which one world carries more than this, and 20 times its equal part, is that world's opinion. [share]"""


class TailIndex(NamedTuple):
    """Pareto's index of a tail, P(X > x) ~ x^-value, and its standard error. [1]"""

    value: float
    se: float

    @property
    def heavy(self) -> bool:
        """Whether the variance is infinite, as far as the worlds can tell: the index is below 2 by 1.96 errors."""
        return self.value + CLEAR * self.se < FINITE_VARIANCE


def tail_index(values: Floats) -> TailIndex | None:
    """Hill's estimate from the sqrt(n) worlds that are farthest from the median, on both sides. [world]

    None where there are fewer than 64 worlds, or no more than sqrt(n) of them differ from the median. Distances from the
    median, because a large constant part, as salaries are, hides the tail of what varies.

    Source: Hill (1975), "A simple general approach to inference about the tail of a distribution", Annals of Statistics
    3(5): 1 / index = mean of log(x_(i) / x_(k+1)) over the k largest; its standard error is index / sqrt(k) (Hall 1982,
    JRSS B 44(1)). k = sqrt(n): assumption, the usual rule.
    """
    count = len(values)
    if count < FEWEST:
        return None
    largest = isqrt(count)
    apart = np.abs(values - np.median(values))
    top = np.sort(np.partition(apart, count - largest - 1)[count - largest - 1 :])
    if not top[0] > 0.0:
        return None
    slope = float(np.mean(np.log(top[1:] / top[0])))
    if not slope > 0.0:
        return None
    index = 1.0 / slope
    return TailIndex(index, index / sqrt(largest))


def largest_share(values: Floats) -> float | None:
    """Part of the sum of absolute ``values`` [world] that one single world carries; None where all are zero. [share]"""
    size = np.abs(values)
    total = float(np.sum(size))
    return float(np.max(size)) / total if total > 0.0 else None


def of_one_world(share: float | None, worlds: int) -> bool:
    """Whether one world carries so much of a mean that it is that world's opinion. Source: assumption."""
    return share is not None and share > max(ONE_WORLD, 20.0 / worlds)
