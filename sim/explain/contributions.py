"""What counted of each account towards what a component was measured at, and what did not and why; of measures of the
company, what counted of each book.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.explain.whole import Whole
from sim.plan.component import Component
from sim.plan.measured import Reading
from sim.plan.plan import Plan
from sim.plan.reading.kpi import Kpi
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.reading.retention import Retention
from sim.plan.rule.grace import under_grace
from sim.plan.settle import ComponentTerms
from sim.plan.window import Window
from sim.plan.worksheet import Worksheet
from sim.records import Activity, Cohort, CohortTerms, FloatPW
from sim.shapes.amounts import number

CENT: Final = 0.005
"""Less is the rounding of a sum. [usd]"""
SIGNS: Final = {
    "new": 1, "expansion": 1, "uplift": 1, "won_back": 1, "contraction": -1, "churn": -1, "lapsed": -1,
}  # fmt: skip
"""By event, whether it adds to ARR or takes from it."""
WORDS: Final = {"new": "joined", "won_back": "won back", "renewal": "renewed"}
DATED: Final = {"uplift": "renewal", "expansion": "expansion", "contraction": "contraction", "churn": "churn"}
"""By event, the key of ``[component.dates]`` that places it."""


class Contribution(NamedTuple):
    """What one account, or one book of the company, gave to a component in one window.

    period  : with whose end the window ends; from period ``first`` on. [period]
    counted : of measures that are counted account by account: credit [usd], dollars [usd] or events; of KPIs the reading.
    start, kept, end : of shares: ARR at the start of the window, what is kept of it, and ARR at the end; of logo retention
              customers; of growth ARR and the growth of it, nothing being kept. [usd/yr] or [customers]
    share   : what it comes to: kept or at the end over the start, or growth. [share]
    happened : in words.
    """

    who: str
    period: int
    first: int
    counted: float | None
    start: float | None
    kept: float | None
    end: float | None
    happened: str
    share: float | None = None

    @property
    def unchanged(self) -> bool:
        """Whether all was kept, nothing grew, and nothing is to be said."""
        return self.counted is None and self.start == self.kept == self.end and not self.happened


class _Asked(NamedTuple):
    component: Component
    plan: Plan
    window: Window
    calendar: Calendar


def contributions(
    component: Component, terms: ComponentTerms, plan: Plan, whole: Whole, calendar: Calendar
) -> tuple[Contribution, ...]:
    """In order of windows; nothing of renewal bookings, whose deals say it, and where accounts are not known."""
    asked, reading = _Asked(component, plan, terms.window, calendar), terms.reading
    if isinstance(reading, RenewalBookings):
        return ()
    if isinstance(reading, Retention):
        found = _of_books(reading, asked, whole) if reading.company else _kept(reading, asked, whole)
    elif isinstance(reading, Kpi):
        found = _readings(reading, whole)
    else:
        found = _counted(reading, asked, whole)
    return tuple(sorted(found, key=lambda each: each.period))


def _counted(reading: Reading, asked: _Asked, whole: Whole) -> Iterator[Contribution]:
    """What each account adds in each period."""
    for alone in whole.alone:
        sheet = under_grace(asked.plan.grace, Worksheet(alone.ledger))
        counted, activity = reading.counted(sheet), alone.ledger.activity
        if counted is None or activity is None:
            return
        for period, value in enumerate(counted[:, 0].tolist()):
            happened = _happened(asked, activity, period, period)
            if abs(value) > CENT or happened:
                yield Contribution(alone.account, period, period, value, None, None, None, happened)


def _readings(reading: Kpi, whole: Whole) -> Iterator[Contribution]:
    """The reading of each account that is read."""
    for alone in whole.alone:
        activity = alone.ledger.activity
        if activity is None or reading.measure not in activity.kpi:
            return
        read = activity.number["new"][:, 0] if reading.measure == "onboarding" else _present(activity)
        for period in np.flatnonzero(read > 0.0).tolist():
            value = float(activity.kpi[reading.measure][period, 0])
            yield Contribution(alone.account, period, period, value, None, None, None, "")


def _present(activity: Activity) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Whether one account is read in each period: from joining until it is lost for good; who lapses is there. [period]"""
    number = {event: count[:, 0] for event, count in activity.number.items()}
    there = number["accounts"][0] > 0.0 or (number["won_back"].any() and not number["new"].any())
    read: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        float(there) + np.cumsum(number["new"]) - np.cumsum(number["churn"])
    )
    return read


def _kept(reading: Retention, asked: _Asked, whole: Whole) -> Iterator[Contribution]:
    """The bridge of the book by account, window by window."""
    for alone in whole.alone:
        activity = alone.ledger.activity
        if activity is None:
            return
        if reading.cohort is None:
            yield from _growth(alone.account, asked, activity)
            continue
        own = activity.cohort[reading.cohort]
        columns = _columns(reading, own)
        for period, (start, kept, end) in enumerate(columns):
            first = int(asked.window.first[period])
            happened = _happened(asked, activity, first, period)
            spared = _spared(reading.cohort, activity, period)
            if own.accounts[period, 0] <= 0.0:
                if happened:
                    yield Contribution(
                        alone.account,
                        period,
                        first,
                        None,
                        0.0,
                        0.0,
                        0.0,
                        f"{happened}: no customer at the start",
                    )
                continue
            held = "" if kept < start or "lapsed" not in happened else "held, as it is back in its window"
            said = ": ".join(filter(None, (happened, spared or held)))
            share = (kept if reading.measure == "grr" else end) / start
            yield Contribution(alone.account, period, first, None, start, kept, end, said, share)


def _spared(terms: CohortTerms, activity: Activity, period: int) -> str:
    """What grace does not hold against whoever inherited the book."""
    if not terms.grace_events:
        return ""
    held = activity.cohort[terms.ungraced].gross[period, 0]
    more = float(activity.cohort[terms].gross[period, 0] - held)
    return f"{number(more, 0)} in grace" if more > CENT else ""


def _columns(reading: Retention, own: Cohort) -> list[tuple[float, float, float]]:
    """Start, kept and end of each window: customers of logo retention, else ARR."""
    logos = reading.measure == "logo_retention"
    parts = (own.accounts, own.logos, own.logos) if logos else (own.opening, own.gross, own.net)
    return list(zip(*(part[:, 0].tolist() for part in parts), strict=True))


def _growth(who: str, asked: _Asked, activity: Activity) -> Iterator[Contribution]:
    """ARR at the start of each window, and what has come and gone in it."""
    change = np.sum([sign * activity.flow[event]["due"][:, 0] for event, sign in SIGNS.items()], axis=0)
    for period, first in enumerate(asked.window.first.tolist()):
        start = float(activity.opening[first, 0])
        grown = float(change[first : period + 1].sum())
        share = grown / start if start > 0.0 else None
        yield Contribution(who, period, first, None, start, None, start + grown, "", share)


def _of_books(reading: Retention, asked: _Asked, whole: Whole) -> Iterator[Contribution]:
    """The same of each book of the company."""
    for csm, activity in whole.company.items():
        if reading.cohort is None:
            yield from _growth(csm, asked, activity)
            continue
        for period, (start, kept, end) in enumerate(_columns(reading, activity.cohort[reading.cohort])):
            share = (kept if reading.measure == "grr" else end) / start if start > 0.0 else None
            yield Contribution(
                csm, period, int(asked.window.first[period]), None, start, kept, end, "", share
            )


def _happened(asked: _Asked, activity: Activity, first: int, last: int) -> str:
    """What moved the ARR of an account in a window, by the dates that the component counts by, for a reader."""
    said = []
    for event, amounts in _moves(asked.component, activity):
        for period in range(first, last + 1):
            amount = float(amounts[period, 0])
            if abs(amount) > CENT:
                when = "" if first == last else f" in {asked.calendar.label(period)}"
                said.append(f"{WORDS.get(event, event)} {number(amount, 0, sign=True)}{when}")
    return ", ".join(said)


def _moves(component: Component, activity: Activity) -> Iterator[tuple[str, FloatPW]]:
    """What moved the ARR, kind by kind and signed: of deals by class the parts that count, else every flow."""
    if component.deals:
        for row in component.deals:
            for terms in row.terms(component.dates):
                yield terms.type, activity.deals[terms].arr
        return
    for event, sign in SIGNS.items():
        placed = getattr(component.dates, DATED[event]) if event in DATED else "due"
        yield event, sign * activity.flow[event][placed]
