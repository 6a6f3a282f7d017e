"""The same deals with other dates: exceptions granted by hand, and every renewal on its due date."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sim.files.deals import Deals, Granted


class Exemption(NamedTuple):
    """An exception and what it is worth.

    effect : by plan, pay of all CSMs with it less pay without it, all other exceptions as granted. [usd]
    """

    granted: Granted
    row: int
    csm: str
    account: str
    booked: str
    effect: dict[str, float]


def with_exceptions(deals: Deals, granted: Iterable[Granted]) -> Deals:
    """The deals with the dates that some exceptions say: booking, and every other date of credit."""
    entries = {each.deal: each.date for each in granted}
    if not entries:
        return deals
    rows, dates = list(entries), np.array(list(entries.values()), dtype="datetime64[D]")
    credit_date = {kind: when.copy() for kind, when in deals.credit_date.items()}
    for when in credit_date.values():
        when[rows] = dates
    return replace(deals, credit_date=credit_date)


def timing_neutral(deals: Deals, window: int) -> Deals:
    """The deals as if every renewal had been booked, and credited, on its due date.

    window : a booking later than this is a new logo, and stays one. [day]
    """
    booked = deals.credit_date["booking"]
    days = (booked - deals.due_date).astype(np.int64)
    renewed = ~np.isnat(booked) & (days <= window)
    return replace(
        deals,
        credit_date={
            kind: np.where(renewed, deals.due_date, when) for kind, when in deals.credit_date.items()
        },
    )
