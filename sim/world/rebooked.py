"""A simulated book read again with other booking days: the whole book, or one of its accounts by itself, in each lane.

A lane is a world of the block with booking days of its own; nothing else that happens depends on the day of a booking.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, Activity, CohortTerms, Days, DealTerms, IntP, Renewals
from sim.world.activity import activity_of, notice_days
from sim.world.credit_date import credit_day
from sim.world.kept import simulated_bridge
from sim.world.laws import make_times
from sim.world.renewal import Held, Path, only_accounts
from sim.world.scenario import Billing
from sim.world.team import SETTLED_PERIODS, Seat
from sim.world.world import World


class Lived(NamedTuple):
    """What happens to some accounts, lane by lane; as ``Held`` and ``Path`` have it.

    customer : the first account of the customer of each. [account]
    notice : days of notice of each renewal. [renewal, lane] [day]
    terms  : contract terms by their index. [month]
    """

    held: Held
    customer: IntP
    path: Path
    notice: Days
    terms: tuple[int, ...]
    billing: Billing
    calendar: Calendar


class Reads(NamedTuple):
    """What plans read of a book, as ``World.simulate_all`` has it."""

    dates: tuple[str, ...] = ("booking",)
    cohorts: tuple[CohortTerms, ...] = ()
    deals: tuple[DealTerms, ...] = ()


def lived(world: World, csm: int, first_world: int, worlds: int) -> Lived:
    """One book in ``worlds`` worlds from ``first_world`` on, each a lane."""
    held, path = world.lived(csm, first_world, worlds, with_grown=True)
    longest = world.parameters(world.draws(first_world, worlds)).notice
    notice = notice_days(held, longest, world.key, first_world, path)
    customer = world.book.customers_of(csm)
    return Lived(held, customer, path, notice, world.book.terms, world.scenario.billing, world.calendar)


def in_lanes(book: Lived, world: IntP) -> Lived:
    """The book once for every lane. world : column of the book that the lane is. [lane]"""
    held, path = book.held, book.path
    wide = {name: getattr(held, name)[..., world] for name in VARYING if getattr(held, name).shape[-1] > 1}
    columns = {name: getattr(path, name)[..., world] for name in Path._fields}
    return book._replace(
        held=held._replace(**wide), path=Path(**columns), notice=np.ascontiguousarray(book.notice[:, world])
    )


VARYING = ("arr", "due_day", "number", "term", "active", "churn")
"""Facts of accounts that have a world axis."""
READ = ("arr", "term", "active")
"""Those that are read when what happens is known."""


def apart(book: Lived, account: IntP, world: IntP) -> Lived:
    """One account of the book by itself in every lane, the only one of its customer. All of them join, or none does.
    account, world : [lane]
    """
    held, path = book.held, book.path
    slots = np.diff(held.slot)
    rows = int(slots[account].max(initial=0))
    place = np.arange(rows)[:, np.newaxis]
    there = place < slots[account]
    row = np.where(there, held.slot[:-1][account] + place, 0)

    def taken(values: NDArray[Any], otherwise: float) -> NDArray[Any]:
        return np.where(there, values[row, world], np.asarray(otherwise, dtype=values.dtype))

    renewals = {"due_day": NEVER, "booked_day": NEVER, "arr": 0.0, "booked_arr": 0.0, "term": -1}
    columns: dict[str, Any] = {
        name: taken(getattr(path, name), otherwise) for name, otherwise in renewals.items()
    }
    grown = np.ascontiguousarray(path.grown[account, :, world].T)[np.newaxis]
    nothing = np.zeros(grown.shape[1:])
    facts: dict[str, Any] = {
        name: np.ascontiguousarray(
            (values[account, world] if values.shape[-1] > 1 else values[account, 0])[np.newaxis]
        )
        for name in READ
        for values in (getattr(held, name),)
    }
    one = held._replace(
        identity=held.identity[:1],
        segment=held.segment[:1],
        slot=np.array([0, rows], dtype=np.int64),
        arrival=held.arrival[account[:1]],
        health=held.health[:1],
        kind=held.kind[:1],
        **facts,
    )
    alone = Path(**columns, expansion=nothing, expansions=nothing, newcomers=nothing, grown=grown)
    one_customer = np.zeros(1, dtype=np.int64)
    return book._replace(
        held=one, customer=one_customer, path=alone, notice=np.where(there, book.notice[row, world], 0)
    )


def customer_apart(book: Lived, customer: int, world: IntP) -> Lived:
    """All accounts of one customer by themselves, once for every lane. world : the column that it is. [lane]"""
    mine = np.flatnonzero(book.customer == customer)
    accounts = slice(int(mine[0]), int(mine[-1]) + 1)
    rows = slice(int(book.held.slot[accounts.start]), int(book.held.slot[accounts.stop]))
    path = book.path
    columns: dict[str, Any] = {
        name: getattr(path, name)[rows] for name in ("due_day", "booked_day", "arr", "booked_arr", "term")
    }
    nothing = np.zeros_like(path.expansion)
    own = path._replace(
        **columns, expansion=nothing, expansions=nothing, newcomers=nothing, grown=path.grown[accounts]
    )
    alone = book._replace(
        held=only_accounts(book.held, accounts),
        customer=book.customer[accounts] - customer,
        path=own,
        notice=book.notice[rows],
    )
    return in_lanes(alone, world)


def read_again(book: Lived, booked: Days, reads: Reads) -> tuple[Renewals, Activity]:
    """The renewals and the activity of every lane with these booking days; KPIs do not depend on them and are left out.

    Somebody who has long been there holds the book all the time.

    booked : [renewal, lane] [day]
    """
    calendar, path = book.calendar, book.path._replace(booked_day=booked)
    shape = (calendar.span, booked.shape[1])
    seat = Seat(np.ones(shape), np.full(shape, SETTLED_PERIODS), np.zeros(shape, dtype=np.float32))
    bridge = simulated_bridge(book.held, path, calendar)
    times = make_times(calendar, book.terms)
    read = (
        book.held,
        book.customer,
        book.terms,
        path,
        book.notice,
        bridge,
        seat,
        book.billing,
        times,
        calendar,
    )
    activity = activity_of(*read, reads.cohorts, reads.deals)
    account = np.repeat(np.arange(len(book.held.slot) - 1), np.diff(book.held.slot))
    number = np.arange(len(account)) - book.held.slot[account]
    days = {
        date: credit_day(date, book.billing, path.due_day, booked) for date in reads.dates if date != "due"
    }
    return Renewals(account, number, path.due_day, booked, path.arr, path.booked_arr, days), activity
