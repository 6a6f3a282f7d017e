"""Climbing from one effort to the best effort near it, with few evaluations of what effort gains."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.response.effort import Costs, best_efforts, marginals

Floats = NDArray[np.float64]

TOLERANCE: Final = 0.002
"""The answer is sought until no effort would move by more. [effort]"""
ENOUGH: Final = 0.05
"""Where what effort gains jumps from world to world no closer one may be found: this will do. [effort]"""
MORE_STEPS: Final = 6
"""Evaluations spent on a closer answer once it is near enough. [count]"""
MOST_STEPS: Final = 24
"""Evaluations of what effort gains, at most. [count]"""
APART: Final = 0.2
"""Equilibria from two starts that differ by more are two. [effort]"""
FLAT: Final = 0.1
"""A line search ends where the slope has fallen to this part of what it was. [share]"""
INSIDE: Final = 0.1
"""A step inside a bracket stays this part of it away from its ends. [share]"""


class Equilibrium(NamedTuple):
    """Where efforts and what they gain agree. effort : [worker x task], 1 at today's plan; steps taken; whether settled."""

    effort: Floats
    steps: int
    settled: bool


class Point(NamedTuple):
    """An effort, and what one more unit of it gains there. Both [worker x task]."""

    effort: Floats
    gain: Floats


def climb(
    gains: Callable[[Floats], Floats], costs: Sequence[Costs], start: Floats, tolerance: float = TOLERANCE
) -> Equilibrium:
    """The effort at which no small change is worth its cost, going uphill from ``start``.

    gains     : of one more unit of effort at the given effort, of each who works on a book. [worker x task] [usd/period]
    costs     : of each of them.
    tolerance : the answer is reached when no effort would move by more; it is near enough, and only so many more steps are
        made, when none would by ``ENOUGH``. [effort]

    From each effort the best answer to the gains in force shows a direction in which the CSM is better off; along it a
    secant finds where that ends. So every step goes uphill, and a start below a cliff may end elsewhere than one above.
    Several who work on one book move together, each to their own best answer (Nash 1951).

    Source: METHOD.md, response; Frank & Wolfe (1956), "An algorithm for quadratic programming", Naval Research Logistics
    Quarterly 3, with the curvature of costs kept in the direction.
    """
    here, steps, last = Point(start, gains(start)), 1, MOST_STEPS
    enough, near = max(ENOUGH, tolerance), False
    while steps < last:
        best = best_efforts(here.gain, costs)
        direction = best - here.effort
        if float(np.abs(direction).max()) < tolerance:
            return Equilibrium(best, steps, True)
        if not near and float(np.abs(direction).max()) < enough:
            near, last = True, min(steps + MORE_STEPS, MOST_STEPS)
        there, used, pinned = _along(gains, costs, here, direction, tolerance)
        steps += used
        if pinned and float(np.abs(there.effort - here.effort).max()) < tolerance:
            return Equilibrium(there.effort, steps, True)
        here = there
    return Equilibrium(here.effort, steps, near)


def _along(
    gains: Callable[[Floats], Floats],
    costs: Sequence[Costs],
    here: Point,
    direction: Floats,
    tolerance: float,
) -> tuple[Point, int, bool]:
    """The point on the way along ``direction`` from which on it goes downhill, evaluations used, and whether the place is
    known to within the tolerance: it lies between an uphill and a downhill slope that close.
    """
    width = float(np.abs(direction).max())
    first = float(marginals(here.gain, here.effort, costs) @ direction)
    near, low, high, low_slope, high_slope = here, 0.0, 1.0, first, 0.0
    at, used = 1.0, 0
    while used < MOST_STEPS:
        effort = here.effort + at * direction
        point = Point(effort, gains(effort))
        used += 1
        slope = float(marginals(point.gain, effort, costs) @ direction)
        if (at == 1.0 and slope >= 0.0) or abs(slope) <= FLAT * first:
            return point, used, False
        if slope > 0.0:
            near, low, low_slope = point, at, slope
        else:
            high, high_slope = at, slope
        if (high - low) * width < tolerance:
            return near, used, True
        part = low_slope / (low_slope - high_slope)
        at = low + (high - low) * min(max(part, INSIDE), 1.0 - INSIDE)
    return near, used, True
