"""Bars from one amount to another, and bars made of parts: the geometry of figures, in percent of their axis."""

from typing import NamedTuple

from sim.shapes.axis import Axis


class Bar(NamedTuple):
    """A stretch of an axis. [% of the axis]"""

    start: float
    width: float


class RangeRow(NamedTuple):
    """One plan: nine tenths of its worlds, the middle half where known, the median, and the mean with its interval.

    tone   : ``"dearer"``, ``"cheaper"``, ``"same"`` or ``"plain"``.
    spoken : the row in words.
    open   : whether it goes on beyond the axis, without a known end.
    """

    name: str
    tone: str
    wide: Bar
    middle: Bar | None
    median: float | None
    mean: float | None
    interval: Bar | None
    spoken: str
    open: bool = False


class Ranges(NamedTuple):
    """mark : where zero or the budget stands, if anywhere. [% of the axis]"""

    axis: Axis
    rows: tuple[RangeRow, ...]
    mark: float | None
    mark_label: str


def between(axis: Axis, low: float, high: float) -> Bar:
    """The stretch from one value to another."""
    start = axis.at(low)
    return Bar(start, round(axis.at(high) - start, 3))


class Segment(NamedTuple):
    """A stretch of a stacked bar."""

    part: str
    bar: Bar
    spoken: str


class StackRow(NamedTuple):
    """One plan's cost, part after part; mark : where a line stands across it, if anywhere. [% of the axis]"""

    name: str
    segments: tuple[Segment, ...]
    mark: float | None = None


class Stack(NamedTuple):
    """parts : key and title of each part that some plan has."""

    axis: Axis
    parts: tuple[tuple[str, str], ...]
    rows: tuple[StackRow, ...]
