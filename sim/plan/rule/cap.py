"""Cap: the most that a component, or the plan, pays in a period or a year."""

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from sim.files.toml import Table, refuse
from sim.kernel import kernel
from sim.plan.bounds import Money, Multiple, Text
from sim.plan.rule.earnings import Earnings, Setting, chosen, total, with_pay
from sim.plan.target import Target
from sim.plan.worksheet import Worksheet
from sim.records import FloatP, FloatPW


class Cap(Table):
    """The most that is earned: give ``multiple`` or ``usd``.

    component : capped alone; where it is left out all components together, which then give up pay pro rata.
    multiple  : of the target bonus of the same period or year. [multiple of target bonus]
    usd       : in the period or year. [usd]
    over      : ``"period"`` or ``"year"``, counted from the first day of the horizon.

    Guarantees and draws come on top of it. What one deal counts for at most is ``crediting.deal_cap``; what a period's
    commission can pay at most is a cap on its component.

    Source: assumption, the usual clause; PostHog's plan of 2024 had one (pull request 11396: "the cap has been
    removed").
    """

    component: Text | None = None
    multiple: Multiple | None = None
    usd: Money | None = None
    over: Literal["period", "year"] = "period"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.multiple is None) == (self.usd is None):
            raise refuse("one of multiple and usd", None if self.usd is None else "both")
        return self

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay up to the cap; of a year, what is below it is paid as it comes."""
        target = setting.target(sheet) if self.component is None else earnings[self.component].target
        periods = setting.year if self.over == "year" else 1
        limit = self.limit(target, periods, setting.before, len(total(earnings)))
        if self.component is not None:
            pay = earnings[self.component].pay
            return with_pay(earnings, {self.component: capped(pay, limit, periods, setting.before)})
        whole = total(earnings)
        below = capped(whole, limit, periods, setting.before)
        kept = np.divide(below, whole, out=np.ones_like(whole), where=(below < whole) & (whole > 0.0))
        return with_pay(earnings, {name: earnings[name].pay * kept for name in chosen(None, earnings)})

    def limit(self, target: Target, year: int, before: int, periods: int) -> FloatP:
        """The most of the year, or the one period, that each period lies in. [period] [usd]"""
        if self.usd is not None:
            return np.full(periods, self.usd)
        place = np.arange(periods)
        first = place - (place + before) % year
        limit: FloatP = (self.multiple or 0.0) * target.over(first, np.full(periods, year))[:, 0]
        return limit


def capped(pay: FloatPW, limit: FloatP, periods: int, before: int = 0) -> FloatPW:
    """Pay of which no more than ``limit`` is earned in each stretch of ``periods``; ``before`` of the first one lie before
    the horizon, where nothing is earned (assumption). [period, world] [usd]

    limit : of the stretch that each period lies in. [period] [usd]
    """
    if periods == 1:
        return np.minimum(pay, limit[:, np.newaxis])
    below = np.empty_like(pay)
    keep_below(pay, limit, periods, before, below)
    return below


@kernel
def keep_below(pay: FloatPW, limit: FloatP, periods: int, before: int, below: FloatPW) -> None:
    """The part of each period's pay that its stretch leaves room for."""
    room = np.empty(pay.shape[1])
    for t in range(pay.shape[0]):
        if t == 0 or (t + before) % periods == 0:
            room[:] = limit[t]
        for w in range(room.size):
            below[t, w] = min(pay[t, w], room[w])
            room[w] -= below[t, w]
