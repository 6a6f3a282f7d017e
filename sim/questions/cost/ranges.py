"""Ranges of worlds, one row a plan: of differences against the baseline, and of cost against the budget."""

from collections.abc import Sequence
from typing import Final

from sim.questions.cost.rows import CostRow, DifferenceRow, cost_rows, difference_rows
from sim.questions.cost.summary import Cost, CostOfPlan, CostParts
from sim.shapes.amounts import amount
from sim.shapes.axis import Axis, money_axis
from sim.shapes.fragile import marked
from sim.shapes.ranges import RangeRow, Ranges, Segment, Stack, StackRow, between
from sim.summary.summary import Summary

ERRORS: Final = 2.0
"""Simulation errors that are drawn either side of a mean. [1]"""


def difference_ranges(summary: Summary) -> Ranges:
    """What each plan costs more or less than the baseline, over the worlds."""
    rows = difference_rows(summary)
    ends = [end for row in rows for end in (row.p5, row.p95)]
    means = [row.mean for row in rows if row.mean is not None and not row.fragile]
    axis = money_axis([0.0, *ends, *means], sign=True)
    return Ranges(
        axis,
        tuple(_difference(row, axis) for row in rows),
        axis.at(0.0),
        f"as {summary.study.baseline}",
    )


def cost_ranges(summary: Summary) -> Ranges:
    """What each plan costs, over the worlds, with the budget."""
    budget, plans = summary.study.budget, summary.plans
    costs = {name: plan.of(CostOfPlan).cost for name, plan in plans.items()}
    ends = [end for cost in costs.values() for end in (cost.p5, cost.p95)]
    axis = money_axis([*ends, *([] if budget is None else [budget])])
    rows = tuple(_cost(row, costs[row.plan], axis) for row in cost_rows(summary))
    mark = None if budget is None else axis.at(budget)
    return Ranges(axis, rows, mark, "" if budget is None else f"budget {amount(budget)}")


def _difference(row: DifferenceRow, axis: Axis) -> RangeRow:
    """Coloured where the plan is told apart from the baseline; no dot without a mean to be relied on."""
    spread = f"median {amount(row.median, sign=True)}, P5 {amount(row.p5, sign=True)}, P95 {amount(row.p95, sign=True)}"
    sound = row.mean is not None and row.se is not None and not row.fragile
    value = row.mean if sound and row.mean is not None else row.median
    shape = RangeRow(
        name=row.plan,
        tone="same" if not row.told_apart else "dearer" if value > 0.0 else "cheaper",
        wide=between(axis, row.p5, row.p95),
        middle=None,
        median=axis.at(row.median),
        mean=None,
        interval=None,
        spoken=f"{spread}; no mean to be relied on",
    )
    if row.mean is None or row.se is None or row.fragile:
        return shape
    reach = ERRORS * row.se
    return shape._replace(
        mean=axis.at(row.mean),
        interval=between(axis, row.mean - reach, row.mean + reach),
        spoken=f"mean {amount(row.mean, sign=True)}, {spread}",
    )


def _cost(row: CostRow, cost: Cost, axis: Axis) -> RangeRow:
    spoken = f"P5 {amount(cost.p5)}, median {amount(cost.p50)}, P95 {amount(cost.p95)}"
    dot = None if row.mean is None or row.fragile or not axis.shows(row.mean) else axis.at(row.mean)
    return RangeRow(
        name=row.plan,
        tone="plain",
        wide=between(axis, cost.p5, cost.p95),
        middle=between(axis, cost.p25, cost.p75),
        median=axis.at(row.p50),
        mean=dot,
        interval=None,
        spoken=spoken,
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
