"""Effort quarter by quarter where pay is for a longer window: what is left to win decides, so CSMs give up and spurt."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STATES: Final = 201
"""Standings that the policy is worked out for. [count]"""
PACES: Final = 61
"""Paces that are tried at each. [count]"""


class Race(NamedTuple):
    """One window.

    pay   : of attainments at its end. [any] -> [any] [usd]
    start : attainment before it begins. [world] [share]
    drift : what each period adds at pace 0. [period, world] [share]
    lift  : what pace 1 adds; 0 where there is nothing to work on. [period] [share]
    cost  : c of pace p, which costs c x lift x p^2 / 2 in a period: the more there is to work on, the more a pace costs.
            [usd/share]
    limit : the fastest pace there is. [pace]
    """

    pay: Callable[[Floats], Floats]
    start: Floats
    drift: Floats
    lift: Floats
    cost: float
    limit: float


class Policy(NamedTuple):
    """The best pace. standing : grid of attainments [state]; pace : at the start of each period [period, state]; worth :
    what is then left to win less what it costs [period + 1, state] [usd].
    """

    standing: Floats
    pace: Floats
    worth: Floats

    def nearest(self, standing: Floats) -> NDArray[np.int64]:
        """Places on the grid."""
        step = self.standing[1] - self.standing[0]
        places = np.rint((standing - self.standing[0]) / step).astype(np.int64)
        inside: NDArray[np.int64] = np.clip(places, 0, len(self.standing) - 1)
        return inside


class Paced(NamedTuple):
    """A policy followed. pace, before : in each period, and the standing at its start [period, world]; end : attainment
    [world].
    """

    pace: Floats
    before: Floats
    end: Floats


def best_pace(race: Race, states: int = STATES, paces: int = PACES) -> Policy:
    """The pace at every standing, whatever happens later being answered best: dynamic programming from the end.

    Periods add what they add in the worlds, each by itself (assumption: what one adds says nothing of the next but by the
    standing). Exact at the grid: all of a period's worlds are averaged over, and jumps of pay stay jumps at the end.

    Source: Bellman (1957); effort under a quota period by period as in Misra and Nair (2011), "A structural model of
    sales-force compensation dynamics", Quantitative Marketing and Economics 9.
    """
    periods = len(race.drift)
    tried = np.linspace(0.0, race.limit, paces)
    grid = _grid(race, states)
    best, worth = np.zeros((periods, states)), np.zeros((periods + 1, states))
    worth[periods] = race.pay(grid)
    for period in reversed(range(periods)):
        spent = 0.5 * race.cost * race.lift[period] * tried**2
        places = grid[:, np.newaxis] + race.lift[period] * tried
        ends = places[..., np.newaxis] + race.drift[period]
        if period == periods - 1:
            value = race.pay(ends).mean(axis=-1) - spent
        else:
            value = np.interp(ends, grid, worth[period + 1]).mean(axis=-1) - spent
        at = value.argmax(axis=1)
        best[period] = tried[at] if race.lift[period] > 0.0 else 1.0
        worth[period] = np.take_along_axis(value, at[:, np.newaxis], 1)[:, 0]
    return Policy(grid, best, worth)


def followed(race: Race, policy: Policy) -> Paced:
    """The window in its worlds at the best pace of the nearest standing: between two that differ by a jump there is none."""
    at, pace, before = race.start.copy(), np.zeros_like(race.drift), np.zeros_like(race.drift)
    for period, drift in enumerate(race.drift):
        before[period] = at
        pace[period] = policy.pace[period][policy.nearest(at)]
        at = at + drift + race.lift[period] * pace[period]
    return Paced(pace, before, at)


def steady_cost(pay: Callable[[Floats], Floats], end: Floats, lift: Floats, step: float) -> float:
    """The cost at which pace 1 in every period is best among paces that do not change; 0 where there is nothing to work on.
    end : attainment at pace 1 [world]; step : of the pace, that pay is differenced over. [usd/share]

    Source: first-order condition of E[pay(end + sum lift (p - 1))] - sum c lift p^2 / 2 at p = 1.
    """
    more = float(lift.sum()) * step
    return float((pay(end + more) - pay(end - more)).mean()) / (2.0 * more) if more > 0.0 else 0.0


def _grid(race: Race, states: int) -> Floats:
    """Standings from the lowest to the highest that periods can lead to, in any order of worlds."""
    low = float(race.start.min()) + float(np.minimum(race.drift.min(axis=1), 0.0).sum())
    high = float(race.start.max()) + float(np.maximum(race.drift.max(axis=1), 0.0).sum())
    return np.linspace(low, high + race.limit * float(race.lift.sum()) + 1e-9, states)
