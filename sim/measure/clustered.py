"""Estimates from worlds that share draws of what is not known: worlds of one draw are no independent draws of it.

World w lives on draw w mod K. What is estimated is what would come out over all that the inputs may be, of which the K draws
are a sample; with ever more worlds the error goes down to that of K draws, and not to zero. Where every world has a draw of
its own, or there is one draw or none, worlds are independent and these are the estimates of ``sim.measure.estimate``.

Source: variance of a mean of clusters, Kish, Survey Sampling (1965), chapters 5 and 8 (design effect); quantiles by the
interval of the share below them, Woodruff (1952), JASA 47(260); shares with an effective number of worlds, Korn and
Graubard (1998), Survey Methodology 24(2).
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import (
    ENDS_APART,
    MISS,
    TAIL,
    Centre,
    Floats,
    Mean,
    Median,
    Share,
    Tail,
    from_moments,
    gap_between,
    median_of,
    quantile,
    quantile_interval,
    share_of,
    student,
    tail_mean,
)


class Clusters(NamedTuple):
    """How worlds share draws. draws : of the file; None without one."""

    draws: int | None = None

    def of(self, worlds: int) -> int | None:
        """How many draws so many worlds share; None where they share none."""
        return self.draws if self.draws is not None and 1 < self.draws < worlds else None


INDEPENDENT = Clusters()


def design_effect(values: Floats, clusters: Clusters) -> float:
    """By how much the variance of the mean of ``values`` [world] is larger than that of as many independent worlds; 1 at
    least.
    """
    count = len(values)
    groups = clusters.of(count)
    if groups is None:
        return 1.0
    apart = values - np.mean(values)
    alone = float(np.sum(apart**2)) / (count - 1) / count
    if not alone > 0.0:
        return 1.0
    sums = np.bincount(np.arange(count) % groups, weights=apart, minlength=groups)
    return max(1.0, float(np.sum(sums**2)) * groups / (groups - 1) / count**2 / alone)


def mean_on(values: Floats, clusters: Clusters) -> Mean:
    """The mean over worlds. [world]"""
    count, spread = len(values), float(np.std(values, ddof=1))
    groups = clusters.of(count)
    effect = design_effect(values, clusters)
    return from_moments(count, float(np.mean(values)), spread, effect, groups)


def median_on(values: Floats, clusters: Clusters) -> Median:
    """The median over worlds. [world]"""
    if clusters.of(len(values)) is None:
        return median_of(values)
    ordered = np.sort(values)
    found = interval_on(values, ordered, 0.5, clusters)
    error = 0.0 if found is None else (found[1] - found[0]) / ENDS_APART
    return Median(quantile(ordered, 0.5), error, found)


def centre_on(values: Floats, by_median: bool, clusters: Clusters) -> Centre:
    """The mean over worlds, or the median where they have none. [world]"""
    if by_median:
        return Centre(*median_on(values, clusters))
    return mean_on(values, clusters).centre


def ratio_on(numerator: Floats, denominator: Floats, clusters: Clusters) -> Mean | None:
    """As ``sim.measure.estimate.ratio_of``."""
    below = float(np.mean(denominator))
    if below == 0.0:
        return None
    ratio = float(np.mean(numerator)) / below
    apart = numerator - ratio * denominator
    spread, effect = float(np.std(apart, ddof=1)) / abs(below), design_effect(apart, clusters)
    return from_moments(len(numerator), ratio, spread, effect, clusters.of(len(numerator)))


def interval_on(
    values: Floats, ordered: Floats, level: float, clusters: Clusters
) -> tuple[float, float] | None:
    """95 % interval of a quantile; None when there are too few worlds for it. ordered : ``values``, sorted. [world]"""
    if clusters.of(len(values)) is None:
        return quantile_interval(ordered, level)
    low, high = _limits(level, _effective(values <= quantile(ordered, level), level, clusters))
    if low * len(values) < 1.0 or (1.0 - high) * len(values) < 1.0:
        return None
    return quantile(ordered, low), quantile(ordered, high)


def gap_on(
    values: Floats, ordered: Floats, lower: float, upper: float, clusters: Clusters
) -> tuple[float, float] | None:
    """95 % interval of the gap between two quantiles, as ``sim.measure.estimate.gap_interval``."""
    below, above = (interval_on(values, ordered, level, clusters) for level in (lower, upper))
    if below is None or above is None:
        return None
    return gap_between(ordered, (lower, upper), below, above)


def share_on(hits: NDArray[np.bool_], clusters: Clusters) -> Share:
    """How often something happened. hits : [world]"""
    if clusters.of(len(hits)) is None:
        return share_of(int(np.count_nonzero(hits)), len(hits))
    share = float(np.mean(hits))
    error = sqrt(share * (1.0 - share) / len(hits) * design_effect(hits.astype(np.float64), clusters))
    return Share(share, error, _limits(share, _effective(hits, share, clusters)))


def tail_on(values: Floats, ordered: Floats, clusters: Clusters) -> Tail:
    """As ``sim.measure.estimate.tail_mean``."""
    found = tail_mean(ordered)
    excess = np.maximum(values - quantile(ordered, TAIL), 0.0)
    return Tail(found.cvar, found.se * sqrt(design_effect(excess, clusters)))


def _effective(hits: NDArray[np.bool_], share: float, clusters: Clusters) -> float:
    """So many independent worlds would tell the share as well, what few draws tell of their spread allowed for; where it is
    none or all, as many as there are draws.
    """
    count = len(hits)
    groups = clusters.of(count) or count
    if share in (0.0, 1.0):
        return float(groups)
    few = student(count - 1) / student(groups - 1)
    return count / design_effect(hits.astype(np.float64), clusters) * few**2


def _limits(share: float, effective: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share that was seen in so many worlds."""
    from scipy.special import betaincinv

    hits, others = share * effective, (1.0 - share) * effective
    low = float(betaincinv(hits, others + 1.0, MISS / 2)) if share > 0.0 else 0.0
    high = float(betaincinv(hits + 1.0, others, 1.0 - MISS / 2)) if share < 1.0 else 1.0
    return low, high
