"""Guarantee: the least that a new holder of a seat earns."""

import numpy as np

from sim.files.toml import Table
from sim.plan.bounds import PeriodCount, Share
from sim.plan.rule.earnings import GUARANTEE, Earned, Earnings, Setting, total
from sim.plan.target import NO_TARGET
from sim.plan.worksheet import Worksheet
from sim.records import Activity, FloatPW


class Guarantee(Table):
    """The least that is earned in the first periods of whoever takes over a book.

    share   : of the target bonus. [share]
    periods : how long. [period]

    Source: PostHog handbook, How we work: "Your bonus is guaranteed at 100% for your first 3 months at PostHog - this
    gives you time to get up to speed, but also if you over-perform then you will get your additional bonus."
    """

    share: Share = 1.0
    periods: PeriodCount

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Earnings with what is missing to the guarantee; nothing where nobody is known to be new."""
        activity = sheet.ledger.activity
        if activity is None:
            return earnings
        target = setting.target(sheet).column(len(activity.seat))
        least = self.share * target * new_share(activity, self.periods)
        return {**earnings, GUARANTEE: top_up(least, earnings)}


def new_share(activity: Activity, periods: int) -> FloatPW:
    """The share of each period in which a CSM holds the book for at most ``periods``. [period, world]"""
    share: FloatPW = activity.seat * (periods + 1.0 - activity.tenure).clip(0.0, 1.0)
    return share


def top_up(least: FloatPW | float, earnings: Earnings) -> Earned:
    """What is missing to ``least`` in each period, paid with it. [period, world] [usd]"""
    return Earned(None, None, None, np.maximum(least - total(earnings), 0.0), NO_TARGET, 1)
