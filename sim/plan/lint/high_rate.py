"""High rate: a commission, or a quota as a share of ARR, far from what is paid and asked."""

from collections.abc import Iterator
from typing import Final

from sim.calendar import Calendar
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.plan.component import Component
from sim.plan.lint.fault import PERIOD_WORDS, Finding, percent, usd
from sim.plan.plan import Plan

COMMISSION: Final = 0.25
"""Of a dollar; the published rates are 1 to 12 %. [usd/usd]"""
DUE: Final = (0.50, 1.50)
"""Of the ARR due, that a retention quota asks. [share]"""
OPENING: Final = 1.0
"""Of ARR at the start, that a quota of bookings asks in a year. [share/yr]"""
DEAL: Final = 100_000.0
"""A booking, as an example. [usd]"""


def find(plan: Plan, calendar: Calendar) -> Iterator[Finding]:
    """What 100,000 usd earn at a high commission; the attainment of a book that keeps all where a quota is odd.

    Source: assumption; published plans pay 1 to 12 % of a dollar and ask 92 to 95 % of the ARR due.
    """
    for position, component in enumerate(plan.component):
        where = f"component[{position}]"
        yield from _commissions(where, component)
        yield from _quotas(where, component, calendar)


def _commissions(where: str, component: Component) -> Iterator[Finding]:
    commission = component.commission
    if commission is None:
        return
    tiers = enumerate(commission.tier or ())
    rates = {f"tier[{index}].rate": each.rate for index, each in tiers if each.rate is not None}
    if commission.rate is not None:
        rates = {"rate": commission.rate}
    for key, rate in rates.items():
        if rate > COMMISSION:
            yield Finding(
                f"{where}.commission.{key}",
                rate * DEAL,
                "usd",
                f"{usd(rate * DEAL)} of a {usd(DEAL)} booking",
                f"A booking of {usd(DEAL)} earns {usd(rate * DEAL)} of commission, {percent(rate)} of each dollar.",
            )


def _quotas(where: str, component: Component, calendar: Calendar) -> Iterator[Finding]:
    quota, clause = component.quota, f"{where}.quota.rate"
    if quota.rate is None:
        return
    if quota.kind == "retention" and not DUE[0] <= quota.rate <= DUE[1]:
        attainment = 1.0 / quota.rate
        yield Finding(
            clause,
            attainment,
            "attainment [share]",
            f"renewing all is {percent(attainment)} attainment",
            f"The quota is {percent(quota.rate)} of the ARR due: a book that renews every dollar stands at "
            f"{percent(attainment)} attainment.",
        )
    yearly = quota.rate * MONTHS_PER_YEAR / calendar.months_per_period
    if quota.kind == "opening" and yearly > OPENING:
        period = PERIOD_WORDS.get(calendar.months_per_period, "period")
        yield Finding(
            clause,
            yearly,
            "share a year",
            f"{percent(yearly)} of ARR a year asked",
            f"Bookings of {percent(quota.rate)} of ARR are asked in a {period}, {percent(yearly)} of it in a year.",
        )
