"""The past that all worlds share: its renewals before those that are drawn, its growth, and what is known besides."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, Activity, FloatPW, IntP, Renewals
from sim.world.book import Book
from sim.world.known import CREDIT, EXPANSION, Beside, Bookings, Known
from sim.world.opened import Outcome
from sim.world.renewal import Held, Path
from sim.world.scenario import Scenario
from sim.world.segment import Segment
from sim.world.streams import FIRST_RENEWAL

Floats = NDArray[np.float64]
Number = TypeVar("Number", np.int32, np.float64)


class Past(NamedTuple):
    """What is known, account by account of the whole company.

    start     : first booking of each account, and of the one after the last. [account + 1]
    term      : index of the term signed, -1 where none was. [booking]
    grown     : [account, due period] [usd/yr]
    expansions: how many. [account, due period] [count]
    outcomes  : of accounts with bookings, what they say of how likely the account is to leave.
    """

    bookings: Bookings
    start: IntP
    term: NDArray[np.int8]
    grown: Floats
    expansions: Floats
    outcomes: Mapping[int, tuple[Outcome, ...]]

    @property
    def empty(self) -> bool:
        """Whether nothing has happened yet."""
        return not self.bookings.account.size and not self.expansions.any() and not self.grown.any()

    def opened(self, now: Held, mine: slice, met: Book) -> Held:
        """The accounts as the study met them: with all their renewals, the known ones first."""
        old = ~met.arrival[mine]
        given = {name: met.given[name][mine][old, None] for name in ("arr", "due_day", "term_months")}
        arr, due_day, number = now.arr.copy(), now.due_day.copy(), now.number.copy()
        term, active = now.term.copy(), now.active.copy()
        arr[old], due_day[old] = given["arr"], np.minimum(given["due_day"], NEVER)
        number[old], term[old] = FIRST_RENEWAL, np.searchsorted(met.terms, given["term_months"])
        active[old] = met.opening_period[mine][old, None]
        slot = now.slot + (self.start[mine.start : mine.stop + 1] - self.start[mine.start])
        return now._replace(slot=slot, arr=arr, due_day=due_day, number=number, term=term, active=active)

    def before(self, path: Path, slot: IntP, mine: slice) -> Path:
        """The path of one book from the first day on. slot : of what is drawn, as ``path`` has it."""
        if self.empty:
            return path
        known, drawn = self._places(slot, mine)
        rows, worlds = len(known) + len(drawn), path.arr.shape[1]
        own = slice(int(self.start[mine.start]), int(self.start[mine.stop]))
        columns = (*(each[own] for each in self.bookings[1:5]), self.term[own])
        names = ("due_day", "booked_day", "arr", "booked_arr", "term")
        whole = {}
        for name, past in zip(names, columns, strict=True):
            ahead = getattr(path, name)
            whole[name] = np.empty((rows, worlds), dtype=ahead.dtype)
            whole[name][known] = past[:, None]
            whole[name][drawn] = ahead
        grown = path.grown + self.grown[mine][:, :, None] if len(path.grown) else path.grown
        return path._replace(
            **whole,
            expansion=path.expansion + self.grown[mine].sum(axis=0)[:, None],
            expansions=path.expansions + self.expansions[mine].sum(axis=0)[:, None],
            grown=grown,
        )

    def with_credit_days(self, renewals: Renewals, slot: IntP, mine: slice) -> Renewals:
        """The renewals of a book with the days that the files have. slot : of all renewals."""
        own = slice(int(self.start[mine.start]), int(self.start[mine.stop]))
        if own.start == own.stop:
            return renewals
        counts = np.diff(self.start[mine.start : mine.stop + 1])
        rows = _ranges(slot[:-1], counts)
        days = dict(renewals.credit_day)
        for name, known in self.bookings.credit_day.items():
            if name in days:
                days[name] = days[name].copy()
                days[name][rows] = known[own, None]
        return renewals._replace(credit_day=days)

    def with_beside(self, activity: Activity, beside: Beside) -> Activity:
        """The activity of a book with what is known of it besides."""
        if beside.activity is not None:
            more = beside.activity
            flow = {
                event: {date: amount + more.flow[event][date] for date, amount in dates.items()}
                for event, dates in activity.flow.items()
            }
            number = {event: count + more.number[event] for event, count in activity.number.items()}
            activity = activity._replace(
                flow=flow, number=number, multi_year=activity.multi_year + more.multi_year
            )
        if beside.seat is not None:
            share, tenure = (each[:, None] for each in beside.seat)
            activity = activity._replace(
                seat=activity.seat * share, tenure=np.minimum(activity.tenure, tenure)
            )
        return activity

    def _places(self, slot: IntP, mine: slice) -> tuple[IntP, IntP]:
        """Rows of what is known and of what is drawn, where each account has first the one, then the other."""
        past, ahead = np.diff(self.start[mine.start : mine.stop + 1]), np.diff(slot)
        first = np.concatenate([[0], np.cumsum(past + ahead)])[:-1]
        return _ranges(first, past), _ranges(first + past, ahead)


def _ranges(first: IntP, count: IntP) -> IntP:
    """``first[i], first[i] + 1, ...``, so many of each, one after the other."""
    before = np.cumsum(count) - count
    found: IntP = np.repeat(first - before, count) + np.arange(int(count.sum()))
    return found


def past_of(known: Known, book: Book, scenario: Scenario) -> Past:
    """The past of a book that was read from a file."""
    calendar, rows = scenario.calendar, known.bookings
    accounts = len(book.accounts)
    months = np.array(book.terms)
    term = np.abs(rows.term[:, None] - months[None, :]).argmin(axis=1).astype(np.int8)
    term[rows.booked_day == NEVER] = -1
    outcomes = _outcomes(rows, term, book, scenario)
    if rows.elsewhere is not None:
        here = np.logical_not(rows.elsewhere)
        rows, term = rows.only(here), term[here]
    counts = np.bincount(rows.account, minlength=accounts)
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    grown, number = _grown(known, accounts, calendar)
    return Past(rows, start, term, grown, number, outcomes)


def _grown(known: Known, accounts: int, calendar: Calendar) -> tuple[Floats, Floats]:
    """Growth by account and due period, and the number of bookings."""
    account, day, arr, kind = known.growth
    grown, number = np.zeros((2, accounts, calendar.span))
    period = np.searchsorted(calendar.bounds, day, side="right") - 1
    inside = (period >= 0) & (period < calendar.span)
    for what, out, amount in (((EXPANSION, CREDIT), grown, arr), ((EXPANSION,), number, np.ones_like(arr))):
        some = inside & np.isin(kind, what)
        np.add.at(out, (account[some], period[some]), amount[some])
    return grown, number


def _outcomes(
    rows: Bookings, term: NDArray[np.int8], book: Book, scenario: Scenario
) -> dict[int, tuple[Outcome, ...]]:
    """By account, the term that ended and whether it was kept, renewal by renewal; in an order of their own, as it says
    nothing. Who is booked on a day that no lag reaches has come back: he was lost.
    """
    found: dict[int, list[Outcome]] = {}
    held: dict[int, int] = {}
    for row, account in enumerate(rows.account.tolist()):
        ended = held.get(account, book.terms.index(int(book.given["term_months"][account])))
        lag = int(rows.booked_day[row] - rows.due_day[row])
        kept = rows.booked_day[row] != NEVER and reached(scenario.segment[int(book.segment[account])], lag)
        found.setdefault(account, []).append((ended, bool(kept)))
        held[account] = int(term[row])
    return {account: tuple(sorted(each)) for account, each in found.items()}


def reached(segment: Segment, lag: int) -> bool:
    """Whether a kept renewal can be booked so many days after its due day; always before every band."""
    bands = [band.days for band in segment.lag if band.share > 0.0]
    return lag <= max(last for _, last in bands)


def records_with(renewals: Renewals, beside: Renewals) -> Renewals:
    """The renewals of a book, then those that are the same in all worlds."""
    return Renewals(
        account=np.concatenate([renewals.account, beside.account]),
        number=np.concatenate([renewals.number, beside.number]),
        due_day=_under(renewals.due_day, beside.due_day),
        booked_day=_under(renewals.booked_day, beside.booked_day),
        arr=_under(renewals.arr, beside.arr),
        booked_arr=_under(renewals.booked_arr, beside.booked_arr),
        credit_day={name: _under(one, beside.credit_day[name]) for name, one in renewals.credit_day.items()},
    )


def _under(drawn: NDArray[Number], same: NDArray[Number]) -> NDArray[Number]:
    """Rows of one column below those of all worlds. [renewal, world]"""
    return np.concatenate([drawn, np.repeat(same, drawn.shape[1], axis=1)])


def with_readings(read: Mapping[str, FloatPW], known: Mapping[str, Floats]) -> dict[str, FloatPW]:
    """Readings of KPIs, those of the first periods as they are known. [period, world]"""
    found = {}
    for name, drawn in read.items():
        told = known.get(name, np.zeros(0))
        found[name] = np.concatenate([np.repeat(told[:, None], drawn.shape[1], axis=1), drawn[len(told) :]])
    return found
