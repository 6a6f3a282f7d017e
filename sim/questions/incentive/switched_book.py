"""Switches in a scene: which are worked out, and what they pay. Where a plan reads more of a book than its bookings, each is
settled on the whole book, lived through again.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ledger import fill_ledger
from sim.measure.incentive.switch import ARMS, Pairs, Step, arm_bookings, pair_pay
from sim.questions.incentive.scene import (
    OpenBook,
    Scene,
    counted_in,
    due_inside,
    paid_ledgers,
    total_paid,
)
from sim.world.deals import needs_growth

Floats = NDArray[np.float64]


class Picked(NamedTuple):
    """The switches of one book that are worked out, out of all that could be: ``counted`` [renewal, world]."""

    pairs: Pairs
    counted: NDArray[np.bool_]


def pick(scene: Scene, book: OpenBook, switches: int) -> Picked:
    """In each world a few of the renewals, others in the next, about so many in all: which ones does not depend on what
    happens to them.
    """
    renewals = book.renewals
    held, worlds = scene.world.book.accounts_of(book.csm), renewals.arr.shape[1]
    about = (held.stop - held.start) * scene.world.scenario.calendar.years * worlds
    every = max(1, round(about / switches))
    place = renewals.account[:, np.newaxis] + 3 * renewals.number[:, np.newaxis] + np.arange(worlds)
    counted = counted_in(scene, book)
    row, world = np.nonzero(counted & (place % every == 0))
    return Picked((row, world), counted)


def scene_pay(scene: Scene, book: OpenBook, step: Step, pairs: Pairs, arms: Sequence[int]) -> Floats:
    """Pay over the horizon of the payees of a book with some of its renewals switched in some worlds, each pair a switch of
    its own; NaN in arms that are not asked for, 0 where a role has nobody there. [role, arm, pair] [usd]

    KPIs stay as they are: they read the health of customers, not their bookings.
    """
    renewals, kept, ledger = book.renewals, book.kept, book.ledger
    if not scene.reads:
        return _by_bookings(scene, book, step, pairs, arms)
    assert ledger.activity is not None  # as some plan reads it
    row, world = pairs
    pay = np.full((len(scene.plans), len(ARMS), len(row)), np.nan)
    bookings = arm_bookings(renewals, kept, scene.frame.calendar, step, pairs)
    grown = bool(scene.cohorts) or needs_growth(scene.deals)
    path = scene.world.path(book.csm, book.first, renewals.due_day.shape[1], grown)
    place = np.flatnonzero(due_inside(scene, path.due_day))
    dates = tuple(scene.dates.later)
    for chosen in passes(world):
        at = place[row[chosen]], world[chosen]
        for arm in arms:
            booked_day, booked_arr = path.booked_day.copy(), path.booked_arr.copy()
            booked_day[at], booked_arr[at] = (values[chosen] for values in bookings[arm])
            switched = path._replace(booked_day=booked_day, booked_arr=booked_arr)
            again, _, activity = scene.world.read_path(
                book.csm, book.first, switched, dates, cohorts=scene.cohorts, deals=scene.deals
            )
            activity = activity._replace(kpi=ledger.activity.kpi)
            lived = fill_ledger(again, scene.frame, scene.amounts)
            lived = lived._replace(activity=activity, agreed=ledger.agreed)
            pay[:, arm, chosen] = total_paid(scene, book.beside, lived)[:, world[chosen]]
    return pay


def _by_bookings(scene: Scene, book: OpenBook, step: Step, pairs: Pairs, arms: Sequence[int]) -> Floats:
    """The same where bookings are all that is read: a switch adds to the Ledger that a payee is paid on."""
    pay = np.full((len(scene.plans), len(ARMS), len(pairs[0])), np.nan)
    pay[:, list(arms)] = 0.0
    if not len(pairs[0]):
        return pay
    for places, ledger in paid_ledgers(scene, book.beside, book.ledger):
        plans = [scene.plans[place] for place in places]
        cells = (scene.frame, scene.dates, plans)
        pay[list(places)] = pair_pay(book.renewals, book.kept, ledger, *cells, step, pairs, arms)
    return pay


def passes(world: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Positions of pairs, so that each world occurs once in a pass: worlds do not touch, and so share one book. [pair]"""
    order = np.argsort(world, kind="stable")
    first = np.searchsorted(world[order], world[order], side="left")
    rank = np.arange(len(world)) - first
    for number in range(int(rank.max(initial=-1)) + 1):
        yield order[rank == number]
