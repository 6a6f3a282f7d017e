"""Which plans are worth choosing between: those that no other plan beats, as far as paired differences can tell."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import mean_of, sign_test

Floats = NDArray[np.float64]

MISS = 0.05
"""Chance that any plan at all is wrongly called beaten. [share]"""


class Criterion(NamedTuple):
    """What plans are compared on, higher being better: a bracket, whose ends are the same where the value is known.

    low, high : in the same worlds for all plans; NaN for a plan of which nothing is known. [plan, world]
    """

    low: Floats
    high: Floats


class Screened(NamedTuple):
    """What the screening found.

    beaten_by   : for each plan, the plan that beats it, or -1. [plan]
    better_on   : for each plan, the positions of the criteria on which that plan is clearly better. [plan]
    comparisons : how many differences the chance of a mistake is shared between.
    """

    beaten_by: tuple[int, ...]
    better_on: tuple[tuple[int, ...], ...]
    comparisons: int


def known(values: Floats) -> Criterion:
    """A criterion whose value is known in every world. values : [plan, world]"""
    return Criterion(values, values)


def screen(criteria: list[Criterion], heavy: Sequence[bool] = ()) -> Screened:
    """The plans that none of the others beats: the Pareto set, with the doubt of simulation.

    A plan is beaten by one that is at least as good by its mean on every criterion, at both ends of its bracket, and better
    on at least one by more than chance explains: its lower end above the other's upper end. The chance is shared between
    all ordered pairs and criteria (Bonferroni). What is not known is neither as good nor better.

    heavy : plans whose pay has no mean: a pair with one of them is compared by the medians of its paired differences, and by
        the sign test. [plan]

    Source: Nelson, Swann, Goldsman & Song (2001), "Simple procedures for selecting the best simulated system when the
    number of alternatives is large", Operations Research 49(6): screening by paired differences under common random
    numbers; Pareto dominance of the means.
    """
    plans = len(criteria[0].low)
    comparisons = max(plans * (plans - 1) * len(criteria), 1)
    heavy = tuple(heavy) or (False,) * plans
    order = np.median(criteria[0].low, axis=1) if any(heavy) else criteria[0].low.mean(axis=1)
    beaten_by, better_on = [], []
    for plan in range(plans):
        by_median = {other: heavy[plan] or heavy[other] for other in range(plans) if other != plan}
        rivals = [each for each, median in by_median.items() if _as_good(criteria, plan, each, median)]
        found = {
            other: _clearly(criteria, plan, other, MISS / comparisons, by_median[other]) for other in rivals
        }
        better = [other for other in rivals if found[other]]
        best = max(better, key=lambda other: float(order[other]), default=-1)
        beaten_by.append(best)
        better_on.append(found[best] if best >= 0 else ())
    return Screened(tuple(beaten_by), tuple(better_on), comparisons)


def _as_good(criteria: list[Criterion], plan: int, other: int, by_median: bool) -> bool:
    """Whether ``other`` is at least as good at both ends of every criterion."""
    if not by_median:
        return all(end[other].mean() >= end[plan].mean() for criterion in criteria for end in criterion)
    return all(float(np.median(end[other] - end[plan])) >= 0.0 for criterion in criteria for end in criterion)


def _clearly(
    criteria: list[Criterion], plan: int, other: int, miss: float, by_median: bool
) -> tuple[int, ...]:
    """The criteria on which ``other`` is better by more than a one-sided paired t interval of this miss rate, or than the
    sign test allows.
    """
    from scipy.special import stdtrit

    found = []
    for position, criterion in enumerate(criteria):
        if by_median:
            apart = criterion.low[other] - criterion.high[plan]
            if np.median(apart) > 0.0 and sign_test(apart) / 2.0 < miss:
                found.append(position)
            continue
        gap = mean_of(criterion.low[other] - criterion.high[plan])
        if gap.mean - float(stdtrit(criterion.low.shape[1] - 1, 1.0 - miss)) * gap.se > 0.0:
            found.append(position)
    return tuple(found)
