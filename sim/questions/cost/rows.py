"""What tables and sentences on cost are both made of: one typed row a plan, read once from ``summary.json``."""

from typing import Final, Literal, NamedTuple

from sim.questions.cost.summary import CostDifference, CostOfPlan, CostOfStudy, CostOfYear, CostWithoutHires
from sim.shapes.amounts import at_most, share
from sim.summary.estimate import OverBudget
from sim.summary.summary import PlanSummary, Summary

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


def cost_rows(summary: Summary) -> list[CostRow]:
    """The plans in the study's order."""
    return [_cost(plan, summary.study.budget is not None) for plan in summary.plans.values()]


def _cost(plan: PlanSummary, budgeted: bool) -> CostRow:
    cost = plan.of(CostOfPlan).cost
    without = next(plan.every(CostWithoutHires), None)
    return CostRow(
        plan=plan.name,
        mean=cost.mean,
        se=cost.se,
        fragile=bool(cost.fragile),
        p50=cost.p50,
        over=chance_of(cost) if budgeted else None,
        without_hires=None if without is None else chance_of(without),
    )


def chance_of(over: OverBudget) -> Chance | None:
    """The chance that a budget is exceeded; None without one."""
    if over.prob_over_budget is None or over.prob_over_budget_ci95 is None:
        return None
    return Chance(over.prob_over_budget, over.prob_over_budget_se or 0.0, *over.prob_over_budget_ci95)


def difference_rows(summary: Summary) -> list[DifferenceRow]:
    """The plans but the baseline, in the study's order."""
    order = summary.of(CostOfStudy).order
    same = () if order is None else order.same
    return [
        _difference(name, plan.of(CostOfPlan).vs_baseline, name in same)
        for name, plan in summary.plans.items()
        if name != summary.study.baseline
    ]


def _difference(name: str, difference: CostDifference, same: bool) -> DifferenceRow:
    return DifferenceRow(
        plan=name,
        mean=difference.mean,
        se=difference.se,
        relative=None if difference.mean is None else difference.share_of_baseline,
        fragile=bool(difference.fragile),
        largest=difference.largest_world_share or 0.0,
        p5=difference.p5,
        median=difference.p50,
        p95=difference.p95,
        dearer=difference.share_dearer,
        told_apart=bool(difference.told_apart),
        same=same,
    )


def year_rows(summary: Summary) -> list[YearRow]:
    """Every plan and year of which a budget is known."""
    return [
        YearRow(name, each.year, each.budget, over)
        for name, plan in summary.plans.items()
        for each in plan.every(CostOfYear)
        if each.budget is not None and (over := chance_of(each)) is not None
    ]
