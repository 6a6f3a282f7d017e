"""Renewals that were booked before the day although they are due after it: no world draws them, and every one has them."""

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.files.deals import Deals
from sim.records import Activity, Cohort, CohortTerms, FloatPW, IntP, Renewals
from sim.replay.books import renewals_of
from sim.replay.required import rows_of


class Ahead(NamedTuple):
    """Of one CSM. renewals : [renewal, world of one]. period : in which each is due. [renewal] [period]"""

    renewals: Renewals
    period: IntP

    def in_worlds(self, worlds: int) -> Renewals:
        """The same in so many worlds."""
        found = self.renewals
        return found._replace(
            due_day=np.repeat(found.due_day, worlds, axis=1),
            booked_day=np.repeat(found.booked_day, worlds, axis=1),
            arr=np.repeat(found.arr, worlds, axis=1),
            booked_arr=np.repeat(found.booked_arr, worlds, axis=1),
            credit_day={kind: np.repeat(days, worlds, axis=1) for kind, days in found.credit_day.items()},
        )

    @property
    def rows(self) -> list[tuple[int, float, float]]:
        """Period, ARR that was due and ARR that was booked of each. [period], [usd/yr]"""
        arr, booked = self.renewals.arr[:, 0].tolist(), self.renewals.booked_arr[:, 0].tolist()
        return list(zip(self.period.tolist(), arr, booked, strict=True))


def booked_ahead(known: Deals, day: date, calendar: Calendar) -> dict[str, Ahead]:
    """By CSM, what is due on the day or later and was booked before it, of a history as it was known then."""
    when = np.datetime64(day, "D")
    ahead = (known.due_date >= when) & (known.credit_date["booking"] < when)
    entries = np.flatnonzero(ahead).tolist()
    found = {}
    for csm, rows in rows_of([known.csm[entry] for entry in entries]).items():
        own = [entries[row] for row in rows]
        found[csm] = Ahead(renewals_of(known, own, calendar), calendar.position(known.due_date[own]))
    return found


def change_of_kept(ahead: Ahead, periods: int) -> tuple[FloatPW, FloatPW]:
    """What the customers at the start of each period had more than in a world that knows only what they signed, and what is
    kept of it: until it is due the old contract is in force. [period, world of one] [usd/yr]
    """
    opening, gross = np.zeros((2, periods, 1))
    for period, arr, booked in ahead.rows:
        opening[: period + 1] += arr - booked
        gross[:period] += arr - booked
        if period < periods:
            gross[period] += min(arr, booked) - booked
    return opening, gross


def with_ahead(activity: Activity, ahead: Ahead, calendar: Calendar) -> Activity:
    """The activity of a book with what renewals that were booked ahead change when they come due. A window of several
    periods counts an account that is lost later in it at what it signed (assumption: the two differ little).
    """
    periods = calendar.periods
    opening, _ = change_of_kept(ahead, periods)
    flow = {event: dict(dates) for event, dates in activity.flow.items()}
    for event, part in (("uplift", 1.0), ("contraction", -1.0)):
        moved = np.zeros((periods, 1))
        for period, arr, booked in ahead.rows:
            if period < periods:
                moved[period] += max(part * (booked - arr), 0.0)
        flow[event]["due"] = flow[event]["due"] + moved
    cohort = {terms: _with_windows(each, terms, ahead) for terms, each in activity.cohort.items()}
    return activity._replace(opening=activity.opening + opening, flow=flow, cohort=cohort)


def _with_windows(cohort: Cohort, terms: CohortTerms, ahead: Ahead) -> Cohort:
    opening, gross, net = cohort.opening.copy(), cohort.gross.copy(), cohort.net.copy()
    for period, arr, booked in ahead.rows:
        for end, first in enumerate(terms.first):
            if first <= period:
                opening[end] += arr - booked
                gross[end] += (arr if end < period else min(arr, booked)) - booked
                net[end] += (arr if end < period else booked) - booked
    return cohort._replace(opening=opening, gross=gross, net=net)
