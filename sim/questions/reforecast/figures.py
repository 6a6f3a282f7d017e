"""The picture of a forecast in mid-year: the spread of cost at the end, as it was and as it is."""

from collections.abc import Iterator

from sim.questions.reforecast.summary import Reforecast, YearEnd
from sim.shapes.amounts import amount
from sim.shapes.axis import money_axis
from sim.shapes.ranges import RangeRow, Ranges, between


def spreads(found: Reforecast) -> Ranges:
    """P5 to P95 of every plan, the last forecast above that of the day; the budget is marked."""
    rows = list(_rows(found))
    ends = [end for _, _, cost in rows for end in (cost.p5, cost.p95)]
    budget = found.study.budget
    axis = money_axis([*ends, *([] if budget is None else [budget])])
    return Ranges(
        axis=axis,
        rows=tuple(
            RangeRow(
                name=name,
                tone=tone,
                wide=between(axis, cost.p5, cost.p95),
                middle=between(axis, cost.p25, cost.p75),
                median=axis.at(cost.p50),
                mean=None if cost.mean is None else axis.at(cost.mean),
                interval=None if cost.ci95 is None else between(axis, *cost.ci95),
                spoken=f"{name}: median {amount(cost.p50)}, P5 {amount(cost.p5)}, P95 {amount(cost.p95)}",
            )
            for name, tone, cost in rows
        ),
        mark=None if budget is None else axis.at(budget),
        mark_label="" if budget is None else f"budget {amount(budget)}",
    )


def _rows(found: Reforecast) -> Iterator[tuple[str, str, YearEnd]]:
    for name, plan in found.plans.items():
        if plan.last is not None:
            yield f"{name}, as of {found.since}", "same", plan.last
        yield f"{name}, as of {found.as_of}", "plain", plan.cost
