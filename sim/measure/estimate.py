"""Estimates from independent worlds, each with its Monte Carlo error: means, quantiles, tail means,
shares.
"""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from math import sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = dict[str, Any]
"""Plain values under the names that results have."""

MISS: Final = 0.05
"""How often a 95 % interval may miss. [share]"""
ENDS_APART: Final = 3.92
"""Standard errors between the ends of a 95 % interval. [1]"""
TAIL: Final = 0.95
"""CVaR is the mean of the outcomes beyond this quantile. [share]"""
LEVELS: Final = {
    "p5": 0.05,
    "p10": 0.10,
    "p25": 0.25,
    "p50": 0.50,
    "p75": 0.75,
    "p90": 0.90,
    "p95": 0.95,
    "p99": 0.99,
}
"""The quantiles that are reported. [share]"""


class Mean(NamedTuple):
    """A mean over worlds. ``se`` is its standard error, ``sd`` the spread of single worlds, ``ci95``
    Student's interval.
    """

    mean: float
    se: float
    sd: float
    ci95: tuple[float, float]

    @property
    def centre(self) -> "Centre":
        """Where the values lie."""
        return Centre(self.mean, self.se, self.ci95)

    def entry(self, name: str = "") -> Numbers:
        """``mean``, ``se``, ``ci95``; or, of a named quantity, ``name``, ``name_se``, ``name_ci95``."""
        return self.with_se(name) | _interval(name, self.ci95)

    def with_se(self, name: str = "") -> Numbers:
        """The same without the interval."""
        return with_se(name, self.mean, self.se, "mean")


class Median(NamedTuple):
    """A median over worlds, for what has no mean. ``ci95`` lies between two order statistics, None where worlds are too few;
    ``se`` is its width over 3.92, 0 where there is none.
    """

    median: float
    se: float
    ci95: tuple[float, float] | None

    def entry(self, name: str = "") -> Numbers:
        """As that of a mean, called ``median`` where no name is given; no interval where there is none."""
        return self.with_se(name) | _interval(name, self.ci95)

    def with_se(self, name: str = "") -> Numbers:
        """The same without the interval."""
        return with_se(name, self.median, self.se, "median")


class Centre(NamedTuple):
    """Where values lie: their mean, or their median where they have none; ``ci95`` is None where worlds are too few."""

    value: float
    se: float
    ci95: tuple[float, float] | None

    @property
    def sign(self) -> int:
        """Whether the 95 % interval lies above zero (1), below (-1), or neither."""
        if self.ci95 is None:
            return 0
        return 1 if self.ci95[0] > 0.0 else -1 if self.ci95[1] < 0.0 else 0

    def entry(self, name: str) -> Numbers:
        """``name``, ``name_se`` and, where there is one, ``name_ci95``."""
        return self.with_se(name) | _interval(name, self.ci95)

    def with_se(self, name: str) -> Numbers:
        """The same without the interval."""
        return with_se(name, self.value, self.se)


class Share(NamedTuple):
    """A probability, its standard error and its exact (Clopper-Pearson) 95 % interval. [share]"""

    share: float
    se: float
    ci95: tuple[float, float]

    def entry(self, name: str) -> Numbers:
        """``name``, ``name_se``, ``name_ci95``."""
        return self.with_se(name) | _interval(name, self.ci95)

    def with_se(self, name: str) -> Numbers:
        """The same without the interval."""
        return with_se(name, self.share, self.se)


class Tail(NamedTuple):
    """Mean of the worst 5 % of worlds and its standard error."""

    cvar: float
    se: float

    def entry(self) -> Numbers:
        """``cvar95``, ``cvar95_se``."""
        return with_se("cvar95", self.cvar, self.se)


def with_se(name: str, value: float, se: float, unnamed: str = "") -> Numbers:
    """``name`` and ``name_se``; or, without a name, ``unnamed`` and ``se``."""
    return {name or unnamed: value, f"{name}_se" if name else "se": se}


def _interval(name: str, ci95: tuple[float, float] | None) -> Numbers:
    return {} if ci95 is None else {f"{name}_ci95" if name else "ci95": list(ci95)}


def mean_of(values: Floats) -> Mean:
    """Mean over worlds, in the unit of ``values`` [world]; at least two worlds.

    Source: Student (1908), "The probable error of a mean", Biometrika 6(1).
    """
    count = len(values)
    centre = float(np.mean(values))
    spread = float(np.std(values, ddof=1))
    return from_moments(count, centre, spread)


def from_moments(
    count: float, mean: float, sd: float, effect: float = 1.0, clusters: int | None = None
) -> Mean:
    """The estimate of a mean from the number of worlds, their mean and their standard deviation.

    effect, clusters : of worlds that are not independent, by how much that raises the variance of the mean, and how many
                       independent clusters they make.
    """
    error = sd / sqrt(count) * sqrt(effect)
    reach = student(int(clusters or count) - 1) * error
    return Mean(mean, error, sd, (mean - reach, mean + reach))


def quantile(ordered: Floats, level: float) -> float:
    """Quantile of sorted ``ordered`` [world], linear between order statistics.

    Source: definition 7 of Hyndman & Fan (1996), "Sample quantiles in statistical packages" (numpy's
    default).
    """
    position = (len(ordered) - 1) * level
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (position - low) * (ordered[high] - ordered[low]))


def quantile_interval(ordered: Floats, level: float, miss: float = MISS) -> tuple[float, float] | None:
    """Interval of a quantile between two order statistics, 95 % unless told; no density is assumed.

    None when there are too few worlds for an interval that covers so much.

    Source: David & Nagaraja, Order Statistics (3rd ed.), section 7.1: P(X_(r) <= q < X_(s)) = P(r <= B < s)
    for B binomial(n, level).
    """
    low, high = _ranks(len(ordered), level, miss)
    if low < 1 or high > len(ordered):
        return None
    return float(ordered[low - 1]), float(ordered[high - 1])


def gap_interval(ordered: Floats, lower: float, upper: float) -> tuple[float, float] | None:
    """95 % interval of the gap between two quantiles of the same worlds, from the order statistics of each.

    Each end takes what the two intervals leave on its side, less what the quantiles move together: their correlation is
    sqrt(lower (1 - upper) / (upper (1 - lower))) whatever the density, a third for P50 and P90. Skew stays: no density is
    estimated. None when there are too few worlds for one of the intervals.

    Source: method of variance estimates recovery, Zou & Donner (2008), "Construction of confidence limits about effect
    measures: a general approach", Statistics in Medicine 27(10); the correlation of two sample quantiles: Mosteller
    (1946), "On some useful 'inefficient' statistics", Ann. Math. Statist. 17(4).
    """
    below, above = quantile_interval(ordered, lower), quantile_interval(ordered, upper)
    if below is None or above is None:
        return None
    return gap_between(ordered, (lower, upper), below, above)


def gap_between(
    ordered: Floats, levels: tuple[float, float], below: tuple[float, float], above: tuple[float, float]
) -> tuple[float, float]:
    """The interval of the gap between two quantiles from the interval of each."""
    lower, upper = levels
    low, high = quantile(ordered, lower), quantile(ordered, upper)
    together = sqrt(lower * (1.0 - upper) / (upper * (1.0 - lower)))

    def reach(one: float, other: float) -> float:
        return sqrt(max(one * one + other * other - 2.0 * together * one * other, 0.0))

    gap = high - low
    return gap - reach(high - above[0], below[1] - low), gap + reach(above[1] - high, low - below[0])


def median_of(values: Floats) -> Median:
    """Median over worlds, in the unit of ``values`` [world]."""
    ordered = np.sort(values)
    found = quantile_interval(ordered, 0.5)
    error = 0.0 if found is None else (found[1] - found[0]) / ENDS_APART
    return Median(quantile(ordered, 0.5), error, found)


def centre_of(values: Floats, by_median: bool) -> Centre:
    """Mean over worlds, or the median where they have no mean. [world]"""
    if by_median:
        return Centre(*median_of(values))
    found = mean_of(values)
    return Centre(found.mean, found.se, found.ci95)


def sign_test(values: Floats) -> float:
    """Two-sided p of ``values`` [world] that are as often above zero as below; zeros tell nothing. [share]

    Source: Dixon & Mood (1946), "The statistical sign test", JASA 41(236); exact binomial.
    """
    from scipy.special import bdtr

    above, below = int(np.count_nonzero(values > 0.0)), int(np.count_nonzero(values < 0.0))
    fewer = min(above, below)
    return min(1.0, 2.0 * float(bdtr(fewer, above + below, 0.5))) if above + below else 1.0


def tail_mean(ordered: Floats, level: float = TAIL) -> Tail:
    """CVaR: q + mean((X - q)+) / (1 - level), with standard error sd((X - q)+) / ((1 - level) sqrt n).

    Source: Hong, Hu & Liu (2014), "Monte Carlo methods for value-at-risk and conditional value-at-risk: a
    review", ACM TOMACS 24(4).
    """
    edge = quantile(ordered, level)
    excess = np.maximum(ordered - edge, 0.0)
    error = float(np.std(excess, ddof=1)) / ((1.0 - level) * sqrt(len(ordered)))
    return Tail(edge + float(np.mean(excess)) / (1.0 - level), error)


def share_of(hits: int, count: int) -> Share:
    """How often something happened in ``count`` independent worlds.

    Source: Clopper & Pearson (1934), "The use of confidence or fiducial limits", Biometrika 26(4).
    """
    from scipy.special import betaincinv

    share = hits / count
    low = float(betaincinv(hits, count - hits + 1, MISS / 2)) if hits else 0.0
    high = float(betaincinv(hits + 1, count - hits, 1 - MISS / 2)) if hits < count else 1.0
    return Share(share, sqrt(share * (1.0 - share) / count), (low, high))


def ratio_of(numerator: Floats, denominator: Floats) -> Mean | None:
    """Mean of ``numerator`` over mean of ``denominator`` [world], with the error of the ratio; None over
    zero.

    Source: the delta method; Cochran, Sampling Techniques (3rd ed.), section 2.11.
    """
    below = float(np.mean(denominator))
    if below == 0.0:
        return None
    ratio = float(np.mean(numerator)) / below
    spread = float(np.std(numerator - ratio * denominator, ddof=1)) / abs(below)
    return from_moments(len(numerator), ratio, spread)


@lru_cache(maxsize=64)
def student(freedom: int) -> float:
    """How many standard errors the end of a 95 % interval lies from a mean."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1.0 - MISS / 2))


@lru_cache(maxsize=64)
def _ranks(count: int, level: float, miss: float) -> tuple[int, int]:
    """Ranks (from 1) of the two order statistics; 0 or ``count + 1`` where there is none."""
    from scipy.special import bdtr

    def at_most(successes: int) -> float:
        return float(bdtr(successes, count, level))

    outcomes = range(count + 1)
    low = bisect_right(outcomes, miss / 2, key=at_most)
    high = bisect_left(outcomes, 1.0 - miss / 2, key=at_most) + 1
    return low, high
