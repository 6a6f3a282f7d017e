"""Holdback: a part of each payment is kept back and paid later."""

import numpy as np

from sim.files.toml import Table
from sim.plan.bounds import PeriodCount, Share
from sim.records import FloatPW


class Holdback(Table):
    """A share of each payment that waits.

    share   : kept back. [share]
    periods : and paid so many periods later; at the end of the horizon all of it is. [period]

    Source: assumption, the usual clause, as where pay waits until the customer has paid.
    """

    share: Share
    periods: PeriodCount

    def split(self, due: FloatPW) -> FloatPW:
        """What is left of what is due in each period, with what is released in it. [period, world] [usd]

        What is recovered from a CSM is not held back.
        """
        held = self.share * np.maximum(due, 0.0)
        paid: FloatPW = due - held
        last = len(due) - 1
        for t in range(len(due)):
            paid[min(t + self.periods, last)] += held[t]
        return paid
