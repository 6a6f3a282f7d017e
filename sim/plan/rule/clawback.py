"""Clawback: pay for customers who leave soon after is taken back."""

from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from sim.files.toml import Table
from sim.kernel import kernel
from sim.plan.bounds import PeriodCount, PositiveShare, Text
from sim.plan.measured import Reading, activity_of, ratio
from sim.plan.rule.earnings import Earnings, Setting, chosen, with_pay
from sim.plan.worksheet import Worksheet
from sim.records import FloatPPW, FloatPW

Loss: TypeAlias = Literal["churn", "contraction", "lapsed"]


class Clawback(Table):
    """Pay of the last periods that is taken back as customers are lost.

    component : whose pay; all components' where it is left out.
    periods   : how long pay can be taken back after it was earned. [period]
    events    : losses that count, when due.
    share     : of the pay on them that is taken back. [share]

    Where the Ledger tells whose bookings are lost (``Ledger.leaving``, in a replay), pay on bookings and events comes back
    as it was paid for the very account: in proportion to its part of what the component counted in each period, after
    multipliers. Pay on shares and readings is for the whole book, and a simulated plan sees sums: there each usd of the
    ARR held is taken to be as likely lost as the next, so that a period that loses 2 % of the book takes back 2 % of
    what is left of the pay of each of the periods before it (assumption). No more can come back than was paid.

    Source: assumption, the usual clause.
    """

    component: Text | None = None
    periods: PeriodCount
    events: Annotated[tuple[Loss, ...], Field(min_length=1, max_length=3)] = ("churn",)
    share: PositiveShare = 1.0

    @property
    def losses(self) -> tuple[str, ...]:
        """The events that count, as a Ledger names them together."""
        return tuple(sorted(set(self.events)))

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay less what each period takes back from those before it."""
        activity = activity_of(sheet)
        first, *others = [activity.flow[event]["due"] for event in self.losses]
        lost = sum(others, start=first)
        part = self.share * np.minimum(ratio(lost, activity.opening, 0.0), 1.0)
        left = {}
        for name in chosen(self.component, earnings):
            own = part_of_accounts(earnings[name].reading, self.losses, sheet)
            pay = earnings[name].pay
            if own is None:
                left[name] = taken_back(pay, part, self.periods)
            else:
                left[name] = taken_back_of(pay, self.share * own, self.periods)
        return with_pay(earnings, left)


def part_of_accounts(reading: Reading | None, losses: tuple[str, ...], sheet: Worksheet) -> FloatPPW | None:
    """Of what a reading counted in each period, the part of accounts that are lost in each later one; None where it is not
    counted by account, or nobody knows theirs. [period of the loss, period, world] [share]
    """
    if reading is None or sheet.ledger.leaving is None:
        return None
    whole = reading.paid_on(sheet)
    if whole is None:
        return None
    part = np.zeros((len(whole), *whole.shape))
    for period, ledger in enumerate(sheet.ledger.leaving[losses]):
        if ledger is None:
            continue
        own = reading.paid_on(Worksheet(ledger._replace(agreed=sheet.ledger.agreed)))
        if own is not None:
            part[period] = np.minimum(ratio(own, whole, 0.0), 1.0)
    return part


def taken_back(pay: FloatPW, part: FloatPW, periods: int) -> FloatPW:
    """Pay less what each period takes back of the ``periods`` before it, of what is left of them. [period, world] [usd]

    part : of what is left. [period, world] [share]
    """
    left = pay.copy()
    take_back(np.maximum(pay, 0.0), part, periods, left)
    return left


@kernel
def take_back(remaining: FloatPW, part: FloatPW, periods: int, left: FloatPW) -> None:
    """Take from each period its part of what is ``remaining`` of those before it, which is used up."""
    for t in range(left.shape[0]):
        for s in range(max(0, t - periods), t):
            source, share, out = remaining[s], part[t], left[t]
            for w in range(out.size):
                back = share[w] * source[w]
                source[w] -= back
                out[w] -= back


def taken_back_of(pay: FloatPW, part: FloatPPW, periods: int) -> FloatPW:
    """Pay less what each period takes back of the ``periods`` before it, never more than is left. [period, world] [usd]

    part : of what was paid. [period of the loss, period, world] [share]
    """
    left = pay.copy()
    paid = np.maximum(pay, 0.0)
    take_back_of(paid, paid.copy(), part, periods, left)
    return left


@kernel
def take_back_of(paid: FloatPW, remaining: FloatPW, part: FloatPPW, periods: int, left: FloatPW) -> None:
    """Take from each period its part of what was ``paid`` in those before it, of what is ``remaining`` there."""
    for t in range(left.shape[0]):
        for s in range(max(0, t - periods), t):
            for w in range(left.shape[1]):
                back = min(part[t, s, w] * paid[s, w], remaining[s, w])
                remaining[s, w] -= back
                left[t, w] -= back
