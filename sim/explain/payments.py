"""When what is earned is paid: what waits, is held back, drawn and recovered, period by period, and on which day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.plan.payment import scheduled
from sim.plan.settle import CompiledPlan
from sim.plan.settlement import Settlement
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

CENT: Final = 0.005
"""Less is the rounding of a sum. [usd]"""


class Flow(NamedTuple):
    """A line of the way from earned to paid.

    amount  : [period, world of one] [usd]
    balance : it is one, at the end of each period.
    """

    key: str
    words: str
    amount: FloatPW
    balance: bool = False


def payment_of(sheet: Worksheet, plan: CompiledPlan, settled: Settlement) -> tuple[Flow, ...]:
    """What is earned, what of it is due, and what is paid, in order: each line from those before it. Lines of nothing are
    left out.

    earned - waits + released = due; due - held_back + paid_later - recovered + advanced = paid.
    """
    terms, earned = plan.payment, settled.earned
    due = earned if terms.at_once else scheduled(settled.component, earned, sheet, plan.setting.before)
    after = due if terms.holdback is None else terms.holdback.split(due)
    held_back = np.zeros_like(due)
    if terms.holdback is not None:
        held_back = terms.holdback.share * np.maximum(due, 0.0)
    owed_back = np.vstack([np.zeros_like(settled.recoverable[:1]), settled.recoverable[:-1]])
    gap = settled.paid - after
    flows = (
        Flow("earned", "Earned", earned),
        Flow("waits", "  Waits for its payment", np.minimum(due - earned, 0.0)),
        Flow("released", "  Has waited until now", np.maximum(due - earned, 0.0)),
        Flow("held_back", "  Held back", -held_back),
        Flow("paid_later", "  Held back before, paid now", after - due + held_back),
        Flow("recovered", "  Taken for what was paid before", -np.minimum(owed_back, np.maximum(-gap, 0.0))),
        Flow("advanced", "  Paid ahead, or not taken back", np.maximum(gap, 0.0)),
        Flow("paid", "Paid", settled.paid),
        Flow("owed", "  Owed at the end", settled.owed, balance=True),
        Flow("held", "  Held back at the end", settled.held, balance=True),
        Flow("recoverable", "  Recoverable at the end", settled.recoverable, balance=True),
    )
    always = ("earned", "paid")
    return tuple(each for each in flows if each.key in always or (np.abs(each.amount) > CENT).any())


class PayDate(NamedTuple):
    """When what a component earned in a period is due for payment. due_in : [period]; day : the last of that period."""

    component: str
    earned_in: int
    due_in: int
    day: date


def pay_dates(plan: CompiledPlan, calendar: Calendar) -> Iterator[PayDate]:
    """Of every component and period, in order; what would wait beyond the horizon is due with its end.

    Source: as ``sim.plan.payment.scheduled``; on the last day of a period (assumption).
    """
    last = calendar.periods - 1
    for terms in plan.components:
        for period in range(calendar.periods):
            waits = terms.every - 1 - (period + plan.setting.before) % terms.every
            due = min(period + waits, last)
            yield PayDate(terms.name, period, due, last_day(calendar, due))


def last_day(calendar: Calendar, period: int) -> date:
    """The last day of a period of the horizon."""
    return calendar.first_day(period + 1) - timedelta(days=1)
