"""What a plan costs the company: the distribution over worlds, and the difference to another plan world by
world.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.measure.clustered import (
    INDEPENDENT,
    Clusters,
    gap_on,
    interval_on,
    mean_on,
    share_on,
    tail_on,
)
from sim.measure.estimate import LEVELS, Floats, Mean, Numbers, Share, Tail, mean_of, quantile
from sim.measure.tail import largest_share
from sim.records import FloatPW

DIFFERENCE_LEVELS: Final = ("p5", "p50", "p95")
"""Quantiles reported of paired differences."""
PERIOD_LEVELS: Final = ("p10", "p50", "p90")
"""Quantiles reported of single periods."""


class Pay(NamedTuple):
    """What is paid besides the bonus.

    base    : salaries; [period, world] where seats can be vacant. [usd/period]
    on_cost : employer's cost on all pay. [rate]
    """

    base: float | FloatPW
    on_cost: float


class Quantiles(NamedTuple):
    """Quantiles by name (``p5`` ...) and their 95 % intervals; an interval is absent where worlds are too
    few.
    """

    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]

    def entry(self) -> Numbers:
        """The quantiles, and ``quantile_ci95`` with their intervals."""
        return self.values | {"quantile_ci95": {name: list(ends) for name, ends in self.intervals.items()}}


class Cost(NamedTuple):
    """Company cost over the horizon. [usd]

    reserve        : P90 - P50, what a budget at the median keeps back. [usd]
    reserve_ci95   : 95 % interval of it. [usd]
    over_budget    : probability that cost exceeds the budget. [share]
    """

    mean: Mean
    quantiles: Quantiles
    tail: Tail
    reserve: float
    reserve_ci95: tuple[float, float] | None
    over_budget: Share | None


class Difference(NamedTuple):
    """Cost of a plan less the cost of the baseline in the same world. [usd]

    dearer : worlds in which the plan costs more, beyond float64 residue. [share]
    largest_world_share : part of the summed absolute difference that one single world carries; near 1 /
             worlds when the mean is sound, far above it when it rests on a few extreme worlds. None where
             nothing differs. [share]
    """

    mean: Mean
    quantiles: Quantiles
    dearer: Share
    largest_world_share: float | None


def company_cost(variable: FloatPW, pay: Pay) -> FloatPW:
    """(variable pay + base salaries) x (1 + on-cost). [period, world] [usd]

    Source: cost is the sum over people of what each is paid, base and employer's cost included (WorldatWork,
    "compensation cost of sales").
    """
    return (variable + pay.base) * (1.0 + pay.on_cost)


def over_budget(cost: Floats, budget: float | None, clusters: Clusters = INDEPENDENT) -> Share | None:
    """The probability that cost exceeds a budget; None without one. cost : [world] [usd]"""
    return None if budget is None else share_on(cost > budget, clusters)


def cost_of(cost: Floats, budget: float | None, clusters: Clusters = INDEPENDENT) -> Cost:
    """The distribution of company cost, from ``cost`` [world]."""
    ordered = np.sort(cost)
    quantiles = quantiles_of(cost, tuple(LEVELS), clusters)
    over = over_budget(cost, budget, clusters)
    reserve = quantiles.values["p90"] - quantiles.values["p50"]
    around = gap_on(cost, ordered, LEVELS["p50"], LEVELS["p90"], clusters)
    return Cost(mean_on(cost, clusters), quantiles, tail_on(cost, ordered, clusters), reserve, around, over)


def difference_of(cost: Floats, baseline: Floats, clusters: Clusters = INDEPENDENT) -> Difference:
    """The paired difference to the baseline; both [world], of the same worlds.

    Pairing removes what both plans share. Source: common random numbers; Law, Simulation Modeling and
    Analysis (5th ed.), section 11.2. A plan is dearer where the difference exceeds 1e-9 of the cost: float64
    leaves residue.
    """
    difference = cost - baseline
    dearer = share_on(difference > 1e-9 * np.abs(baseline), clusters)
    quantiles = quantiles_of(difference, DIFFERENCE_LEVELS, clusters)
    share = largest_share(difference)
    return Difference(mean_on(difference, clusters), quantiles, dearer, share)


def quantiles_of(amounts: Floats, names: tuple[str, ...], clusters: Clusters = INDEPENDENT) -> Quantiles:
    """The named quantiles of ``amounts`` [world], with their intervals."""
    ordered = np.sort(amounts)
    values = {name: quantile(ordered, LEVELS[name]) for name in names}
    found = {name: interval_on(amounts, ordered, LEVELS[name], clusters) for name in names}
    return Quantiles(values, {name: interval for name, interval in found.items() if interval is not None})


def convexity_of(variable: Floats, attainment: Floats, at_mean: float, slope: float) -> Mean:
    """What the shape of the curve costs: mean variable pay less the pay if every CSM-period had the mean
    attainment. [usd]

    variable   : pay of all CSMs over the horizon. [world] [usd]
    attainment : mean over the CSM-periods of a world. [world] [share]
    at_mean    : pay of all CSM-periods at the mean attainment of all worlds. [usd]
    slope      : its change with the mean attainment. [usd/share]

    Source: cost is sum(base_i + TI_i P(a_i)), not N x P(mean a), a standard warning in compensation cost
    modelling (Jensen's inequality); the error is that of the difference linearised in the mean (delta
    method).
    """
    error = mean_of(variable - slope * attainment)
    centre = float(np.mean(variable)) - at_mean
    reach = error.ci95[1] - error.mean
    return Mean(centre, error.se, error.sd, (centre - reach, centre + reach))
