"""Variance between groups and within them, from pairs of worlds that share one thing and nothing else."""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NOTHING = 1e-12
"""What is left of the whole after removing one value is known to this: sums of squares cancel. [share of the whole]"""


class Variance(NamedTuple):
    """Var(X) = Var(E[X | shared]) + E[Var(X | shared)].

    total, shared, own : the whole and its two parts; ``shared`` may come out below zero by chance.
    share, share_se    : of ``shared`` in the whole, and its standard error; None where nothing varies. The error alone is
                         None where nothing varies without some one pair: one pair cannot say how pairs differ.
    """

    total: float
    shared: float
    own: float
    share: float | None
    share_se: float | None


def of_pairs(first: Floats, second: Floats) -> Variance:
    """The decomposition from ``first`` and ``second`` [pair], two draws of each pair; three pairs at least.

    Unbiased: within, half the mean squared difference; between, the variance of pair means less half of that. The share
    is the intraclass correlation; its error is the jackknife's over pairs.

    Source: law of total variance; one-way random effects, Fisher (1925), Statistical Methods for Research Workers,
    section 38; first-order index by pairs that share an input, Sobol (1993); jackknife, Efron & Stein (1981), The
    Annals of Statistics 9(3).
    """
    middle, apart = (first + second) / 2.0, (first - second) ** 2 / 2.0
    count = len(middle)
    centre = middle - np.mean(middle)
    between, within = float(np.sum(centre**2)) / (count - 1), float(np.mean(apart))
    shared = between - within / 2.0
    total = shared + within
    if not total > 0.0:
        return Variance(total, shared, within, None, None)
    # Without one pair: means of what is left, and its sum of squares by the rule for removing one value.
    rest = count - 1
    without_within = (float(np.sum(apart)) - apart) / rest
    without_between = (float(np.sum(centre**2)) - centre**2 * count / rest) / (rest - 1)
    without = without_between - without_within / 2.0
    left = without + without_within
    if not (left > NOTHING * total).all():
        return Variance(total, shared, within, shared / total, None)
    shares = without / left
    error = sqrt(rest / count * float(np.sum((shares - np.mean(shares)) ** 2)))
    return Variance(total, shared, within, shared / total, error)
