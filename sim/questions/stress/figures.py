"""Figures of a stress suite: the heat table, and what moves the cost of each plan."""

from typing import Any, Final, NamedTuple

from sim.questions.cost.rows import StressRow, stress_rows
from sim.questions.stress.tables import MARKS, range_of, short
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, money_axis
from sim.shapes.fragile import NO_MEAN
from sim.shapes.ranges import between
from sim.shapes.swings import MOST_PANELS, MOST_SWINGS, Swing, SwingPanel, Swings

Document = dict[str, Any]

SAID: Final = {
    "pass": "keeps limits and budget",
    "fail": "breaks a limit or the budget",
    "undecided": "undecided",
}
"""What a verdict is called."""
FULL: Final = 0.10
"""A change of cost of this size, or more, has the full colour. [share]"""


class Cell(NamedTuple):
    """One plan under one stress. heat : strength of the colour, from 0 to 1."""

    tone: str
    heat: float
    text: str
    mark: str
    spoken: str


class HeatRow(NamedTuple):
    """One plan under every stress."""

    name: str
    cells: tuple[Cell, ...]


class Heat(NamedTuple):
    """stresses : name and title of each."""

    stresses: tuple[tuple[str, str], ...]
    rows: tuple[HeatRow, ...]


def heat(document: Document) -> Heat:
    """Change of mean cost and verdict of every plan under every stress."""
    stresses = document["stresses"]
    base, *_ = stresses.values()
    found = {(row.stress, row.plan): row for row in stress_rows(document)}
    rows = tuple(
        HeatRow(plan, tuple(_cell(found.get((name, plan))) for name in stresses)) for plan in base["plans"]
    )
    return Heat(tuple((name, each["title"]) for name, each in stresses.items()), rows)


def _cell(row: StressRow | None) -> Cell:
    if row is None or row.p50 is None:
        return Cell("", 0.0, "–", "", "not measured")
    said = row.verdict or ""
    if row.change is None:
        return Cell("", 0.0, NO_MEAN, MARKS.get(said, ""), SAID.get(said, ""))
    tone = "dearer" if row.change > 0.0 else "cheaper" if row.change < 0.0 else ""
    text = (
        amount(row.p50 if row.mean is None else row.mean)
        if not row.change
        else share(row.change, 1, sign=True)
    )
    return Cell(
        tone, round(min(abs(row.change) / FULL, 1.0), 3), text, MARKS.get(said, ""), SAID.get(said, "")
    )


def cost_swings(document: Document) -> Swings | None:
    """The tornado: mean cost of each plan at both ends of each input, widest first."""
    inputs = document.get("tornado", {}).get("inputs")
    if not inputs:
        return None
    baseline = document["study"]["baseline"]
    plans = list(next(iter(inputs.values()))["plans"])
    shown = [baseline, *(name for name in plans if name != baseline)][:MOST_PANELS]
    ends = [bar["plans"][name][end] for bar in inputs.values() for name in shown for end in ("low", "high")]
    axis = money_axis([0.0, *ends], sign=True, most=4)
    panels = tuple(SwingPanel(name, axis.at(0.0), _widest(inputs, name, axis)) for name in shown)
    return Swings(axis, axis.at(0.0), panels)


def _widest(inputs: Document, plan: str, axis: Axis) -> tuple[Swing, ...]:
    def width(path: str) -> float:
        entry = inputs[path]["plans"][plan]
        return max(abs(float(entry["low"])), abs(float(entry["high"])))

    paths = sorted(inputs, key=width, reverse=True)[:MOST_SWINGS]
    return tuple(_swing(path, inputs[path], inputs[path]["plans"][plan], axis) for path in paths)


def _swing(path: str, bar: Document, entry: Document, axis: Axis) -> Swing:
    low, high = entry["low"], entry["high"]
    spoken = f"{short(path)} {range_of(bar)}: cost {amount(low, sign=True)} to {amount(high, sign=True)}"
    ends = between(axis, min(low, high, 0.0), max(low, high, 0.0))
    return Swing(path, short(path), ends, axis.at(low), spoken)
