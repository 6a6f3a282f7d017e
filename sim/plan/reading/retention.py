"""Retention and growth of a book, or of all books together, against a target."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.plan.reading.dollars import Dates
from sim.plan.reading.measured import Measured, activity_of, against_target, company_of, ratio
from sim.plan.window import Window, at_start, over
from sim.plan.worksheet import Worksheet
from sim.records import Activity, FloatPW


def gross(activity: Activity, dates: Dates, window: Window, sheet: Worksheet) -> FloatPW:
    """Gross revenue retention (GRR): ARR at the start of the window less what was lost of it, over ARR at its start.

    Without any ARR at the start it is 1. [period, world] [share]

    Source: Kellogg, Measuring SaaS renewal rates: way more than meets the eye (2013).
    """
    kept = lost(activity, dates, sheet)
    return 1.0 - ratio(over(window, kept, sheet), at_start(window, activity.opening), 0.0)


def net(activity: Activity, dates: Dates, window: Window, sheet: Worksheet) -> FloatPW:
    """Net revenue retention (NRR): as gross, with expansion and uplift added. [period, world] [share]

    Source: as for ``gross``.
    """
    grown = activity.flow["expansion"][dates.expansion] + activity.flow["uplift"][dates.renewal]
    change = grown - lost(activity, dates, sheet)
    return 1.0 + ratio(over(window, change, sheet), at_start(window, activity.opening), 0.0)


def logos(activity: Activity, dates: Dates, window: Window, sheet: Worksheet) -> FloatPW:
    """Logo retention: accounts at the start of the window less those lost, over accounts at its start.

    Without any accounts at the start it is 1. [period, world] [share]

    Source: as for ``gross``, by customers.
    """
    number = activity.number
    gone = number["churn"]
    if dates.renewal == "due":
        gone = gone + number["lapsed"] - recovered(number["lapsed"], number["won_back"])
    return 1.0 - ratio(over(window, gone, sheet), at_start(window, number["accounts"]), 0.0)


def growth(activity: Activity, dates: Dates, window: Window, sheet: Worksheet) -> FloatPW:
    """Growth of ARR over the window, new customers included, over ARR at its start. [period, world] [share]

    Source: Customer Success Compensation (founding document): "company performance (ex: overall net increase in ARR)".
    """
    flow = {event: by_date["due"] for event, by_date in activity.flow.items()}
    change = flow["new"] + flow["expansion"]
    for event in ("uplift", "won_back"):
        change += flow[event]
    for event in ("contraction", "churn", "lapsed"):
        change -= flow[event]
    return ratio(over(window, change, sheet), at_start(window, activity.opening), 0.0)


SHARES: Final[Mapping[str, Callable[[Activity, Dates, Window, Worksheet], FloatPW]]] = {
    "grr": gross,
    "nrr": net,
    "logo_retention": logos,
    "arr_growth": growth,
}


def lost(activity: Activity, dates: Dates, sheet: Worksheet) -> FloatPW:
    """ARR lost in each period. [period, world] [usd/yr]

    With renewals placed at their due date, one that is booked later is lost when due, and recovered when booked; the
    return of a customer lost for good is a new sale. With renewals placed at booking, lateness loses nothing.
    """
    flow = activity.flow
    gone: FloatPW = flow["churn"][dates.churn] + flow["contraction"][dates.contraction]
    if dates.renewal == "due":
        lapsed = flow["lapsed"]["due"]
        gone = gone + lapsed - recovered(lapsed, flow["won_back"]["due"])
    return gone


def recovered(lapsed: FloatPW, won_back: FloatPW) -> FloatPW:
    """What came back, up to what has lapsed inside the horizon and not come back before. [period, world]

    Source: assumption, as for the retention of the company.
    """
    came = np.empty_like(lapsed)
    outstanding = np.zeros(lapsed.shape[1])
    for t in range(len(lapsed)):
        outstanding += lapsed[t]
        np.minimum(won_back[t], outstanding, out=came[t])
        outstanding -= came[t]
    return came


class Retention(NamedTuple):
    """A share of ``SHARES`` against a target.

    company       : read on all books together, and not on the CSM's own.
    floor, target : where attainment is 0 and 1. [share]
    """

    measure: str
    company: bool
    dates: Dates
    floor: float
    target: float
    window: Window
    key: bytes

    @property
    def adds_up(self) -> bool:
        """As ``Reading`` says."""
        return False

    def counted(self, sheet: Worksheet) -> FloatPW | None:
        """As ``Reading`` says: it is of the whole book."""
        return None

    def read(self, sheet: Worksheet) -> Measured:
        """The share, its target, and how far it went from floor to target. [period, world]"""
        return sheet.once(self.key, lambda: self._read(sheet))

    def _read(self, sheet: Worksheet) -> Measured:
        activity = company_of(sheet) if self.company else activity_of(sheet)
        return against_target(
            SHARES[self.measure](activity, self.dates, self.window, sheet), self.floor, self.target
        )
