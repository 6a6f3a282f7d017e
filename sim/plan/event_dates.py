"""The dates that place what happens in a book in a period."""

from collections.abc import Iterator
from typing import Final, Literal

from pydantic_core import PydanticCustomError

from sim.files.toml import Table, refuse

WHEN_BILLED: Final = ("service_start", "invoice", "cash")
"""Dates of single deals, which a sum of all of them does not have."""


class EventDates(Table):
    """The date that places each kind of event in a period.

    renewal     : uplift: ``"due"``, when the ARR changes, or ``"booking"``, when it is signed; of deals by class also
                  ``"service_start"``, ``"invoice"`` or ``"cash"``.
    expansion   : growth inside a contract; of deals by class also credits for it and new customers, and also by
                  ``"invoice"`` or ``"cash"``.
    contraction : renewals for less: also ``"notice"``, when the customer says so.
    churn       : lost customers: ``"due"`` or ``"notice"``.

    A contract that is renewed or given notice of before it begins is changed on the day it begins, where a share of
    retention follows its account: there is nothing to lose before.

    Source: FlowFuse handbook, When Transactions are Credited: a table of credit dates by churn, expansion, renewal and
    contraction.
    """

    renewal: Literal["due", "booking", "service_start", "invoice", "cash"] = "due"
    expansion: Literal["due", "booking", "invoice", "cash"] = "booking"
    contraction: Literal["due", "booking", "notice"] = "due"
    churn: Literal["due", "notice"] = "due"


def date_faults(
    dates: EventDates, read: set[str], measure: str, by_deal: bool
) -> Iterator[PydanticCustomError]:
    """What is wrong with the dates beside a measure. read : the events that it, or its classes of deals, read."""
    for event in EventDates.model_fields:
        date = getattr(dates, event)
        if date != EventDates.model_fields[event].default and event not in read:
            fix = "These types of deals do not read it." if by_deal else f"{measure} does not read it."
            yield refuse("absent", date, fix, key=f"dates.{event}")
        elif date in WHEN_BILLED and not by_deal:
            fix = "What is credited when it is billed is told deal by deal: measure = 'deal_bookings'."
            yield refuse("'due' or 'booking'", date, fix, key=f"dates.{event}")
