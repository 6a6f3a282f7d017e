"""Figures of what moving dates is worth: the split of pay, the bracket, and curves in friction and in movability."""

from collections.abc import Iterable
from typing import NamedTuple

from sim.questions.gaming.findings import bracket
from sim.questions.gaming.summary import Exposure, Split, splits
from sim.questions.gaming.tables import left_of
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, cent_axis, factor_axis, money_axis, share_axis
from sim.shapes.lines import Line, Lines
from sim.shapes.ranges import RangeRow, Ranges, Segment, Stack, StackRow, between
from sim.summary.summary import Summary

SPLIT = (("value", "for value"), ("natural", "natural timing"), ("exposure", "timing exposure"))
WIDE = 1.96
"""Standard errors to each side of a mean in its 95 % interval."""


def split_stack(summary: Summary) -> Stack:
    """Pay if gamed, part after part; a mark stands at the pay for value, so that dates that cost pay show too."""
    found = splits(summary)
    axis = money_axis([0.0, *(max(each.gamed, each.value) for each in found.values())])
    rows = tuple(StackRow(name, _parts(each, axis), axis.at(each.value)) for name, each in found.items())
    used = {segment.part for row in rows for segment in row.segments}
    return Stack(axis, tuple(part for part in SPLIT if part[0] in used), rows)


def _parts(split: Split, axis: Axis) -> tuple[Segment, ...]:
    """Natural timing that costs pay has no stretch of its own: the stretch for value ends before its mark."""
    honest = split.value + split.natural_timing
    sure = min(split.value, honest)
    ends = (
        ("value", 0.0, sure, split.value),
        ("natural", sure, honest, split.natural_timing),
        ("exposure", honest, split.gamed, split.exposure),
    )
    titles = dict(SPLIT)
    return tuple(
        Segment(key, between(axis, low, high), f"{titles[key]} {amount(size)}")
        for key, low, high, size in ends
        if high > low or size < 0.0
    )


def exposure_ranges(found: dict[str, Exposure]) -> Ranges:
    """From what a rule without foresight obtains to what no choice of dates exceeds; open where nothing bounds it."""
    ends = [each.lower + WIDE * each.lower_se for each in found.values()]
    ends += [each.upper for each in found.values() if each.upper is not None]
    axis = money_axis([0.0, *ends])
    return Ranges(axis, tuple(_bracketed(name, each, axis) for name, each in found.items()), None, "")


def _bracketed(name: str, exposure: Exposure, axis: Axis) -> RangeRow:
    low, error, upper = exposure.lower, WIDE * exposure.lower_se, exposure.upper
    spoken = f"{bracket(low, upper)} per CSM-year" + ("" if upper is not None else ", no upper end known")
    return RangeRow(
        name=name,
        tone="dearer",
        wide=between(axis, low, axis.high if upper is None else upper),
        middle=None,
        median=None if upper is None else axis.at(upper),
        mean=axis.at(low),
        interval=between(axis, low - error, low + error),
        spoken=spoken,
        open=upper is None,
    )


class Curve(NamedTuple):
    """A plan's exposure along something that is varied.

    whole : what 100 % is. [usd per CSM-year]
    parts : (place along it, part of the whole).
    """

    whole: float
    parts: tuple[tuple[float, float], ...]


def friction_lines(found: dict[str, Exposure]) -> Lines | None:
    """What is left of each plan's exposure, by what a moved dollar costs the CSM; None where it is not known."""
    curves = _known(
        {
            name: _curve(free_gain(each), ((point.cost, point.gain) for point in each.friction))
            for name, each in found.items()
        }
    )
    if not curves:
        return None
    x = cent_axis([0.0, *_places(curves)], most=4)
    y = share_axis([0.0, 1.0], most=4)
    panels = (
        _line(name, curve, x, y, "without cost", "{:.0f}¢ a dollar moved", 100)
        for name, curve in curves.items()
    )
    return Lines(x, y, tuple(panels))


def movable_lines(found: dict[str, Exposure]) -> Lines | None:
    """Each plan's exposure where fewer or more renewals can be moved, against that at the assumed share."""
    curves = _known(
        {
            name: _curve(assumed_gain(each), ((point.factor, point.gain) for point in each.movable))
            for name, each in found.items()
        }
    )
    if not curves:
        return None
    x = factor_axis([0.0, *_places(curves)])
    y = share_axis([0.0, *(part for curve in curves.values() for _, part in curve.parts)], most=4)
    panels = (
        _line(name, curve, x, y, "at the assumed share of movable renewals", "{:g} times it", 1)
        for name, curve in curves.items()
    )
    return Lines(x, y, tuple(panels))


def free_gain(exposure: Exposure) -> float:
    """The exposure where moving costs nothing. [usd per CSM-year]"""
    return exposure.friction[0].gain if exposure.friction else 0.0


def assumed_gain(exposure: Exposure) -> float:
    """The exposure at the assumed share of movable renewals, or at the largest that was asked. [usd per CSM-year]"""
    gains = {point.factor: point.gain for point in exposure.movable}
    return gains.get(1.0, gains[max(gains)] if gains else 0.0)


def _curve(whole: float, points: Iterable[tuple[float, float]]) -> Curve:
    parts = ((at, left_of(gain, whole)) for at, gain in points)
    return Curve(whole, tuple((at, part) for at, part in parts if part is not None))


def _known(curves: dict[str, Curve]) -> dict[str, Curve]:
    return {name: curve for name, curve in curves.items() if curve.parts}


def _places(curves: dict[str, Curve]) -> list[float]:
    return [at for curve in curves.values() for at, _ in curve.parts]


def _line(name: str, curve: Curve, x: Axis, y: Axis, where: str, last: str, times: int) -> Line:
    at, part = curve.parts[-1]
    spoken = f"{name}: {amount(curve.whole)} per CSM-year {where}; {share(part)} of it at {last.format(times * at)}"
    line = tuple((x.at(place), round(100.0 - y.at(value), 3)) for place, value in curve.parts)
    return Line(name, f"100 % = {amount(curve.whole)}", line, spoken)
