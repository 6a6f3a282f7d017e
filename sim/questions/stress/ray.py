"""Where a plan breaks along a direction of moves: bracket the first crossing, then close in, all plans together."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from sim.questions.stress.gap import Gap
from sim.questions.stress.move import Change
from sim.questions.stress.setting import Range

CLOSE: Final = 0.02
"""A root is known well enough when its bracket is this wide. [step]"""
SURE: Final = 0.05
"""Or when the gap is this part of its standard error."""
ROUNDS: Final = 12
"""Most rounds of closing in; each halves a bracket at worst every other time. [count]"""
SPACING: Final = 0.1
"""Points of which a slope is taken are so far apart. [step]"""
INSIDE: Final = 0.1
"""A new point keeps this part of the bracket from its ends. [share]"""


class Part(NamedTuple):
    """One input of a direction. weight: steps of its range per unit of distance."""

    range: Range
    weight: float


class Ray(NamedTuple):
    """A direction of moves; the squares of the weights sum to one."""

    parts: tuple[Part, ...]

    def changes(self, distance: float) -> tuple[Change, ...]:
        """The moves at a distance."""
        return tuple(part.range.at(part.weight * distance) for part in self.parts)


class Root(NamedTuple):
    """The first crossing found. All in steps.

    low, high : not broken at the one, broken at the other.
    distance  : where it crosses; None where another direction breaks before ``low``, so that nobody closed in.
    se        : standard error of the distance: that of the gap over its slope.
    """

    low: float
    high: float
    distance: float | None
    se: float | None


Points = dict[float, list[Gap | None]]
"""Gaps of every plan by distance."""
Evaluate = Callable[[list[tuple[Ray, float]]], list[list[Gap | None]]]


def first_roots(
    rays: Sequence[Ray], start: list[Gap | None], ladder: Sequence[float], evaluate: Evaluate
) -> list[list[Root | None]]:
    """The first crossing of every plan along every ray; None where there is none up to the end of the ladder.

    Only the directions that can hold a plan's nearest break are closed in on. A crossing and back between two rungs of
    the ladder is not seen. [ray][plan]
    """
    points: list[Points] = [{0.0: start} for _ in rays]
    asks = [(index, distance) for index in range(len(rays)) for distance in ladder]
    _add(rays, points, asks, evaluate)
    plans = range(len(start))
    for _ in range(ROUNDS):
        asks = []
        for plan in plans:
            brackets = [bracket(point, plan) for point in points]
            nearest = min((found[1] for found in brackets if found is not None), default=0.0)
            for index, found in enumerate(brackets):
                if found is not None and found[0] < nearest and not _settled(points[index], plan, found):
                    asks.append((index, _next(points[index], plan, found)))
        fresh = _apart(asks)
        if not fresh:
            break
        _add(rays, points, fresh, evaluate)
    return [_roots(points, index, plans) for index in range(len(rays))]


def _add(
    rays: Sequence[Ray], points: list[Points], asks: list[tuple[int, float]], evaluate: Evaluate
) -> None:
    gaps = evaluate([(rays[index], distance) for index, distance in asks])
    for (index, distance), found in zip(asks, gaps, strict=True):
        points[index][distance] = found


def bracket(points: Points, plan: int) -> tuple[float, float] | None:
    """The two neighbouring distances between which a plan breaks first; None where it never does, or is broken at once."""
    known = [(at, gap.gap) for at, gaps in sorted(points.items()) if (gap := gaps[plan]) is not None]
    if not known or known[0][0] > 0.0 or known[0][1] >= 0.0:
        return None
    crossings = ((low, high) for (low, _), (high, above) in pairwise(known) if above >= 0.0)
    return next(crossings, None)


def _settled(points: Points, plan: int, found: tuple[float, float]) -> bool:
    ends = [points[at][plan] for at in found]
    return found[1] - found[0] <= CLOSE or any(
        end is not None and abs(end.gap) <= SURE * end.se for end in ends
    )


def _next(points: Points, plan: int, found: tuple[float, float]) -> float:
    """The straight line's crossing, kept off the ends so that the bracket shrinks from both sides."""
    low, high = found
    width = high - low
    return min(max(_crossing(points, plan, found), low + INSIDE * width), high - INSIDE * width)


def _crossing(points: Points, plan: int, found: tuple[float, float]) -> float:
    below, above = (points[at][plan] for at in found)
    assert below is not None, "a bracket has gaps"
    assert above is not None, "a bracket has gaps"
    rise = above.gap - below.gap
    return found[0] + (found[1] - found[0]) * (-below.gap / rise)


def _apart(asks: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """One point for several plans that would look at almost the same distance."""
    fresh: list[tuple[int, float]] = []
    for index, distance in sorted(asks):
        if not (fresh and fresh[-1][0] == index and distance - fresh[-1][1] <= CLOSE / 2):
            fresh.append((index, distance))
    return fresh


def _roots(points: list[Points], index: int, plans: range) -> list[Root | None]:
    roots: list[Root | None] = []
    for plan in plans:
        found = bracket(points[index], plan)
        if found is None:
            roots.append(None)
            continue
        others = [other for point in points if (other := bracket(point, plan)) is not None]
        nearest = min(high for _, high in others)
        if found[0] >= nearest:
            roots.append(Root(*found, None, None))
            continue
        distance = _crossing(points[index], plan, found)
        roots.append(Root(*found, distance, _error(points[index], plan, found)))
    return roots


def _error(points: Points, plan: int, found: tuple[float, float]) -> float | None:
    """Standard error of the gap at the break over its slope there; None where the gap does not rise."""
    known = [(at, gap) for at, gaps in sorted(points.items()) if (gap := gaps[plan]) is not None]
    root = _crossing(points, plan, found)
    rise = slope([(at, gap.gap) for at, gap in known], root)
    broken = points[found[1]][plan]
    assert broken is not None, "a bracket has gaps"
    return broken.se / rise if rise > 0.0 else None


def slope(known: list[tuple[float, float]], at: float) -> float:
    """The slope of the parabola through the three known points nearest to ``at``, no two closer than ``SPACING`` (or a
    tenth of the farthest); of the line where there are two.

    Source: derivative of Lagrange's interpolation polynomial.
    """
    spacing = min(SPACING, max(each for each, _ in known) / 10.0)
    chosen: list[tuple[float, float]] = []
    for point in sorted(known, key=lambda each: abs(each[0] - at)):
        if all(abs(point[0] - other[0]) >= spacing for other in chosen):
            chosen.append(point)
        if len(chosen) == 3:
            break
    if len(chosen) < 3:
        (low, below), (high, above) = chosen
        return (above - below) / (high - low)
    total = 0.0
    for (here, value), (one, _), (other, _) in (chosen, chosen[1:] + chosen[:1], chosen[2:] + chosen[:2]):
        total += value * (2.0 * at - one - other) / ((here - one) * (here - other))
    return total
