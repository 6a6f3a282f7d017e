"""How a forecast is held against what happened: where the actual lies in it, and by how much it was missed."""

from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS: Final = (0.05, 0.50, 0.95)
"""Quantiles that are told; nine tenths of the worlds lie between the outer two."""


def keyed_share(*names: object) -> float:
    """A share in [0, 1) that is a function of these names alone: what decides ties, the same in every run."""
    text = "\x1f".join(map(str, names)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little") / 2.0**64


def pit(worlds: Floats, actual: float, share: float) -> float:
    """The probability integral transform: the share of worlds below the actual, ties taken in part. Uniform where the actual
    is one more draw of the same law, be it discrete or not.

    worlds : [world]
    share  : what part of those that equal the actual counts as below; uniform.

    Source: randomised PIT, Czado, Gneiting and Held, "Predictive model assessment for count data" (2009); rank of one more
    draw among N exchangeable ones.
    """
    below, ties = int((worlds < actual).sum()), int((worlds == actual).sum())
    return (below + share * (ties + 1)) / (len(worlds) + 1)


def crps(worlds: Floats, actual: float) -> float:
    """The continuous ranked probability score of the worlds as a forecast, in the unit of the actual:
    E|X - y| - E|X - X'| / 2. Of a single number the absolute error.

    Source: Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation" (2007), eq. 21, for the
    empirical distribution.
    """
    ordered = np.sort(worlds)
    n = len(ordered)
    weight = 2.0 * np.arange(1, n + 1) - n - 1.0
    apart = float((weight * ordered).sum()) / n**2
    return float(np.abs(ordered - actual).mean()) - apart


def quantiles(worlds: Floats) -> tuple[float, float, float]:
    """P5, P50 and P95 of the worlds, as order statistics: values that occur."""
    ordered = np.sort(worlds)
    low, middle, high = (float(ordered[min(int(level * len(ordered)), len(ordered) - 1)]) for level in LEVELS)
    return low, middle, high


def scores_of(pits: Floats) -> Floats:
    """Normal scores of percentiles, which have a standard normal law where the percentiles are uniform."""
    from scipy.special import ndtri

    found: Floats = ndtri(pits)
    return found


def chance_of_scores(scores: Floats) -> float:
    """How likely scores as large as these are, in either direction, where the forecasts are right: the upper tail of
    chi-square with a degree of freedom for each. The scores are those of forecasts that do not overlap.

    Source: Berkowitz, "Testing density forecasts" (2001), without its estimated alternative.
    """
    from scipy.special import chdtrc

    return float(chdtrc(len(scores), float((scores**2).sum())))
