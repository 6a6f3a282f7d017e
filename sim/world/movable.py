"""Which renewals a CSM could book in another period: keyed draws against the shares that the scenario assumes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import IntP, Renewals
from sim.world.streams import MOVABLE, numbered_uniforms
from sim.world.world import World

Bools = NDArray[np.bool_]
Integers = NDArray[np.int32]


class Movable(NamedTuple):
    """What the customer, or the CSM, could do with each renewal; a draw of its own, whatever becomes of the renewal.

    ready_early : the customer would sign one period early if asked. [renewal, world]
    holdable    : the booking could wait until the first day of the next period. [renewal, world]
    """

    ready_early: Bools
    holdable: Bools


def draw_movable(
    world: World,
    csm: int,
    renewals: Renewals,
    first_world: int,
    scale: float = 1.0,
    number: Integers | None = None,
    draw: IntP | None = None,
) -> Movable:
    """Draw which renewals of one book can be moved, in the worlds from ``first_world`` on.

    scale : multiplies the shares of the segments (up to 1). The same uniforms are compared with them, so that a
            larger share only adds renewals to those that can be moved. [factor]
    number: under which the first renewals are drawn, where they are not those of these worlds. [account, world]
    draw  : of what is not known, where it is not that of these worlds. [world]

    Source: assumption; no public data set of booking dates under known plans was found.
    """
    worlds = np.arange(first_world, first_world + renewals.due_day.shape[1], dtype=np.uint64)
    known = world.parameters(world.draws(first_world, len(worlds)) if draw is None else draw)
    early, held = scale * known.ready_early, scale * known.holdable
    drawn = world.facts(csm, first_world, len(worlds)).number if number is None else number
    first = int(world.book.csm_start[csm])
    out = Movable(*(np.zeros(renewals.due_day.shape, dtype=np.bool_) for _ in Movable._fields))
    for number in np.unique(renewals.number):
        rows = np.flatnonzero(renewals.number == number)
        accounts = renewals.account[rows]
        which = drawn[accounts - first] + np.int32(number)
        words = numbered_uniforms(world.key, MOVABLE, which, world.book.account_ids[accounts], worlds)
        segment = world.book.segment[accounts]
        out.ready_early[rows] = words[0] < early[segment]
        out.holdable[rows] = words[1] < held[segment]
    return out
