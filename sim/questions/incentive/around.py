"""Who is paid on one book: the payees of each role, the other books of their territories, and the company around it."""

from collections.abc import Callable, Iterator, Sequence
from threading import RLock
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.engine.territories import Territories, add_activities, add_ledgers, always_held
from sim.plan.plan import Plan
from sim.plan.role_set import CSM, Role
from sim.plan.salary import earnings_of
from sim.records import Activity, Agreed, Ledger

Read = Callable[[int], Ledger]
"""The Ledger of each book of the company in the worlds at hand, by its place."""


class Beside(NamedTuple):
    """What the payees of one book are paid on besides it.

    groups  : roles by their places that share payees, whether they hold the book, and the Ledger of their other books (None
              where they have no other).
    company : the activity of all other books; None where no plan reads the company.
    """

    groups: tuple[tuple[tuple[int, ...], bool, Ledger | None], ...]
    company: Activity | None


class Around:
    """The books beside one book, in some worlds: each is read once, and the company without any one of them is at hand."""

    def __init__(self, read: Read, books: int) -> None:
        self._read, self._books = read, books
        self._lock = RLock()  # books that several threads ask for are read once
        self._known: dict[int, Ledger] = {}
        self._sums: tuple[list[Activity | None], list[Activity | None]] | None = None

    def beside(self, csm: int, territories: Sequence[Territories], company: bool) -> Beside:
        """Of one book. company : whether some plan reads the company."""
        groups: dict[tuple[bytes, bool], list[int]] = {}
        for place, territory in enumerate(territories):
            if territory.payee[csm] >= 0:
                groups.setdefault((territory.payee.tobytes(), territory.holds_book), []).append(place)
        with self._lock:
            found = tuple(
                (tuple(places), holds_book, self._others(csm, territories[places[0]]))
                for (_, holds_book), places in groups.items()
            )
            return Beside(found, self._company(csm) if company and self._books > 1 else None)

    def _others(self, csm: int, territory: Territories) -> Ledger | None:
        """All other books of whoever is paid on this one."""
        found = None
        for book in np.flatnonzero(territory.payee == territory.payee[csm]).tolist():
            if book != csm:
                ledger = self._ledger(book)
                found = ledger if found is None else add_ledgers(found, ledger)
        return found

    def _company(self, csm: int) -> Activity | None:
        if self._sums is None:
            activities = [of_company(self._ledger(book)) for book in range(self._books)]
            self._sums = _running(activities), _running(activities[::-1])
        before, after = self._sums[0][csm], self._sums[1][self._books - 1 - csm]
        return after if before is None else before if after is None else add_activities(before, after)

    def _ledger(self, csm: int) -> Ledger:
        if csm not in self._known:
            self._known[csm] = self._read(csm)
        return self._known[csm]


def paid_on(beside: Beside, own: Ledger, reads_company: bool) -> Iterator[tuple[tuple[int, ...], Ledger]]:
    """The Ledger that each group of roles is paid on, one book of theirs being ``own``."""
    if reads_company:
        mine = of_company(own)
        own = own._replace(company=mine if beside.company is None else add_activities(beside.company, mine))
    for places, holds_book, others in beside.groups:
        ledger = own if others is None else add_ledgers(own, others)
        yield places, ledger if holds_book else always_held(ledger)


def of_company(ledger: Ledger) -> Activity:
    """What a book adds to the company: its activity without KPIs."""
    assert ledger.activity is not None  # as some plan reads the company
    return ledger.activity._replace(kpi={})


def earnings_at_target(role: Role, agreed: Agreed | None, calendar: Calendar) -> float:
    """Counted salary and target bonus of whoever is paid in a role on a book. agreed : with who holds the book. [usd/yr]"""
    earned = earnings_of(role.plan, agreed if role.holds_book else None, calendar)
    return earned - (1.0 - role.salary_share) * role.plan.pay.base_salary


def holding(plans: Sequence[Plan]) -> list[Role]:
    """The roles of whoever holds a book, one on each of these plans."""
    from pathlib import Path

    return [Role(CSM, plan, Path(), holds_book=True) for plan in plans]


def _running(activities: Sequence[Activity]) -> list[Activity | None]:
    """The sum of all before each."""
    found: list[Activity | None] = [None]
    for activity in activities[:-1]:
        last = found[-1]
        found.append(activity if last is None else add_activities(last, activity))
    return found
