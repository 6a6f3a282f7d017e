"""Which outputs of two results differ by more than chance.

Both runs draw world w from its own number: with the same seed and draw plan, world w of both is as alike as their
scenarios are, and the difference is taken world by world. Otherwise the worlds are independent.
"""

from collections.abc import Mapping
from math import erfc, inf, isinf, sqrt
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.errors import InputError, Problem
from sim.measure.clustered import INDEPENDENT, Clusters, mean_on, median_on
from sim.measure.estimate import ENDS_APART, Floats, sign_test
from sim.measure.order import holm
from sim.questions.cost.summary import CostOfPlan
from sim.summary.summary import Summary

SIGNIFICANT: Final = 0.05
"""Chance that any of the differences called significant is not one. [share]"""
RETENTION: Final = "retention.parquet"
SHARES: Final = ("grr", "nrr")
"""Means of the company's retention that are compared."""


class Estimate(NamedTuple):
    """A mean and its standard error."""

    mean: float
    se: float


class OfPlan(NamedTuple):
    """What a summary says of one plan.

    cost        : None where it has no mean. [usd over the horizon]
    median      : of cost. [usd]
    median_ci95 : without end where worlds are too few.
    kept        : of ``SHARES``, those that were estimated. [share/yr]
    """

    cost: Estimate | None
    median: float
    median_ci95: tuple[float, float]
    kept: dict[str, Estimate]


class Difference(NamedTuple):
    """An output, B less A.

    statistic : ``"mean"``; ``"median"`` of a cost that has no mean on one side.
    gap       : B less A; paired, the mean or median of the differences.
    se        : standard error of the gap; of a median from its interval between order statistics, 0 without one.
    ci95      : 95 % interval of the gap; None where worlds are too few.
    p         : two-sided, of no difference at all; adjusted for the number of comparisons (Holm). [share]
    paired    : whether it was taken world by world.
    """

    plan: str
    measure: str
    before: float
    after: float
    statistic: str
    gap: float
    se: float
    ci95: tuple[float, float] | None
    p: float
    paired: bool

    @property
    def significant(self) -> bool:
        """Whether the difference is told apart from none."""
        return self.p < SIGNIFICANT

    def to_json(self) -> dict[str, Any]:
        """Plain numbers: the gap under the name of its statistic; what is not known is absent."""
        found = self._asdict() | {self.statistic: self.gap, "significant": self.significant}
        del found["gap"]
        return {key: value for key, value in found.items() if value is not None}


def plans_of(summary: Summary) -> dict[str, OfPlan]:
    """What is compared of each plan."""
    return {name: _of_plan(plan.of(CostOfPlan)) for name, plan in summary.plans.items()}


def _of_plan(plan: CostOfPlan) -> OfPlan:
    cost, kept = plan.cost, plan.retention
    shares = {"grr": (kept.grr, kept.grr_se), "nrr": (kept.nrr, kept.nrr_se)}
    return OfPlan(
        cost=None if cost.mean is None or cost.se is None else Estimate(cost.mean, cost.se),
        median=cost.p50,
        median_ci95=cost.quantile_ci95.get("p50", (-inf, inf)),
        kept={
            key: Estimate(mean, se)
            for key, (mean, se) in shares.items()
            if mean is not None and se is not None
        },
    )


def differences(
    before: Mapping[str, OfPlan],
    after: Mapping[str, OfPlan],
    directories: tuple[Path, Path] | None,
    clusters: Clusters = INDEPENDENT,
) -> list[Difference]:
    """Cost of each common plan, and what the company keeps; the p of all of them adjusted together.

    Costs are compared by their means, by medians where one side has none. ``directories`` hold the worlds of both sides
    where these are alike, and ``clusters`` tells how these share draws of what is not known. What is kept is compared world
    by world where both of them say it, as results do since 0.1.

    Raises: InputError when worlds cannot be read.
    """
    plans = [name for name in before if name in after]
    worlds = [costs_by_world(directory) for directory in directories] if directories and plans else None
    found = []
    for name in plans:
        one, other = before[name], after[name]
        by_mean = one.cost is not None and other.cost is not None
        if worlds is not None:
            paired = _paired if by_mean else _paired_by_median
            found.append(paired(name, worlds[0][name], worlds[1][name], clusters))
        elif one.cost is not None and other.cost is not None:
            found.append(_independent(name, "cost", one.cost, other.cost))
        else:
            found.append(_independent_by_median(name, one, other))
    kept = [kept_by_world(directory) for directory in directories or ()]
    found += [
        _paired(name, kept[0][name, key], kept[1][name, key], clusters, measure=key)
        if kept and all((name, key) in each for each in kept)
        else _independent(name, key, before[name].kept[key], after[name].kept[key])
        for name in plans
        for key in SHARES
        if key in before[name].kept and key in after[name].kept
    ]
    return [each._replace(p=p) for each, p in zip(found, holm([each.p for each in found]), strict=True)]


def costs_by_world(directory: Path) -> dict[str, Floats]:
    """Company cost of every plan over the horizon. [world] [usd]

    Raises: InputError when ``worlds.parquet`` cannot be read.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path = directory / "worlds.parquet"
    if not path.is_file():
        raise InputError([Problem(str(path), "the worlds of a result", "no file")])
    try:
        rows = pq.read_table(path, columns=["world", "plan", "cost"])
        worlds, costs = rows["world"].to_numpy(), rows["cost"].to_numpy()
        plans = rows["plan"].combine_chunks()
        names, codes = plans.dictionary.to_pylist(), plans.indices.to_numpy()
    except (OSError, ArrowException, KeyError, AttributeError):
        raise InputError([Problem(str(path), "the worlds of a result", "something else")]) from None
    totals: dict[str, Floats] = {}
    for code, name in enumerate(names):
        mine = codes == code
        totals[name] = np.bincount(worlds[mine], costs[mine]).astype(np.float64)
    return totals


def kept_by_world(directory: Path) -> dict[tuple[str, str], Floats]:
    """What the company keeps, by plan and measure; empty of a result without it. [world] [share/yr]

    Raises: InputError when ``retention.parquet`` cannot be read.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path = directory / RETENTION
    if not path.is_file():
        return {}
    try:
        rows = pq.read_table(path)
        plans = rows["plan"].combine_chunks()
        names, codes = plans.dictionary.to_pylist(), plans.indices.to_numpy()
        measured = {key: rows[key].to_numpy() for key in SHARES}
    except (OSError, ArrowException, KeyError, AttributeError):
        raise InputError([Problem(str(path), "the retention of a result", "something else")]) from None
    return {
        (name, key): values[codes == code]
        for code, name in enumerate(names)
        for key, values in measured.items()
    }


def _paired(
    name: str, before: Floats, after: Floats, clusters: Clusters, measure: str = "cost"
) -> Difference:
    """World by world, over the worlds that both have."""
    worlds = min(len(before), len(after))
    found = mean_on(after[:worlds] - before[:worlds], clusters)
    one, other = float(before[:worlds].mean()), float(after[:worlds].mean())
    return _by_mean(name, measure, (one, other), found.mean, found.se, paired=True)


def _paired_by_median(name: str, before: Floats, after: Floats, clusters: Clusters) -> Difference:
    """Median of the differences world by world, and the sign test."""
    worlds = min(len(before), len(after))
    gap = after[:worlds] - before[:worlds]
    found = median_on(gap, clusters)
    one, other = float(np.median(before[:worlds])), float(np.median(after[:worlds]))
    p = sign_test(gap)
    return Difference(name, "cost", one, other, "median", found.median, found.se, found.ci95, p, paired=True)


def _independent(plan: str, measure: str, one: Estimate, other: Estimate) -> Difference:
    """Of two means whose errors are independent, or at most positively dependent: then it claims too little."""
    gap, se = other.mean - one.mean, sqrt(one.se**2 + other.se**2)
    return _by_mean(plan, measure, (one.mean, other.mean), gap, se, paired=False)


def _independent_by_median(plan: str, one: OfPlan, other: OfPlan) -> Difference:
    """Of two medians of independent worlds; each error from its order-statistic interval, one without it as wide as all."""
    ends = (one.median_ci95, other.median_ci95)
    se = sqrt(sum(((high - low) / ENDS_APART) ** 2 for low, high in ends))
    gap = other.median - one.median
    interval = None if isinf(se) else _normal(gap, se)
    values = (one.median, other.median)
    known = 0.0 if isinf(se) else se
    return Difference(plan, "cost", *values, "median", gap, known, interval, _p(gap, se), paired=False)


def _by_mean(
    plan: str, measure: str, values: tuple[float, float], mean: float, se: float, paired: bool
) -> Difference:
    return Difference(plan, measure, *values, "mean", mean, se, _normal(mean, se), _p(mean, se), paired)


def _normal(centre: float, se: float) -> tuple[float, float]:
    """Normal 95 % interval."""
    return centre - 1.959964 * se, centre + 1.959964 * se


def _p(mean: float, se: float) -> float:
    """Two-sided p of a normal mean; a difference without error is certain, no difference is none. [share]"""
    if se == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return erfc(abs(mean) / se / sqrt(2.0))
