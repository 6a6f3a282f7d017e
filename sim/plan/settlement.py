"""What settling a plan gives: the statement of its lead component, each component, and pay beside accruals."""

from collections.abc import Mapping
from typing import NamedTuple

from sim.plan.rule.earnings import Earned
from sim.records import FloatPW, Statement


class Settlement(NamedTuple):
    """One book under one plan, in each period of the horizon. All [period, world] [usd] unless said otherwise.

    On every path, summed from the first period on: accrued - paid = owed + held - recoverable.

    statement : of the lead component: the first on renewal bookings, else the first. Its bonus is what the plan pays.
    component : by name, what each component was measured at and has earned, all rules applied; then what was topped up
                (``"guarantee"``, ``"draw"``). Their pay sums to ``earned``.
    earned    : before payment; negative where a true-up or clawback takes back.
    accrued   : ``earned``, and debt forgiven.
    paid      : never negative.
    owed, held, recoverable : balances at the end of the period: earned and not yet due for payment; due and held back;
                paid and not earned.
    """

    statement: Statement
    component: Mapping[str, Earned]
    earned: FloatPW
    accrued: FloatPW
    paid: FloatPW
    owed: FloatPW
    held: FloatPW
    recoverable: FloatPW
