"""What pay follows: outcomes (line of sight), skill rather than luck, and what its noise is worth to the paid (risk)."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import Mean, Numbers, mean_of, with_se

Floats = NDArray[np.float64]

RELIABLE: Final = 0.8
"""Reliability from which on pay ranks CSMs by skill. [share]"""
GROUPS: Final = 10
"""Parts of the worlds, each left out once, for the error of a ratio of variances. [count]"""


class Explained(NamedTuple):
    """How much of pay something explains. slope : [pay per unit of it]; share : R2, with its error. [share]"""

    slope: float
    share: float
    se: float

    def with_se(self, name: str) -> Numbers:
        """``name`` and ``name_se``, of the share."""
        return with_se(name, self.share, self.se)


def line_of_sight(pay: Floats, kept: Floats) -> Explained | None:
    """R2 of pay on what was kept of the renewals due in the same period; None where nothing varies.

    pay, kept : [book, period, world], each in multiples of its own target. Deviations from the mean over worlds, so that
                differences between books and periods explain nothing.

    Source: slope Cov(W, V) / Var(V) as in Jensen & Murphy (1990), "Performance pay and top-management incentives",
    Journal of Political Economy 98(2); 1 - R2 is luck of timing and rules.
    """
    return _explained(_deviations(pay, -1), _deviations(kept, -1))


def luck_and_skill(pay: Floats, skill: Floats, segment: NDArray[np.int64]) -> Explained | None:
    """R2 of a period's pay on the CSM's skill, among the CSMs of a segment in one world and period.

    pay, skill : [book, period, world]; segment : [book]. None where fewer than two CSMs can be compared.
    """
    paid, able = np.zeros_like(pay), np.zeros_like(skill)
    for each in np.unique(segment):
        mine = segment == each
        paid[mine], able[mine] = _deviations(pay[mine], 0), _deviations(skill[mine], 0)
    return _explained(paid, able)


def periods_until_ranked(share: float) -> float | None:
    """Periods of pay until its mean ranks CSMs by skill with reliability ``RELIABLE``; None where it never does.

    Source: Spearman (1910) and Brown (1910), British Journal of Psychology 3: n periods of reliability s have
    n s / (1 + (n - 1) s); luck of different periods is taken as independent (assumption).
    """
    if share <= 0.0:
        return None
    return RELIABLE * (1.0 - share) / (share * (1.0 - RELIABLE))


def risk_premium(pay: Floats, years: float, earnings: float, aversion: float) -> Mean:
    """What a CSM would give up each year for a certain salary, mean over books; see ``risk_by_world``. [usd/yr]"""
    return mean_of(risk_by_world(pay, years, earnings, aversion))


def risk_by_world(pay: Floats, years: float, earnings: float | Floats, aversion: float) -> Floats:
    """What each world adds to the risk premium, whose estimate is their mean. [world] [usd/yr]

    pay      : of each book over the horizon, [book, world] [usd]
    earnings : at target, salary and bonus, of all or of each. [usd/yr], or [book] [usd/yr]
    aversion : relative risk aversion rho. [1]

    Source: Pratt (1964), "Risk aversion in the small and in the large", Econometrica 32: rho / 2 x Var / earnings; the
    variance of a year is that of the horizon over its years, as if years were independent (assumption).
    """
    worlds = pay.shape[1]
    variance = _deviations(pay, 1) ** 2 * (worlds / (worlds - 1.0)) / years
    if isinstance(earnings, float):
        premium: Floats = 0.5 * aversion / earnings * variance.mean(axis=0)
        return premium
    each: Floats = 0.5 * aversion / earnings[:, np.newaxis] * variance
    return np.asarray(each.mean(axis=0))


def tail_share(premium: Floats) -> float:
    """The largest part of a premium that one world adds: from a tenth on, its mean is that world's. premium : [world]
    [share]
    """
    total = float(premium.sum())
    return float(premium.max()) / total if total > 0.0 else 0.0


def _deviations(values: Floats, axis: int) -> Floats:
    deviations: Floats = values - values.mean(axis=axis, keepdims=True)
    return deviations


def _explained(pay: Floats, cause: Floats) -> Explained | None:
    """Regression through the origin of deviations, with a jackknife over groups of worlds.

    Source: Efron & Tibshirani (1993), "An Introduction to the Bootstrap", section 11.5 (grouped jackknife).
    """
    moments = np.stack(
        [(a * b).sum(axis=tuple(range(a.ndim - 1))) for a, b in ((pay, pay), (pay, cause), (cause, cause))]
    )
    total = moments.sum(axis=1)
    if total[0] <= 0.0 or total[2] <= 0.0:
        return None
    groups = [part.sum(axis=1) for part in np.array_split(moments, GROUPS, axis=1) if part.shape[1]]
    left_out = np.array([_share(total - group) for group in groups])
    count = len(left_out)
    error = float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))
    return Explained(float(total[1] / total[2]), _share(total), error)


def _share(moments: Floats) -> float:
    below = moments[0] * moments[2]
    return float(moments[1] ** 2 / below) if below > 0.0 else 0.0
