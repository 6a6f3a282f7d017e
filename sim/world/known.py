"""What is known of a company on a day inside the horizon: what was booked and grown before it, and what stands open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar, add_months
from sim.records import NEVER, NO_DEALS, Activity, DealSums, IntP, Renewals
from sim.world.book import Book
from sim.world.scenario import Scenario

Floats = NDArray[np.float64]


class Bookings(NamedTuple):
    """Renewals that were booked before the day, in order of accounts, then of due days. All [booking].

    account    : place in the book.
    due_day, booked_day : [day] ``booked_day`` is ``NEVER`` of one that is known to be lost, as a later one was booked.
    arr, booked_arr     : as in ``sim.records.Renewals``. [usd/yr]
    term       : months of the contract signed; 0 where nobody says. [month]
    following  : due day of the account's next renewal, where a file has it; ``NEVER`` where not. [day]
    credit_day : by credit date, where the files have the column; ``NEVER`` where there is none. [day]
    elsewhere  : they are another CSM's, or shared, and count with what is known besides: here they say where the account
                 stands.
    """

    account: IntP
    due_day: IntP
    booked_day: IntP
    arr: Floats
    booked_arr: Floats
    term: IntP
    following: IntP
    credit_day: Mapping[str, IntP] = {}
    elsewhere: NDArray[np.bool_] | None = None

    def only(self, rows: NDArray[np.bool_]) -> "Bookings":
        """Some of them."""
        return Bookings(
            self.account[rows],
            self.due_day[rows],
            self.booked_day[rows],
            self.arr[rows],
            self.booked_arr[rows],
            self.term[rows],
            self.following[rows],
            {name: each[rows] for name, each in self.credit_day.items()},
        )


EXPANSION, CREDIT, TAKEN, ELSEWHERE = 0, 1, 2, 3
"""A booking between renewals; a part of one that is taken back; a smaller contract or none, which is no growth; any of them
that is another CSM's, and counts with what is known besides.
"""


class Growth(NamedTuple):
    """Changes of ARR between renewals before the day, in order of days. All [event].

    arr  : by which it changed, below 0 where it shrank. [usd/yr]
    kind : one of the four above.
    """

    account: IntP
    day: IntP
    arr: Floats
    kind: IntP


class Beside(NamedTuple):
    """What is known of one CSM's book besides the accounts that are followed.

    renewals : of accounts that the book does not have; None without any. [renewal, world of one]
    activity : what they, and what was taken back between renewals, add to the book's activity; None without any.
    kpi      : by KPI, the readings of the first periods, as many as are known. [period]
    deals    : of the accounts that are followed too, what is known of deals by the terms that some plan asks for.
    seat     : share of each period in which somebody holds the seat, and periods since the takeover; None where nobody
               says. [period]
    """

    renewals: Renewals | None = None
    activity: Activity | None = None
    kpi: Mapping[str, Floats] = {}
    deals: DealSums = NO_DEALS
    seat: tuple[Floats, Floats] | None = None


class Known(NamedTuple):
    """What is known at the start of a day.

    day       : bookings and growth before it are known, growth from it on is drawn. [day]
    open_on   : at its start what is not booked was open: what is left is drawn given that. The same day, or an earlier one
                where it is asked what bookings alone have changed. [day]
    learnt    : whether market and skill are drawn given what they have made of the bookings.
    beside    : by CSM.
    holders   : of accounts that have changed hands since the first day, by account.
    """

    day: int
    bookings: Bookings
    growth: Growth
    open_on: int
    learnt: bool = True
    beside: Mapping[str, Beside] = {}
    holders: Mapping[str, str] = {}


class Standing(NamedTuple):
    """Each account of the book on the day. All [account].

    arr     : in force, or up for renewal. [usd/yr]
    due_day : of the renewal that is open; ``NEVER`` where there is none. [day]
    term    : of the contract held. [month]
    before  : renewals before it.
    """

    arr: Floats
    due_day: IntP
    term: IntP
    before: IntP


_NO_DAYS: Final[IntP] = np.zeros(0, dtype=np.int64)
_NO_ARR: Final[Floats] = np.zeros(0)
NO_BOOKINGS: Final = Bookings(_NO_DAYS, _NO_DAYS, _NO_DAYS, _NO_ARR, _NO_ARR, _NO_DAYS, _NO_DAYS)
NO_GROWTH: Final = Growth(_NO_DAYS, _NO_DAYS, _NO_ARR, _NO_DAYS)


def standing_of(known: Known, book: Book, scenario: Scenario) -> Standing:
    """Where each account of a book that was read from a file stands on the day.

    The next contract begins when the old one ended, or with the booking after a lapse longer than the segment's grace; it
    ends a term later, or when the files say. What grew since the booking is added to what was booked.
    """
    accounts = len(book.accounts)
    arr = book.given["arr"].copy()
    due, term = (
        np.nan_to_num(book.given[name], nan=float(NEVER)).astype(np.int64)
        for name in ("due_day", "term_months")
    )
    before, since = np.zeros(accounts, dtype=np.int64), np.full(accounts, -NEVER, dtype=np.int64)
    rows = known.bookings
    for row, account in enumerate(rows.account.tolist()):
        signed = int(rows.term[row]) or int(term[account])
        before[account] += 1
        arr[account], since[account] = rows.booked_arr[row], rows.booked_day[row]
        if rows.booked_day[row] == NEVER:
            due[account], since[account] = NEVER, -NEVER
            continue
        grace = scenario.segment[int(book.segment[account])].grace_days
        following = int(rows.following[row])
        if following == NEVER:
            lapse = int(rows.booked_day[row] - rows.due_day[row])
            begins = int(rows.due_day[row] if lapse <= grace else rows.booked_day[row])
            following = end_of(begins, signed, scenario.calendar)
        due[account], term[account] = following, signed
    for account, day, added, _ in zip(*known.growth, strict=True):
        if day >= since[account]:
            arr[account] += added
    arr = np.maximum(arr, 0.0)
    due[(arr <= 0.0) & (before == 0) & ~book.arrival] = NEVER  # cancelled in full
    return Standing(arr, due, term, before)


def end_of(begins: int, months: int, calendar: Calendar) -> int:
    """Day on which a contract of so many months ends, clipped to the end of its month. [day]"""
    start = calendar.date(begins)
    month = add_months(start.replace(day=1), months)
    last = (add_months(month, 1) - timedelta(days=1)).day
    return calendar.day(month) + min(start.day, last) - 1
