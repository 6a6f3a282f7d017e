"""Dollars and events of a book against a quota: growth bookings, longer terms, deals by class, and how many of what."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.plan.amounts import Amounts, asked_of, in_worlds
from sim.plan.attainment import attained_in_all
from sim.plan.deals import LOSSES
from sim.plan.measured import Measured, activity_of
from sim.plan.measures import MEASURES
from sim.plan.rule.ramp import ramped, ramped_ahead
from sim.plan.value import Dates
from sim.plan.window import Window, at_start, over
from sim.plan.worksheet import Worksheet
from sim.records import Activity, BoolPW, DealTerms, FloatPW


class DealRow(NamedTuple):
    """A sum of parts of deals. multiplier, rate : credit and pay per usd or event; no rate where pay is not by class."""

    terms: DealTerms
    multiplier: float
    rate: float | None


class Bookings(NamedTuple):
    """Dollars, or events, of a book against a quota.

    measure : one that is ``counted``, or by deal; see ``sim.plan.measures``.
    deals   : of a measure by deal, what counts of them.
    of_year : what is reached to date is measured against the quota of the whole year.
    amounts : asked in each period; None where it is a rate, or nothing.
    rate    : asked in a period per usd of ARR at its start; 0 for none. [usd/usd]
    lead    : place of the first period of the horizon among due periods. [period]
    ramp    : share of the quota asked in each of the first periods in the seat. [period] [share]
    """

    measure: str
    deals: tuple[DealRow, ...]
    dates: Dates
    of_year: bool
    amounts: Amounts | None
    rate: float
    lead: int
    ramp: tuple[float, ...]
    window: Window
    key: bytes

    @property
    def adds_up(self) -> bool:
        """As ``Reading`` says."""
        return True

    @property
    def pays(self) -> bool:
        """Whether its deals say themselves what they pay."""
        return any(row.rate is not None for row in self.deals)

    def counted(self, sheet: Worksheet) -> FloatPW:
        """What was booked or counted, of deals at their multipliers. [period, world] [usd] or [events]"""
        if self.deals:
            return self._summed(sheet, [row.multiplier for row in self.deals])
        counted = MEASURES[self.measure].counted
        assert counted is not None, "dollars or events"
        return counted(activity_of(sheet), self.dates)

    def paid_on(self, sheet: Worksheet) -> FloatPW | None:
        """As ``Reading`` says, of deals by what they pay. None where losses are counted: pay is for a book that changes."""
        if any(row.terms.type in LOSSES for row in self.deals) or MEASURES[self.measure].kind == "change":
            return None
        return self._paid(sheet) if self.pays else self.counted(sheet)

    def paid(self, sheet: Worksheet) -> FloatPW:
        """What each window pays by class of deal. [period, world] [usd]"""
        return over(self.window, self._paid(sheet), sheet)

    def _paid(self, sheet: Worksheet) -> FloatPW:
        return self._summed(sheet, [row.rate or 0.0 for row in self.deals])

    def _summed(self, sheet: Worksheet, weights: Sequence[float]) -> FloatPW:
        """The sum of its deals at these weights. [period, world] [usd] or [events]

        Raises: ValueError when the Ledger does not tell them apart, though ``Plan.deals`` names them.
        """
        deals = activity_of(sheet).deals
        if not all(row.terms in deals for row in self.deals):
            raise ValueError("the Ledger tells no such deals apart, and this plan reads them")
        count = MEASURES[self.measure].kind == "events"
        total = sheet.zeros(*activity_of(sheet).opening.shape)
        for row, weight in zip(self.deals, weights, strict=True):
            total += weight * (deals[row.terms].number if count else deals[row.terms].arr)
        return total

    def read(self, sheet: Worksheet) -> Measured:
        """Credit over quota. Where nothing is asked attainment is 1. [period, world]"""
        return sheet.once(self.key, lambda: booked(self, sheet))

    def unasked(self, sheet: Worksheet) -> BoolPW:
        """Windows without a quota. [period, world]"""
        unasked: BoolPW = self.read(sheet).target <= 0.0
        return unasked


def booked(terms: Bookings, sheet: Worksheet) -> Measured:
    """What was booked or counted over each window, against its quota. [period, world]

    Source: assumption: the quota of a window is the sum of its periods' quotas.
    """
    activity, flow = activity_of(sheet), terms.counted(sheet)
    value = over(terms.window, flow, sheet)
    more = terms.window.whole - terms.window.length
    quota = _quota(terms, activity, int(more[-1]), sheet)
    asked = over(terms.window, ramped(terms.ramp, quota[: len(flow)], sheet), sheet)
    if terms.of_year:
        asked = asked + ramped_ahead(terms.ramp, quota, more, sheet)
    reached = attained_in_all(value, asked, asked, sheet)
    return Measured(reached.credit, asked, reached.attainment)


def _quota(terms: Bookings, activity: Activity, further: int, sheet: Worksheet) -> FloatPW:
    """What is asked in each period of the horizon and so many after it. [period, world]"""
    periods, worlds = activity.opening.shape
    if terms.amounts is not None:
        usd = asked_of(terms.amounts, sheet.ledger)[terms.lead : terms.lead + periods + further]
        return in_worlds(usd, worlds)
    start = at_start(terms.window, activity.opening) if terms.of_year else activity.opening
    quota = sheet.empty(periods + further, worlds)
    np.multiply(start, terms.rate, out=quota[:periods])
    quota[periods:] = quota[periods - 1]
    return quota
