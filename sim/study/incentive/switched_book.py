"""Switches in a scene: which are worked out, and what they pay. Where a plan reads more of a book than its bookings, each is
settled on the whole book, lived through again.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ledger import fill_ledger
from sim.measure.incentive.switch import (
    ARMS,
    Kept,
    Pairs,
    Step,
    arm_bookings,
    due_period,
    pair_pay,
    total_pay,
)
from sim.records import Ledger, Renewals
from sim.study.incentive.scene import Scene, due_inside

Floats = NDArray[np.float64]


class Picked(NamedTuple):
    """The switches of one book that are worked out, out of all that could be.

    chance, size : of churn, and ARR when kept, of every renewal. [renewal, world] [share], [usd/yr]
    """

    pairs: Pairs
    counted: NDArray[np.bool_]
    chance: Floats
    size: Floats


def pick(scene: Scene, csm: int, renewals: Renewals, kept: Kept, chance: Floats, looks: int) -> Picked:
    """In each world a few of the renewals, others in the next, about so many in all: which ones does not depend on what
    happens to them. chance : of churn. [renewal, world] [share]
    """
    held, worlds = scene.world.book.accounts_of(csm), renewals.arr.shape[1]
    about = (held.stop - held.start) * scene.world.scenario.calendar.years * worlds
    every = max(1, round(about / looks))
    place = renewals.account[:, np.newaxis] + 3 * renewals.number[:, np.newaxis] + np.arange(worlds)
    counted = counted_in(scene, renewals, kept)
    row, world = np.nonzero(counted & (place % every == 0))
    return Picked((row, world), counted, chance, kept.booked_arr)


def counted_in(scene: Scene, renewals: Renewals, kept: Kept) -> NDArray[np.bool_]:
    """Due and, when kept, booked inside the horizon. [renewal, world]"""
    calendar = scene.frame.calendar
    last_day = calendar.end
    inside = (kept.booked_day >= 0) & (kept.booked_day < last_day)
    real = (renewals.arr > 0.0) & (kept.booked_arr > 0.0)
    return np.asarray((due_period(renewals.due_day, calendar) >= 0) & inside & real)


def scene_pay(
    scene: Scene,
    csm: int,
    first: int,
    book: tuple[Renewals, Kept, Ledger],
    step: Step,
    pairs: Pairs,
    arms: Sequence[int],
) -> Floats:
    """Pay over the horizon with some renewals switched in some worlds, each pair a switch of its own; NaN in arms that are
    not asked for. book : as ``open_book`` has it, from world ``first`` on. [plan, arm, pair] [usd]

    KPIs stay as they are: they read the health of customers, not their bookings.
    """
    if not scene.reads:
        return pair_pay(*book, scene.frame, scene.dates, scene.plans, step, pairs, arms)
    renewals, kept, own = book
    assert own.activity is not None  # as some plan reads it
    row, world = pairs
    pay = np.full((len(scene.plans), len(ARMS), len(row)), np.nan)
    bookings = arm_bookings(renewals, kept, scene.frame.calendar, step, pairs)
    path = scene.world.path(csm, first, renewals.due_day.shape[1], bool(scene.cohorts))
    place = np.flatnonzero(due_inside(scene, path.due_day))
    dates = tuple(scene.dates.later)
    for chosen in passes(world):
        at = place[row[chosen]], world[chosen]
        for arm in arms:
            booked_day, booked_arr = path.booked_day.copy(), path.booked_arr.copy()
            booked_day[at], booked_arr[at] = (each[chosen] for each in bookings[arm])
            changed = path._replace(booked_day=booked_day, booked_arr=booked_arr)
            found, _, activity = scene.world.read_path(csm, first, changed, dates, cohorts=scene.cohorts)
            activity = activity._replace(kpi=own.activity.kpi)
            ledger = fill_ledger(found, scene.frame, scene.amounts)._replace(activity=activity)
            for plan, total in enumerate(total_pay(scene.plans, ledger)):
                pay[plan, arm, chosen] = total[world[chosen]]
    return pay


def passes(world: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Positions of pairs, so that each world occurs once in a pass: worlds do not touch, and so share one book. [pair]"""
    order = np.argsort(world, kind="stable")
    first = np.searchsorted(world[order], world[order], side="left")
    rank = np.arange(len(world)) - first
    for number in range(int(rank.max(initial=-1)) + 1):
        yield order[rank == number]
