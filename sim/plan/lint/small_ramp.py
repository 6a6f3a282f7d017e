"""Small ramp: so little is asked at the start that a usual book is many times at target."""

from collections.abc import Iterator
from typing import Final

from sim.calendar import Calendar
from sim.plan.lint.fault import PERIOD_WORDS, Finding, percent, subjects, usd
from sim.plan.lint.levels import bonuses
from sim.plan.plan import Plan

SMALLEST: Final = 0.10
"""Shares of a quota from here on are usual in a ramp. [share]"""


def find(plan: Plan, calendar: Calendar) -> Iterator[Finding]:
    """The attainment of a book at quota in the first periods of a ramp, and what the curve pays for it.

    Source: assumption; the published ramp asks a third and two thirds.
    """
    shares = () if plan.ramp is None else plan.ramp.quota
    ramped = [subject for subject in subjects(plan, calendar) if subject.component.quota.target is None]
    for position, share in enumerate(shares):
        if share >= SMALLEST or not ramped:
            continue
        attainment = 1.0 / share
        pay = bonuses(ramped[0], [attainment])[0]
        period = PERIOD_WORDS.get(calendar.months_per_period, "period")
        yield Finding(
            f"ramp.quota[{position}]",
            attainment,
            "attainment [share]",
            f"{percent(share)} asked is {percent(attainment)} attainment",
            f"{period.capitalize()} {position + 1} of a ramp asks {percent(share)} of the quota: a book that renews what "
            f"others are asked stands at {percent(attainment)} attainment and pays {usd(pay)}.",
        )
