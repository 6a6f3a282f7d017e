"""Everything that is checked before a replay, all problems at once, and what is no mistake but has to be told."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar, start_fault
from sim.errors import InputError, Problem
from sim.files.cells import FIRST_YEAR, LAST_YEAR
from sim.files.deals import CREDIT_DATE_COLUMNS, Deals
from sim.files.names import Names, of_rows
from sim.files.people import People
from sim.fiscal_year import FiscalYear
from sim.ledger import credit_date_of
from sim.plan.plan import Plan
from sim.replay.agreements import agreement_notes, agreement_problems
from sim.replay.consistency import disagreements, files_of, partial, row_of, spellings
from sim.replay.contracts import contract_problems
from sim.replay.deal_checks import deal_problems
from sim.replay.exceptions import with_exceptions
from sim.replay.history_files import HistoryFiles
from sim.replay.holders import Holders, holder_notes, transfer_problems
from sim.replay.newcomers import newcomer_notes
from sim.replay.note import Note
from sim.replay.owners import owner_notes, owner_problems
from sim.replay.required import BookEvents, file_problems
from sim.replay.seats import present
from sim.shapes.words import counted

MOST_PERIODS: Final = 400
LAST_COMMON_DAY: Final = 28
"""The last day of month that every month has; periods start on the same day of month."""


def check(
    history: HistoryFiles, plans: Sequence[Plan], calendar: Calendar, holders: Holders
) -> tuple[Note, ...]:
    """Check horizon, plans and files, and the files against each other. Returns what is to be told.

    Raises: InputError with every problem found. Names in several spellings come before what they would make contradict.
    """
    deals, book_events, people, transfers, _ = history
    start, beyond = calendar.start, calendar.first_day(calendar.periods)
    names = list(_names(history))
    misspelt = [*spellings(names), *owner_problems(names)]
    problems = plan_problems(deals, plans) + (
        misspelt or file_problems(deals, plans, book_events, people, holders.csms)
    )
    together = book_events
    if book_events.expansions is not None:
        together = book_events._replace(expansions=holders.at_home(book_events.expansions))
    files = files_of(holders.at_home(deals), together, start, beyond)
    if not misspelt:
        problems += transfer_problems(deals, book_events, transfers, holders, start)
        problems += disagreements(files)
        problems += contract_problems(deals, book_events, plans, start, beyond)
        problems += deal_problems(deals, book_events, plans, start, beyond)
        csms = [*deals.csm, *holders.csms, *([] if people is None else present(people, calendar))]
        problems += agreement_problems(plans, people, calendar, list(dict.fromkeys(csms)))
    granted = with_exceptions(deals, deals.granted)
    touching = _touching(deals, start, beyond) | _touching(granted, start, beyond)
    if not touching.any() and not _grows(book_events, start, beyond):
        problems.append(_nothing_touches(deals, start, beyond))
    if problems:
        raise InputError(problems)
    notes = (
        *owner_notes(names),
        *_outside(deals, touching, plans),
        *_caps_before(deals, plans, start),
        *_at_zero(deals),
        *_back_dated(deals),
        *newcomer_notes(files, plans),
        *_grown_outside(book_events, start, beyond),
        *_partial(deals, [entry for entry in partial(files) if not _shared(deals, entry)]),
        *_twice(deals, touching),
        *_nobody_new(plans, people),
        *_absent(deals, people, calendar),
        *agreement_notes(plans, people),
        *holder_notes(deals, holders),
    )
    return notes


def _names(history: HistoryFiles) -> Iterator[Names]:
    """The columns of names of all files; the book first, as the others have their names from there."""
    deals, book_events, people, transfers, _ = history
    for each in (book_events.opening, deals, book_events.expansions, book_events.readings, people):
        if each is not None:
            rows = each.row or range(2, len(each.csm) + 2)
            yield Names(each.path, rows, "csm", each.csm)
            accounts = getattr(each, "account", None)
            if accounts is not None:
                yield Names(each.path, rows, "account", accounts)
    if transfers is not None:
        yield Names(transfers.path, transfers.row, "csm", transfers.from_csm)
        yield Names(transfers.path, transfers.row, "csm", transfers.to_csm)
        yield Names(transfers.path, transfers.row, "account", transfers.account)


def make_calendar(
    start: date, periods: int, period_months: int = 3, fiscal_year: FiscalYear | None = None
) -> Calendar:
    """The horizon of a replay, without edges.

    Raises: InputError when no horizon can be made of these.
    """
    problems = []
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        allowed = f"a date from {FIRST_YEAR} to {LAST_YEAR}"
        problems.append(Problem("--start", allowed, repr(start.isoformat())))
    elif wrong := start_fault(start, period_months, fiscal_year):
        fix = wrong.fix or "Periods start on that day of month; --calendar says quarters of weeks (4-4-5)."
        problems.append(Problem("--start", wrong.allowed, repr(start.isoformat()), fix))
    if not 1 <= periods <= MOST_PERIODS:
        problems.append(Problem("--periods", f"a whole number from 1 to {MOST_PERIODS}", str(periods)))
    if problems:
        raise InputError(problems)
    return Calendar(start, periods, 0, 0, period_months, fiscal_year)


def plan_problems(deals: Deals, plans: Sequence[Plan]) -> list[Problem]:
    """Where the file lacks a credit date that a plan needs, or two plans share a name."""
    problems = []
    names = [plan.name for plan in plans]
    for plan in plans:
        for kind in sorted({credit_date_of(name) for name in plan.amounts} - set(deals.credit_date)):
            column = CREDIT_DATE_COLUMNS[kind]
            fix = f"Plan {plan.name!r} grants credit by {kind} date; add the column or replay another plan."
            problems.append(Problem(f"{deals.path}, row 1, column {column}", "present", "nothing", fix))
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            fix = "Rename one of them, or give it once."
            problems.append(
                Problem("--plan", "plans of different names", f"{name!r} {names.count(name)} times", fix)
            )
    return problems


def _touching(deals: Deals, start: date, beyond: date) -> NDArray[np.bool_]:
    """Whether a deal is due, booked or credited in the horizon. [deal]"""
    first, last = np.datetime64(start, "D"), np.datetime64(beyond, "D")
    dates = np.array([deals.due_date, *deals.credit_date.values()])
    inside = (dates >= first) & (dates < last)
    found: NDArray[np.bool_] = np.logical_or.reduce(inside, axis=0)
    return found


def _grows(book_events: BookEvents, start: date, beyond: date) -> bool:
    """Whether a book grows or shrinks between renewals in the horizon, which is enough to settle it."""
    found = book_events.expansions
    first, last = np.datetime64(start, "D"), np.datetime64(beyond, "D")
    return found is not None and bool(((found.date >= first) & (found.date < last)).any())


def _nothing_touches(deals: Deals, start: date, beyond: date) -> Problem:
    first = np.datetime64(start, "D")
    nearest = int(np.argmin(np.abs((deals.due_date - first).astype(np.int64))))
    allowed = f"deals of which some touch the horizon, {start} up to {beyond}"
    fix = (
        f"Row {row_of(deals, nearest)} is the nearest, due {deals.due_date[nearest]}. "
        "Check --start and --periods."
    )
    return Problem(str(deals.path), allowed, f"0 of {len(deals.csm):,}", fix)


def _outside(deals: Deals, touching: NDArray[np.bool_], plans: Sequence[Plan]) -> Iterator[Note]:
    """What is neither due nor booked in the horizon."""
    outside = np.flatnonzero(~touching)
    if not len(outside):
        return
    rows = of_rows([row_of(deals, int(entry)) for entry in outside])
    amount = float(deals.arr[outside].sum())
    verb = "does" if len(outside) == 1 else "do"
    capped = [plan.name for plan in plans if plan.caps_on_due]
    but = f", except as ARR due under the early cap of {', '.join(capped)}" if capped else ""
    text = (
        f"{len(outside):,} of {counted(len(touching), 'deal')} ({rows}; {amount:,.0f} usd of ARR) {verb} not touch the "
        f"horizon and {'is' if len(outside) == 1 else 'are'} not counted{but}."
    )
    yield Note("outside_horizon", len(outside), text)


def _caps_before(deals: Deals, plans: Sequence[Plan], start: date) -> Iterator[Note]:
    """Early bookings before the horizon, capped at a share of a quota that rests on what was due then."""
    first = np.datetime64(start, "D")
    booked = deals.credit_date["booking"]
    early = (booked < first) & (deals.due_date >= first)
    before = deals.due_date < first
    for plan in plans:
        if plan.caps_on_due and early.any():
            text = (
                f"Plan {plan.name!r} caps {counted(int(early.sum()), 'early booking')} from before the horizon at a share "
                f"of the ARR due in those quarters: the file has {counted(int(before.sum()), 'deal')} due before the "
                "horizon. Leave all of them in."
            )
            yield Note("cap_before_horizon", int(early.sum()), text)


def _at_zero(deals: Deals) -> Iterator[Note]:
    if deals.at_zero:
        rows = of_rows([row_of(deals, entry) for entry in deals.at_zero])
        text = f"{counted(len(deals.at_zero), 'deal')} booked at 0 usd ({rows}): taken as lost."
        yield Note("booked_at_zero", len(deals.at_zero), text)


def _back_dated(deals: Deals) -> Iterator[Note]:
    if deals.back_dated:
        rows = of_rows([row_of(deals, entry) for entry in deals.back_dated])
        number = len(deals.back_dated)
        text = (
            f"{counted(number, 'deal')} booked after the due date with service from that date on ({rows}): no revenue "
            f"lapsed, so {'it counts' if number == 1 else 'they count'} as renewed on the due date."
        )
        yield Note("back_dated", number, text)


def _grown_outside(book_events: BookEvents, start: date, beyond: date) -> Iterator[Note]:
    found = book_events.expansions
    if found is None:
        return
    outside = np.flatnonzero(
        (found.date < np.datetime64(start, "D")) | (found.date >= np.datetime64(beyond, "D"))
    )
    if len(outside):
        rows = of_rows([row_of(found, int(entry)) for entry in outside])
        amount = float(found.arr[outside].sum())
        text = f"{counted(len(outside), 'expansion')} outside the horizon ({rows}; {amount:,.0f} usd): not counted."
        yield Note("expansions_outside_horizon", len(outside), text)


def _partial(deals: Deals, entries: Sequence[int]) -> Iterator[Note]:
    if entries:
        rows = of_rows([row_of(deals, entry) for entry in entries])
        text = (
            f"{counted(len(entries), 'deal')} ({rows}) of less ARR than the account has in force: taken as one of several "
            "contracts."
        )
        yield Note("part_of_account", len(entries), text)


def _twice(deals: Deals, touching: NDArray[np.bool_]) -> Iterator[Note]:
    """The same deal in two books: credited to both."""
    first: dict[tuple[object, ...], int] = {}
    again = []
    for entry in np.flatnonzero(touching).tolist():
        if _shared(deals, entry):
            continue
        key = (deals.account[entry], deals.due_date[entry].item(), float(deals.arr[entry]))
        if first.setdefault(key, entry) != entry:
            again.append(row_of(deals, entry))
    if again:
        text = (
            f"{counted(len(again), 'deal')} ({of_rows(again)}) of the same account, due date and ARR as one of another CSM: "
            "credited in full to both. Add a column share where it is to be shared."
        )
        yield Note("credited_twice", len(again), text)


def _shared(deals: Deals, entry: int) -> bool:
    """Whether a deal is a part of one that several share."""
    return deals.share is not None and bool(deals.share[entry] < 1.0)


def _nobody_new(plans: Sequence[Plan], people: People | None) -> Iterator[Note]:
    """Rules for newcomers that cannot act, as no file says who is new."""
    found = [f"{plan.name}: {', '.join(plan.for_newcomers)}" for plan in plans if plan.for_newcomers]
    if people is None and found:
        text = (
            f"{counted(len(found), 'plan')} with rules for newcomers ({'; '.join(found)}): without --people nobody is known "
            "to be new, and they do not act."
        )
        yield Note("nobody_new", len(found), text)


def _absent(deals: Deals, people: People | None, calendar: Calendar) -> Iterator[Note]:
    """People who hold no seat in the horizon and have no deal: nothing can be said of them."""
    if people is None:
        return
    there = {*present(people, calendar)}
    absent = [csm for csm in dict.fromkeys(people.csm) if csm not in there and csm not in deals.csm]
    if absent:
        text = f"{counted(len(absent), 'person', 'people')} of {people.path.name} in no seat in the horizon: no statement."
        yield Note("nobody_there", len(absent), text)
