"""Figures of what is not known: the parts of the variance of cost, and what each input moves."""

from typing import Final

from sim.questions.uncertainty.summary import InputEffect, UnknownInputs, effects, spreads, unknown_of
from sim.shapes.amounts import amount, share
from sim.shapes.axis import Axis, money_axis, share_axis
from sim.shapes.ranges import Segment, Stack, StackRow, between
from sim.shapes.swings import MOST_PANELS, MOST_SWINGS, Swing, SwingPanel, Swings
from sim.summary.summary import Summary

PARTS: Final = (("value", "what is not known"), ("exposure", "luck"))
"""Parts of the variance of cost, and what they are called."""


def unknown_stack(summary: Summary) -> Stack | None:
    """What is not known in the variance of each plan's cost, and luck."""
    found = spreads(summary)
    if not found:
        return None
    axis = share_axis([0.0, 1.0])
    return Stack(
        axis, PARTS, tuple(StackRow(name, _parts(each.share_unknown, axis)) for name, each in found.items())
    )


def _parts(part: float, axis: Axis) -> tuple[Segment, ...]:
    """An estimate below 0 or above 1 is drawn at that end."""
    unknown = min(max(part, 0.0), 1.0)
    (key, title), (other, luck) = PARTS
    return (
        Segment(key, between(axis, 0.0, unknown), f"{title} {share(part)}"),
        Segment(other, between(axis, unknown, 1.0), f"{luck} {share(1.0 - part)}"),
    )


def input_swings(summary: Summary) -> Swings | None:
    """The tornado: what mean cost moves by as each input goes from its P5 to its P95, widest first."""
    unknown, found = unknown_of(summary), effects(summary)
    if unknown is None or not found:
        return None
    baseline = summary.study.baseline
    shown = [name for name in (baseline, *(name for name in found if name != baseline)) if name in found]
    shown = shown[:MOST_PANELS]
    halves = [each.change / 2.0 for name in shown for each in found[name].values()]
    axis = money_axis([0.0, *halves, *(-half for half in halves)], sign=True, most=4)
    panels = tuple(SwingPanel(name, axis.at(0.0), _widest(found[name], unknown, axis)) for name in shown)
    return Swings(axis, axis.at(0.0), panels)


def _widest(inputs: dict[str, InputEffect], unknown: UnknownInputs, axis: Axis) -> tuple[Swing, ...]:
    widest = list(inputs.items())[:MOST_SWINGS]
    return tuple(_swing(path, each, unknown, axis) for path, each in widest)


def _swing(path: str, effect: InputEffect, unknown: UnknownInputs, axis: Axis) -> Swing:
    half, ends = effect.change / 2.0, unknown.inputs[path]
    spoken = (
        f"{path} from {ends.p5:.3g} to {ends.p95:.3g}: cost {amount(effect.change, sign=True)}, "
        f"± {amount(effect.change_se)}"
    )
    bar = between(axis, -abs(half), abs(half))
    return Swing(path, path.removeprefix("segment.").replace(".", " "), bar, axis.at(-half), spoken)
