"""Effort of a CSM: quadratic cost with substitution, calibrated to 1 at today's plan, and the best answer to given gains."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TASKS: Final = ("save", "on_time", "early", "late", "expand", "unpaid", "grow", "onboard", "kpi")
"""Tasks: save at-risk accounts, renew on time, renew early, recover the lapsed, expand at renewal, work nobody pays for,
expand between renewals, onboard new accounts in time, and work on what KPIs read.
"""
PAID: Final = 0.05
"""A task that gains less than this share of the best paid one counts as unpaid by today's plan. [share]"""
MOST: Final = 4.0
"""No effort is larger than this many times today's: there are so many hours in a day (assumption). [effort]"""


class Costs(NamedTuple):
    """Cost of effort of one CSM and period: 1/2 sum own e^2 + cross sum_{k<l} e_k e_l - motive e. [usd]

    own, motive : [task]; motive is why a CSM works on what today's plan does not pay for.
    cross       : with 0 <= cross < every own, so that the best effort is unique for given gains.
    scope       : tasks that can change an outcome here, and unpaid work. [task]
    limit       : the largest effort there is on a task. [effort]
    """

    own: Floats
    cross: float
    motive: Floats
    scope: NDArray[np.bool_]
    limit: float = MOST


def calibrate(
    gain: Floats, scope: NDArray[np.bool_], substitution: float, limit: float = MOST, unpaid: float = 1.0
) -> Costs:
    """Costs at which effort 1 on every task is best under today's plan.

    gain         : of one more unit of effort at effort 1, under today's plan. [task] [usd/period]
    substitution : cross cost over the smallest own cost. [share]
    unpaid       : what a task would gain where today's plan pays for none: it says how large costs are. [usd/period]

    Source: METHOD.md, calibration: first-order condition at e = 1, own = gain - cross (tasks - 1). For tasks that today's
    plan hardly pays for, the mean own cost of those it does, and a motive that makes effort 1 best (assumption).
    """
    others = int(scope.sum()) - 1
    best = float(np.max(gain[scope], initial=0.0))
    paid = scope & (gain >= PAID * best) if best > 0.0 else np.zeros_like(scope)
    smallest = (float(gain[paid].min()) if paid.any() else unpaid) / (1.0 + substitution * others)
    cross = substitution * smallest
    own = np.where(paid, gain - cross * others, 0.0)
    own[~paid] = own[paid].mean() if paid.any() else unpaid - cross * others
    motive = np.where(scope & ~paid, own + cross * others - gain, 0.0)
    return Costs(own, cross, motive, scope, limit)


def best_effort(gain: Floats, costs: Costs) -> Floats:
    """The effort that gains most for given gains a unit: e_k = [(gain + motive - cross sum of others) / own]+, at most
    the limit. [task]

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
    solved = lsq_linear(lower.T, np.linalg.solve(lower, wanted), bounds=(0.0, costs.limit), method="bvls")
    effort[costs.scope] = solved.x
    return effort


def best_efforts(gain: Floats, costs: Sequence[Costs]) -> Floats:
    """The best effort of each of several who work side by side. gain : one's tasks after another's. [worker x task]"""
    each = np.split(gain, len(costs))
    return np.concatenate([best_effort(one, own) for one, own in zip(each, costs, strict=True)])


def marginals(gain: Floats, effort: Floats, costs: Sequence[Costs]) -> Floats:
    """What one more unit of effort is worth to each of them. [worker x task]"""
    parts = zip(np.split(gain, len(costs)), np.split(effort, len(costs)), costs, strict=True)
    return np.concatenate([marginal(*part) for part in parts])


def marginal(gain: Floats, effort: Floats, costs: Costs) -> Floats:
    """What one more unit of effort on each task is worth to the CSM, its cost taken off; 0 out of scope. [task] [usd]"""
    others = float(effort[costs.scope].sum()) - effort
    worth = gain + costs.motive - costs.own * effort - costs.cross * others
    return np.where(costs.scope, worth, 0.0)


def effort_cost(effort: Floats, costs: Costs) -> float:
    """What the effort costs the CSM, its motives taken off. effort : [task] [usd/period]"""
    inside = np.where(costs.scope, effort, 0.0)
    own = 0.5 * float((costs.own * inside**2).sum())
    pairs = 0.5 * (float(inside.sum()) ** 2 - float((inside**2).sum()))
    return own + costs.cross * pairs - float((costs.motive * inside).sum())
