"""Figures of the board's forecast: levels of the market, its part of the spread, accrual and payment, pay in the market."""

from typing import Final

from sim.questions.cost.panels import Fans, Spread, fan
from sim.questions.forecast.market_tables import level_of
from sim.questions.forecast.summary import (
    AccrualOfPeriod,
    Benchmark,
    CostAtLevel,
    MarketPay,
    accruals,
    benchmarks,
    macros,
    market_shares,
)
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, Tick, money_axis, share_axis
from sim.shapes.lines import Line, Lines
from sim.shapes.ranges import RangeRow, Ranges, Segment, Stack, StackRow, between
from sim.summary.summary import Summary

LUCK: Final = (("value", "the market's part"), ("exposure", "luck's part"))
"""Parts of the variance of cost, and what they are called."""


def market_fans(summary: Summary) -> Fans | None:
    """Cost of each plan with the market held at each level; None where no plan has them."""
    found = {name: [_at(level) for level in macro.levels] for name, macro in macros(summary).items()}
    if not found:
        return None
    y = money_axis([end for levels in found.values() for at in levels for end in (at.p10, at.p90)], most=4)
    first = next(iter(found.values()))
    x = tuple(Tick(100.0 * (place + 0.5) / len(first), at.label) for place, at in enumerate(first))
    return Fans(x, y, None, "", tuple(fan(name, levels, y) for name, levels in found.items()))


def _at(level: CostAtLevel) -> Spread:
    return Spread(level_of(level.level), level.p10, level.p50, level.p90)


def variance_stack(summary: Summary) -> Stack | None:
    """The market's part of the variance of cost, and luck's; None where they cannot be told apart."""
    found = market_shares(summary)
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


def accrual_lines(summary: Summary) -> Lines | None:
    """Variable pay accrued by period, and paid out; None where no plan tells them apart."""
    found = accruals(summary)
    if not found:
        return None
    periods = next(iter(found.values()))
    y = money_axis(
        [0.0, *(end for rows in found.values() for row in rows for end in (row.accrued, row.cash))], most=4
    )
    places = [round(100.0 * (at + 0.5) / len(periods), 3) for at in range(len(periods))]
    ticks = tuple(Tick(place, period.label) for place, period in zip(places, periods, strict=True))
    panels = tuple(_accrued(name, rows, places, y) for name, rows in found.items())
    return Lines(Axis(0.0, 100.0, ticks), y, panels)


def _accrued(name: str, periods: tuple[AccrualOfPeriod, ...], places: list[float], y: Axis) -> Line:
    def line(values: list[float]) -> tuple[tuple[float, float], ...]:
        return tuple((at, round(100.0 - y.at(value), 3)) for at, value in zip(places, values, strict=True))

    accrued, cash = [period.accrued for period in periods], [period.cash for period in periods]
    total, out = amount(sum(accrued)), amount(sum(cash))
    spoken = f"{name}: {total} accrued over the horizon, {out} of it paid out within it"
    left = amount(periods[-1].expense_less_cash)
    return Line(name, f"{left} not paid at the end", line(accrued), spoken, line(cash))


def pay_ranges(summary: Summary) -> Ranges | None:
    """Pay of a CSM-year under each plan beside the market's pay in each city; None where it was not compared."""
    found = benchmarks(summary)
    if not found:
        return None
    cities = next(iter(found.values())).cities
    ends = [end for market in cities.values() for end in (market.low, market.high)]
    axis = money_axis([*ends, *(each.expected for each in found.values())])
    plans = [_plan_row(name, each, axis) for name, each in found.items()]
    return Ranges(
        axis, (*plans, *(_city_row(city, market, axis) for city, market in cities.items())), None, ""
    )


def _plan_row(name: str, pay: Benchmark, axis: Axis) -> RangeRow:
    return RangeRow(
        name=name,
        tone="plain",
        wide=between(axis, min(pay.target, pay.expected), max(pay.target, pay.expected)),
        middle=None,
        median=axis.at(pay.target),
        mean=axis.at(pay.expected),
        interval=None,
        spoken=f"expected {amount(pay.expected)}, at target {amount(pay.target)}",
    )


def _city_row(city: str, market: MarketPay, axis: Axis) -> RangeRow:
    return RangeRow(
        name=f"Market, {city}",
        tone="same",
        wide=between(axis, market.low, market.high),
        middle=None,
        median=axis.at(market.typical),
        mean=None,
        interval=None,
        spoken=f"typical {amount(market.typical)}, {amount(market.low)} to {amount(market.high)}",
    )
