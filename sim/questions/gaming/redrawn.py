"""Fresh draws of the future of a book, given all that is known of one world at the start of each period.

Known at the start of a period, besides what accounts of that world share (the market and who holds the book with what
skill, from the first day to the last) and its facts (the accounts, which join, how likely each is to leave): everything
about an account of which a renewal fell due or was booked before, which has grown before, or is ready to be signed early; of
the others, that this is not so. That is more than a CSM knows, who neither sees what becomes of an account later nor how
likely it is to leave, nor the market to come, so a bound on every rule that uses it bounds every CSM. Given it, accounts do
not depend on each other, so the unknown ones are taken, account by account, from other worlds of the same market and CSMs
in which they too had not been booked, nor grown, by then. Where no other world has it so, the account is taken as known.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frame import Frame
from sim.measure.gaming.futures import Play, Redrawn, seen
from sim.measure.gaming.gamed import block_of
from sim.records import Agreed, FloatPPW, Renewals
from sim.world.movable import Movable, draw_movable
from sim.world.world import World

Bools = NDArray[np.bool_]
Lanes = NDArray[np.int64]


def draw_play(world: World, csm: int, frame: Frame, first: int, worlds: int, samples: int) -> Play:
    """Worlds from ``first`` on, and each ``samples`` times again, the same accounts with the outcomes of later worlds."""
    renewals, _ = world.simulate(csm, first, worlds)
    movable = draw_movable(world, csm, renewals, first)
    others = first + worlds
    fresh, grown = world.again(csm, first, worlds, others, samples, with_grown=True)
    number = world.facts(csm, first, worlds).number
    number = np.repeat(number, samples, axis=1) if number.shape[1] > 1 else number
    draw = np.repeat(world.draws(first, worlds), samples)
    flags = draw_movable(world, csm, fresh, others, number=number, draw=draw)
    own = np.unique(renewals.account) - int(world.book.csm_start[csm])
    lived = world.path(csm, first, worlds, with_grown=True)
    known, other = Drawn(renewals, movable, lived.grown[own]), Drawn(fresh, flags, grown[own])
    agreed = world.persons.of(world.book, csm)
    periods = range(frame.calendar.periods)
    blocks = [redraw(frame, known, other, samples, period, agreed) for period in periods]
    return Play(block_of(frame, renewals, *movable, agreed), blocks, samples)


class Drawn(NamedTuple):
    """A book in a block of worlds, what can be moved of it, and ARR that accounts grew by, [account, due period, world]."""

    renewals: Renewals
    movable: Movable
    grown: FloatPPW


def redraw(
    frame: Frame, drawn: Drawn, fresh: Drawn, samples: int, period: int, agreed: Agreed | None = None
) -> Redrawn:
    """Every world ``samples`` times, with what is unknown at the start of a period taken from ``fresh``.

    Nothing is signed early across the start of the horizon, so nothing is known ready there.
    """
    calendar, renewals = frame.calendar, drawn.renewals
    start, end = calendar.bounds[calendar.lead + period : calendar.lead + period + 2]
    begins = np.diff(renewals.account, prepend=-1) != 0
    first_row, of_account = np.flatnonzero(begins), np.cumsum(begins) - 1

    def falls_now(due: NDArray[np.int32]) -> Bools:
        now: Bools = (due >= start) & (due < end) & (period > 0)
        return now

    seen_ready = falls_now(renewals.due_day) & drawn.movable.ready_early
    begun = (renewals.due_day < start) | (renewals.booked_day < start) | seen_ready
    before = slice(0, calendar.lead + period)
    grew, grows = (each.grown[:, before].any(axis=1) for each in (drawn, fresh))
    other = grows | np.logical_or.reduceat(fresh.renewals.booked_day < start, first_row, axis=0)
    nowhere = other.reshape(len(other), -1, samples).all(axis=2)
    told = np.logical_or.reduceat(begun, first_row, axis=0) | grew | nowhere
    known = np.repeat(told[of_account], samples, axis=1)
    lane = usable_lanes(other, samples)[of_account]

    def spliced(kept: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        return np.where(known, np.repeat(kept, samples, axis=1), np.take_along_axis(other, lane, axis=1))

    columns = {
        name: spliced(getattr(renewals, name), getattr(fresh.renewals, name))
        for name in ("due_day", "booked_day", "arr", "booked_arr")
    }
    ready, holdable = (spliced(*each) for each in zip(drawn.movable, fresh.movable, strict=True))
    unready = falls_now(columns["due_day"]) & ~known
    whole = renewals._replace(**columns, credit_day={"booking": columns["booked_day"]})
    return seen(block_of(frame, whole, ready & ~unready, holdable, agreed))


def usable_lanes(booked: Bools, samples: int) -> Lanes:
    """For each account and lane, the lane of the same world to take it from: one in which nothing of it was known already.

    Lanes in which nothing was are used in turn, again from the first when they run out: each is a draw given that nothing
    was, so means stay unbiased. Where there is none the account's first stands, which nobody takes. [account, lane]
    """
    accounts, lanes = booked.shape
    gone = booked.reshape(accounts, lanes // samples, samples)
    usable = np.argsort(gone, axis=2, kind="stable")
    count = np.maximum(samples - gone.sum(axis=2, keepdims=True), 1)
    turn = np.take_along_axis(usable, np.arange(samples) % count, axis=2)
    out: Lanes = (turn + samples * np.arange(lanes // samples)[:, np.newaxis]).reshape(accounts, lanes)
    return out
