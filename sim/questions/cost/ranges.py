"""Ranges of worlds, one row a plan: of differences against the baseline, and of cost against the budget."""

from collections.abc import Sequence
from typing import Final

from sim.questions.cost.summary import (
    Cost,
    CostDifference,
    CostOfPlan,
    CostParts,
    costs_of_plans,
    differences_of_plans,
)
from sim.shapes.amounts import amount
from sim.shapes.axis import Axis, money_axis
from sim.shapes.fragile import marked
from sim.shapes.ranges import RangeRow, Ranges, Segment, Stack, StackRow, between
from sim.summary.summary import Summary

ERRORS: Final = 2.0
"""Simulation errors that are drawn either side of a mean. [1]"""


def difference_ranges(summary: Summary, reach: Sequence[float] = ()) -> Ranges:
    """What each plan costs more or less than the baseline, over the worlds. reach : of the axis, at least. [usd]"""
    differences = differences_of_plans(summary)
    ends = [end for difference in differences.values() for end in (difference.p5, difference.p95)]
    means = [
        difference.mean
        for difference in differences.values()
        if difference.mean is not None and difference.sound
    ]
    axis = money_axis([0.0, *ends, *means, *reach], sign=True)
    rows = tuple(_difference(name, difference, axis) for name, difference in differences.items())
    return Ranges(axis, rows, axis.at(0.0), f"as {summary.study.baseline}")


def cost_ranges(summary: Summary, reach: Sequence[float] = ()) -> Ranges:
    """What each plan costs, over the worlds, with the budget. reach : of the axis, at least. [usd]"""
    budget, costs = summary.study.budget, costs_of_plans(summary)
    ends = [end for cost in costs.values() for end in (cost.p5, cost.p95)]
    axis = money_axis([*ends, *([] if budget is None else [budget]), *reach])
    rows = tuple(_cost(name, cost, axis) for name, cost in costs.items())
    mark = None if budget is None else axis.at(budget)
    return Ranges(axis, rows, mark, "" if budget is None else f"budget {amount(budget)}")


def _difference(name: str, found: CostDifference, axis: Axis) -> RangeRow:
    """Coloured where the plan is told apart from the baseline; no dot without a mean to be relied on."""
    spread = f"median {amount(found.p50, sign=True)}, P5 {amount(found.p5, sign=True)}, P95 {amount(found.p95, sign=True)}"
    value = found.mean if found.mean is not None and found.sound else found.p50
    shape = RangeRow(
        name=name,
        tone="same" if not found.told_apart else "dearer" if value > 0.0 else "cheaper",
        wide=between(axis, found.p5, found.p95),
        middle=None,
        median=axis.at(found.p50),
        mean=None,
        interval=None,
        spoken=f"{spread}; no mean to be relied on",
    )
    if found.mean is None or found.se is None or found.fragile:
        return shape
    reach = ERRORS * found.se
    return shape._replace(
        mean=axis.at(found.mean),
        interval=between(axis, found.mean - reach, found.mean + reach),
        spoken=f"mean {amount(found.mean, sign=True)}, {spread}",
    )


def _cost(name: str, cost: Cost, axis: Axis) -> RangeRow:
    dot = None if cost.mean is None or not cost.sound or not axis.shows(cost.mean) else axis.at(cost.mean)
    return RangeRow(
        name=name,
        tone="plain",
        wide=between(axis, cost.p5, cost.p95),
        middle=between(axis, cost.p25, cost.p75),
        median=axis.at(cost.p50),
        mean=dot,
        interval=None,
        spoken=f"P5 {amount(cost.p5)}, median {amount(cost.p50)}, P95 {amount(cost.p95)}",
    )


PARTS = (
    ("early", "early renewals"),
    ("on_time", "on time"),
    ("late", "late renewals"),
    ("uncredited", "no credit"),
    ("variable", "variable pay"),
)


def pay_stack(summary: Summary) -> Stack:
    """Mean variable pay of each plan by what it is paid for; undivided where renewals are not all that pays."""
    parts = {name: plan.of(CostOfPlan).cost_parts for name, plan in summary.plans.items()}
    axis = money_axis([0.0, *(part.variable for part in parts.values() if part.variable is not None)])
    rows = tuple(
        StackRow(name, _segments(part, axis, name in summary.fragile)) for name, part in parts.items()
    )
    used = {segment.part for row in rows for segment in row.segments}
    return Stack(axis, tuple(part for part in PARTS if part[0] in used), rows)


def _segments(part: CostParts, axis: Axis, fragile: bool) -> tuple[Segment, ...]:
    keys: Sequence[tuple[str, str]] = PARTS[-1:] if part.early is None else PARTS[:-1]
    segments, paid = [], 0.0
    for key, title in keys:
        value = getattr(part, key) or 0.0
        if value > 0.0:
            spoken = f"{title} {marked(amount(value), fragile)}"
            segments.append(Segment(key, between(axis, paid, paid + value), spoken))
            paid += value
    return tuple(segments)
