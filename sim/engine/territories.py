"""Territories: the books that one payee is paid on, and the one Ledger they add up to."""

from typing import NamedTuple

import numpy as np

from sim.cohort import add_cohorts, ungraced
from sim.deal_sums import add_deals
from sim.plan.role_set import Role
from sim.records import Activity, Agreed, FloatPW, IntP, Ledger, OwnPay, OwnQuota
from sim.world.book import Book
from sim.world.scenario import Scenario
from sim.world.team import SETTLED_PERIODS


class Territories(NamedTuple):
    """How the books of a company are dealt out to the payees of a role.

    payee      : of each book; -1 where the role has none. [csm]
    last       : last book of each payee, in order of books. [payee]
    names      : of the payees; a CSM's own, or the first and last of the territory.
    segment    : of each payee's first book. [payee]
    holds_book : the payee is the CSM who holds the book.
    """

    payee: IntP
    last: IntP
    names: tuple[str, ...]
    segment: IntP
    holds_book: bool

    def books_with(self, csm: int) -> int:
        """Books of whoever is paid on this one. [book]"""
        return int((self.payee == self.payee[csm]).sum())

    @property
    def own(self) -> bool:
        """Whether every payee has one book."""
        return int((self.payee >= 0).sum()) == len(self.last)


def make_territories(role: Role, book: Book, scenario: Scenario) -> Territories:
    """Deal out books, segment by segment, in territories of at most ``role.books`` that differ by one book at most.

    A book belongs to the segment of its first account.
    """
    segment_of = book.segment[book.csm_start[:-1]]
    payee = np.full(len(book.csms), -1, dtype=np.int64)
    territories = []
    for index, segment in enumerate(scenario.segment):
        books = np.flatnonzero(segment_of == index)
        if books.size and (not role.segments or segment.name in role.segments):
            territories += np.array_split(books, -(-len(books) // role.books))
    territories.sort(key=lambda books: int(books[0]))
    for number, books in enumerate(territories):
        payee[books] = number
    names = [
        book.csms[books[0]] if len(books) == 1 else f"{book.csms[books[0]]}..{book.csms[books[-1]]}"
        for books in territories
    ]
    first = np.array([books[0] for books in territories], dtype=np.int64)
    last = np.array([books[-1] for books in territories], dtype=np.int64)
    return Territories(payee, last, tuple(names), segment_of[first], role.holds_book)


class Pooling:
    """Adds up the Ledgers of each payee's books as they come, and hands them out when they are complete."""

    def __init__(self, territories: Territories) -> None:
        self.territories = territories
        self._open: dict[int, Ledger] = {}

    def add(self, csm: int, ledger: Ledger) -> tuple[int, Ledger] | None:
        """Take up one book; the payee and the Ledger of the territory when this was its last book."""
        payee = int(self.territories.payee[csm])
        if payee < 0:
            return None
        before = self._open.pop(payee, None)
        pooled = ledger if before is None else add_ledgers(before, ledger)
        if csm != self.territories.last[payee]:
            self._open[payee] = pooled
            return None
        return payee, pooled if self.territories.holds_book else always_held(pooled)


def add_ledgers(one: Ledger, other: Ledger) -> Ledger:
    """The Ledger of two sets of books together; the company is the same for both."""
    activity = None
    if one.activity is not None and other.activity is not None:
        activity = add_activities(one.activity, other.activity)
    return Ledger(
        one.renewable + other.renewable,
        one.unbooked + other.unbooked,
        {date: amount + other.amount[date] for date, amount in one.amount.items()},
        activity,
        one.company,
        agreed=together(one.agreed, other.agreed),
    )


def together(one: Agreed | None, other: Agreed | None) -> Agreed | None:
    """What is asked of whoever is paid on several books: the sum of what is agreed with those who hold them. Their pay is
    by the plan.
    """
    if one is None or other is None:
        return None
    quota = {
        name: OwnQuota(mine.usd + other.quota[name].usd, mine.of_year + other.quota[name].of_year)
        for name, mine in one.quota.items()
        if name in other.quota
    }
    return of_the_plan(one)._replace(quota=quota)


def of_the_plan(agreed: Agreed) -> Agreed:
    """The same with target and salary of the plan, and nobody who comes or goes."""
    plans = np.ones_like(agreed.target.plans)
    pay = OwnPay(np.zeros_like(plans), plans)
    return Agreed(pay, pay, agreed.quota)


def add_activities(one: Activity, other: Activity) -> Activity:
    """The activity of two sets of books together; somebody holds it all the time.

    Amounts and numbers add up. KPIs are readings of accounts: their mean, weighted by the accounts that are read.

    Source: a mean over accounts is the mean of the books' means, weighted by accounts.
    """
    flow = {
        event: {date: amount + other.flow[event][date] for date, amount in dates.items()}
        for event, dates in one.flow.items()
    }
    number = {event: count + other.number[event] for event, count in one.number.items()}
    kpi = {name: _mean(one, other, name) for name in one.kpi}
    return Activity(
        one.opening + other.opening,
        flow,
        number,
        one.multi_year + other.multi_year,
        kpi,
        np.ones_like(one.seat),
        np.full_like(one.tenure, SETTLED_PERIODS),
        add_cohorts(one.cohort, other.cohort),
        add_deals(one.deals, other.deals),
    )


def always_held(ledger: Ledger) -> Ledger:
    """The Ledger as seen by a payee who comes and goes with no book."""
    if ledger.agreed is not None:
        ledger = ledger._replace(agreed=of_the_plan(ledger.agreed))
    if ledger.activity is None:
        return ledger
    seat, tenure = np.ones_like(ledger.activity.seat), np.full_like(ledger.activity.tenure, SETTLED_PERIODS)
    cohort = ungraced(ledger.activity.cohort)
    return ledger._replace(activity=ledger.activity._replace(seat=seat, tenure=tenure, cohort=cohort))


def _mean(one: Activity, other: Activity, name: str) -> FloatPW:
    """The mean reading; where neither set of books has an account that is read, the plain mean. [period, world]"""
    weight, more = _read(one, name), _read(other, name)
    total = weight + more
    share = np.divide(weight, total, out=np.full_like(total, 0.5), where=total > 0.0)
    return share * one.kpi[name] + (1.0 - share) * other.kpi[name]


def _read(activity: Activity, name: str) -> FloatPW:
    """Accounts that a KPI is read from: those that join, for onboarding, else those there at the end of the period."""
    number = activity.number
    if name == "onboarding":
        return number["new"]
    present = number["accounts"] + number["new"] + number["won_back"] - number["churn"] - number["lapsed"]
    return np.maximum(present, 0.0)
