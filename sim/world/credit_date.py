"""The day on which a plan grants credit for a booking, by the credit date that it names."""

import numpy as np

from sim.records import NEVER, Days
from sim.world.scenario import Billing


def credit_day(date: str, billing: Billing, due_day: Days, booked_day: Days) -> Days:
    """Service starts when due or, after a lapse, when booked; invoice and cash follow by so many days; ``NEVER`` for what is
    not booked. [renewal, world] [day]

    Source: assumption (the scenario's ``billing``).
    """
    if date == "booking":
        return booked_day
    later = days_after_start(billing)
    start = np.maximum(due_day, booked_day)
    return np.where(booked_day < NEVER, start + np.int32(later[date]), np.int32(NEVER))


def days_after_start(billing: Billing) -> dict[str, int]:
    """How long after the start of service each later date is. [day]"""
    return {
        "service_start": 0,
        "invoice": billing.invoice_days,
        "cash": billing.invoice_days + billing.payment_days,
    }
