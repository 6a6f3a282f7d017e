"""Effort of a CSM: quadratic cost with substitution, calibrated to 1 at today's plan, and its damped fixed point."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TASKS: Final = ("save", "on_time", "early", "late", "expand", "unpaid")
"""Tasks: save at-risk accounts, renew on time, renew early, recover the lapsed, expand, and work nobody pays for."""
PAID: Final = 0.05
"""A task that gains less than this share of the best paid one counts as unpaid by today's plan. [share]"""
MOST: Final = 4.0
"""No effort is larger than this many times today's: there are so many hours in a day (assumption). [effort]"""
DAMPING: Final = 0.5
TOLERANCE: Final = 0.05
"""The fixed point is reached when no effort would move by more. [effort]"""
MOST_STEPS: Final = 12
APART: Final = 0.2
"""Equilibria from two starts that differ by more are two. [effort]"""


class Costs(NamedTuple):
    """Cost of effort of one CSM and period: 1/2 sum own e^2 + cross sum_{k<l} e_k e_l - motive e. [usd]

    own, motive : [task]; motive is why a CSM works on what today's plan does not pay for.
    cross       : with 0 <= cross < every own, so that the best effort is unique for given gains.
    scope       : tasks that can change an outcome here, and unpaid work. [task]
    """

    own: Floats
    cross: float
    motive: Floats
    scope: NDArray[np.bool_]


class Equilibrium(NamedTuple):
    """Where efforts and what they gain agree. effort : [.., task], 1 at today's plan; steps taken; whether it settled."""

    effort: Floats
    steps: int
    settled: bool


def calibrate(gain: Floats, scope: NDArray[np.bool_], substitution: float) -> Costs | None:
    """Costs at which effort 1 on every task is best under today's plan; None where that plan pays for no task.

    gain         : of one more unit of effort at effort 1, under today's plan. [task] [usd/period]
    substitution : cross cost over the smallest own cost. [share]

    Source: METHOD.md, calibration: first-order condition at e = 1, own = gain - cross (tasks - 1). For tasks that today's
    plan hardly pays for, the mean own cost of those it does, and a motive that makes effort 1 best (assumption).
    """
    others = int(scope.sum()) - 1
    best = float(np.max(gain[scope], initial=0.0))
    if best <= 0.0:
        return None
    paid = scope & (gain >= PAID * best)
    smallest = float(gain[paid].min()) / (1.0 + substitution * others)
    cross = substitution * smallest
    own = np.where(paid, gain - cross * others, 0.0)
    own[~paid] = own[paid].mean()
    motive = np.where(scope & ~paid, own + cross * others - gain, 0.0)
    return Costs(own, cross, motive, scope)


def best_effort(gain: Floats, costs: Costs) -> Floats:
    """The effort that gains most for given gains a unit: e_k = [(gain + motive - cross sum of others) / own]+, at most
    ``MOST``. [task]

    Source: Holmstrom & Milgrom (1991), "Multitask principal-agent analyses", Journal of Law, Economics, & Organization 7;
    the quadratic program is solved as bounded least squares (Stark & Parker 1995).
    """
    from scipy.optimize import lsq_linear

    effort = np.ones(len(gain))  # tasks out of scope change nothing: they stay as they are
    count = int(costs.scope.sum())
    matrix = np.full((count, count), costs.cross)
    np.fill_diagonal(matrix, costs.own[costs.scope])
    lower = np.linalg.cholesky(matrix)
    wanted = (gain + costs.motive)[costs.scope]
    found = lsq_linear(lower.T, np.linalg.solve(lower, wanted), bounds=(0.0, MOST), method="bvls")
    effort[costs.scope] = found.x
    return effort


def fixed_point(gains: Callable[[Floats], Floats], costs: list[Costs], start: Floats) -> Equilibrium:
    """Damped iteration e <- (1 - d) e + d best(gains(e)) until no effort would move by ``TOLERANCE``.

    gains : of one more unit of effort at the given efforts. [segment, task] -> [segment, task] [usd/period]
    costs : by segment.
    start : [segment, task]

    Source: METHOD.md; existence as gains are bounded and smoothed by chance, uniqueness only where own costs exceed their
    slope, so start from several efforts.
    """
    effort = start
    for step in range(1, MOST_STEPS + 1):
        best = np.stack([best_effort(each, cost) for each, cost in zip(gains(effort), costs, strict=True)])
        if float(np.abs(best - effort).max()) < TOLERANCE:
            return Equilibrium(best, step, True)
        effort = (1.0 - DAMPING) * effort + DAMPING * best
    return Equilibrium(effort, MOST_STEPS, False)


def effort_cost(effort: Floats, costs: Costs) -> float:
    """What the effort costs the CSM, its motives taken off. effort : [task] [usd/period]"""
    own = 0.5 * float((costs.own * effort**2).sum())
    pairs = 0.5 * (float(effort.sum()) ** 2 - float((effort**2).sum()))
    return own + costs.cross * pairs - float((costs.motive * effort).sum())
