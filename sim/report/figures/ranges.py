"""Ranges of worlds, one row a plan: of differences against the baseline, and of cost against the budget."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.report.amounts import amount
from sim.report.figures.axis import Axis, money_axis
from sim.report.tail import has_mean

Document = dict[str, Any]


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


def difference_ranges(document: Document) -> Ranges:
    """What each plan costs more or less than the baseline, over the worlds."""
    study = document["study"]
    found = {
        name: plan["vs_baseline"] for name, plan in document["plans"].items() if name != study["baseline"]
    }
    ends = [each[key] for each in found.values() for key in ("p5", "p95")]
    means = [each["mean"] for each in found.values() if has_mean(each)]
    axis = money_axis([0.0, *ends, *means], sign=True)
    rows = tuple(_difference(name, each, axis) for name, each in found.items())
    return Ranges(axis, rows, axis.at(0.0), f"as {study['baseline']}")


def cost_ranges(document: Document) -> Ranges:
    """What each plan costs, over the worlds, with the budget."""
    study, plans = document["study"], document["plans"]
    budget = study.get("budget")
    costs = {name: plan["cost"] for name, plan in plans.items()}
    ends = [each[key] for each in costs.values() for key in ("p5", "p95")]
    axis = money_axis([*ends, *([] if budget is None else [budget])])
    rows = tuple(_cost(name, each, axis) for name, each in costs.items())
    mark = None if budget is None else axis.at(budget)
    return Ranges(axis, rows, mark, "" if budget is None else f"budget {amount(budget)}")


def _difference(name: str, found: Document, axis: Axis) -> RangeRow:
    low, high = ends = found["ci95"] if has_mean(found) else (found["p5"], found["p95"])
    tone = "dearer" if ends[0] > 0 else "cheaper" if ends[1] < 0 else "same"
    middle = f"median {amount(found['p50'], sign=True)}"
    spread = f"P5 {amount(found['p5'], sign=True)}, P95 {amount(found['p95'], sign=True)}"
    if not has_mean(found):
        spoken = f"{middle}, {spread}; it has no mean"
        return RangeRow(
            name, tone, _bar(axis, found, "p5", "p95"), None, axis.at(found["p50"]), None, None, spoken
        )
    return RangeRow(
        name=name,
        tone=tone,
        wide=_bar(axis, found, "p5", "p95"),
        middle=None,
        median=axis.at(found["p50"]),
        mean=axis.at(found["mean"]),
        interval=between(axis, low, high),
        spoken=f"mean {amount(found['mean'], sign=True)}, {middle}, {spread}",
    )


def _cost(name: str, found: Document, axis: Axis) -> RangeRow:
    spoken = ", ".join(f"{key.upper()} {amount(found[key])}" for key in ("p5", "p50", "p95") if key in found)
    return RangeRow(
        name=name,
        tone="plain",
        wide=_bar(axis, found, "p5", "p95"),
        middle=_bar(axis, found, "p25", "p75"),
        median=axis.at(found["p50"]),
        mean=axis.at(found["mean"]) if has_mean(found) and axis.shows(found["mean"]) else None,
        interval=None,
        spoken=spoken,
    )


def _bar(axis: Axis, found: Document, low: str, high: str) -> Bar:
    return between(axis, found[low], found[high])


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


PARTS = (
    ("early", "early renewals"),
    ("on_time", "on time"),
    ("late", "late renewals"),
    ("uncredited", "no credit"),
    ("variable", "variable pay"),
)


def pay_stack(document: Document) -> Stack:
    """Mean variable pay of each plan by what it is paid for; undivided where renewals are not all that pays. Plans whose
    pay has no mean are left out.
    """
    parts = {
        name: plan["cost_parts"]
        for name, plan in document["plans"].items()
        if "variable" in plan["cost_parts"]
    }
    axis = money_axis([0.0, *(each["variable"] for each in parts.values())])
    rows = tuple(StackRow(name, _segments(each, axis)) for name, each in parts.items())
    used = {segment.part for row in rows for segment in row.segments}
    return Stack(axis, tuple(part for part in PARTS if part[0] in used), rows)


def _segments(part: Document, axis: Axis) -> tuple[Segment, ...]:
    keys: Sequence[tuple[str, str]] = PARTS[:-1] if "early" in part else PARTS[-1:]
    segments, paid = [], 0.0
    for key, title in keys:
        value = part.get(key, 0.0)
        if value > 0.0:
            spoken = f"{title} {amount(value)}"
            segments.append(Segment(key, between(axis, paid, paid + value), spoken))
            paid += value
    return tuple(segments)
