"""Exceptions granted by hand: the same deals with other dates, and what each is worth."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sim.files.deals import Deals
from sim.files.granted import Granted
from sim.files.masks import Masks
from sim.shapes.entries import tidy


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

    @property
    def sentence(self) -> str:
        """What, why, by whom, and what it is worth under each plan."""
        worth = ", ".join(f"{plan} {tidy(amount):+,.2f} usd" for plan, amount in self.effect.items())
        return (
            f"{self.csm} \u00b7 {self.account} (row {self.row}), booked {self.booked}, counts as booked "
            f"{self.granted.date}: {self.granted.why!r}, granted by {self.granted.by!r}. "
            f"Pay with it less pay without: {worth}."
        )

    def masked(self, masks: Masks, granters: Masks) -> "Exemption":
        """The same with names of people masked."""
        said = masks.within(granters.within(self.granted.why))
        granted = replace(self.granted, by=granters.of(self.granted.by), why=said)
        return self._replace(csm=masks.of(self.csm), granted=granted)

    def document(self) -> dict[str, Any]:
        """The same as plain values; effect by plan. [usd]"""
        return {
            "row": self.row,
            "csm": self.csm,
            "account": self.account,
            "booked_date": self.booked,
            "exception_date": str(self.granted.date),
            "exception": self.granted.why,
            "exception_by": self.granted.by,
            "effect": {plan: tidy(amount) for plan, amount in self.effect.items()},
        }


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
