"""Seat: a vacant book is renewed by cover, and its bonus is not paid to anybody, unless the plan says so."""

from typing import Literal

import numpy as np

from sim.files.toml import Table
from sim.plan.rule.earnings import Earnings, Setting, with_pay
from sim.plan.worksheet import Worksheet


class Seat(Table):
    """What becomes of the pay of a book whose seat is vacant.

    vacant : ``"unpaid"``, for the share of the period without a CSM, or ``"paid"``, to whoever covers.

    Source: assumption.
    """

    vacant: Literal["unpaid", "paid"] = "unpaid"

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay for the share of each period in which a CSM holds the book; all of it where nobody is known to leave. What is
        earned for the days in the seat alone is paid as it is in every period that has some.
        """
        activity = sheet.ledger.activity
        if self.vacant == "paid" or activity is None:
            return earnings
        if sheet.once(b"every seat is taken", lambda: bool((activity.seat == 1.0).all())):
            return earnings  # as times 1
        seat, anybody = activity.seat, (activity.seat > 0.0).astype(np.float64)
        held = {name: each.pay * (anybody if each.by_day else seat) for name, each in earnings.items()}
        return with_pay(earnings, held)
