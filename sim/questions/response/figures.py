"""Figures of what plans are worth: net value, what it rests on, and the trade-offs."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from sim.questions.gaming.findings import bracket
from sim.questions.response.summary import Card, PlanResponse, Swing, cards, responses
from sim.shapes.amounts import amount
from sim.shapes.axis import Axis, money_axis
from sim.shapes.ranges import RangeRow, Ranges, between
from sim.shapes.swings import MOST_PANELS, MOST_SWINGS, SwingPanel, Swings
from sim.shapes.swings import Swing as Bar
from sim.shapes.words import label_of
from sim.summary.summary import Summary


def value_ranges(found: dict[str, PlanResponse]) -> Ranges:
    """Net value of each plan over the range assumed, the central one with its interval."""
    ends = [
        end for each in found.values() for end in (each.net_value_low, each.net_value_high, *each.interval)
    ]
    axis = money_axis([0.0, *ends], sign=True)
    return Ranges(
        axis,
        tuple(_value(name, each, axis) for name, each in found.items()),
        axis.at(0.0),
        "as the reference",
    )


def _value(name: str, response: PlanResponse, axis: Axis) -> RangeRow:
    low, high = response.interval
    lowest, highest = response.net_value_low, response.net_value_high
    # To a reader more value is the good direction, as less cost is.
    tone = "cheaper" if low > 0.0 else "dearer" if high < 0.0 else "same"
    return RangeRow(
        name=name,
        tone=tone,
        wide=between(axis, min(lowest, low), max(highest, high)),
        middle=None,
        median=None,
        mean=axis.at(response.net_value),
        interval=None if response.net_value_ci95 is None else between(axis, low, high),
        spoken=(
            f"net value {amount(response.net_value, sign=True)} per CSM-year, "
            f"{amount(lowest, sign=True)} to {amount(highest, sign=True)} over the range assumed"
        ),
    )


def value_swings(found: dict[str, PlanResponse]) -> Swings | None:
    """What the net value of each plan rests on, widest first; None where no assumption moves any."""
    moving = [name for name, each in found.items() if any(row.width > 0.0 for row in each.tornado.values())]
    if not moving:
        return None
    best = sorted(moving, key=lambda name: -found[name].net_value)[:MOST_PANELS]
    shown = {name: found[name] for name in moving if name in best}
    ends = [end for each in shown.values() for row in each.tornado.values() for end in row.net_value]
    axis = money_axis([0.0, *ends], sign=True, most=4)
    panels = tuple(
        SwingPanel(
            name,
            axis.at(each.net_value),
            tuple(_bar(key, row, axis) for key, row in each.by_swing[:MOST_SWINGS]),
        )
        for name, each in shown.items()
    )
    return Swings(axis, axis.at(0.0), panels)


def _bar(key: str, swing: Swing, axis: Axis) -> Bar:
    low, high = swing.net_value
    spoken = (
        f"{label_of(key)} from {swing.low:g} to {swing.high:g}: "
        f"net value {amount(low, sign=True)} to {amount(high, sign=True)}"
    )
    return Bar(key, label_of(key), between(axis, min(low, high), max(low, high)), axis.at(low), spoken)


class Place(NamedTuple):
    """One plan in a trade-off, numbered as in the study.

    x, y   : from the left and from the top. [% of the plot]
    spread : of y, highest value first. [% of the plot]
    side   : where the number stands from the place, to the right and down. [rem]
    best   : no other plan is as good on both by its mean and better on one.
    """

    number: int
    name: str
    x: float
    y: float
    spread: tuple[float, float]
    side: tuple[float, float]
    best: bool
    spoken: str


class Tradeoff(NamedTuple):
    """Net value against one thing that speaks against a plan."""

    title: str
    x: Axis
    y: Axis
    places: tuple[Place, ...]


class Against(NamedTuple):
    """What speaks against a plan. amount : of a card, None where it is not known [usd per CSM-year]; said : in words."""

    title: str
    amount: Callable[[Card], float | None]
    said: Callable[[Card], str]


def _exposure(card: Card) -> float | None:
    return None if card.exposure is None else card.exposure.lower


def _exposure_said(card: Card) -> str:
    return "" if card.exposure is None else bracket(card.exposure.lower, card.exposure.upper)


def _risk(card: Card) -> float | None:
    return None if card.risk is None else card.risk.premium


AGAINST: Final = (
    Against("Exposure to moved dates", _exposure, _exposure_said),
    Against("Risk premium of a CSM", _risk, lambda card: amount(_risk(card) or 0.0)),
)


def tradeoffs(summary: Summary) -> tuple[Tradeoff, ...]:
    """Net value against exposure and against risk, of the plans of which both are known."""
    shapes = (_tradeoff(summary, against) for against in AGAINST)
    return tuple(shape for shape in shapes if shape is not None)


def _tradeoff(summary: Summary, against: Against) -> Tradeoff | None:
    card = cards(summary)
    known = dict(_known(card, responses(summary), against))
    if len(known) < 2:
        return None
    x = money_axis([0.0, *(cost for cost, _ in known.values())], most=4)
    y = money_axis([0.0, *(end for _, each in known.values() for end in each.interval)], sign=True, most=4)
    pairs = {name: (cost, each.net_value) for name, (cost, each) in known.items()}
    at = {name: (x.at(cost), 100.0 - y.at(value)) for name, (cost, value) in pairs.items()}
    order = list(summary.plans)
    places = tuple(
        Place(
            number=1 + order.index(name),
            name=name,
            x=at[name][0],
            y=at[name][1],
            spread=(100.0 - y.at(each.interval[1]), 100.0 - y.at(each.interval[0])),
            side=side,
            best=not any(beats(other, pairs[name]) for other in pairs.values()),
            spoken=f"{name}: net value {amount(each.net_value, sign=True)}, {against.said(card[name])}",
        )
        for (name, (_, each)), side in zip(known.items(), _sides(list(at.values())), strict=True)
    )
    return Tradeoff(against.title, x, y, places)


def _known(
    card: dict[str, Card], found: dict[str, PlanResponse], against: Against
) -> Iterator[tuple[str, tuple[float, PlanResponse]]]:
    """What speaks against a plan, and what it is worth, where both are known."""
    for name, response in found.items():
        cost = against.amount(card[name])
        if cost is not None:
            yield name, (cost, response)


NEAR: Final = (7.0, 6.0)
"""Places that are no farther apart than this get their numbers on different sides. [% of the plot]"""
SIDES: Final = ((0.7, 0.0), (-0.7, 0.0), (0.0, -0.85), (0.0, 0.85))
"""Where a number stands from its place: to the right, to the left, above, below. [rem]"""


def _sides(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """For each place the side of its number."""
    sides = []
    for at, (x, y) in enumerate(places):
        before = sum(abs(x - left) < NEAR[0] and abs(y - top) < NEAR[1] for left, top in places[:at])
        sides.append(SIDES[before % len(SIDES)])
    return sides


def beats(other: tuple[float, float], own: tuple[float, float]) -> bool:
    """Whether (cost, value) is as good on both and better on one."""
    return other[0] <= own[0] and other[1] >= own[1] and other != own
