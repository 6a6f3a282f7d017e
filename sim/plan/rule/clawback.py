"""Clawback: pay for customers who leave soon after is taken back."""

from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from sim.files.toml import Table
from sim.kernel import kernel
from sim.plan.bounds import PeriodCount, PositiveShare, Text
from sim.plan.reading.measured import activity_of, ratio
from sim.plan.rule.earnings import Earnings, Setting, chosen, with_pay
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

Loss: TypeAlias = Literal["churn", "contraction", "lapsed"]


class Clawback(Table):
    """Pay of the last periods that is taken back as customers are lost.

    component : whose pay; all components' where it is left out.
    periods   : how long pay can be taken back after it was earned. [period]
    events    : losses that count, when due.
    share     : of the pay on them that is taken back. [share]

    A plan sees sums, and not for which customer it paid. So each usd of the ARR held is taken to be as likely lost as
    the next: a period that loses 2 % of the book takes back 2 % of what is left of the pay of each of the periods
    before it (assumption). No more can come back than was paid.

    Source: assumption, the usual clause.
    """

    component: Text | None = None
    periods: PeriodCount
    events: Annotated[tuple[Loss, ...], Field(min_length=1, max_length=3)] = ("churn",)
    share: PositiveShare = 1.0

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay less what each period takes back from those before it."""
        activity = activity_of(sheet)
        first, *others = [activity.flow[event]["due"] for event in dict.fromkeys(self.events)]
        lost = sum(others, start=first)
        part = self.share * np.minimum(ratio(lost, activity.opening, 0.0), 1.0)
        names = chosen(self.component, earnings)
        return with_pay(
            earnings, {name: taken_back(earnings[name].pay, part, self.periods) for name in names}
        )


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
