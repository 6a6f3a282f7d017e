"""Which plan is dearest, which is cheapest, and which differ from the baseline: as far as the same worlds can tell."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import MISS, Floats, mean_of

Statistic = Literal["mean", "median"]

RESIDUE: Final = 1e-9
"""Costs that differ by less than this are the same: float64 leaves residue. [share]"""


class Order(NamedTuple):
    """How plans stand to each other.

    statistic : of the paired differences, by which they are ordered: their mean, or their median.
    dearest   : the plan of the highest value, and after it those that are not told apart from it. [plan]
    cheapest  : likewise of the lowest. [plan]
    p         : two-sided, of no difference to the baseline, adjusted for all plans together (Holm); 1 for the baseline.
                [plan] [share]
    same      : plans whose cost is the baseline's in every world. [plan]
    """

    statistic: Statistic
    dearest: tuple[int, ...]
    cheapest: tuple[int, ...]
    p: tuple[float, ...]
    same: tuple[int, ...]

    def told_apart(self, plan: int) -> bool:
        """Whether a plan's difference to the baseline is more than chance explains."""
        return self.p[plan] < MISS


def order_of(costs: Floats, baseline: int, statistic: Statistic) -> Order:
    """Order plans by a statistic of their paired differences to the baseline. costs : [plan, world] [usd]

    The plan of the highest value is the dearest alone when its paired difference to every other plan is told apart from
    none, by Student's test of the mean or the sign test of the median; the chance of a mistake is shared between the other
    plans (Bonferroni), half of it each for the dearest and the cheapest. So the chance that any plan is wrongly called
    either is at most 5 %.

    Source: multiple comparisons with the best under common random numbers (Hsu 1996, Multiple Comparisons, chapter 4;
    Nelson and Matejcik 1995, Management Science 41(12)); sign test: Conover, Practical Nonparametric Statistics, 3.4.
    """
    test = TESTS[statistic]
    differences = costs - costs[baseline]
    values = differences.mean(axis=1) if statistic == "mean" else np.median(differences, axis=1)
    ps = [test(difference, costs[baseline]) for difference in differences]
    others = [plan for plan in range(len(costs)) if plan != baseline]
    adjusted = dict(zip(others, holm([ps[plan] for plan in others]), strict=True))
    statistics = [statistic] * len(costs)
    return Order(
        statistic,
        not_told_from(int(np.argmax(values)), costs, values, statistics),
        not_told_from(int(np.argmin(values)), costs, values, statistics),
        tuple(adjusted.get(plan, 1.0) for plan in range(len(costs))),
        tuple(plan for plan in others if _same(differences[plan], costs[baseline]).all()),
    )


def not_told_from(
    top: int, worlds: Floats, values: Floats, statistics: Sequence[Statistic]
) -> tuple[int, ...]:
    """A plan and after it, nearest first, those that the same worlds do not tell apart from it.

    worlds     : of each plan, in one unit, paired. [plan, world]
    values     : by which nearness is told. [plan]
    statistics : of each plan; a pair is tested by medians where either is told by its median.

    The chance that any plan is wrongly told apart, a twentieth, is shared between the other plans (Bonferroni).
    """
    level = MISS / max(len(worlds) - 1, 1)

    def undecided(plan: int) -> bool:
        by: Statistic = "median" if "median" in (statistics[plan], statistics[top]) else "mean"
        difference = worlds[plan] - worlds[top]
        # Values may be of more worlds than are compared, or of another statistic: what turns them round tells nothing.
        side = float(difference.mean() if by == "mean" else np.sign(difference).sum())
        agrees = side * (values[plan] - values[top]) > 0.0
        return not agrees or TESTS[by](difference, worlds[top]) >= level

    near = np.argsort(np.abs(values - values[top]), kind="stable").tolist()
    return (top, *(plan for plan in near if plan != top and undecided(plan)))


def _same(difference: Floats, against: Floats) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = np.abs(difference) <= RESIDUE * np.abs(against)
    return same


def _by_mean(difference: Floats, against: Floats) -> float:
    """Student's p of no mean difference; certain where every world differs by the same amount. [share]"""
    from scipy.special import stdtr

    if _same(difference, against).all():
        return 1.0
    found = mean_of(difference)
    if found.se == 0.0:
        return 0.0
    return float(2.0 * stdtr(len(difference) - 1, -abs(found.mean) / found.se))


def _by_median(difference: Floats, against: Floats) -> float:
    """The sign test's p of a median difference of none; worlds without a difference say nothing. [share]"""
    from scipy.special import bdtr

    apart = ~_same(difference, against)
    above, count = int(np.count_nonzero(difference[apart] > 0.0)), int(apart.sum())
    return min(1.0, 2.0 * float(bdtr(min(above, count - above), count, 0.5))) if count else 1.0


TESTS: Final[dict[Statistic, Callable[[Floats, Floats], float]]] = {"mean": _by_mean, "median": _by_median}


def holm(ps: list[float]) -> list[float]:
    """Step-down adjusted p values. [share]

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6(2).
    """
    adjusted, highest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return adjusted
