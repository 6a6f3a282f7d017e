"""Salaries of a role's payees where a people file agrees them: everybody's own, for the days in the seat."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.engine.territories import Territories
from sim.plan.plan import Plan
from sim.plan.role_set import Role
from sim.plan.salary import salary_by_period, salary_of
from sim.world.book import Book
from sim.world.people import Persons
from sim.world.world import World

Floats = NDArray[np.float64]


class Salaries(NamedTuple):
    """What each payee of a role is paid besides variable pay, as far as it is counted. Both [payee, period] [usd]

    whole : for a period in the seat from its first day to its last.
    known : for the days on which dates say that somebody holds the seat.
    """

    whole: Floats
    known: Floats

    @property
    def over_horizon(self) -> Floats:
        """Of each payee. [payee, world of all] [usd]"""
        total: Floats = self.known.sum(axis=1, keepdims=True)
        return total


def salaries_of(role: Role, territories: Territories, world: World) -> Salaries | None:
    """None where everybody has the plan's, or the payees are not those who hold the books."""
    persons, calendar = world.persons, world.calendar
    if not (role.holds_book and territories.own and differ(role.plan, persons)):
        return None
    book = world.book
    rows = [salary_by_period(role.plan, persons.of(book, csm), calendar) for csm in territories.last.tolist()]
    whole = role.salary_share * np.stack(rows)
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    ones = np.ones(calendar.periods)
    agreed = (persons.of(book, csm) for csm in territories.last.tolist())
    share = [ones if each is None or each.present is None else each.present[horizon] for each in agreed]
    return Salaries(whole, whole * np.stack(share))


def differ(plan: Plan, persons: Persons) -> bool:
    """Whether somebody is paid another salary than the plan's, or is known to be there for a part of the time."""
    own = any((each.salary.plans < 1.0).any() for each in persons.agreed.values())
    comes_or_goes = any(each.present is not None for each in persons.agreed.values())
    return (own and plan.pay.targets == "person") or (comes_or_goes and plan.pay.base_salary > 0.0)


def mean_salary(plan: Plan, persons: Persons, book: Book, calendar: Calendar) -> float:
    """What a CSM is paid a year besides variable pay, on average; whoever comes and goes by the draw is there. [usd/yr]"""
    if not differ(plan, persons):
        return plan.pay.base_salary
    csms = range(len(book.csms))
    return float(np.mean([salary_of(plan, persons.of(book, csm), calendar) for csm in csms])) / calendar.years


def salary_in(role: Role, persons: Persons, book: Book, calendar: Calendar) -> float:
    """The same of a role's payees, as far as it is counted. [usd/yr]"""
    own = mean_salary(role.plan, persons, book, calendar) if role.holds_book else role.plan.pay.base_salary
    return own * role.salary_share
