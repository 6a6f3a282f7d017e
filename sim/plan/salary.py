"""Salary and earnings at target: the plan's, or those which are agreed with a person."""

import numpy as np

from sim.calendar import Calendar
from sim.plan.plan import Plan
from sim.records import Agreed, FloatP


def salary_of(plan: Plan, agreed: Agreed | None, calendar: Calendar) -> float:
    """What whoever holds a book is paid over the horizon besides variable pay, for the days in the seat. [usd]"""
    if agreed is None:
        return plan.pay.base_salary * calendar.years
    a_year = _a_year(plan, agreed, calendar)
    if agreed.present is not None:
        a_year = a_year * agreed.present
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    return float(a_year[horizon].sum()) * calendar.years / calendar.periods


def salary_by_period(plan: Plan, agreed: Agreed | None, calendar: Calendar) -> FloatP:
    """The same for whole periods in the seat. [period] [usd]"""
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    each: FloatP = _a_year(plan, agreed, calendar)[horizon] * (calendar.years / calendar.periods)
    return each


def earnings_of(plan: Plan, agreed: Agreed | None, calendar: Calendar) -> float:
    """Salary and target bonus of a year in the seat, mean over the horizon. [usd/yr]"""
    target = plan.target_bonus(calendar)
    if agreed is None or plan.pay.targets == "plan":
        return plan.pay.base_salary + target * calendar.periods / calendar.years
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    targets = (agreed.target.usd + agreed.target.plans * target)[horizon] * (
        calendar.periods / calendar.years
    )
    there = np.ones(calendar.periods) if agreed.present is None else agreed.present[horizon]
    earned = _a_year(plan, agreed, calendar)[horizon] + targets
    return float(np.average(earned, weights=there)) if there.any() else float(earned.mean())


def _a_year(plan: Plan, agreed: Agreed | None, calendar: Calendar) -> FloatP:
    """In each period the salary of a year. [reach] [usd/yr]"""
    base = plan.pay.base_salary
    if agreed is None or plan.pay.targets == "plan":
        return np.full(calendar.reach, base)
    return agreed.salary.usd + agreed.salary.plans * base
