"""Small panels, one a plan on common axes: cost by period as a fan, and pay for performance over its density."""

from typing import Any, NamedTuple

from sim.questions.cost.pay_tables import pay_entries
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, Tick, money_axis, share_axis

Document = dict[str, Any]
Points = tuple[tuple[float, float], ...]
"""Places from the left and from the top. [% of the plot]"""


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


def cost_fans(document: Document) -> Fans:
    """Company cost of each plan by period."""
    study, plans = document["study"], document["plans"]
    budget = study.get("budget")
    each = None if budget is None else budget / study["periods"]
    ends = [period["p90"] for plan in plans.values() for period in plan["cost_by_period"]]
    y = money_axis([0.0, *ends, *([] if each is None else [each])], most=4)
    labels = [period["label"] for period in plans[study["baseline"]]["cost_by_period"]]
    x = tuple(Tick(_across(at, len(labels)), label) for at, label in enumerate(labels))
    return Fans(
        x=x,
        y=y,
        budget=None if each is None else 100.0 - y.at(each),
        budget_label="" if each is None else f"{amount(each)} a period: the budget in equal parts",
        panels=tuple(fan(name, plan["cost_by_period"], y) for name, plan in plans.items()),
    )


def fan(name: str, periods: list[Document], y: Axis) -> Fan:
    """One panel: P10, P50 and P90 of each period, or of whatever else is along the axis."""
    count = len(periods)

    def line(key: str) -> Points:
        return tuple(
            (_across(at, count), round(100.0 - y.at(each[key]), 3)) for at, each in enumerate(periods)
        )

    dearest = max(periods, key=lambda period: float(period["p50"]))
    spoken = (
        f"{name}: dearest in {dearest['label']}, median {amount(dearest['p50'])}, "
        f"P10 {amount(dearest['p10'])}, P90 {amount(dearest['p90'])}"
    )
    return Fan(name, line("p90") + line("p10")[::-1], line("p50"), spoken)


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


def performances(document: Document) -> Performances | None:
    """Pay for performance of each plan or role; None where no attainment is known."""
    found = {
        name if role is None else f"{name} · {role}": entry
        for name, role, entry in pay_entries(document)
        if "performance" in entry
    }
    if not found:
        return None
    reached = [entry["performance"] for entry in found.values()]
    step = reached[0]["step"]
    highest = len(reached[0]["density"]) * step
    x = _open_ended(share_axis([0.0, highest - step]), highest)
    pays = [point[1] for each in reached for point in each.get("curve", ())]
    y = share_axis([0.0, *(pays or [1.0])], most=4)
    densest = max(part for each in reached for part in each["density"]) or 1.0
    panels = tuple(_performance(name, entry, x, y, densest) for name, entry in found.items())
    return Performances(x, y, densest, panels)


def _open_ended(axis: Axis, high: float) -> Axis:
    """The axis carried on to ``high``, beyond its last tick: room for the bin of all that lies higher."""
    *ticks, last = (tick._replace(at=tick.at * axis.high / high) for tick in axis.ticks)
    return Axis(axis.low, high, (*ticks, last._replace(label=f"{last.label}+")))


def _performance(name: str, entry: Document, x: Axis, y: Axis, densest: float) -> Performance:
    found = entry["performance"]
    step, curve = found["step"], found.get("curve")
    bins = tuple(
        Column(
            x.at(at * step), round(100.0 * step / (x.high - x.low), 3), round(BIN_HEIGHT * part / densest, 2)
        )
        for at, part in enumerate(found["density"])
    )
    at_target = round(1.0 / step)
    below = sum(found["density"][:at_target])
    spoken = f"{name}: attainment is below 100 % in {share(below)} of payees' periods"
    points = None if curve is None else tuple((x.at(at), round(100.0 - y.at(pays), 3)) for at, pays in curve)
    return Performance(name, points, bins, spoken)
