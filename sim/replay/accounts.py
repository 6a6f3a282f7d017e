"""Every account of a book of real deals on its way through the horizon: what is kept of it, and when it is a customer."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.cohort import NOTHING, Way, add_account, first_periods, no_cohort
from sim.files.cells import Dates
from sim.records import NEVER, Cohort, CohortTerms, Days, FloatPW, Renewals
from sim.replay.consistency import rounding
from sim.replay.required import BookEvents
from sim.replay.sharing import over_windows

LOSS, SHRINKAGE, GROWTH, RETURN, LAPSE, RECOVERY = 0, 1, 2, 3, 4, 5
"""What a step does: takes from the account, takes but never all, adds, makes a customer; takes for a while, and gives
back.
"""
ALWAYS: Final = -NEVER
"""Before every day. [day]"""


class Line(NamedTuple):
    """One deal of an account. ``NEVER`` where something does not happen. [day], [usd/yr]"""

    due_day: int
    booked_day: int
    notice_day: int
    arr: float
    booked_arr: float


class Account(NamedTuple):
    """What the files say of one account.

    arr    : on the first day; None where the book does not have it. [usd/yr]
    lines  : its deals, whatever contract they are of.
    growth : day, change of ARR and kind of each event between renewals. [day], [usd/yr]
    held   : whether the CSM holds it at the end of each period; None where always. [period]
    shared : it is their mean share over the days of each period instead. [share]
    """

    arr: float | None
    lines: tuple[Line, ...]
    growth: tuple[tuple[int, float, str], ...]
    held: tuple[float, ...] | None = None
    shared: bool = False


class Step(NamedTuple):
    """Something that changes an account's ARR. [day], one of the kinds above, [usd/yr]

    event : the loss it is, as grace names it.
    last  : it follows what else renewals do on its day, as what it changes is there from that day on.
    """

    day: int
    kind: int
    arr: float
    event: str = ""
    last: bool = False


def accounts_of(
    names: Sequence[str], renewals: Renewals, notice_day: Days, book_events: BookEvents, start: date
) -> dict[str, Account]:
    """Every account that the files name, by name. names : of the accounts of the renewals. [renewal]"""
    book: dict[str, float] = {}
    lines: dict[str, list[Line]] = {}
    growth: dict[str, list[tuple[int, float, str]]] = {}
    if book_events.opening is not None:
        for name, arr in zip(book_events.opening.account, book_events.opening.arr.tolist(), strict=True):
            book[name] = book.get(name, 0.0) + arr
    days = (renewals.due_day, renewals.booked_day, notice_day)
    columns = [each[:, 0].tolist() for each in (*days, renewals.arr, renewals.booked_arr)]
    for name, *line in zip(names, *columns, strict=True):
        lines.setdefault(name, []).append(Line(*line))
    expansions = book_events.expansions
    for found in (expansions, expansions and expansions.newcomers):
        if found is None:
            continue
        for name, *event in zip(
            found.account, _days(found.date, start), found.arr.tolist(), found.kinds, strict=True
        ):
            day, arr, kind = event
            growth.setdefault(name, []).append((day, arr, kind))
    joined = [name for name, events in growth.items() if any(kind == "new" for *_, kind in events)]
    return {
        name: Account(book.get(name), tuple(lines.get(name, ())), tuple(growth.get(name, ())))
        for name in dict.fromkeys([*book, *lines, *joined])
    }


def _days(when: Dates, start: date) -> list[int]:
    """Days from the start of the horizon. [day]"""
    days: list[int] = (when - np.datetime64(start, "D")).astype(np.int64).tolist()
    return days


def follow_accounts(
    accounts: list[Account], terms: CohortTerms, tenure: FloatPW, calendar: Calendar
) -> Cohort:
    """What becomes of the accounts of one book. [period, world of one]

    The book is that of the first day. What it does not have is in no cohort, but a customer whose renewal was due before
    the first day and is booked, inside the window, after it: of him the deal says what he had. Whoever joins, or returns
    after the window, is a customer from then on, whatever the book has.

    An account that changes hands is in the cohorts of the windows at whose end the CSM holds it, one that several share in
    all, at the mean of the CSM's share over the days of the window.

    tenure : periods that whoever holds the book has done so for. [period, world of one]
    """
    out = no_cohort(calendar.periods, 1)
    first = first_periods(terms)
    for account in accounts:
        way = way_of(account, terms, tenure, calendar)
        if way is None:
            continue
        if account.held is None:
            add_account(way, first, terms.snapshot, out)
            continue
        alone = no_cohort(calendar.periods, 1)
        add_account(way, first, terms.snapshot, alone)
        part = np.array(account.held, dtype=np.float64)
        if account.shared:
            part = over_windows(account.held, terms.first, calendar)
        for total, amount in zip(out, alone, strict=True):
            total += amount * part[:, np.newaxis]
    return out


def way_of(account: Account, terms: CohortTerms, tenure: FloatPW, calendar: Calendar) -> Way | None:
    """The account through the horizon; None where it never is a customer."""
    overdue = sum(line.arr for line in account.lines if _waits(line, terms))
    returning = sum(line.arr for line in account.lines if _returns(line, terms))
    opening = overdue if account.arr is None else account.arr - returning
    joins = any(day >= 0 and kind == "new" for day, _, kind in account.growth)
    if opening < NOTHING and not returning and not joins:
        return None
    steps = [
        step._replace(day=max(step.day, begins), last=step.day <= begins)
        for line, begins in _begun(account.lines, opening)
        for step in _steps(line, terms, calendar)
    ]
    if len(account.lines) == 1 and _left_open(account.lines[0], terms):
        steps.append(Step(0, LOSS, account.lines[0].arr, "churn"))
    steps.sort(key=lambda step: (step.day, step.last, step.kind))
    steps += [_between(*event) for event in account.growth if event[0] >= 0]
    steps.sort(key=lambda step: step.day)  # stable: on one day renewals come before growth
    now = State(opening, overdue if terms.late_lost else 0.0, out=opening < NOTHING)
    return _walk(now, steps, terms, tenure[:, 0] <= terms.grace_periods, calendar)


def _begun(lines: tuple[Line, ...], opening: float) -> list[tuple[Line, int]]:
    """The deals in order of due dates, each with the day on which what it renews came into force: ``ALWAYS`` where that was
    before the first day, or nobody knows. Before it there is nothing that the deal could change, whenever it is signed.

    Files do not name contracts. An account has one where no deal is of less than the book has, or the deal before it left.
    """
    begun, begins, left = [], ALWAYS, opening
    by_due = sorted(lines, key=lambda line: line.due_day)
    for line in by_due:
        begun.append((line, begins))
        renewed = line.booked_day < NEVER and line.booked_arr > 0.0
        starts = max(line.due_day, line.booked_day)
        if line.due_day < 0 and (starts < 0 or not renewed):
            continue  # the book of the first day has what it left
        if line.arr < left - rounding(left):
            return [(each, ALWAYS) for each in by_due]
        left = line.booked_arr if renewed else 0.0
        begins = starts if renewed else begins
    return begun


def _waits(line: Line, terms: CohortTerms) -> bool:
    """Whether a renewal was due before the first day and is booked after it, inside the window."""
    late = line.due_day < 0 <= line.booked_day < NEVER
    return late and line.booked_arr > 0.0 and line.booked_day - line.due_day <= terms.late_window_days


def _returns(line: Line, terms: CohortTerms) -> bool:
    """Whether a renewal was due before the first day, and returns after it as a new customer."""
    late = line.due_day < 0 <= line.booked_day < NEVER
    return late and line.booked_arr > 0.0 and line.booked_day - line.due_day > terms.late_window_days


def _left_open(line: Line, terms: CohortTerms) -> bool:
    """Whether the only renewal of an account was due before the first day, not longer ago than the window, and is lost: the
    book of the first day has it, as nobody knew then.
    """
    lost = line.booked_day == NEVER or line.booked_arr <= 0.0
    return lost and -terms.late_window_days <= line.due_day < 0


def _steps(line: Line, terms: CohortTerms, calendar: Calendar) -> Iterator[Step]:
    """What one deal does to its account, and when. The book has nothing yet of what is due from the first day on, also where
    it is placed before that day.
    """
    due, booked = line.due_day, line.booked_day
    told = due if line.notice_day == NEVER else line.notice_day
    if booked == NEVER or line.booked_arr <= 0.0:
        if due >= 0:
            yield Step(told if terms.churn == "notice" else due, LOSS, line.arr, "churn")
        return
    begins = max(due, booked)
    if begins < 0:
        return
    if booked - due > terms.late_window_days:
        if due >= 0:
            yield Step(due, LOSS, line.arr, "lapsed")
        yield Step(booked, RETURN, line.booked_arr)
        return
    if terms.late_lost and _period(booked, calendar) > _period(due, calendar):
        if due >= 0:
            yield Step(due, LAPSE, line.arr, "lapsed")
        yield Step(booked, RECOVERY, line.arr)
    dated = terms.renewal if line.booked_arr >= line.arr else terms.contraction
    when = {"due": begins, "booking": booked, "notice": told}[dated]
    change = line.booked_arr - line.arr
    if change != 0.0:
        yield Step(when, GROWTH if change > 0.0 else SHRINKAGE, abs(change), "contraction")


def _between(day: int, change: float, kind: str) -> Step:
    """What happens between renewals: growth, or less of it by a credit; a smaller contract; a customer who joins, or cancels
    all or a part.
    """
    if kind == "new":
        return Step(day, RETURN, change, "new")
    if kind == "cancellation":
        return Step(day, LOSS, -change, "churn")
    if kind == "contraction":
        return Step(day, SHRINKAGE, -change, "contraction")
    return Step(day, GROWTH, change)


def _walk(
    now: "State", steps: list[Step], terms: CohortTerms, graced: NDArray[np.bool_], calendar: Calendar
) -> Way:
    """Level, lapse and lowest level, step by step. [period + 1, world of one], [period, world of one]

    graced : of each period, whether what grace names is spared. [period]
    """
    periods = calendar.periods
    bounds, nothing = np.zeros((2, periods + 1, 1)), np.zeros((periods, 1))
    way = Way(bounds[0], bounds[1], np.full_like(nothing, np.inf), nothing)
    at = 0
    while at < len(steps) and steps[at].day < 0:
        now.take(steps[at], spared=False)
        at += 1
    way.level[0], way.lapsed[0] = now.level, now.lapsed
    for period in range(periods):
        while at < len(steps) and _period(steps[at].day, calendar) <= period:
            before, step = now.level, steps[at]
            spared = bool(graced[period]) and step.event in terms.grace_events
            if now.take(step, spared):
                if spared:
                    way.spared[period] += before - now.level
                else:
                    way.low[period] = min(float(way.low[period, 0]), now.level)
            at += 1
        way.level[period + 1], way.lapsed[period + 1] = now.level, now.lapsed
    return way


class State:
    """An account at some moment.

    sum  : ARR by all that has happened so far. It may be below what the customer has, where a loss is counted before the
           due day and the account grows until then. [usd/yr]
    away : part that has lapsed and comes back. [usd/yr]
    out  : the customer has left, and not come back so far.
    spared : lapsed after the window without being counted, and not come back so far. [usd/yr]
    """

    def __init__(self, opening: float, away: float, out: bool) -> None:
        self.sum, self.away, self.out = opening, away, out
        self.spared = 0.0

    @property
    def level(self) -> float:
        """What a customer has: something, until he leaves. [usd/yr]"""
        return 0.0 if self.out else max(self.sum, NOTHING)

    @property
    def lapsed(self) -> float:
        """Of the level. [usd/yr]"""
        return min(self.away, self.level)

    def take(self, step: Step, spared: bool) -> bool:
        """Live through one step; whether it was a loss. Who returns from a lapse that is ``spared`` was there all along."""
        if spared and step.event == "lapsed":
            self.spared += step.arr if step.kind == LOSS else 0.0
        elif step.kind in (LOSS, SHRINKAGE):
            self.sum -= step.arr
            self.out = self.out or (step.kind == LOSS and self.sum < NOTHING)
            return True
        elif step.kind == RETURN:
            if step.event == "new" and not self.out:
                return False  # a customer all along: what is growth is told by other events
            self.sum, self.out = step.arr + (0.0 if self.out else self.sum - self.spared), False
            self.spared = 0.0
        elif step.kind == GROWTH:
            self.sum += step.arr
        elif step.kind == LAPSE:
            self.away += step.arr
        else:
            self.away = max(self.away - step.arr, 0.0)
        return False


def _period(day: int, calendar: Calendar) -> int:
    """Period of the horizon; negative before it. [period]"""
    first, table = calendar.table
    return int(table[min(max(day - first, 0), len(table) - 1)]) - calendar.lead
