"""Which plans are worth choosing between: those that no other plan beats, as far as paired differences can tell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import mean_of

Floats = NDArray[np.float64]

MISS = 0.05
"""Chance that any plan at all is wrongly called beaten. [share]"""


class Screened(NamedTuple):
    """What the screening found.

    beaten_by : for each plan, the plan that beats it, or -1. [plan]
    comparisons : how many differences the chance of a mistake is shared between.
    """

    beaten_by: tuple[int, ...]
    comparisons: int


def screen(criteria: list[Floats], known: list[Floats] | None = None) -> Screened:
    """The plans that none of the others beats: the Pareto set, with the doubt of simulation.

    criteria : each [plan, world], in the same worlds for all plans, higher being better.
    known    : further criteria of which only a mean is known, each [plan]; they can keep a plan from being beaten.

    A plan is beaten by one that is at least as good by its mean on every criterion, and better on at least one by more
    than chance explains; the chance is shared between all ordered pairs and criteria (Bonferroni).

    Source: Nelson, Swann, Goldsman & Song (2001), "Simple procedures for selecting the best simulated system when the
    number of alternatives is large", Operations Research 49(6): screening by paired differences under common random
    numbers; Pareto dominance of the means.
    """
    plans = len(criteria[0])
    comparisons = max(plans * (plans - 1) * len(criteria), 1)
    means = np.array([*(values.mean(axis=1) for values in criteria), *(known or [])])
    beaten_by = []
    for plan in range(plans):
        rivals = [
            other for other in range(plans) if other != plan and (means[:, other] >= means[:, plan]).all()
        ]
        better = [other for other in rivals if _clearly(criteria, plan, other, MISS / comparisons)]
        best = max(better, key=lambda other: float(means[0, other]), default=-1)
        beaten_by.append(best)
    return Screened(tuple(beaten_by), comparisons)


def _clearly(criteria: list[Floats], plan: int, other: int, miss: float) -> bool:
    """Whether ``other`` is better on some criterion by more than a one-sided paired t interval of this miss rate."""
    from scipy.special import stdtrit

    for values in criteria:
        found = mean_of(values[other] - values[plan])
        if found.mean - float(stdtrit(values.shape[1] - 1, 1.0 - miss)) * found.se > 0.0:
            return True
    return False
