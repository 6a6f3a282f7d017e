"""What a payee could do at each boundary, as a few sets of moves that lie in one another, largest bookings first."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.levers import Effects, Levers
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
STEPS: Final = 8
"""Sets in each direction. [count]"""
LEVELS: Final = 2 * STEPS + 1
STAY: Final = STEPS
"""The option in which nothing is moved."""


class Options(NamedTuple):
    """Sets of moves by boundary and option, from all that can be held over none (``STAY``) to all that can be pulled.

    level : of each move, the smallest set of its direction that holds it, from 1 on. [item]
    value, asked : what each set does. [boundary, option, component, window, world]
    """

    level: IntP
    value: Floats
    asked: Floats


def options_of(levers: Levers, effects: Effects, boundaries: int, worlds: int) -> Options:
    """The sets of moves: those that hold a share of what can be moved in their direction, by amount."""
    level = np.zeros(levers.size, dtype=np.int64)
    group = (levers.world * boundaries + levers.boundary) * 2 + levers.pulled
    order = np.lexsort((-levers.amount, group))
    amount, own = levers.amount[order], group[order]
    if levers.size:
        begins = np.flatnonzero(np.diff(own, prepend=-1))
        before = np.cumsum(amount) - amount
        first = np.repeat(before[begins], np.diff([*begins, levers.size]))
        whole = np.add.reduceat(amount, begins)
        share = (before - first + amount / 2.0) / np.repeat(
            np.maximum(whole, 1e-9), np.diff([*begins, levers.size])
        )
        level[order] = 1 + np.minimum((share * STEPS).astype(np.int64), STEPS - 1)
    shape = (boundaries, LEVELS, *effects.value.shape[1:], worlds)
    found = []
    for flow in effects:
        out = np.zeros((boundaries, LEVELS, worlds, *flow.shape[1:]))
        at = np.where(levers.pulled, STAY + level, STAY - level)
        np.add.at(out, (levers.boundary, at, levers.world), flow)
        pulled = np.cumsum(out[:, STAY:], axis=1)
        held = np.cumsum(out[:, STAY::-1], axis=1)[:, ::-1]
        out = np.concatenate([held[:, :-1], pulled], axis=1)
        found.append(np.ascontiguousarray(np.moveaxis(out, 2, -1)).reshape(shape))
    return Options(level, *found)


def chosen_of(levers: Levers, options: Options, option: IntP) -> Bools:
    """The moves of the options chosen, less holds of bookings that were pulled before. option : [boundary, world]"""
    mine = option[levers.boundary, levers.world] - STAY
    wanted: Bools = np.where(levers.pulled, options.level <= mine, options.level <= -mine)
    return without_conflicts(levers, wanted)


def without_conflicts(levers: Levers, wanted: Bools) -> Bools:
    """The same moves without any of a booking that an earlier one has moved."""
    found = wanted.copy()
    if not wanted.any():
        return found
    at = np.flatnonzero(wanted)
    at = at[np.argsort(levers.boundary[at], kind="stable")]
    keys = np.stack([levers.world[at], levers.book[at], levers.row[at]])
    first = np.unique(keys, axis=1, return_index=True)[1]
    found[:] = False
    found[at[first]] = True
    return found
