"""What a payee is paid on in one world: the books together, each account by itself, and each book of the company."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.engine.alone import Alone
from sim.engine.chunks import open_activity
from sim.engine.setting import Setting
from sim.engine.simulate import open_books
from sim.engine.territories import Territories, add_ledgers, always_held
from sim.ledger import fill_ledger
from sim.records import Activity, Ledger, Renewals
from sim.world.world import World


class Whole(NamedTuple):
    """The books of one payee.

    renewals : of all of them, in order of books.
    accounts : names of the accounts that renewals speak of by index.
    alone    : each account by itself; empty where nothing but bookings is known or read.
    company  : by CSM, each book of the company; empty where no plan reads it.
    """

    payee: str
    renewals: Renewals
    accounts: tuple[str, ...]
    ledger: Ledger
    alone: tuple[Alone, ...] = ()
    company: Mapping[str, Activity] = {}


def whole_of(
    setting: Setting, world: World, territories: Territories, payee: int, at: int, company: bool
) -> Whole:
    """The books of one payee of a role in world ``at``. company : whether its plan reads the company."""
    books = np.flatnonzero(territories.payee == payee).tolist()
    ledger = None
    for _, own in open_books(setting, world, books, at, 1):
        ledger = own if ledger is None else add_ledgers(ledger, own)
    assert ledger is not None, "a payee has a book"
    renewals = [world.simulate(csm, at, 1, setting.dates)[0] for csm in books]
    csms = world.book.csms
    return Whole(
        territories.names[payee],
        together(renewals),
        world.book.accounts,
        ledger if territories.holds_book else always_held(ledger),
        tuple(_one_by_one(setting, world, books, at, territories.holds_book))
        if setting.needs_activity
        else (),
        {name: open_activity(world, csm, at, 1, setting.company) for csm, name in enumerate(csms)}
        if company
        else {},
    )


def _one_by_one(
    setting: Setting, world: World, books: Sequence[int], at: int, holds_book: bool
) -> Iterator[Alone]:
    start = world.book.csm_start
    for csm in books:
        reads = (setting.dates, setting.kpis, setting.cohorts, setting.deals)
        for account, renewals, activity in world.one_by_one(csm, at, *reads):
            ledger = fill_ledger(renewals, setting.frame, setting.amounts)._replace(activity=activity)
            ledger = ledger._replace(agreed=world.persons.agreed.get(world.book.csms[csm]))
            name = world.book.customers[int(start[csm]) + account]
            own = ledger if holds_book else always_held(ledger)
            yield Alone(world.book.csms[csm], name, renewals, own)


def together(books: Sequence[Renewals]) -> Renewals:
    """The renewals of several books, one after the other."""
    if len(books) == 1:
        return books[0]
    arrays = ("account", "number", "due_day", "booked_day", "arr", "booked_arr")
    joined = {name: np.concatenate([getattr(each, name) for each in books]) for name in arrays}
    dates = {date: np.concatenate([each.credit_day[date] for each in books]) for date in books[0].credit_day}
    return Renewals(**joined, credit_day=dates)
