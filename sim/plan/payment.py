"""Payment: when what is earned is paid out, and what is owed either way in between."""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.plan.rule.draw import Draw
from sim.plan.rule.earnings import Earnings, Setting, total
from sim.plan.rule.holdback import Holdback
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW, IntP


class PaymentTerms(NamedTuple):
    """How a plan pays out.

    at_once  : every period pays what it earned: nothing waits, is drawn, or can be negative.
    draw     : recoverable, or None.
    forgiven : a negative balance ends with the period. [period] of 0 and 1
    """

    at_once: bool
    draw: Draw | None
    holdback: Holdback | None
    forgiven: IntP


class Payment(NamedTuple):
    """Pay, accruals beside it, and balances at the end of each period. All [period, world] [usd].

    On every path, summed from the first period on: accrued - paid = owed + held - recoverable.

    accrued     : earned in the period, and debt forgiven.
    paid        : never negative.
    owed        : earned, and not yet due for payment.
    held        : due, and held back.
    recoverable : paid and not earned: to be taken from later pay.
    """

    accrued: FloatPW
    paid: FloatPW
    owed: FloatPW
    held: FloatPW
    recoverable: FloatPW


def pay_out(terms: PaymentTerms, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Payment:
    """Schedule, holdback, draw and carry, in this order.

    The horizon is closed like an account: what is owed or held at its end is paid in its last period (assumption), so
    that accruals sum to payments, less what was paid and never earned.
    """
    earned = total(earnings)
    nothing = sheet.once(b"nothing", lambda: np.zeros_like(earned))
    if terms.at_once:
        return Payment(earned, earned, nothing, nothing, nothing)
    due = scheduled(earnings)
    owed = np.cumsum(earned - due, axis=0)
    after = due if terms.holdback is None else terms.holdback.split(due)
    held = nothing if terms.holdback is None else np.cumsum(due - after, axis=0)
    least = nothing if terms.draw is None else terms.draw.least(earned.shape, sheet, setting)
    accrued, paid, recoverable = earned.copy(), np.empty_like(earned), np.empty_like(earned)
    settle_balance(after, least, terms.forgiven, accrued, paid, recoverable)
    return Payment(accrued, paid, owed, held, recoverable)


def scheduled(earnings: Earnings) -> FloatPW:
    """What is due for payment in each period. [period, world] [usd]"""
    due = np.zeros_like(total(earnings))
    last = len(due) - 1
    for each in earnings.values():
        if each.every == 1:
            due += each.pay
        else:
            for t in range(len(due)):
                due[min(t - t % each.every + each.every - 1, last)] += each.pay[t]
    return due


@kernel
def settle_balance(
    due: FloatPW, least: FloatPW, forgiven: IntP, accrued: FloatPW, paid: FloatPW, recoverable: FloatPW
) -> None:
    """Pay what is due less what is owed back, but never less than the draw; forgive at the end of windows.

    Source: as ``sim.plan.rule.draw`` and ``sim.plan.rule.carry``.
    """
    for w in range(due.shape[1]):
        balance = 0.0
        for t in range(due.shape[0]):
            net = due[t, w] - balance
            paid[t, w] = max(net, least[t, w])
            balance = paid[t, w] - net
            if forgiven[t] != 0:
                accrued[t, w] += balance
                balance = 0.0
            recoverable[t, w] = balance
