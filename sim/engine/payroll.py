"""Settling: every payee of a group of roles is paid once, as soon as the last of their books has come."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.salaries import Salaries
from sim.engine.territories import Pooling, Territories
from sim.measure.pay import PayMarks, Tally, add_book
from sim.measure.seats import SeatTally, add_seat
from sim.plan.settle import CompiledPlan, settle_on
from sim.plan.worksheet import Worksheet
from sim.records import Ledger


class Group(NamedTuple):
    """Roles that settle on the same Ledgers: the same worlds, and the same books to a payee.

    roles  : their positions among all roles.
    pieces : positions of the plans between them and the baseline, among all of those.
    """

    territories: Territories
    roles: tuple[int, ...]
    pieces: tuple[int, ...]


class PayRole(NamedTuple):
    """One role's plan as arrays, and what its payees add up to.

    seats  : None where nobody leaves.
    starts : pay of the first so many periods is written there. [start, payee, world] [usd]
    salaries : where not everybody's is the plan's; None elsewhere.
    """

    plan: CompiledPlan
    marks: PayMarks
    tally: Tally
    seats: SeatTally | None
    starts: NDArray[np.float64]
    salaries: Salaries | None = None


class Piece(NamedTuple):
    """A further plan, of which nothing but pay is asked. pay : is written there. [payee, world] [usd over the horizon]"""

    plan: CompiledPlan
    pay: NDArray[np.float64]


class Payroll:
    """The roles of one group, paid book by book in one block of worlds."""

    def __init__(
        self,
        territories: Territories,
        roles: Sequence[PayRole],
        starts: Sequence[int],
        pieces: Sequence[Piece],
    ) -> None:
        self._pooling = Pooling(territories)
        self._roles = roles
        self._starts = starts
        self._pieces = pieces
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
            own = role.plan.setting.target(self._sheet).over_plans(len(statement.bonus))
            add_book(payee, statement, role.marks, role.tally, own)
            for place, periods in enumerate(self._starts):
                np.sum(statement.bonus[:periods], axis=0, out=role.starts[place, payee])
            if role.seats is not None and self._holds_book and pooled.activity is not None:
                salary = None if role.salaries is None else role.salaries.whole[payee]
                add_seat(pooled.activity.seat, pooled.activity.tenure, statement, role.seats, salary)
        for piece in self._pieces:
            np.sum(settle_on(self._sheet, piece.plan).statement.bonus, axis=0, out=piece.pay[payee])
