"""What happened in a book of real deals, beside its renewals: the Activity of one world."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.cohort import no_cohort
from sim.errors import InputError, Problem, near_match
from sim.files.cells import Dates, Integers
from sim.records import (
    NEVER,
    Activity,
    Bridge,
    Cohort,
    CohortTerms,
    Days,
    DealSum,
    DealTerms,
    FloatPW,
    IntP,
    Renewals,
)
from sim.replay.accounts import Account, follow_accounts
from sim.replay.required import BookEvents
from sim.world.book_events import (
    CHURN_NOTICE,
    CHURNED,
    CONTRACTION_BOOKED,
    CONTRACTION_NOTICE,
    LONGER_ARR,
    count_book_events,
    flows_of,
    numbers_of,
)
from sim.world.bridge import make_bridge, make_flows
from sim.world.team import SETTLED_PERIODS


class Own(NamedTuple):
    """One CSM's renewals, what else their deals say, and what else happened. All [renewal], [renewal, world of one].

    notice_day : ``NEVER`` where the customer gave none, or no column says so. [day]
    multi_year : 1 where a longer term was signed. [count]
    accounts   : the same and the book by account.
    contracts  : the same by contract.
    tenure     : periods that the CSM has held the book for. [period, world of one]
    """

    csm: str
    renewals: Renewals
    notice_day: Days
    multi_year: IntP
    book_events: BookEvents
    accounts: list[Account]
    contracts: list[Account]
    tenure: FloatPW


def make_history(
    own: Own,
    kpis: tuple[str, ...],
    cohorts: tuple[CohortTerms, ...],
    summed: dict[DealTerms, DealSum],
    calendar: Calendar,
) -> Activity:
    """The activity of one book over the horizon, [period, world of one].

    Flows as the bridge of a simulated book has them; nobody leaves and nobody joins. ARR and customers at the start of a
    period are those of the book file that are still there then; without a book file there are none. What happens to
    accounts of no book is a flow, and in no cohort.

    Raises: InputError when a KPI has no reading in some period.
    """
    counted = _Counted(calendar)
    renewals = own.renewals
    growth, bookings = _grown(own.book_events, counted)
    held = _held(own, calendar)
    bridge = _bridge(renewals, counted.place(renewals.due_day), growth, calendar)
    deals = (renewals.due_day, renewals.booked_day, renewals.arr, renewals.booked_arr)
    longer = own.multi_year[:, np.newaxis].astype(np.float64)
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    events = count_book_events(deals, own.notice_day, longer, calendar)[:, horizon]
    taken = {
        kind: _taken(own.book_events, counted, kind)[:, horizon] for kind in ("contraction", "cancellation")
    }
    for row in (CONTRACTION_BOOKED, CONTRACTION_NOTICE):
        events[row] += taken["contraction"][0]
    events[CHURN_NOTICE] += taken["cancellation"][0]
    events[CHURNED] += taken["cancellation"][1]
    # Of the bridge only flows are read: what is held at the start of a period comes from the accounts.
    bridge = bridge._replace(
        contraction=bridge.contraction + taken["contraction"][0],
        churn=bridge.churn + taken["cancellation"][0],
    )
    nobody = np.zeros((calendar.periods, 1))
    return Activity(
        opening=held.opening,
        flow=flows_of(bridge, events),
        number=numbers_of(events, held.accounts, nobody, bookings[horizon]),
        multi_year=events[LONGER_ARR],
        kpi={kpi: _readings(own.csm, kpi, own.book_events, calendar) for kpi in kpis},
        seat=np.ones((calendar.periods, 1)),
        tenure=np.full((calendar.periods, 1), SETTLED_PERIODS),
        cohort={
            terms: follow_accounts(
                own.contracts if terms.by_contract else own.accounts, terms, own.tenure, calendar
            )
            for terms in dict.fromkeys([*cohorts, *(cohort.ungraced for cohort in cohorts)])
        },
        deals=summed,
    )


def _bridge(renewals: Renewals, due: IntP, growth: FloatPW, calendar: Calendar) -> Bridge:
    """The bridge of a book that nobody joins. The edges hold every deal that touches the horizon; the bridge knows no period
    for the others.
    """
    touching = ((due >= 0) & (due < calendar.span))[:, np.newaxis]
    due_day = np.where(touching, renewals.due_day, NEVER).astype(np.int32)
    deals = (due_day, renewals.booked_day, renewals.arr, renewals.booked_arr)
    nobody_joins = (np.zeros(len(due), dtype=np.bool_), np.zeros((len(due), 1), dtype=np.int32))
    flows = make_flows(*deals, np.arange(len(due) + 1), *nobody_joins, calendar)
    return make_bridge(flows, growth, np.zeros((calendar.span, 1)), np.zeros(1), calendar)


class _Counted:
    """Sums by due period of one calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def place(self, day: Days) -> IntP:
        """Due period of each day; -1 before and ``span`` after the edges. [renewal]"""
        first, period = self.calendar.table
        return period[np.clip(day[:, 0].astype(np.int64) - first, 0, len(period) - 1)]

    def over_span(self, period: IntP, amount: FloatPW | None) -> FloatPW:
        """Sum (or, without amounts, number) of what falls into each due period. [due period, world of one]"""
        inside = (period >= 0) & (period < self.calendar.span)
        weights = None if amount is None else amount[inside]
        counts = np.bincount(period[inside], weights, minlength=self.calendar.span)
        return counts.astype(np.float64)[:, np.newaxis]


def _grown(book_events: BookEvents, counted: _Counted) -> tuple[FloatPW, FloatPW]:
    """ARR added between renewals, less credits for it, and the number of bookings. [due period, world of one]"""
    found = book_events.expansions
    if found is None:
        nothing = np.zeros((counted.calendar.span, 1))
        return nothing, nothing
    period = counted.place(_days(found.date, counted.calendar))
    booked, net = found.of("expansion"), found.of("expansion", "credit")
    return counted.over_span(period[net], found.arr[net]), counted.over_span(period[booked], None)


def _taken(book_events: BookEvents, counted: _Counted, kind: str) -> NDArray[np.float64]:
    """ARR taken away between renewals, and how often. [amount and number, due period, world of one]"""
    found = book_events.expansions
    if found is None:
        return np.zeros((2, counted.calendar.span, 1))
    own = found.of(kind)
    period = counted.place(_days(found.date[own], counted.calendar))
    return np.stack([counted.over_span(period, -found.arr[own]), counted.over_span(period, None)])


def _held(own: Own, calendar: Calendar) -> Cohort:
    """The customers at the start of each period, and their ARR. [period, world of one]"""
    if own.book_events.opening is None:
        return no_cohort(calendar.periods, 1)
    in_force = CohortTerms(first=tuple(range(calendar.periods)), late_lost=True)
    return follow_accounts(own.accounts, in_force, own.tenure, calendar)


def _readings(csm: str, kpi: str, book_events: BookEvents, calendar: Calendar) -> FloatPW:
    """The last reading of each period. [period, world of one]"""
    found = book_events.readings
    assert found is not None, "checked before"
    own = np.array([name == kpi for name in found.kpi], dtype=np.bool_)
    order, period = _in_order(found.date, found.period, own, calendar)
    reading = np.full((calendar.periods, 1), np.nan)
    inside = (period >= 0) & (period < calendar.periods)
    for place, value in zip(period[inside], found.value[own][order][inside], strict=True):
        reading[place] = value
    missing = [calendar.label(int(t)) for t in np.flatnonzero(np.isnan(reading[:, 0]))]
    if missing:
        allowed = f"a reading of {kpi!r} for every CSM and period"
        fix = "" if own.any() else near_match(kpi, sorted(set(found.kpi)))
        raise InputError([Problem(str(found.path), allowed, f"none of {csm!r} in {', '.join(missing)}", fix)])
    return reading


def _in_order(
    date: Dates | None, period: Integers | None, own: NDArray[np.bool_], calendar: Calendar
) -> tuple[IntP, IntP]:
    """A CSM's readings by date, and the period of the horizon of each."""
    if period is not None:
        return np.arange(int(own.sum())), period[own]
    assert date is not None, "one of the two columns is there"
    order = np.argsort(date[own], kind="stable")
    first, table = calendar.table
    day = _days(date[own][order], calendar)[:, 0].astype(np.int64)
    return order, table[np.clip(day - first, 0, len(table) - 1)] - calendar.lead


def _days(when: Dates, calendar: Calendar) -> Days:
    """Days from the start of the horizon. [entry, world of one] [day]"""
    return (when - np.datetime64(calendar.start, "D")).astype(np.int32)[:, np.newaxis]
