"""Draw: paid in every period, whatever was earned; recoverable from later pay, or not."""

from typing import Self

import numpy as np
from pydantic import model_validator

from sim.files.toml import Table, refuse
from sim.plan.bounds import Money, PeriodCount, Share
from sim.plan.rule.earnings import DRAW, Earnings, Setting, total
from sim.plan.rule.guarantee import new_share, top_up
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW


class Draw(Table):
    """The least that is paid in a period: give ``usd`` or ``share``.

    usd         : in a period. [usd/period]
    share       : of the target bonus. [share]
    recoverable : what was not earned is an advance, and taken from later pay; else it is earned.
    periods     : only in the first periods of whoever takes over a book; always where it is left out. [period]

    Source: Sourcegraph handbook, Commission Processing: "A Quarterly draw of $2,500 will be paid to each AE with the
    final true-payout occurring once a year at year-end" (recoverable), and on ramp "a draw bonus equal to their
    monthly OTI for the first three months" (not recoverable).
    """

    usd: Money | None = None
    share: Share | None = None
    recoverable: bool = True
    periods: PeriodCount | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.usd is None) == (self.share is None):
            raise refuse("one of usd and share", None if self.usd is None else "both")
        return self

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Earnings with what is missing to a draw that is not recoverable."""
        if self.recoverable:
            return earnings
        return {**earnings, DRAW: top_up(self.least(total(earnings).shape, sheet, setting), earnings)}

    def least(self, shape: tuple[int, ...], sheet: Worksheet, setting: Setting) -> FloatPW:
        """The draw of each period; nobody draws while the seat is vacant. [period, world] [usd]"""
        amount: float | FloatPW = self.usd or 0.0
        if self.share is not None:
            amount = self.share * setting.target(sheet).column(shape[0])
        activity = sheet.ledger.activity
        if activity is None:
            # Nobody is known to be new, and nobody to leave.
            return np.full(shape, amount if self.periods is None else 0.0)
        return amount * (activity.seat if self.periods is None else new_share(activity, self.periods))
