"""Pay scale: target pay that nobody works for, or that was written in thousands."""

from collections.abc import Iterator
from typing import Final

from sim.calendar import Calendar
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.plan.lint.fault import Finding, usd
from sim.plan.plan import Plan

VARIABLE: Final = (1_000.0, 2_000_000.0)
"""Target bonus of a year. [usd/yr]"""
OTE: Final = (10_000.0, 5_000_000.0)
"""On-target earnings. [usd/yr]"""


def find(plan: Plan, calendar: Calendar) -> Iterator[Finding]:
    """The target bonus of a year, and on-target earnings where they are given, outside what CSMs are paid.

    Source: assumption; the market table of the founding document runs from 76,000 to 240,000 usd a year.
    """
    variable = plan.target_bonus(calendar) * MONTHS_PER_YEAR / calendar.months_per_period
    if plan.pay.ote is not None and not OTE[0] <= plan.pay.ote <= OTE[1]:
        yield _found("pay.ote", plan.pay.ote, "on-target earnings", OTE)
    elif variable and not VARIABLE[0] <= variable <= VARIABLE[1]:
        key = "pay.target_bonus" if plan.pay.ote is None else "pay.pay_mix"
        yield _found(key, variable, "the target bonus", VARIABLE)


def _found(clause: str, amount: float, what: str, usual: tuple[float, float]) -> Finding:
    shown = usd(amount) if amount >= 1.0 else f"${amount:.2f}"
    question = "was it meant in thousands?" if amount < usual[0] else "was it meant in another unit?"
    return Finding(
        clause,
        amount,
        "usd/yr",
        f"{what} of {shown} a year",
        f"A year of {what} is {shown}, and plans lie between {usd(usual[0])} and {usd(usual[1])}: {question}",
    )
