"""Small panels, one a plan on common axes: cost by period as a fan, and pay for performance over its density."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.questions.cost.pay_summary import PerformanceEntry
from sim.questions.cost.pay_tables import pay_entries
from sim.questions.cost.summary import CostOfPlan
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, Tick, money_axis, share_axis
from sim.summary.summary import Summary

Points = tuple[tuple[float, float], ...]
"""Places from the left and from the top. [% of the plot]"""


class Spread(NamedTuple):
    """What a fan is made of: quantiles of one period, or of whatever else is along the axis. [usd]"""

    label: str
    p10: float
    p50: float
    p90: float


class Fan(NamedTuple):
    """band : P10 to P90 as a closed outline; median : P50 by period."""

    name: str
    band: Points
    median: Points
    spoken: str


class Fans(NamedTuple):
    """x, y : the common axes; budget : an equal part of it a period. [% from the top]"""

    x: tuple[Tick, ...]
    y: Axis
    budget: float | None
    budget_label: str
    panels: tuple[Fan, ...]


def cost_fans(summary: Summary) -> Fans:
    """Company cost of each plan by period."""
    study = summary.study
    each = None if study.budget is None else study.budget / study.periods
    costs = {
        name: [
            Spread(each.label, each.p10, each.p50, each.p90) for each in plan.of(CostOfPlan).cost_by_period
        ]
        for name, plan in summary.plans.items()
    }
    ends = [period.p90 for periods in costs.values() for period in periods]
    y = money_axis([0.0, *ends, *([] if each is None else [each])], most=4)
    labels = [period.label for period in costs[study.baseline]]
    x = tuple(Tick(_across(at, len(labels)), label) for at, label in enumerate(labels))
    return Fans(
        x=x,
        y=y,
        budget=None if each is None else 100.0 - y.at(each),
        budget_label="" if each is None else f"{amount(each)} a period: the budget in equal parts",
        panels=tuple(fan(name, periods, y) for name, periods in costs.items()),
    )


def fan(name: str, periods: Sequence[Spread], y: Axis) -> Fan:
    """One panel: P10, P50 and P90 of each period, or of whatever else is along the axis."""
    count = len(periods)

    def line(values: Iterable[float]) -> Points:
        return tuple((_across(at, count), round(100.0 - y.at(value), 3)) for at, value in enumerate(values))

    dearest = max(periods, key=lambda period: period.p50)
    spoken = (
        f"{name}: dearest in {dearest.label}, median {amount(dearest.p50)}, P10 {amount(dearest.p10)}, "
        f"P90 {amount(dearest.p90)}"
    )
    band = line(each.p90 for each in periods) + line(each.p10 for each in periods)[::-1]
    return Fan(name, band, line(each.p50 for each in periods), spoken)


def _across(position: int, count: int) -> float:
    """The middle of one of ``count`` equal columns. [%]"""
    return round(100.0 * (position + 0.5) / count, 3)


class Column(NamedTuple):
    """A bin of the density. [% of the plot]"""

    start: float
    width: float
    height: float


class Performance(NamedTuple):
    """curve : pay over attainment, None where one curve is not all that pays; bins : the density below it."""

    name: str
    curve: Points | None
    bins: tuple[Column, ...]
    spoken: str


class Performances(NamedTuple):
    """x : attainment; y : pay as a share of target; densest : what the highest bin holds. [share]"""

    x: Axis
    y: Axis
    densest: float
    panels: tuple[Performance, ...]


BIN_HEIGHT = 92.0
"""Height of the densest bin. [% of the plot]"""


def performances(summary: Summary) -> Performances | None:
    """Pay for performance of each plan or role; None where no attainment is known."""
    found = {
        name if role is None else f"{name} · {role}": entry.performance
        for name, role, entry in pay_entries(summary)
        if entry.performance is not None
    }
    if not found:
        return None
    reached = list(found.values())
    step = reached[0].step
    highest = len(reached[0].density) * step
    x = _open_ended(share_axis([0.0, highest - step]), highest)
    pays = [point[1] for each in reached for point in each.curve or ()]
    y = share_axis([0.0, *(pays or [1.0])], most=4)
    densest = max(part for each in reached for part in each.density) or 1.0
    panels = tuple(_performance(name, each, x, y, densest) for name, each in found.items())
    return Performances(x, y, densest, panels)


def _open_ended(axis: Axis, high: float) -> Axis:
    """The axis carried on to ``high``, beyond its last tick: room for the bin of all that lies higher."""
    *ticks, last = (tick._replace(at=tick.at * axis.high / high) for tick in axis.ticks)
    return Axis(axis.low, high, (*ticks, last._replace(label=f"{last.label}+")))


def _performance(name: str, found: PerformanceEntry, x: Axis, y: Axis, densest: float) -> Performance:
    step, curve = found.step, found.curve
    bins = tuple(
        Column(
            x.at(at * step), round(100.0 * step / (x.high - x.low), 3), round(BIN_HEIGHT * part / densest, 2)
        )
        for at, part in enumerate(found.density)
    )
    spoken = f"{name}: attainment is below 100 % in {share(found.below_target)} of payees' periods"
    points = None if curve is None else tuple((x.at(at), round(100.0 - y.at(pays), 3)) for at, pays in curve)
    return Performance(name, points, bins, spoken)
