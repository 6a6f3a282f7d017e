"""Figures of what moving dates is worth: the split of pay, the bracket, and curves in friction and in movability."""

from typing import Any, NamedTuple

from sim.questions.gaming.findings import bracket
from sim.questions.gaming.tables import left_of
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, cent_axis, factor_axis, money_axis, share_axis
from sim.shapes.ranges import RangeRow, Ranges, Segment, Stack, StackRow, between
from sim.summary.summary import measured

Document = dict[str, Any]
Points = tuple[tuple[float, float], ...]
"""Places from the left and from the top. [% of the plot]"""

SPLIT = (("value", "for value"), ("natural", "natural timing"), ("exposure", "timing exposure"))
WIDE = 1.96
"""Standard errors to each side of a mean in its 95 % interval."""


def split_stack(document: Document) -> Stack:
    """Pay if gamed, part after part; a mark stands at the pay for value, so that dates that cost pay show too."""
    found = measured(document, "split")
    axis = money_axis([0.0, *(max(each["gamed"], each["value"]) for each in found.values())])
    rows = tuple(StackRow(name, _parts(each, axis), axis.at(each["value"])) for name, each in found.items())
    used = {segment.part for row in rows for segment in row.segments}
    return Stack(axis, tuple(part for part in SPLIT if part[0] in used), rows)


def _parts(entry: Document, axis: Axis) -> tuple[Segment, ...]:
    """Natural timing that costs pay has no stretch of its own: the stretch for value ends before its mark."""
    honest = entry["value"] + entry["natural_timing"]
    sure = min(entry["value"], honest)
    ends = (
        ("value", 0.0, sure, entry["value"]),
        ("natural", sure, honest, entry["natural_timing"]),
        ("exposure", honest, entry["gamed"], entry["exposure"]),
    )
    titles = dict(SPLIT)
    return tuple(
        Segment(key, between(axis, low, high), f"{titles[key]} {amount(size)}")
        for key, low, high, size in ends
        if high > low or size < 0.0
    )


def exposure_ranges(document: Document) -> Ranges:
    """From what a rule without foresight obtains to what no choice of dates exceeds; open where nothing bounds it."""
    found = measured(document, "exposure")
    ends = [entry["lower"] + WIDE * entry["lower_se"] for entry in found.values()]
    ends += [entry["upper"] for entry in found.values() if "upper" in entry]
    axis = money_axis([0.0, *ends])
    rows = tuple(_bracketed(name, entry, axis) for name, entry in found.items())
    return Ranges(axis, rows, None, "")


def _bracketed(name: str, entry: Document, axis: Axis) -> RangeRow:
    low, error, bounded = entry["lower"], WIDE * entry["lower_se"], "upper" in entry
    high = entry["upper"] if bounded else axis.high
    spoken = f"{bracket(entry)} per CSM-year" + ("" if bounded else ", no upper end known")
    return RangeRow(
        name=name,
        tone="dearer",
        wide=between(axis, low, high),
        middle=None,
        median=axis.at(high) if bounded else None,
        mean=axis.at(low),
        interval=between(axis, low - error, low + error),
        spoken=spoken,
        open=not bounded,
    )


class Line(NamedTuple):
    """One plan's curve, what its 100 % is, and a second curve in dashes where there is one."""

    name: str
    unit: str
    line: Points
    spoken: str
    dashes: Points = ()


class Lines(NamedTuple):
    """x, y : the common axes."""

    x: Axis
    y: Axis
    panels: tuple[Line, ...]


class Curve(NamedTuple):
    """A plan's exposure along something that is varied.

    whole : what 100 % is. [usd per CSM-year]
    parts : (place along it, part of the whole).
    """

    whole: float
    parts: tuple[tuple[float, float], ...]


def friction_lines(document: Document) -> Lines | None:
    """What is left of each plan's exposure, by what a moved dollar costs the CSM; None where it is not known."""
    found = measured(document, "exposure").items()
    curves = _known({name: _curve(entry, "friction", "cost", free_gain(entry)) for name, entry in found})
    if not curves:
        return None
    x = cent_axis([0.0, *_places(curves)], most=4)
    y = share_axis([0.0, 1.0], most=4)
    panels = (
        _line(name, each, x, y, "without cost", "{:.0f}¢ a dollar moved", 100)
        for name, each in curves.items()
    )
    return Lines(x, y, tuple(panels))


def movable_lines(document: Document) -> Lines | None:
    """Each plan's exposure where fewer or more renewals can be moved, against that at the assumed share."""
    found = measured(document, "exposure").items()
    curves = _known({name: _curve(entry, "movable", "factor", assumed_gain(entry)) for name, entry in found})
    if not curves:
        return None
    x = factor_axis([0.0, *_places(curves)])
    y = share_axis([0.0, *(part for each in curves.values() for _, part in each.parts)], most=4)
    panels = (
        _line(name, each, x, y, "at the assumed share of movable renewals", "{:g} times it", 1)
        for name, each in curves.items()
    )
    return Lines(x, y, tuple(panels))


def free_gain(entry: Document) -> float:
    """The exposure where moving costs nothing. [usd per CSM-year]"""
    points = entry.get("friction", ())
    return float(points[0]["gain"]) if points else 0.0


def assumed_gain(entry: Document) -> float:
    """The exposure at the assumed share of movable renewals, or at the largest that was asked. [usd per CSM-year]"""
    points = {point["factor"]: float(point["gain"]) for point in entry.get("movable", ())}
    return points.get(1.0, points[max(points)] if points else 0.0)


def _curve(entry: Document, key: str, along: str, whole: float) -> Curve:
    parts = ((float(point[along]), left_of(point["gain"], whole)) for point in entry.get(key, ()))
    return Curve(whole, tuple((at, part) for at, part in parts if part is not None))


def _known(curves: dict[str, Curve]) -> dict[str, Curve]:
    return {name: each for name, each in curves.items() if each.parts}


def _places(curves: dict[str, Curve]) -> list[float]:
    return [at for each in curves.values() for at, _ in each.parts]


def _line(name: str, curve: Curve, x: Axis, y: Axis, where: str, last: str, times: int) -> Line:
    at, part = curve.parts[-1]
    spoken = f"{name}: {amount(curve.whole)} per CSM-year {where}; {share(part)} of it at {last.format(times * at)}"
    line = tuple((x.at(place), round(100.0 - y.at(value), 3)) for place, value in curve.parts)
    return Line(name, f"100 % = {amount(curve.whole)}", line, spoken)
