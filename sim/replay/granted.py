"""The same deals with other dates: exceptions granted by hand."""

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
