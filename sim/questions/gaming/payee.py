"""What one payee holds in a block of worlds: books as plans read them, and the bookings that could be moved.

Whoever holds a book moves its dates. A payee with several books is paid on all of them, and is taken to have the dates of
all of them moved as suits that payee: an upper end for a manager, who can only ask. Company measures count what the payee
moves, everybody else's dates staying as they are.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.territories import add_activities, add_ledgers, always_held
from sim.frame import Frame
from sim.ledger import credit_date_of, fill_ledger
from sim.measure.gaming.gamed import seat_of
from sim.measure.gaming.general.levers import Effects, Levers, effects_between
from sim.measure.gaming.general.scored import Gauged, gauges
from sim.measure.gaming.moves import boundary_of, possible_moves
from sim.plan.plan import Plan, cohorts_of, deals_of, kpis_of
from sim.records import NEVER, Activity, Cohort, Days, FloatPW, IntP, Ledger
from sim.world.movable import draw_movable
from sim.world.rebooked import Lived, Reads, apart, customer_apart, lived, read_again
from sim.world.world import World

Bools = NDArray[np.bool_]


class Reader(NamedTuple):
    """What some plans read of books. company : they read all books together."""

    frame: Frame
    amounts: tuple[str, ...]
    reads: Reads
    kpis: tuple[str, ...]
    activity: bool
    company: bool

    def ledger(self, book: Lived, booked: Days) -> Ledger:
        """The Ledger of every lane with these booking days, without KPIs and company. booked : [renewal, lane] [day]"""
        renewals, activity = read_again(book, booked, self.reads)
        ledger = fill_ledger(renewals, self.frame, self.amounts)
        return always_held(ledger._replace(activity=activity)) if self.activity else ledger


def reader_of(plans: Sequence[Plan], frame: Frame) -> Reader:
    """What the plans read."""
    amounts = tuple(sorted({name for plan in plans for name in plan.amounts}))
    dates = tuple(sorted({"booking", *(credit_date_of(name) for name in amounts)}))
    calendar = frame.calendar
    cohorts = (*cohorts_of(plans, calendar), *cohorts_of(plans, calendar, company=True))
    reads = frozenset().union(*(plan.reads for plan in plans))
    kept = Reads(dates, tuple(dict.fromkeys(cohorts)), deals_of(plans))
    return Reader(frame, amounts, kept, kpis_of(plans), bool(reads), "company" in reads)


class Held(NamedTuple):
    """A payee in a block of worlds.

    books   : of the payee, with honest dates. csms : who holds them.
    levers  : bookings that could be moved.
    ledger  : with honest dates.
    holds_book : the payee is the CSM who holds the book, and what is agreed with that person counts.
    """

    csms: tuple[int, ...]
    books: tuple[Lived, ...]
    levers: Levers
    ledger: Ledger
    holds_book: bool


@lru_cache(maxsize=4)
def company_of(world: World, first: int, worlds: int, reader: Reader) -> Activity | None:
    """All books together with honest dates; None where no plan reads them."""
    whole: Activity | None = None
    for csm in range(len(world.book.csms)) if reader.company else ():
        book = lived(world, csm, first, worlds)
        activity = reader.ledger(book, book.path.booked_day).activity
        assert activity is not None, "a company is read of it"
        whole = activity if whole is None else add_activities(whole, activity)
    return whole


def held_by(
    world: World,
    csms: Sequence[int],
    first: int,
    worlds: int,
    reader: Reader,
    company: Activity | None,
    scale: float = 1.0,
    holds_book: bool = True,
) -> Held:
    """What a payee holds, in the worlds from ``first`` on.

    company : ``company_of`` the same worlds.   scale : of the shares that can be moved. [factor]
    """
    books = tuple(lived(world, csm, first, worlds) for csm in csms)
    levers = [
        _movable(world, place, csm, book, first, reader.frame, scale)
        for place, (csm, book) in enumerate(zip(csms, books, strict=True))
    ]
    every = Levers(*(np.concatenate(each) for each in zip(*levers, strict=True)))
    own = _pooled(world, csms, books, [book.path.booked_day for book in books], reader)
    if reader.kpis:
        own = own._replace(activity=_with_kpis(world, csms, first, worlds, own, reader))
    return Held(tuple(csms), books, every, _as_paid(own, holds_book)._replace(company=company), holds_book)


def _movable(
    world: World, place: int, csm: int, book: Lived, first: int, frame: Frame, scale: float
) -> Levers:
    """The bookings of one book that could be moved."""
    path = book.path
    renewals = read_again(book, path.booked_day, Reads())[0]
    renewals = renewals._replace(account=renewals.account + int(world.book.csm_start[csm]))
    movable = draw_movable(world, csm, renewals, first, scale)
    moves = possible_moves(renewals, *movable, frame)
    column, boundary = boundary_of(moves)
    booked = path.due_day[moves.row, column].astype(np.int64) + moves.days
    where = np.full(len(column), place)
    never = np.zeros(len(column), dtype=np.bool_)
    return Levers(column, boundary, where, moves.row, booked, moves.days < 0, never, moves.amount)


def _pooled(
    world: World, csms: Sequence[int], books: Sequence[Lived], booked: Sequence[Days], reader: Reader
) -> Ledger:
    """All books as one. booked : of each. [renewal, lane] [day]"""
    whole: Ledger | None = None
    for csm, book, days in zip(csms, books, booked, strict=True):
        agreed = world.persons.of(world.book, csm)
        own = _in_seat(reader.ledger(book, days)._replace(agreed=agreed), reader.frame)
        whole = own if whole is None else add_ledgers(whole, own)
    assert whole is not None, "a payee has a book"
    return whole


def _in_seat(ledger: Ledger, frame: Frame) -> Ledger:
    """The Ledger with the seat held on the days on which it is known to be held."""
    held = seat_of(ledger.agreed, frame, ledger)
    if held is None or ledger.activity is None:
        return ledger if held is None else ledger._replace(activity=held)
    return ledger._replace(activity=ledger.activity._replace(seat=held.seat))


def _as_paid(ledger: Ledger, holds_book: bool) -> Ledger:
    """As seen by a payee who comes and goes with no book, unless it is the CSM who holds it."""
    return ledger if holds_book else always_held(ledger)


def _changed(company: Activity, before: Activity, after: Activity) -> Activity:
    """All books together once some of them are other than before."""

    def moved(whole: FloatPW, one: FloatPW, other: FloatPW) -> FloatPW:
        return whole + (other - one)

    flow = {
        event: {
            date: moved(each, before.flow[event][date], after.flow[event][date])
            for date, each in dates.items()
        }
        for event, dates in company.flow.items()
    }
    number = {
        name: moved(each, before.number[name], after.number[name]) for name, each in company.number.items()
    }
    cohort = {
        terms: Cohort(*map(moved, each, before.cohort[terms], after.cohort[terms]))
        for terms, each in company.cohort.items()
    }
    opening = moved(company.opening, before.opening, after.opening)
    return company._replace(opening=opening, flow=flow, number=number, cohort=cohort)


def _with_kpis(
    world: World, csms: Sequence[int], first: int, worlds: int, ledger: Ledger, reader: Reader
) -> Activity:
    """The activity with readings of KPIs, which do not depend on booking days: those of several books, by accounts."""
    read: Activity | None = None
    for csm in csms:
        own = world.simulate_all(csm, first, worlds, kpis=reader.kpis)[2]._replace(cohort={}, deals={})
        read = own if read is None else add_activities(read, own)
    assert read is not None, "a payee has a book"
    assert ledger.activity is not None, "readings belong to it"
    return ledger.activity._replace(kpi=read.kpi)


def effects_of_each(plan: Gauged, held: Held, levers: Levers, reader: Reader) -> Effects:
    """What each move does to each component, from its customer alone without and with it."""
    value = np.zeros((levers.size, len(plan.sums.components), reader.frame.calendar.periods))
    found = Effects(value, np.zeros_like(value))
    for place, book in enumerate(held.books):
        account_of = np.repeat(np.arange(len(book.held.slot) - 1), np.diff(book.held.slot))
        accounts = np.bincount(book.customer, minlength=len(book.customer))[book.customer]
        mine = levers.book == place
        account = account_of[np.where(mine, levers.row, 0)]
        for arrival in (False, True):
            alone = mine & (accounts[account] == 1) & (book.held.arrival[account] == arrival)
            if (item := np.flatnonzero(alone)).size:
                lanes = apart(book, account[item], levers.world[item])
                row = levers.row[item] - book.held.slot[account[item]]
                found.put(item, _effects(plan, held, lanes, row, levers.some(item), reader))
        several = mine & (accounts[account] > 1)
        for customer in np.unique(book.customer[account[several]]).tolist():
            item = np.flatnonzero(several & (book.customer[account] == customer))
            lanes = customer_apart(book, customer, levers.world[item])
            row = levers.row[item] - book.held.slot[customer]
            found.put(item, _effects(plan, held, lanes, row, levers.some(item), reader))
    return found


def _effects(plan: Gauged, held: Held, alone: Lived, row: IntP, levers: Levers, reader: Reader) -> Effects:
    """Of moves whose customers stand alone in lanes. row : of the renewal there. [lane]"""
    lane = np.arange(levers.size)
    stays, moved = alone.path.booked_day.copy(), alone.path.booked_day.copy()
    moved[row, lane] = levers.booked
    stays[row, lane] = np.where(levers.natural, alone.path.due_day[row, lane], stays[row, lane])
    both = []
    for days in (stays, moved):
        ledger = reader.ledger(alone, days)._replace(agreed=held.ledger.agreed)
        if ledger.activity is not None:
            kpi = {name: np.zeros((reader.frame.calendar.periods, levers.size)) for name in reader.kpis}
            ledger = ledger._replace(activity=ledger.activity._replace(kpi=kpi), company=ledger.activity)
        both.append(gauges(plan, ledger))
    return effects_between(both[0], both[1])


def booked_after(held: Held, chosen: Bools) -> list[Days]:
    """Booking days once the chosen moves are made, of each book; of two moves of one booking the earlier one holds."""
    levers = held.levers
    booked = [book.path.booked_day.copy() for book in held.books]
    for at in np.flatnonzero(chosen)[::-1]:
        booked[levers.book[at]][levers.row[at], levers.world[at]] = levers.booked[at]
    return booked


def moved_ledger(world: World, held: Held, chosen: Bools, reader: Reader) -> Ledger:
    """The payee's Ledger once the chosen moves are made."""
    return rebooked_ledger(world, held, booked_after(held, chosen), reader)


def due_ledger(world: World, held: Held, reader: Reader) -> Ledger:
    """The payee's Ledger with every renewal that is booked at all booked on its due day."""
    paths = [book.path for book in held.books]
    booked = [np.where(path.booked_day == NEVER, path.booked_day, path.due_day) for path in paths]
    return rebooked_ledger(world, held, booked, reader)


def rebooked_ledger(world: World, held: Held, booked: Sequence[Days], reader: Reader) -> Ledger:
    """The payee's Ledger with other booking days. booked : of each book. [renewal, world] [day]"""
    books = held.books
    own, before = _pooled(world, held.csms, books, booked, reader), held.ledger.activity
    if own.activity is not None and before is not None:
        company = None if held.ledger.company is None else _changed(held.ledger.company, before, own.activity)
        own = own._replace(activity=own.activity._replace(kpi=before.kpi), company=company)
    return _as_paid(own, held.holds_book)
