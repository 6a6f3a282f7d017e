"""Fresh draws of the future of a book, given all that is known of one world at the start of each period.

Known at the start of a period, besides the facts of that world (the accounts, how likely each is to leave, the CSM's
skill): everything about an account of which a renewal fell due or was booked before, or is ready to be signed early; of the
others, that this is not so. That is more than a CSM knows, who neither sees what becomes of an account later nor how
likely it is to leave, so a bound on every rule that uses it bounds every CSM. Accounts do not
depend on each other here, so the unknown ones are taken, account by account, from other worlds in which they too had
not been booked by then.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frame import Frame
from sim.measure.gaming.futures import Play, Redrawn, seen
from sim.measure.gaming.gamed import block_of
from sim.records import Agreed, Renewals
from sim.world.movable import Movable, draw_movable
from sim.world.scenario import Scenario
from sim.world.world import World

Bools = NDArray[np.bool_]
Lanes = NDArray[np.int64]


def not_redrawn(scenario: Scenario) -> str | None:
    """Why the future cannot be drawn anew given the past, as a sentence; None when it can."""
    dependence = scenario.dependence
    reasons = {
        "a market factor": dependence.market > 0.0,
        "CSMs who come and go": scenario.team.turnover_per_year > 0.0 and dependence.skill > 0.0,
        "expansion between renewals": any(
            segment.expansion.events_per_year > 0.0 for segment in scenario.segment
        ),
        "accounts that join": any(segment.new_accounts.per_year > 0.0 for segment in scenario.segment),
    }
    found = [name for name, there in reasons.items() if there]
    if not found:
        return None
    return (
        f"The upper end stays the bound with hindsight: with {' and '.join(found)}, what is still to come depends on what "
        "has been, and it is not drawn anew given that."
    )


def draw_play(world: World, csm: int, frame: Frame, first: int, worlds: int, samples: int) -> Play:
    """Worlds from ``first`` on, and each ``samples`` times again, the same accounts with the outcomes of later worlds."""
    renewals, _ = world.simulate(csm, first, worlds)
    movable = draw_movable(world, csm, renewals, first)
    others = first + worlds
    fresh = world.again(csm, first, worlds, others, samples)
    number = world.facts(csm, first, worlds).number
    number = np.repeat(number, samples, axis=1) if number.shape[1] > 1 else number
    draw = np.repeat(world.draws(first, worlds), samples)
    flags = draw_movable(world, csm, fresh, others, number=number, draw=draw)
    known, other = Drawn(renewals, movable), Drawn(fresh, flags)
    agreed = world.persons.of(world.book, csm)
    periods = range(frame.calendar.periods)
    blocks = [redraw(frame, known, other, samples, period, agreed) for period in periods]
    return Play(block_of(frame, renewals, *movable, agreed), blocks, samples)


class Drawn(NamedTuple):
    """A book in a block of worlds, and what can be moved of it."""

    renewals: Renewals
    movable: Movable


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
    known = np.repeat(np.logical_or.reduceat(begun, first_row, axis=0)[of_account], samples, axis=1)
    booked = np.logical_or.reduceat(fresh.renewals.booked_day < start, first_row, axis=0)
    lane = usable_lanes(booked, samples)[of_account]

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
    """For each account and lane, the lane of the same world to take it from: one in which it was not booked already.

    Lanes in which it was not are used in turn, again from the first when they run out: each is a draw given that it was
    not, so means stay unbiased. Where there is none the account's first is taken. [account, lane]
    """
    accounts, lanes = booked.shape
    gone = booked.reshape(accounts, lanes // samples, samples)
    usable = np.argsort(gone, axis=2, kind="stable")
    count = np.maximum(samples - gone.sum(axis=2, keepdims=True), 1)
    turn = np.take_along_axis(usable, np.arange(samples) % count, axis=2)
    out: Lanes = (turn + samples * np.arange(lanes // samples)[:, np.newaxis]).reshape(accounts, lanes)
    return out
