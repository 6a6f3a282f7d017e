"""Switches: one renewal of a book made lost, kept, on time, early, late or larger, and everything else left as it is.

Every switch is settled by the one ``settle``, on a Ledger in which only that renewal differs. Columns stand for
(renewal, world): many switches are settled in one call. What an account's later renewals pay is theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.plan.settle import CompiledPlan, settle_on
from sim.plan.worksheet import Worksheet
from sim.records import NEVER, Activity, Days, FloatPW, FloatRW, IntP, Ledger, Renewals

ARMS: Final = ("lost", "kept", "on_time", "early", "late", "grown")
LOST, KEPT, ON_DUE_DAY, AHEAD, BEHIND, GROWN = range(len(ARMS))
CONTRASTS: Final[Mapping[str, tuple[int, int]]] = {
    "save": (KEPT, LOST),
    "on_time": (ON_DUE_DAY, BEHIND),
    "early": (AHEAD, ON_DUE_DAY),
    "late": (BEHIND, LOST),
    "expand": (GROWN, KEPT),
}
"""What each contrast compares: pay in the first case less pay in the second."""
COLUMNS: Final = 4096
"""Switches that are settled in one call. [renewal x world]"""


Pairs: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows of renewals and the worlds they are switched in, one by one."""


class Step(NamedTuple):
    """How far a switch moves a renewal.

    days_late : of a late booking, and of one recovered after it was lost. [day]
    expansion : added to a kept renewal, to all the same or to each its own. [usd]
    """

    days_late: int
    expansion: float | FloatRW


class Kept(NamedTuple):
    """How every renewal of a book is booked when it is kept. [renewal, world] [day], [usd/yr]"""

    booked_day: Days
    booked_arr: FloatRW


class Dates(NamedTuple):
    """The credit dates that some plan reads, and how many days each follows the start of service; ``"booking"`` is
    the booked day. [day]
    """

    later: Mapping[str, int]

    def credit_day(self, due: Days, booked: Days) -> dict[str, Days]:
        """The credit day by credit date. [renewal, world] [day]"""
        start = np.maximum(due, booked)
        return {
            date: booked
            if date == "booking"
            else np.where(booked < NEVER, start + np.int32(days), np.int32(NEVER))
            for date, days in self.later.items()
        }


def due_period(due_day: Days, calendar: Calendar) -> IntP:
    """The period of the horizon a due day lies in; -1 outside. [renewal, world]"""
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1]
    period = np.searchsorted(bounds, due_day, side="right") - 1
    return np.where((period >= 0) & (period < calendar.periods), period, -1)


def arm_bookings(
    renewals: Renewals, kept: Kept, calendar: Calendar, step: Step, rows: slice | Pairs
) -> list[tuple[Days, FloatRW]]:
    """Booked day and booked ARR of some rows (or pairs of row and world) in each of ``ARMS``. [renewal, world] or [pair]

    Early is one period early: as many days into the period before as the due day is into its own, at most its last.
    """
    due, size = renewals.due_day[rows], kept.booked_arr[rows]
    bounds = calendar.bounds
    period = np.clip(np.searchsorted(bounds, due, side="right") - 1, 1, calendar.span - 1)
    length = bounds[period] - bounds[period - 1]
    ahead = bounds[period - 1] + np.minimum(due - bounds[period], length - 1)
    late = np.where(due < NEVER, due + np.int32(step.days_late), np.int32(NEVER))
    return [
        (np.full_like(due, NEVER), np.zeros_like(size)),
        (kept.booked_day[rows], size),
        (due, size),
        (np.where(due < NEVER, ahead, NEVER).astype(np.int32), size),
        (late.astype(np.int32), size),
        (kept.booked_day[rows], size + step.expansion),
    ]


def switch_pay(
    renewals: Renewals,
    kept: Kept,
    ledger: Ledger,
    frame: Frame,
    dates: Dates,
    plans: Sequence[CompiledPlan],
    step: Step,
    arms: Sequence[int] = tuple(range(len(ARMS))),
) -> NDArray[np.float64]:
    """Pay of one book over the horizon with each renewal switched to each arm, every other renewal as it is.
    [plan, arm, renewal, world] [usd]

    ledger : of these renewals; its activity may hold who has the seat, and nothing that a switch would change.
    arms   : those that are worked out; the others are NaN.

    Source: E[W] is multilinear in independent outcomes, so dE[W]/dp of one of them is E[W | kept] - E[W | lost],
    jumps included; Fu, Hong & Hu (2009), "Conditional Monte Carlo estimation of quantile sensitivities",
    Management Science 55(12), for why no path-wise derivative can replace it.
    """
    count, worlds = renewals.due_day.shape
    pay = np.full((len(plans), len(ARMS), count, worlds), np.nan)
    for rows in _chunks(count, worlds):
        inside = np.arange(rows.start, rows.stop)
        pairs = np.repeat(inside, worlds), np.tile(np.arange(worlds), len(inside))
        of_pairs = pair_pay(renewals, kept, ledger, frame, dates, plans, step, pairs, arms)
        pay[:, :, rows] = of_pairs.reshape(len(plans), len(ARMS), len(inside), worlds)
    return pay


def pair_pay(
    renewals: Renewals,
    kept: Kept,
    ledger: Ledger,
    frame: Frame,
    dates: Dates,
    plans: Sequence[CompiledPlan],
    step: Step,
    pairs: Pairs,
    arms: Sequence[int],
) -> NDArray[np.float64]:
    """The same for some renewals in some worlds, each pair a switch of its own. [plan, arm, pair] [usd]"""
    row, world = pairs
    pay = np.full((len(plans), len(ARMS), len(row)), np.nan)
    due = renewals.due_day[pairs], renewals.arr[pairs]
    now = renewals.booked_day[pairs], renewals.booked_arr[pairs]
    columns = _columns(ledger, world)
    bookings = arm_bookings(renewals, kept, frame.calendar, step, pairs)
    for arm in arms:
        changed = add(exchange(due, now, bookings[arm], frame, dates), columns)
        for plan, total in enumerate(total_pay(plans, changed)):
            pay[plan, arm] = total
    return pay


def next_save(
    ledger: Ledger, frame: Frame, dates: Dates, plans: Sequence[CompiledPlan], size: FloatPW
) -> NDArray[np.float64]:
    """Pay over the horizon with one more renewal of ``size`` [period, world] on time in each period, less pay as it is.
    [plan, period, world] [usd]
    """
    calendar, (periods, worlds) = frame.calendar, size.shape
    first = calendar.bounds[calendar.lead : calendar.lead + periods].astype(np.int32)
    due = np.broadcast_to(first[:, np.newaxis], size.shape).copy()
    columns = _columns(ledger, np.tile(np.arange(worlds), periods))
    more = add(one_row((due, np.zeros_like(size)), (due, size), frame, dates), columns)
    now = total_pay(plans, ledger)
    after = total_pay(plans, more)
    return np.stack([b.reshape(periods, worlds) - a for a, b in zip(now, after, strict=True)])


def total_pay(plans: Sequence[CompiledPlan], ledger: Ledger) -> list[NDArray[np.float64]]:
    """What each plan accrues over the horizon, whenever it is paid out. [column] [usd]"""
    sheet = Worksheet(ledger)
    return [settle_on(sheet, plan).accrued.sum(axis=0) for plan in plans]


def one_row(due: tuple[Days, FloatRW], booked: tuple[Days, FloatRW], frame: Frame, dates: Dates) -> Ledger:
    """The Ledger of renewals that each stand alone: [renewal, world] becomes one column a pair."""
    due_day, booked_day = due[0].reshape(1, -1), booked[0].reshape(1, -1)
    none = np.zeros(1, dtype=np.int64)
    row = Renewals(
        none,
        none,
        due_day,
        booked_day,
        due[1].reshape(1, -1),
        booked[1].reshape(1, -1),
        dates.credit_day(due_day, booked_day),
    )
    return fill_ledger(row, frame, tuple(dates.later))


def exchange(
    due: tuple[Days, FloatRW],
    now: tuple[Days, FloatRW],
    then: tuple[Days, FloatRW],
    frame: Frame,
    dates: Dates,
) -> Ledger:
    """What a Ledger gains when renewals that each stand alone are booked otherwise: as they are then, less as they are now.
    All [pair].
    """
    due_day, booked_day = np.stack([due[0], due[0]]), np.stack([then[0], now[0]])
    arr, booked = np.stack([due[1], -due[1]]), np.stack([then[1], -now[1]])
    none = np.zeros(2, dtype=np.int64)
    both = Renewals(none, none, due_day, booked_day, arr, booked, dates.credit_day(due_day, booked_day))
    return fill_ledger(both, frame, tuple(dates.later))


def add(one: Ledger, other: Ledger) -> Ledger:
    """Two Ledgers together, in the memory of the first; who holds the seat is known from the second."""
    np.add(one.renewable, other.renewable, out=one.renewable)
    np.add(one.unbooked, other.unbooked, out=one.unbooked)
    for date, amount in one.amount.items():
        np.add(amount, other.amount[date], out=amount)
    return one._replace(activity=other.activity, agreed=other.agreed)


def _columns(ledger: Ledger, world: NDArray[np.int64]) -> Ledger:
    """One column of a Ledger for each of these worlds: [.., world] becomes [.., pair]."""
    activity = ledger.activity
    return Ledger(
        ledger.renewable[:, world],
        ledger.unbooked[:, world],
        {date: np.take(amount, world, axis=2) for date, amount in ledger.amount.items()},
        None if activity is None else seat_alone(activity, world),
        agreed=ledger.agreed,
    )


def seat_alone(activity: Activity, world: NDArray[np.int64] | None = None) -> Activity:
    """Of an activity (in these worlds), only who holds the book and since when: no switch changes that."""
    seat, tenure = activity.seat, activity.tenure
    if world is not None:
        seat, tenure = seat[:, world], tenure[:, world]
    return Activity(np.zeros_like(seat), {}, {}, np.zeros_like(seat), {}, seat, tenure)


def _chunks(count: int, worlds: int) -> Iterator[slice]:
    size = max(1, COLUMNS // worlds)
    return (slice(first, min(first + size, count)) for first in range(0, count, size))
