"""Deals of a simulated book by type, term and size: the sums that some plan asks for."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.kernel import kernel, leaf, stage
from sim.records import NEVER, Days, DealSum, DealTerms, FloatPW, IntP
from sim.world.credit_date import days_after_start
from sim.world.laws import Times
from sim.world.renewal import Held, Path
from sim.world.scenario import Billing

RENEWAL, UPLIFT, CONTRACTION, CHURN, WON_BACK = 0, 1, 2, 3, 4
OF_RENEWALS = ("renewal", "uplift", "contraction", "churn", "won_back")
"""Types of parts that a renewal has, or its loss, in the order of the numbers above."""
BOOKED, STARTED, NOTICED = 0, 1, 2


class Rule(NamedTuple):
    """``DealTerms`` as a kernel reads them.

    type  : place in ``OF_RENEWALS``; of no renewal one beyond.
    place : ``BOOKED``, ``STARTED`` (when the ARR changes) or ``NOTICED``; ``after`` so many days after it. [day]
    """

    type: int
    place: int
    after: int
    from_months: int
    below_months: int
    from_size: float
    below_size: float
    window: int


def needs_growth(asked: Sequence[DealTerms]) -> bool:
    """Whether some of the sums need what each account grew by."""
    return any(terms.type == "expansion" for terms in asked)


def sum_deals(
    held: Held,
    path: Path,
    notice: Days,
    months: tuple[int, ...],
    billing: Billing,
    times: Times,
    calendar: Calendar,
    asked: Sequence[DealTerms],
) -> dict[DealTerms, DealSum]:
    """The sums of a book by terms, [period, world].

    Growth between renewals is one deal of an account and period, in the middle of which it is booked, as no day of it is
    drawn; new customers likewise (assumption). A credit is never given.

    notice : days of notice of each renewal. [renewal, world] [day]
    months : of each term, by its index. [month]
    """
    found = {}
    terms = np.array([*months, 0], dtype=np.int64)  # the last stands for no term, index -1
    middle = calendar.bounds[:-1] + np.diff(calendar.bounds) // 2
    for each in asked:
        arr, number = np.zeros(
            (2, calendar.span + 1, path.arr.shape[1])
        )  # the last row takes what is not counted
        rule = rule_of(each, billing)
        if each.type in OF_RENEWALS:
            sum_renewals(held.slot, held.term, path, notice, terms, rule, times, arr, number)
        elif each.type == "expansion":
            period = _period_of(middle + rule.after, calendar) if rule.after else np.arange(calendar.span)
            sum_growth(held.slot, held.term, path, terms, rule, times, period, arr, number)
        elif each.type == "new":
            period = _period_of(middle + rule.after, calendar) if rule.after else np.arange(calendar.span)
            sum_new(held.arrival, held.active, held.arr, held.term, terms, rule, period, arr, number)
        inside = slice(calendar.lead, calendar.lead + calendar.periods)
        found[each] = DealSum(arr[inside], number[inside])
    return found


def rule_of(terms: DealTerms, billing: Billing) -> Rule:
    """The terms for the kernel."""
    later = days_after_start(billing)
    place = {"booking": BOOKED, "notice": NOTICED}.get(terms.date, STARTED)
    return Rule(
        OF_RENEWALS.index(terms.type) if terms.type in OF_RENEWALS else len(OF_RENEWALS),
        place,
        later.get(terms.date, 0),
        terms.from_months,
        terms.below_months,
        terms.from_size,
        terms.below_size,
        terms.late_window_days,
    )


def _period_of(day: IntP, calendar: Calendar) -> IntP:
    """The due period of each day, ``span`` beyond the edges."""
    first, period = calendar.table
    found: IntP = period[np.clip(day - first, 0, len(period) - 1)].astype(np.int64)
    return np.where(found < 0, calendar.span, found)


@leaf
def holds(rule: Rule, months: int, size: float) -> bool:
    """Whether a deal is of the terms and sizes that count."""
    of_term = rule.from_months <= months < rule.below_months
    return bool(of_term and rule.from_size <= size < rule.below_size)


@leaf
def placed(day: int, times: Times) -> int:
    """The due period of a day, ``span`` beyond the edges."""
    period = times.period[min(max(day - times.first, 0), len(times.period) - 1)]
    return int(period) if period >= 0 else int(times.span)


@kernel
def sum_renewals(
    slot: IntP,
    term: NDArray[np.int32],
    path: Path,
    notice: Days,
    months: IntP,
    rule: Rule,
    times: Times,
    arr: FloatPW,
    number: FloatPW,
) -> None:
    """Add what every renewal has of one type to its period; the last row takes what is placed beyond the edges.

    Who returns after the window was lost when due, and is a new customer when booked.
    """
    for a in range(len(slot) - 1):
        for w in range(arr.shape[1]):
            held_months = months[term[a, w if term.shape[1] > 1 else 0]]
            for row in range(slot[a], slot[a + 1]):
                due, booked = path.due_day[row, w], path.booked_day[row, w]
                if due == NEVER:
                    break
                before, after = path.arr[row, w], path.booked_arr[row, w]
                lost = booked == NEVER or after <= 0.0
                away = lost or booked - due > rule.window
                signed = held_months if lost else months[path.term[row, w]]
                amount = part_of(rule.type, lost, away, before, after)
                churned = rule.type == CHURN
                if amount != 0.0 and holds(
                    rule, held_months if churned else signed, before if churned else after
                ):
                    day = day_of(rule, due, booked, notice[row, w])
                    arr[placed(day, times), w] += amount
                    number[placed(day, times), w] += 1.0
                held_months = signed
                if lost:
                    break


@leaf
def part_of(type_: int, lost: bool, away: bool, before: float, after: float) -> float:
    """What a renewal has of one type. [usd/yr]"""
    if type_ == CHURN:
        return -before if away else 0.0
    if type_ == WON_BACK:
        return after if away and not lost else 0.0
    if away:
        return 0.0
    if type_ == RENEWAL:
        return min(before, after)
    return max(after - before, 0.0) if type_ == UPLIFT else min(after - before, 0.0)


@leaf
def day_of(rule: Rule, due: int, booked: int, notice: int) -> int:
    """The day that places a part of a renewal. [day]"""
    if rule.place == NOTICED:
        return due - notice
    if rule.type == CHURN:
        return due
    if rule.place == BOOKED:
        return booked
    return max(due, booked) + rule.after


@kernel
def sum_growth(
    slot: IntP,
    term: NDArray[np.int32],
    path: Path,
    months: IntP,
    rule: Rule,
    times: Times,
    period: IntP,
    arr: FloatPW,
    number: FloatPW,
) -> None:
    """Add what every account grew by, under the contract that was in force. period : that growth counts in. [due period]"""
    for a in range(len(slot) - 1):
        for w in range(arr.shape[1]):
            held_months = months[term[a, w if term.shape[1] > 1 else 0]]
            at = 0
            for row in range(slot[a], slot[a + 1]):
                due, booked = path.due_day[row, w], path.booked_day[row, w]
                if due == NEVER or booked == NEVER or path.booked_arr[row, w] <= 0.0:
                    break
                start = min(placed_from(max(due, booked), times), times.span)
                grow(path.grown[a], at, start, w, held_months, rule, period, arr, number)
                held_months, at = months[path.term[row, w]], max(start, at)
            grow(path.grown[a], at, times.span, w, held_months, rule, period, arr, number)


@leaf
def placed_from(day: int, times: Times) -> int:
    """The due period of a day; 0 before the edges, ``span`` after them."""
    period = times.period[min(max(day - times.first, 0), len(times.period) - 1)]
    return max(int(period), 0)


@stage
def grow(
    grown: FloatPW,
    first: int,
    last: int,
    w: int,
    held_months: int,
    rule: Rule,
    period: IntP,
    arr: FloatPW,
    number: FloatPW,
) -> None:
    """Add the growth of one account in one world from one period up to another."""
    for p in range(first, last):
        added = grown[p, w]
        if added > 0.0 and holds(rule, held_months, added):
            arr[period[p], w] += added
            number[period[p], w] += 1.0


@kernel
def sum_new(
    arrival: NDArray[np.bool_],
    active: Days,
    held_arr: NDArray[np.float64],
    term: NDArray[np.int32],
    months: IntP,
    rule: Rule,
    period: IntP,
    arr: FloatPW,
    number: FloatPW,
) -> None:
    """Add every account that joins."""
    for a in range(len(arrival)):
        if not arrival[a]:
            continue
        for w in range(arr.shape[1]):
            joined = active[a, w if active.shape[1] > 1 else 0]
            size = held_arr[a, w if held_arr.shape[1] > 1 else 0]
            if joined < len(period) and holds(rule, months[term[a, w if term.shape[1] > 1 else 0]], size):
                arr[period[joined], w] += size
                number[period[joined], w] += 1.0
