"""What tables and sentences on cost are both made of: one typed row a plan, read once from ``summary.json``."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from sim.shapes.amounts import at_most, share

Document = dict[str, Any]
Verdict = Literal["broken", "kept", "undecided"]

ALLOWED: Final = 0.05
"""A plan keeps the budget when it exceeds it in at most this share of worlds. [share]"""


class Chance(NamedTuple):
    """A probability with its simulation error and the range that the error leaves at 95 %. [share]"""

    share: float
    se: float
    low: float
    high: float

    @property
    def told(self) -> str:
        """The probability; where it never happened, the most that it can be at 95 %."""
        return share(self.share, 1) if self.share > 0.0 else at_most(self.high)


class CostRow(NamedTuple):
    """Company cost of a plan over the horizon, planned hires included. [usd]

    mean, se : None where the plan has no mean.
    fragile  : whether the mean is not to be relied on.
    over     : that cost exceeds the budget; None without a budget. without_hires: the same before planned hires.
    """

    plan: str
    mean: float | None
    se: float | None
    fragile: bool
    p50: float
    over: Chance | None
    without_hires: Chance | None

    @property
    def verdict(self) -> Verdict | None:
        """Whether the plan keeps the budget: broken where even the low end of the range is beyond what is allowed."""
        return None if self.over is None else judged(self.over)


class DifferenceRow(NamedTuple):
    """Cost of a plan less the baseline's in the same world. [usd]

    mean, se, relative : None where the plan has no mean; ``relative`` to the baseline's. [usd], [share]
    fragile    : whether the mean is not to be relied on; ``largest``: the part of it that one world carries. [share]
    dearer     : worlds in which the plan costs more. [share]
    told_apart : whether the difference is more than chance explains, all plans considered together.
    same       : whether every world costs the same.
    """

    plan: str
    mean: float | None
    se: float | None
    relative: float | None
    fragile: bool
    largest: float
    p5: float
    median: float
    p95: float
    dearer: float
    told_apart: bool
    same: bool

    def value(self, statistic: str) -> float:
        """The statistic by which plans are ordered. [usd]"""
        return self.mean if statistic == "mean" and self.mean is not None else self.median


class YearRow(NamedTuple):
    """Cost of a plan in one year that has a budget. [usd]"""

    plan: str
    year: int
    budget: float
    over: Chance

    @property
    def verdict(self) -> Verdict:
        """Whether the plan keeps the year's budget."""
        return judged(self.over)


def judged(over: Chance, allowed: float = ALLOWED) -> Verdict:
    """A probability held against what is allowed."""
    return "broken" if over.low > allowed else "kept" if over.high <= allowed else "undecided"


def cost_rows(document: Document) -> list[CostRow]:
    """The plans in the study's order."""
    budgeted = "budget" in document["study"]
    return [_cost(name, plan, budgeted) for name, plan in document["plans"].items()]


def _cost(name: str, plan: Document, budgeted: bool) -> CostRow:
    cost = plan["cost"]
    without = plan.get("forecast", {}).get("hiring", {}).get("without", {})
    return CostRow(
        plan=name,
        mean=cost.get("mean"),
        se=cost.get("se"),
        fragile=bool(cost.get("fragile")),
        p50=cost["p50"],
        over=_chance(cost) if budgeted else None,
        without_hires=_chance(without) if budgeted else None,
    )


def _chance(entry: Mapping[str, Any]) -> Chance | None:
    if "prob_over_budget" not in entry:
        return None
    low, high = entry["prob_over_budget_ci95"]
    return Chance(entry["prob_over_budget"], entry["prob_over_budget_se"], low, high)


def difference_rows(document: Document) -> list[DifferenceRow]:
    """The plans but the baseline, in the study's order."""
    same = document.get("order", {}).get("same", ())
    return [
        _difference(name, plan["vs_baseline"], name in same)
        for name, plan in document["plans"].items()
        if name != document["study"]["baseline"]
    ]


def _difference(name: str, entry: Document, same: bool) -> DifferenceRow:
    return DifferenceRow(
        plan=name,
        mean=entry.get("mean"),
        se=entry.get("se"),
        relative=entry.get("share_of_baseline") if "mean" in entry else None,
        fragile=bool(entry.get("fragile")),
        largest=entry.get("largest_world_share", 0.0),
        p5=entry["p5"],
        median=entry["p50"],
        p95=entry["p95"],
        dearer=entry["share_dearer"],
        told_apart=bool(entry.get("told_apart")),
        same=same,
    )


def year_rows(document: Document) -> list[YearRow]:
    """Every plan and year of which a budget is known."""
    return [
        YearRow(name, each["year"], each["budget"], over)
        for name, plan in document["plans"].items()
        for each in plan.get("forecast", {}).get("by_year", ())
        if "budget" in each and (over := _chance(each)) is not None
    ]
