"""Who works on a book: the payees of a plan or role set in one segment, and how they share the work."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.measure.response.effort import PAID
from sim.plan.role_set import Role, RoleSet

Floats = NDArray[np.float64]


class Crew(NamedTuple):
    """The roles that are paid on the books of one segment.

    books : of each payee. [role] [book]
    time  : share of the time that is spent on a book: counted time of a payee over their books. [role]
    """

    roles: tuple[Role, ...]
    books: Floats
    time: Floats

    def shares(self, gain: Floats) -> Floats:
        """Who does which task: those whom the plan pays for it, by their time; where it pays nobody, all. [role, task]

        gain : of more of each task, at today's efforts. [role, task] [usd]

        Source: assumption; whoever is paid for an outcome works on it (Young, founding document: owners by role).
        """
        if len(self.roles) == 1:
            return np.ones_like(gain)
        paid = gain > PAID * np.maximum(gain.max(axis=0, initial=0.0), 0.0)
        paid[:, ~paid.any(axis=0)] = True
        weight = np.where(paid, self.time[:, np.newaxis], 0.0)
        shares: Floats = weight / weight.sum(axis=0)
        return shares

    def of_book(self, of_payees: Floats) -> float:
        """What all payees have, a book's part of it. of_payees : [role]"""
        return float((of_payees / self.books).sum())

    def bonus(self, calendar: Calendar) -> float:
        """Bonuses at 100 % for a book. [usd/yr]"""
        a_year = calendar.periods / calendar.years
        return a_year * self.of_book(np.array([role.plan.target_bonus(calendar) for role in self.roles]))


def crew_of(role_set: RoleSet, segment: str, csms: int) -> Crew:
    """The roles of a set in a segment of so many books; see ``sim.engine.territories`` for how they are dealt out."""
    roles = tuple(role for role in role_set.roles if csms and (not role.segments or segment in role.segments))
    books = np.array([csms / -(-csms // role.books) for role in roles])
    time = np.array([role.salary_share for role in roles]) / books
    equal = np.full_like(time, 1.0 / max(len(roles), 1))
    return Crew(roles, books, time / time.sum() if time.sum() > 0.0 else equal)
