"""What happened, settled: a history from a day on, as the plan would have paid it."""

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.backtesting.outcome import BOOKING, BookOutcome, Outcome, book_outcome, salary_of
from sim.calendar import Calendar
from sim.errors import InputError
from sim.plan.plan import Plan
from sim.records import CohortTerms
from sim.replay.accounts import follow_accounts
from sim.replay.as_of import as_of
from sim.replay.books import frame_of, horizon
from sim.replay.checks import make_calendar, plan_problems
from sim.replay.exceptions import with_exceptions
from sim.replay.history_files import HistoryFiles
from sim.replay.holders import holders_of
from sim.replay.open_contracts import day_book
from sim.replay.own_accounts import OwnAccounts, notice_days
from sim.replay.replay import Setting, ledgers_of, settle_all
from sim.replay.required import need_problems, rows_of
from sim.world.team import SETTLED_PERIODS


class Horizon(NamedTuple):
    """From a day on. periods : of the history's calendar."""

    start: date
    periods: int


def actual_outcome(history: HistoryFiles, plan: Plan, asked: Horizon, on_cost: float = 0.0) -> Outcome:
    """Settle what a history tells of the horizon; the book of its first day is that of the history as it was known then.
    CSMs of whom the horizon tells nothing are left out.

    Raises: InputError when the plan needs a date, a column or a file that is not there.
    """
    calendar = _calendar(history, asked)
    book = day_book(as_of(history, asked.start), asked.start)
    events = history.book_events._replace(opening=book.opening)
    kept = history.book_events._replace(opening=book.opening_kept(history.deals))
    problems = plan_problems(history.deals, [plan]) + need_problems(history.deals, [plan], events)
    if problems:
        raise InputError(problems)
    holders = holders_of(history.deals, events, history.transfers, asked.start)
    granted = with_exceptions(history.deals, history.deals.granted)
    wide = horizon(history.deals, calendar, granted)
    frame = frame_of((history.deals, granted), wide, [plan])
    setting = Setting([plan], wide, frame, events, history.people, holders)
    held = ledgers_of(granted, setting, amounts=(BOOKING,))
    paid = settle_all(held, setting)
    terms = CohortTerms(first=tuple(range(wide.periods)))
    accounts = OwnAccounts(granted, kept, holders, wide)
    rows = rows_of(granted.csm, held)
    tenure = np.full((wide.periods, 1), SETTLED_PERIODS)
    found: dict[str, BookOutcome] = {}
    for csm, (renewals, ledger) in held.items():
        own = accounts.of(csm, rows[csm], renewals, notice_days(granted, rows[csm], wide))
        cohort = follow_accounts(own, terms, tenure, wide)
        found[csm] = book_outcome(plan, paid[csm][0], ledger, (cohort.opening, cohort.gross), frame)
    there = {csm: book for csm, book in found.items() if _there(book)}
    return Outcome(tuple(there), there, salary_of(plan, wide), on_cost)


def _there(book: BookOutcome) -> bool:
    """Whether the horizon has anything of a CSM."""
    return bool(book.opening.any() or book.renewed.any() or book.paid.any())


def _calendar(history: HistoryFiles, asked: Horizon) -> Calendar:
    return make_calendar(
        asked.start, asked.periods, history.periods.period_months, history.periods.fiscal_year
    )
