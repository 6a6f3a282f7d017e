"""Settling: every payee of a group of roles is paid once, as soon as the last of their books has come."""

from collections.abc import Sequence
from typing import NamedTuple

from sim.engine.territories import Pooling, Territories
from sim.measure.pay import PayMarks, Tally, add_book
from sim.measure.seats import SeatTally, add_seat
from sim.plan.settle import CompiledPlan, settle_on
from sim.plan.worksheet import Worksheet
from sim.records import Ledger


class Group(NamedTuple):
    """Roles that settle on the same Ledgers: the same worlds, and the same books to a payee.

    roles : their positions among all roles.
    """

    territories: Territories
    roles: tuple[int, ...]


class PayRole(NamedTuple):
    """One role's plan as arrays, and what its payees add up to. seats : None where nobody leaves."""

    plan: CompiledPlan
    marks: PayMarks
    tally: Tally
    seats: SeatTally | None


class Payroll:
    """The roles of one group, paid book by book in one block of worlds."""

    def __init__(self, territories: Territories, roles: Sequence[PayRole]) -> None:
        self._pooling = Pooling(territories)
        self._roles = roles
        self._holds_book = territories.holds_book
        self._sheet: Worksheet | None = None

    def add(self, csm: int, ledger: Ledger) -> None:
        """Take up the next book; settle every plan when it completes the books of a payee."""
        complete = self._pooling.add(csm, ledger)
        if complete is None:
            return
        payee, pooled = complete
        if self._sheet is None:
            self._sheet = Worksheet(pooled)
        else:
            self._sheet.turn_to(pooled)
        for role in self._roles:
            statement = settle_on(self._sheet, role.plan).statement
            add_book(payee, statement, role.marks, role.tally)
            if role.seats is not None and self._holds_book and pooled.activity is not None:
                add_seat(pooled.activity.seat, pooled.activity.tenure, statement, role.seats)
