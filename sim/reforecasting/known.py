"""What the files of a history say of a study's book on a day: bookings, growth, readings and seats before it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.files.book_events import Expansions, Readings
from sim.files.deals import Deals
from sim.plan.plan import Plan, deals_of
from sim.records import NEVER, Renewals
from sim.reforecasting.dated import Days, days
from sim.reforecasting.hands import alone, held_by_of, holders_on, together
from sim.reforecasting.readings import readings_of
from sim.replay.as_of import as_of
from sim.replay.books import renewals_of
from sim.replay.deal_parts import DealParts
from sim.replay.exceptions import with_exceptions
from sim.replay.history import Own, make_history
from sim.replay.history_files import HistoryFiles
from sim.replay.required import BookEvents
from sim.replay.seats import seat_of
from sim.world.book import Book
from sim.world.credit_date import credit_day
from sim.world.known import (
    CREDIT,
    ELSEWHERE,
    EXPANSION,
    NO_GROWTH,
    TAKEN,
    Beside,
    Bookings,
    Growth,
    Known,
)
from sim.world.scenario import Scenario
from sim.world.team import SETTLED_PERIODS

KINDS: Final = {"expansion": EXPANSION, "credit": CREDIT, "contraction": TAKEN, "cancellation": TAKEN}
NOTHING: Final = np.datetime64("NaT", "D")
LATER_DATES: Final = ("service_start", "invoice", "cash")


class Told(NamedTuple):
    """What is known, and what a reader has to know of it.

    beside_deals : entries of deals that count besides the accounts that are followed.
    elsewhere    : accounts that the study's book does not have.
    moved        : accounts whose open renewal is due on another day than the study's book has.
    """

    known: Known
    beside_deals: tuple[int, ...]
    elsewhere: tuple[str, ...]
    moved: tuple[str, ...]


def known_on(
    history: HistoryFiles,
    book: Book,
    scenario: Scenario,
    plans: Sequence[Plan],
    day: date,
    open_on: date | None = None,
) -> Told:
    """What is known at the start of a day: what is dated before it. open_on : as in ``Known``; the same day where left out.

    At the end of the horizon nothing is open any more: what is not booked by then is lost, as a replay has it.
    """
    calendar = scenario.calendar
    today = calendar.day(day)
    readings = history.book_events.readings
    history = as_of(history, day)
    deals = with_exceptions(history.deals, history.deals.granted)
    holders = holders_on(history.transfers, book, calendar)
    book = book.in_hands_of(holders)
    place = {name: at for at, name in enumerate(book.accounts) if not book.arrival[at]}
    signed = days(history.deals.closing, calendar)
    closed = signed < NEVER
    if today >= calendar.end:
        closed |= days(deals.due_date, calendar) < calendar.end
    own, beside = _followed(deals, place, signed, closed)
    held_by = held_by_of(book)
    others = [entry for entry in own if not alone(deals, entry, held_by)]
    beside += others
    bookings = _bookings(deals, own, others, place, scenario, today)
    growth = _growth(history.book_events.expansions, place, held_by, calendar, today)
    return Told(
        Known(
            day=today,
            bookings=bookings,
            growth=growth,
            open_on=today if open_on is None else calendar.day(open_on),
            learnt=open_on is None,
            beside=_beside(
                history, deals, (own, beside), readings, held_by, scenario, plans, book.csms, today
            ),
            holders=holders,
        ),
        tuple(beside),
        tuple(sorted({deals.account[row] for row in range(len(deals.account))} - place.keys())),
        tuple(_moved(deals, place, book, closed, calendar)),
    )


def _followed(
    deals: Deals, place: dict[str, int], signed: Days, closed: NDArray[np.bool_]
) -> tuple[list[int], list[int]]:
    """Entries of closed renewals of the accounts that are followed, in order of accounts and due dates, a lost one among
    them where a later one of the account was booked; and those that count besides: of other accounts, and what was booked
    before the first day, which the book of that day has left behind.
    """
    order = np.argsort(deals.due_date, kind="stable").tolist()
    last: dict[str, int] = {}
    for at, entry in enumerate(order):
        if closed[entry]:
            last[deals.account[entry]] = at
    own, beside = [], []
    for at, entry in enumerate(order):
        account = deals.account[entry]
        if account in place and signed[entry] >= 0:
            if closed[entry] or at < last.get(account, -1):
                own.append(entry)
        elif closed[entry]:
            beside.append(entry)
    return sorted(own, key=lambda entry: place[deals.account[entry]]), beside


def _bookings(
    deals: Deals, own: list[int], others: list[int], place: dict[str, int], scenario: Scenario, today: int
) -> Bookings:
    """The closed renewals of the accounts that are followed. others : those that are another CSM's, or shared."""
    calendar = scenario.calendar
    if others:
        deals, own = together(deals, own, others)
    due = days(deals.due_date, calendar)
    booked = days(deals.credit_date["booking"], calendar)
    nothing = np.zeros(len(due), dtype=np.int64)
    term = nothing if deals.term is None else deals.term.copy()
    if deals.multi_year is not None:
        term = np.where((term == 0) & (deals.multi_year > 0), 24, term)
    return Bookings(
        account=np.array([place[deals.account[entry]] for entry in own], dtype=np.int64),
        due_day=due[own],
        booked_day=booked[own],
        arr=deals.arr[own],
        booked_arr=np.where(booked[own] == NEVER, 0.0, deals.booked_arr[own]),
        term=np.asarray(term[own], dtype=np.int64),
        following=_following(deals, own, due),
        credit_day={
            name: _credit_days(deals, name, due, booked, scenario, today)[own]
            for name in deals.credit_date
            if name != "booking"
        },
        elsewhere=np.isin(own, others) if others else None,
    )


def _following(deals: Deals, own: list[int], due: Days) -> Days:
    """Due day of the next renewal of each one's account, where there is a row of it."""
    by_account: dict[str, list[int]] = {}
    for entry, account in enumerate(deals.account):
        by_account.setdefault(account, []).append(int(due[entry]))
    found = [
        min((day for day in by_account[deals.account[entry]] if day > due[entry]), default=NEVER)
        for entry in own
    ]
    return np.array(found, dtype=np.int64)


def _credit_days(deals: Deals, name: str, due: Days, booked: Days, scenario: Scenario, today: int) -> Days:
    """The days of a credit date: as the file has them, and of what is booked and without one, by the scenario's rule and not
    before today.
    """
    told = days(deals.credit_date[name], scenario.calendar)
    if today >= scenario.calendar.end:
        return told
    told[told >= today] = NEVER
    rule = credit_day(name, scenario.billing, due.astype(np.int32), booked.astype(np.int32)).astype(np.int64)
    return np.where((told == NEVER) & (booked < NEVER), np.maximum(rule, today), told)


def _growth(
    found: Expansions | None,
    place: dict[str, int],
    held_by: Mapping[str, str],
    calendar: Calendar,
    today: int,
) -> Growth:
    """What changed between renewals from the first day on and before today."""
    if found is None:
        return NO_GROWTH
    when = days(found.date, calendar)
    rows = [
        row
        for row in np.argsort(when, kind="stable").tolist()
        if 0 <= when[row] < today and found.account[row] in place
    ]
    kinds = found.kind or ("expansion",) * len(found.account)
    return Growth(
        np.array([place[found.account[row]] for row in rows], dtype=np.int64),
        when[rows],
        found.arr[rows],
        np.array(
            [
                KINDS[kinds[row]] if found.csm[row] == held_by[found.account[row]] else ELSEWHERE
                for row in rows
            ],
            dtype=np.int64,
        ),
    )


def _beside(
    history: HistoryFiles,
    deals: Deals,
    closed: tuple[list[int], list[int]],
    told: Readings | None,
    held_by: Mapping[str, str],
    scenario: Scenario,
    plans: Sequence[Plan],
    csms: Sequence[str],
    today: int,
) -> dict[str, Beside]:
    """What is known of every CSM besides the accounts that are followed, and by class of deal of those too. closed : entries
    of theirs, and those that count besides.
    """
    calendar, found = scenario.calendar, {}
    events = history.book_events.expansions
    expansions = None if events is None else events.only(_besides(events, held_by, calendar, today))
    rows_of: dict[str, list[int]] = {}
    own_rows, beside = closed
    by_deal, asked = DealParts(deals, history.book_events, calendar), deals_of(plans)
    known = dict.fromkeys((*own_rows, *beside), 1.0)
    for entry in beside:
        rows_of.setdefault(deals.csm[entry], []).append(entry)
    read = readings_of(told, plans, calendar, today)
    for csm in csms:
        rows = rows_of.get(csm, [])
        own = None if expansions is None else expansions.only(
            [row for row, name in enumerate(expansions.csm) if name == csm]
        )  # fmt: skip
        renewals = _renewals_of(deals, rows, scenario, today) if rows else None
        activity = None
        if rows or (own is not None and own.account):
            nothing = renewals_of(deals, [], calendar) if renewals is None else renewals
            longer = np.zeros(len(rows), dtype=np.int64)
            if deals.multi_year is not None:
                longer = np.asarray(deals.multi_year[rows], dtype=np.int64)
            notice = np.full((len(rows), 1), NEVER, dtype=np.int32)
            tenure = np.full((calendar.periods, 1), SETTLED_PERIODS)
            part = Own(csm, nothing, notice, longer, BookEvents(None, own), [], [], tenure)
            activity = make_history(part, (), (), {}, calendar)
        seat = None
        if history.people is not None:
            share, since = seat_of(csm, history.people, calendar)
            seat = (share[:, 0], since[:, 0])
        summed = by_deal.sums(csm, asked, known)
        found[csm] = Beside(renewals, activity, read.get(csm, {}), summed, seat)
    return found


def _besides(events: Expansions, held_by: Mapping[str, str], calendar: Calendar, today: int) -> list[int]:
    """Entries of other accounts or other holders, and of what was taken from those that are followed, before today."""
    when = days(events.date, calendar)
    kinds = events.kind or ("expansion",) * len(events.account)
    return [
        row
        for row, account in enumerate(events.account)
        if 0 <= when[row] < today and (held_by.get(account) != events.csm[row] or KINDS[kinds[row]] == TAKEN)
    ]


def _renewals_of(deals: Deals, rows: list[int], scenario: Scenario, today: int) -> Renewals:
    """Renewals of accounts that are not followed, the same in all worlds, with every credit date. [renewal, world of one]"""
    found = renewals_of(deals, rows, scenario.calendar)
    due, booked = (each[:, 0].astype(np.int64) for each in (found.due_day, found.booked_day))
    credit = {"booking": found.booked_day}
    for name in LATER_DATES:
        if name in deals.credit_date:
            every = (
                days(deals.due_date, scenario.calendar),
                days(deals.credit_date["booking"], scenario.calendar),
            )
            credit[name] = _credit_days(deals, name, *every, scenario, today)[rows][:, None].astype(np.int32)
        else:
            told = credit_day(name, scenario.billing, due.astype(np.int32), booked.astype(np.int32))
            credit[name] = told[:, None]
    return found._replace(credit_day=credit)


def _moved(
    deals: Deals, place: dict[str, int], book: Book, closed: NDArray[np.bool_], calendar: Calendar
) -> list[str]:
    """Accounts whose first open renewal is due on another day than the study's book has."""
    due, settled = days(deals.due_date, calendar), {deals.account[row] for row in np.flatnonzero(closed)}
    found = {}
    for entry in np.argsort(due, kind="stable").tolist():
        account = deals.account[entry]
        if account in place and account not in settled and account not in found:
            found[account] = due[entry] != int(book.given["due_day"][place[account]])
    return sorted(account for account, moved in found.items() if moved)
