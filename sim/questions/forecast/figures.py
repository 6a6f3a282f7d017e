"""Figures of the board's forecast: levels of the market, its part of the spread, accrual and payment, pay in the market."""

from typing import Any, Final

from sim.questions.cost.panels import Fans, Spread, fan
from sim.questions.forecast.findings import level_of
from sim.questions.forecast.tables import plans_with
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, Tick, money_axis, share_axis
from sim.shapes.lines import Line, Lines
from sim.shapes.ranges import RangeRow, Ranges, Segment, Stack, StackRow, between

Document = dict[str, Any]

LUCK: Final = (("value", "the market's part"), ("exposure", "luck's part"))
"""Parts of the variance of cost, and what they are called."""


def market_fans(document: Document) -> Fans | None:
    """Cost of each plan with the market held at each level; None where no plan has them."""
    found = {name: plan["levels"] for name, plan in plans_with(document, "macro")}
    if not found:
        return None
    y = money_axis(
        [each[key] for levels in found.values() for each in levels for key in ("p10", "p90")], most=4
    )
    labelled = {
        name: [Spread(level_of(each["level"]), each["p10"], each["p50"], each["p90"]) for each in levels]
        for name, levels in found.items()
    }
    first = next(iter(labelled.values()))
    x = tuple(Tick(100.0 * (at + 0.5) / len(first), each.label) for at, each in enumerate(first))
    return Fans(x, y, None, "", tuple(fan(name, levels, y) for name, levels in labelled.items()))


def variance_stack(document: Document) -> Stack | None:
    """The market's part of the variance of cost, and luck's; None where they cannot be told apart."""
    found = {
        name: plan["volatility"]["market_share"]
        for name, plan in plans_with(document, "macro")
        if "market_share" in plan.get("volatility", {})
    }
    if not found:
        return None
    axis = share_axis([0.0, 1.0])
    return Stack(axis, LUCK, tuple(StackRow(name, _luck(part, axis)) for name, part in found.items()))


def _luck(part: float, axis: Axis) -> tuple[Segment, ...]:
    """An estimate below 0 or above 1 is drawn at that end."""
    market = min(max(part, 0.0), 1.0)
    (key, title), (other, luck) = LUCK
    return (
        Segment(key, between(axis, 0.0, market), f"{title} {share(part)}"),
        Segment(other, between(axis, market, 1.0), f"{luck} {share(1.0 - part)}"),
    )


def accrual_lines(document: Document) -> Lines | None:
    """Variable pay accrued by period, and paid out; None where no plan tells them apart."""
    found = dict(plans_with(document, "accrual"))
    if not found:
        return None
    periods = next(iter(found.values()))
    ends = [
        each[key] for rows in found.values() for each in rows for key in ("accrued", "cash") if key in each
    ]
    y = money_axis([0.0, *ends], most=4)
    places = [round(100.0 * (at + 0.5) / len(periods), 3) for at in range(len(periods))]
    ticks = tuple(Tick(place, each["label"]) for place, each in zip(places, periods, strict=True))
    x = Axis(0.0, 100.0, ticks)
    panels = []
    for name, rows in found.items():
        accrued, cash = (
            tuple(
                (place, round(100.0 - y.at(each.get(key, each["paid"])), 3))
                for place, each in zip(places, rows, strict=True)
            )
            for key in ("accrued", "cash")
        )
        total, out = (
            sum(each["accrued"] for each in rows),
            sum(each.get("cash", each["paid"]) for each in rows),
        )
        spoken = f"{name}: {amount(total)} accrued over the horizon, {amount(out)} of it paid out within it"
        panels.append(Line(name, f"{amount(total - out)} not paid at the end", accrued, spoken, cash))
    return Lines(x, y, tuple(panels))


def pay_ranges(document: Document) -> Ranges | None:
    """Pay of a CSM-year under each plan beside the market's pay in each city; None where it was not compared."""
    found = [
        (name, plan["benchmark"]) for name, plan in plans_with(document, "forecast") if "benchmark" in plan
    ]
    if not found:
        return None
    cities = found[0][1]["cities"]
    ends = [each[key] for each in cities.values() for key in ("low", "high")]
    axis = money_axis([*ends, *(plan["expected"] for _, plan in found)])
    market = tuple(
        RangeRow(
            name=f"Market, {city}",
            tone="same",
            wide=between(axis, each["low"], each["high"]),
            middle=None,
            median=axis.at(each["typical"]),
            mean=None,
            interval=None,
            spoken=f"typical {amount(each['typical'])}, {amount(each['low'])} to {amount(each['high'])}",
        )
        for city, each in cities.items()
    )
    plans = tuple(
        RangeRow(
            name=name,
            tone="plain",
            wide=between(axis, min(plan["target"], plan["expected"]), max(plan["target"], plan["expected"])),
            middle=None,
            median=axis.at(plan["target"]),
            mean=axis.at(plan["expected"]),
            interval=None,
            spoken=f"expected {amount(plan['expected'])}, at target {amount(plan['target'])}",
        )
        for name, plan in found
    )
    return Ranges(axis, plans + market, None, "")
