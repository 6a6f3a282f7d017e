"""Target bonus: the plan's, or that which is agreed with a person, period by period."""

from typing import Final, NamedTuple

import numpy as np

from sim.records import FloatP, FloatPW, IntP, Ledger


class Target(NamedTuple):
    """Pay at 100 %.

    usd       : by the plan, in every period. [usd/period]
    by_period : of the person who holds the book; None where the plan's holds in every period. [reach] [usd/period]
    lead      : place of the first period of the horizon. [period]
    """

    usd: float
    by_period: FloatP | None
    lead: int

    def column(self, periods: int) -> float | FloatPW:
        """Of each period of the horizon. [usd/period], or [period, world of all] [usd/period]"""
        if self.by_period is None:
            return self.usd
        return self.by_period[self.lead : self.lead + periods, np.newaxis]

    def at(self, period: int) -> float:
        """Of one period of the horizon. [usd]"""
        return self.usd if self.by_period is None else float(self.by_period[self.lead + period])

    def over_plans(self, periods: int) -> FloatP | None:
        """Of each period of the horizon over the plan's; None where it is that. [period] [usd/usd]"""
        if self.by_period is None:
            return None
        return self.by_period[self.lead : self.lead + periods] / self.usd

    def over(self, first: IntP, length: IntP) -> FloatPW:
        """Of stretches of periods, counted from the first of the horizon; those beyond what is known count as the nearest
        that is. [stretch, world of all] [usd]
        """
        if self.by_period is None:
            return self.usd * length[:, np.newaxis].astype(np.float64)
        last = len(self.by_period) - 1
        sums = [
            self.by_period[np.clip(self.lead + start + np.arange(count), 0, last)].sum()
            for start, count in zip(first.tolist(), length.tolist(), strict=True)
        ]
        return np.array(sums)[:, np.newaxis]


NO_TARGET: Final = Target(0.0, None, 0)
"""Of a commission, and of what is topped up."""


def target_of(usd: float, weight: float, own: bool, lead: int, ledger: Ledger) -> Target:
    """The target of a plan, or of a component that weighs so much of it, for whoever holds a book.

    own : whether a target that is agreed with a person stands for the plan's.
    """
    agreed = ledger.agreed
    if agreed is None or not own or usd == 0.0 or bool((agreed.target.plans == 1.0).all()):
        return Target(usd, None, lead)
    return Target(usd, weight * agreed.target.usd + usd * agreed.target.plans, lead)


def by_day(target: Target, ledger: Ledger) -> Target:
    """The same for the days in the seat alone, where dates say which."""
    if ledger.agreed is None or ledger.agreed.present is None:
        return target
    present = ledger.agreed.present
    by_period = np.full(len(present), target.usd) if target.by_period is None else target.by_period
    return target._replace(by_period=by_period * present)
