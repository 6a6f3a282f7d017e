"""A small book without chance, settled under a plan: what falls due, and what of it is booked in another period.

All amounts are multiples of the base quota, so that a book "at quota" is 1 whatever the plan asks.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.ledger import fill_ledger
from sim.plan.component import Crediting
from sim.plan.lint.fault import PERSON, Subject
from sim.plan.plan import frame_for
from sim.plan.settle import compile_plan, settle
from sim.records import Days, Renewals, Statement

Floats: TypeAlias = NDArray[np.float64]

QUOTA: Final = PERSON
"""Base quota of a retention plan, likewise. [usd/period]"""
YEARS_OF_PAY: Final = 2
"""A pull is paid over this long: two quarters hide what eight show. [yr]"""
LONG: Final = 40
"""Periods after which a rolling pull has settled. [period]"""
SETTLED: Final = 8
"""The steady state is the mean over this many periods at the end of them. [period]"""
SIXTIETHS: Final = np.arange(61) / 60
"""Parts of what falls due that are moved: of a quota of 600, in steps of 10. [world] [multiple of base quota]"""
SHOWN: Final = (10, 20, 30)
"""A sixth, a third and a half of them. [world]"""
NOTICEABLE: Final = 1e-9
"""What is less than this share of pay is rounding."""


class Move(NamedTuple):
    """What falls due in one period and is booked in another. amount : [world] [multiple of base quota]"""

    due: int
    booked: int
    amount: Floats


class Book(NamedTuple):
    """What falls due and is renewed; what is not moved is booked on its due day.

    asked   : base quota of a retention plan; a fixed one asks 1 in every period. [period] [multiple of QUOTA]
    renewed : due in the period, and renewed sooner or later. [period, world] [multiple of base quota]
    """

    asked: Floats
    renewed: Floats
    moves: tuple[Move, ...] = ()


def steady_book(periods: int, moved: Floats = SIXTIETHS, by: int = 0) -> Book:
    """A book exactly at quota in every period, of which ``moved`` is booked ``by`` periods after it is due.

    Nothing moves across the ends of the horizon. moved : [world]; by : -1 for a period early, 1 for late.
    """
    moves = [Move(due, due + by, moved) for due in range(periods) if by and 0 <= due + by < periods]
    return Book(np.ones(periods), np.ones((periods, moved.size)), tuple(moves))


def periods_of_pay(subject: Subject) -> int:
    """Number of periods over which pay is added up. [period]"""
    return YEARS_OF_PAY * 12 // subject.calendar.months_per_period


def base_quota(subject: Subject) -> float:
    """What the plan asks of the books here in a period. [usd/period]"""
    quota = subject.component.quota
    return quota.shared(subject.calendar.periods_of_year) if quota.kind == "fixed" else QUOTA


def pay(statement: Statement) -> Floats:
    """Pay of the whole horizon. [world] [usd]"""
    total: Floats = statement.bonus.sum(axis=0)
    return total


def settled_attainment(subject: Subject, moved: Floats, by: int) -> Floats:
    """The attainment at which moving ``moved`` by ``by`` periods, in every period, settles. [world] [share]

    Source: assumption; the mean of the last ``SETTLED`` periods but one, of ``LONG``.
    """
    attainment = settle_book(subject, steady_book(LONG, moved, by)).attainment
    mean: Floats = attainment[-SETTLED - 1 : -1].mean(axis=0)
    return mean


def settle_book(subject: Subject, book: Book) -> Statement:
    """What the plan asks, credits and pays for a book, through the one ``settle``. [period, world]

    A move is made on the days that the plan credits best among those in its two periods.
    """
    plan, periods = subject.plan, len(book.asked)
    calendar = replace(subject.calendar, periods=periods, lead=0, tail=0)
    frame = frame_for([plan], calendar, int(calendar.bounds[min(3, periods)]))
    ledger = fill_ledger(_renewals(subject, book, calendar), frame, plan.amounts)
    return settle(compile_plan(plan, frame), ledger)


def _renewals(subject: Subject, book: Book, calendar: Calendar) -> Renewals:
    """One renewal a period for what is booked on its due day, and one for each move.

    With a retention quota, ARR falls due of which ``rate`` is the quota asked.
    """
    quota, rate = base_quota(subject), subject.component.quota.rate or 1.0
    stays = book.renewed.copy()
    for move in book.moves:
        stays[move.due] -= move.amount
    rest = book.asked[:, np.newaxis] - book.renewed
    booked_arr = [*stays, *(move.amount for move in book.moves)]
    arr = [*(stays + rest), *(move.amount for move in book.moves)]
    crediting = subject.component.crediting
    first_day = calendar.bounds[:-1].tolist()
    days = [(day, day) for day in first_day]
    days += [best_days(crediting, calendar, move.due, move.booked) for move in book.moves]
    worlds = book.renewed.shape[1]
    due_day, booked_day = (_in_all_worlds([pair[side] for pair in days], worlds) for side in (0, 1))
    # Service starts when the contract before has ended; invoice and cash on the same day. Assumption.
    start_day = np.maximum(due_day, booked_day)
    late = ("service_start", "invoice", "cash")
    rows = np.arange(len(days), dtype=np.int64)
    return Renewals(
        account=rows,
        number=np.zeros_like(rows),
        due_day=due_day,
        booked_day=booked_day,
        arr=np.array(arr) * quota / rate,
        booked_arr=np.array(booked_arr) * quota,
        credit_day={"booking": booked_day, **dict.fromkeys(late, start_day)},
    )


def best_days(crediting: Crediting, calendar: Calendar, due: int, booked: int) -> tuple[int, int]:
    """Due and booked day in two periods, as far apart as the plan credits best, else as near as possible. [day]"""
    ends = calendar.bounds.tolist()
    side = -1 if booked < due else 1
    first_due, last_due = ends[due], ends[due + 1] - 1
    first_booked, last_booked = ends[booked], ends[booked + 1] - 1
    nearest = first_due - last_booked if side < 0 else first_booked - last_due
    farthest = last_due - first_booked if side < 0 else last_booked - first_due
    edges = _edges(crediting, side)
    choices = [nearest, *(edge + 1 for edge in edges if nearest <= edge < farthest)]
    credit = crediting.early_at if side < 0 else crediting.late_at
    apart = max(choices, key=credit) * side
    due_day = max(first_due, first_booked - apart)
    return due_day, due_day + apart


def _edges(crediting: Crediting, side: int) -> Sequence[int]:
    bands = crediting.early_bands if side < 0 else crediting.late_bands
    return [band.through_day for band in bands or ()]


def _in_all_worlds(days: Sequence[int], worlds: int) -> Days:
    return np.repeat(np.array(days, dtype=np.int32)[:, np.newaxis], worlds, axis=1)
