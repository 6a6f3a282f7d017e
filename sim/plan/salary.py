"""Salary: the plan's, or that which is agreed with a person, for the days in the seat."""

import numpy as np

from sim.calendar import Calendar
from sim.plan.plan import Plan
from sim.records import Ledger


def salary_of(plan: Plan, ledger: Ledger, calendar: Calendar) -> float:
    """What whoever holds a book is paid over the horizon besides variable pay. [usd]"""
    base, agreed = plan.pay.base_salary, ledger.agreed
    if agreed is None:
        return base * calendar.years
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    a_year = np.full(calendar.reach, base)
    if plan.pay.targets == "person":
        a_year = agreed.salary.usd + agreed.salary.plans * base
    if agreed.present is not None:
        a_year = a_year * agreed.present
    return float(a_year[horizon].sum()) * calendar.years / calendar.periods
