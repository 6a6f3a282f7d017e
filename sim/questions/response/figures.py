"""Figures of what plans reward and what that is worth: contrasts, net value, what it rests on, and the trade-offs."""

from typing import Any, Final, NamedTuple

from sim.questions.gaming.findings import bracket
from sim.questions.response.tables import by_swing
from sim.shapes.amounts import amount
from sim.shapes.axis import Axis, money_axis
from sim.shapes.ranges import RangeRow, Ranges, between
from sim.shapes.swings import MOST_PANELS, MOST_SWINGS, Swing, SwingPanel, Swings
from sim.shapes.words import label_of
from sim.summary.summary import measured

Document = dict[str, Any]


def value_ranges(document: Document) -> Ranges:
    """Net value of each plan over the range assumed, the central one with its interval."""
    found = measured(document, "response")
    ends = [
        end
        for each in found.values()
        for end in (each["net_value_low"], each["net_value_high"], *each["net_value_ci95"])
    ]
    axis = money_axis([0.0, *ends], sign=True)
    rows = tuple(_value(name, each, axis) for name, each in found.items())
    return Ranges(axis, rows, axis.at(0.0), "as the reference")


def _value(name: str, found: Document, axis: Axis) -> RangeRow:
    low, high = found["net_value_ci95"]
    lowest, highest = found["net_value_low"], found["net_value_high"]
    # To a reader more value is the good direction, as less cost is.
    tone = "cheaper" if low > 0.0 else "dearer" if high < 0.0 else "same"
    return RangeRow(
        name=name,
        tone=tone,
        wide=between(axis, min(lowest, low), max(highest, high)),
        middle=None,
        median=None,
        mean=axis.at(found["net_value"]),
        interval=between(axis, low, high),
        spoken=(
            f"net value {amount(found['net_value'], sign=True)} per CSM-year, "
            f"{amount(lowest, sign=True)} to {amount(highest, sign=True)} over the range assumed"
        ),
    )


def value_swings(document: Document) -> Swings | None:
    """What the net value of each plan rests on, widest first; None where no assumption moves any."""
    found = {name: (entry, by_swing(entry)) for name, entry in measured(document, "response").items()}
    moving = [name for name, each in found.items() if any(_width(row) > 0.0 for _, row in each[1])]
    if not moving:
        return None
    best = sorted(moving, key=lambda name: -float(found[name][0]["net_value"]))[:MOST_PANELS]
    moved = {name: found[name] for name in moving if name in best}
    ends = [end for _, rows in moved.values() for _, row in rows for end in row["net_value"]]
    axis = money_axis([0.0, *ends], sign=True, most=4)
    panels = tuple(
        SwingPanel(
            name,
            axis.at(entry["net_value"]),
            tuple(_swing(key, row, axis) for key, row in rows[:MOST_SWINGS]),
        )
        for name, (entry, rows) in moved.items()
    )
    return Swings(axis, axis.at(0.0), panels)


def _width(row: Document) -> float:
    low, high = row["net_value"]
    return float(abs(high - low))


def _swing(key: str, row: Document, axis: Axis) -> Swing:
    low, high = row["net_value"]
    spoken = (
        f"{label_of(key)} from {row['low']:g} to {row['high']:g}: "
        f"net value {amount(low, sign=True)} to {amount(high, sign=True)}"
    )
    return Swing(key, label_of(key), between(axis, min(low, high), max(low, high)), axis.at(low), spoken)


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


AGAINST: Final = (
    ("exposure", "lower", "Exposure to moved dates"),
    ("risk", "premium", "Risk premium of a CSM"),
)
"""What speaks against a plan: section of its card, key, title; each per CSM-year."""


def tradeoffs(document: Document) -> tuple[Tradeoff, ...]:
    """Net value against exposure and against risk, of the plans of which both are known."""
    return tuple(
        found
        for section, key, title in AGAINST
        if (found := _tradeoff(document, section, key, title)) is not None
    )


def _tradeoff(document: Document, section: str, key: str, title: str) -> Tradeoff | None:
    known = {
        name: (plan["card"][section][key], plan["response"])
        for name, plan in document["plans"].items()
        if "response" in plan and key in plan["card"].get(section, {})
    }
    if len(known) < 2:
        return None
    x = money_axis([0.0, *(cost for cost, _ in known.values())], most=4)
    y = money_axis(
        [0.0, *(end for _, each in known.values() for end in each["net_value_ci95"])], sign=True, most=4
    )
    pairs = {name: (cost, each["net_value"]) for name, (cost, each) in known.items()}
    at = {name: (x.at(cost), 100.0 - y.at(value)) for name, (cost, value) in pairs.items()}
    sides = _sides(list(at.values()))
    order = list(document["plans"])
    places = tuple(
        Place(
            number=1 + order.index(name),
            name=name,
            x=at[name][0],
            y=at[name][1],
            spread=(100.0 - y.at(each["net_value_ci95"][1]), 100.0 - y.at(each["net_value_ci95"][0])),
            side=side,
            best=not any(beats(other, pairs[name]) for other in pairs.values()),
            spoken=f"{name}: net value {amount(each['net_value'], sign=True)}, "
            + (
                bracket(cost, document["plans"][name]["exposure"].get("upper"))
                if section == "exposure"
                else amount(cost)
            ),
        )
        for (name, (cost, each)), side in zip(known.items(), sides, strict=True)
    )
    return Tradeoff(title, x, y, places)


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
