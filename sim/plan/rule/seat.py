"""Seat: a vacant book is renewed by cover, and its bonus is not paid to anybody, unless the plan says so."""

from typing import Literal

import numpy as np

from sim.files.toml import Table
from sim.plan.rule.earnings import Earnings, Setting, with_pay
from sim.plan.worksheet import Worksheet
from sim.records import Agreed, FloatPW


class Seat(Table):
    """What becomes of the pay of a book whose seat is vacant.

    vacant : ``"unpaid"``, for the share of the period without a CSM, or ``"paid"``, to whoever covers.

    Source: assumption.
    """

    vacant: Literal["unpaid", "paid"] = "unpaid"

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay for the share of each period in which a CSM holds the book; all of it where nobody is known to leave. What is
        earned for the days in the seat alone is paid as it is while they last.
        """
        activity = sheet.ledger.activity
        if self.vacant == "paid" or activity is None:
            return earnings
        if sheet.once(b"every seat is taken", lambda: bool((activity.seat == 1.0).all())):
            return earnings  # as times 1
        seat, left = activity.seat, _left(activity.seat, sheet.ledger.agreed, setting.lead)
        held = {name: each.pay * (left if each.by_day else seat) for name, each in earnings.items()}
        return with_pay(earnings, held)


def _left(seat: FloatPW, agreed: Agreed | None, lead: int) -> FloatPW:
    """Of the days for which pay is agreed, the share on which the seat is held. [period, world]"""
    if agreed is None or agreed.present is None:
        return seat
    present = agreed.present[lead : lead + len(seat), np.newaxis]
    held: FloatPW = np.divide(seat, present, out=np.zeros_like(seat), where=present > 0.0).clip(max=1.0)
    return held
