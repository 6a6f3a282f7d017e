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

    earned      : of all components and top-ups.
    accrued     : earned in the period, and debt forgiven.
    paid        : never negative.
    owed        : earned, and not yet due for payment.
    held        : due, and held back.
    recoverable : paid and not earned: to be taken from later pay.
    """

    earned: FloatPW
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
        return Payment(earned, earned, earned, nothing, nothing, nothing)
    due = scheduled(earnings, earned, sheet, setting.before)
    after = due if terms.holdback is None else terms.holdback.split(due)
    least = nothing if terms.draw is None else terms.draw.least(earned.shape, sheet, setting)
    out = Payment(earned, *(sheet.empty(*earned.shape) for _ in range(5)))
    settle_balance(earned, due, after, least, terms.forgiven, *out[1:])
    return out


def scheduled(earnings: Earnings, earned: FloatPW, sheet: Worksheet, before: int = 0) -> FloatPW:
    """What is due for payment in each period; ``before`` periods of the year lie before the first. [period, world] [usd]"""
    if all(each.every == 1 for each in earnings.values()):
        return earned
    due = sheet.zeros(*earned.shape)
    last = len(due) - 1
    for each in earnings.values():
        for t in range(len(due)):
            waits = each.every - 1 - (t + before) % each.every
            due[min(t + waits, last)] += each.pay[t]
    return due


@kernel
def settle_balance(
    earned: FloatPW,
    due: FloatPW,
    after: FloatPW,
    least: FloatPW,
    forgiven: IntP,
    accrued: FloatPW,
    paid: FloatPW,
    owed: FloatPW,
    held: FloatPW,
    recoverable: FloatPW,
) -> None:
    """Pay what is due after the holdback, less what is owed back, but never less than the draw; forgive at the end of
    windows.

    Source: as ``sim.plan.rule.draw`` and ``sim.plan.rule.carry``.
    """
    balance, waiting, kept = np.zeros(due.shape[1]), np.zeros(due.shape[1]), np.zeros(due.shape[1])
    for t in range(due.shape[0]):
        gift = 1.0 if forgiven[t] != 0 else 0.0
        for w in range(due.shape[1]):
            net = after[t, w] - balance[w]
            pay = max(net, least[t, w])
            debt = pay - net
            paid[t, w] = pay
            accrued[t, w] = earned[t, w] + gift * debt
            balance[w] = (1.0 - gift) * debt
            recoverable[t, w] = balance[w]
        for w in range(due.shape[1]):
            waiting[w] += earned[t, w] - due[t, w]
            kept[w] += due[t, w] - after[t, w]
            owed[t, w] = waiting[w]
            held[t, w] = kept[w]
