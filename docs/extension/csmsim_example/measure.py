"""A measure: ``measure = "won_back_bookings"``, ARR of customers who return, by the day on which they sign."""

from sim.plan.measures import Measure
from sim.plan.value import Dates
from sim.records import Activity, FloatPW


def won_back(activity: Activity, dates: Dates) -> FloatPW:
    """ARR of customers who came back in the period. [period, world] [usd]"""
    return activity.flow["won_back"]["booking"]


WON_BACK_BOOKINGS = Measure("bookings", reads=("flow",), counted=won_back)
