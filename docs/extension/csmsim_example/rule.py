"""A rule: ``[[spiff]]`` in a plan file pays so much in every period in which a component reaches an attainment."""

from typing import ClassVar

import numpy as np

from sim.files.toml import Table
from sim.plan.bounds import Money, Text
from sim.plan.rule.earnings import Earnings, Setting, with_pay
from sim.plan.worksheet import Worksheet


class Spiff(Table):
    """Extra pay for a good period.

    component : whose attainment counts, and whose pay grows.
    at        : attainment from which it is paid. [share]
    usd       : in each such period. [usd/period]

    Source: assumption, the usual clause.
    """

    after: ClassVar[str] = "cap"  # on top of caps, before clawbacks

    component: Text
    at: float = 1.0
    usd: Money

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """What is earned with it. [period, world]"""
        one = earnings[self.component]
        assert one.measured is not None, "of a component"
        reached = one.measured.attainment >= self.at
        return with_pay(earnings, {self.component: one.pay + np.where(reached, self.usd, 0.0)})
