"""What a measure comes to in each period, or over a window of accounts, before anything is asked of it."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sim.plan.measured import ratio
from sim.records import Activity, Cohort, FloatPW


class Dates(NamedTuple):
    """The date that places each kind of event in a period; see ``sim.plan.event_dates.EventDates``."""

    renewal: str
    expansion: str
    contraction: str
    churn: str


Counted: TypeAlias = Callable[[Activity, Dates], FloatPW]
"""What a period adds. [period, world] [usd] or [events]"""
Kept: TypeAlias = Callable[[Cohort], FloatPW]
"""A share of what was there when the window began. [period, world] [share]"""


def expansion(activity: Activity, dates: Dates) -> FloatPW:
    """ARR added between renewals. [usd]"""
    return activity.flow["expansion"][dates.expansion]


def uplift(activity: Activity, dates: Dates) -> FloatPW:
    """ARR added by renewals. [usd]"""
    return activity.flow["uplift"][dates.renewal]


def growth(activity: Activity, dates: Dates) -> FloatPW:
    """Both. [usd]"""
    return expansion(activity, dates) + uplift(activity, dates)


def multi_year(activity: Activity, _: Dates) -> FloatPW:
    """ARR booked on longer terms. [usd]"""
    return activity.multi_year


def net_growth(activity: Activity, dates: Dates) -> FloatPW:
    """Net change of ARR of the customers of the book: what was added less what was lost; may be negative. [usd]

    By due dates it is closing less opening ARR of the bridge, without new customers: a renewal booked in a later period
    than due is out until then. Source: as for ``gross``, in dollars.
    """
    change = growth(activity, dates) + activity.flow["won_back"]["due"]
    change -= activity.flow["contraction"][dates.contraction]
    change -= activity.flow["churn"][dates.churn]
    change -= activity.flow["lapsed"]["due"]
    return change


def number_of(event: str) -> Counted:
    """How many of an event of ``Activity.number``. [events]"""
    return lambda activity, _: activity.number[event]


def gross(cohort: Cohort) -> FloatPW:
    """Gross revenue retention (GRR): what is kept of the ARR at the start of the window, over that ARR. [share]

    Between 0 and 1, and 1 without any ARR at the start. What counts as kept: ``sim.plan.retained``, with its source.
    """
    return ratio(cohort.gross, cohort.opening, 1.0)


def net(cohort: Cohort) -> FloatPW:
    """Net revenue retention (NRR): ARR at the end of the accounts held at the start of the window, over their ARR then.

    1 without any ARR at the start. [share] Source: as for ``gross``.
    """
    return ratio(cohort.net, cohort.opening, 1.0)


def logos(cohort: Cohort) -> FloatPW:
    """Logo retention: of the customers at the start of the window, those who still are at its end. [share]

    Between 0 and 1, and 1 without any at the start. Source: as for ``gross``, by customers.
    """
    return ratio(cohort.logos, cohort.accounts, 1.0)
