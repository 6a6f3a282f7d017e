"""What a forecast in mid-year can be made of: the study, the days and the files held against each other, all at once."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.engine.study import Study, variants_of
from sim.errors import InputError, Problem, shown
from sim.files.book_events import Opening
from sim.plan.plan import Plan, cohorts_of
from sim.reforecasting.hands import on_bookings, several_hands
from sim.replay.checks import check
from sim.replay.history_files import HistoryFiles
from sim.replay.holders import holders_of
from sim.replay.required import BookEvents
from sim.world.book import Book
from sim.world.people import people_of
from sim.world.world import World

PEOPLE: Final = "people.csv"


class Span(NamedTuple):
    """The day of the forecast, and that of the last one."""

    as_of: date
    since: date


def checked_study(study: Study, history: HistoryFiles, as_of: date, since: date | None) -> Span:
    """The days of a forecast.

    Raises: InputError where the book is not read from a file, role sets live in worlds of their own, accounts are taken
    away, or the days lie outside the horizon.
    """
    scenario, problems = study.scenario, list[Problem]()
    if scenario.book.file is None:
        opening = history.book_events.opening
        file = (
            "a file: csm, account, segment, arr, due_date, term_months"
            if opening is None
            else str(opening.path)
        )
        fix = f"The accounts of a drawn book are made up, and none is in the history: name those of the first day, {file}."
        problems.append(Problem(f"{scenario.source}: book.file", "given", "a drawn book", fix))
    if scenario.book.lose is not None:
        fix = "Accounts that leave are named in book.leaves, or have left by the history."
        problems.append(Problem(f"{scenario.source}: book.lose", "absent", "given", fix))
    if len(variants_of(study)[0]) > 1 or variants_of(study)[0] != [{}]:
        fix = "What has happened, has happened under one of them: leave [ownership] out."
        problems.append(Problem(f"{study.path}: plans", "role sets of the same outcomes", "of others", fix))
    start, end = scenario.start, scenario.calendar.first_day(scenario.periods)
    for name, day in (("--as-of", as_of), ("--since", since)):
        if day is not None and not start <= day <= end:
            allowed = f"from {start} to {end}, the day after the horizon"
            problems.append(Problem(name, allowed, str(day)))
    if since is not None and since > as_of and not problems:
        problems.append(Problem("--since", f"on or before --as-of, {as_of}", str(since)))
    if problems:
        raise InputError(problems)
    return Span(as_of, start if since is None else since)


def checked_history(
    history: HistoryFiles, world: World, plans: Sequence[Plan], span: Span
) -> tuple[str, ...]:
    """Hold the files against each other and against the study's book; what is to be told of them.

    Raises: InputError with every problem.
    """
    calendar, book = world.scenario.calendar, world.book
    events = history.book_events
    if events.opening is None and any(plan.reads - {"team"} for plan in plans):
        events = BookEvents(_opening(book, world), events.expansions, events.readings)
    holders = holders_of(history.deals, events, history.transfers, calendar.start)
    problems = [*_not_followed(history, book), *_out_of_reach(history, world), *_calendar(history, world)]
    notes: tuple[str, ...] = ()
    try:
        people = history.people
        if people is None and any(plan.of_persons for plan in plans):
            people = people_of(world.scenario, book)
        told = history._replace(book_events=events, people=people)
        found = check(told, plans, calendar, holders)
        notes = tuple(note.text for note in found)
    except InputError as error:
        problems += error.problems
    problems += _not_drawn(history, plans, world)
    if calendar.start < span.as_of < calendar.first_day(calendar.periods):
        problems += [*_by_notice(plans), *_not_carried(history, plans)]
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return notes


def _opening(book: Book, world: World) -> Opening:
    """The accounts of the first day, as the study's book has them."""
    held = np.flatnonzero(~book.arrival)
    csm = np.searchsorted(book.csm_start, held, side="right") - 1
    path = world.scenario.folder / (world.scenario.book.file or "book.csv")
    names = (tuple(book.csms[at] for at in csm), tuple(book.accounts[at] for at in held))
    return Opening(path, *names, book.given["arr"][held], tuple((held + 2).tolist()))


def _not_followed(history: HistoryFiles, book: Book) -> Iterator[Problem]:
    """Deals that a book of one CSM and one contract an account cannot hold."""
    deals = history.deals
    holder: dict[str, str] = {}
    for csm, name in enumerate(book.csms):
        mine = book.accounts_of(csm)
        holder |= dict.fromkeys(book.accounts[mine], name)
    transfers, changed = history.transfers, frozenset[str]()
    if transfers is not None:
        changed = frozenset(transfers.account)
        for entry, name in enumerate(transfers.to_csm):
            if name not in book.csms:
                where = f"{transfers.path}, row {transfers.row[entry]}, column to_csm"
                yield Problem(where, f"a CSM of the study's book, such as {shown(book.csms[0])}", shown(name))
    if any(book.contracts):
        fix = "Name each contract as an account of its own, here and in the history."
        yield Problem("book.file", "a row for each account", "several contracts of one", fix)
    contracts: dict[str, str] = {}
    for entry, account in enumerate(deals.account):
        row = deals.row[entry] if deals.row else entry + 2
        where = f"{deals.path}, row {row}"
        shared = deals.share is not None and deals.share[entry] < 1.0
        if deals.csm[entry] not in book.csms:
            allowed = f"a CSM of the study's book, such as {shown(book.csms[0])}"
            yield Problem(f"{where}, column csm", allowed, shown(deals.csm[entry]))
        elif (
            account in holder
            and holder[account] != deals.csm[entry]
            and not shared
            and account not in changed
        ):
            fix = "Say in transfers.csv when it changed hands: account, from_csm, to_csm, date."
            received = shown(deals.csm[entry])
            yield Problem(
                f"{where}, column csm", f"{shown(holder[account])}, as in the study's book", received, fix
            )
        if deals.contract and account in holder:
            first = contracts.setdefault(account, deals.contract[entry])
            if first != deals.contract[entry]:
                fix = "Name each contract as an account of its own, here and in the study's book."
                received = shown(deals.contract[entry])
                yield Problem(f"{where}, column contract", f"{shown(first)}, as before", received, fix)


def _out_of_reach(history: HistoryFiles, world: World) -> Iterator[Problem]:
    """Bookings in the horizon of renewals that lie outside the edges that the scenario simulates."""
    deals, calendar = history.deals, world.scenario.calendar
    first, last = (calendar.date(int(calendar.bounds[at])) for at in (0, -1))
    booked = deals.credit_date["booking"]
    inside = (booked >= np.datetime64(calendar.start)) & (
        booked < np.datetime64(calendar.first_day(calendar.periods))
    )
    outside = (deals.due_date < np.datetime64(first)) | (deals.due_date >= np.datetime64(last))
    for entry in np.flatnonzero(inside & outside).tolist():
        row = deals.row[entry] if deals.row else entry + 2
        fix = "No booking of the scenario is so far from its due date: widen the bands of segment.lag."
        where = f"{deals.path}, row {row}, column due_date"
        allowed = f"from {first} to {last - timedelta(days=1)}"
        yield Problem(where, allowed, str(deals.due_date[entry]), fix)


def _calendar(history: HistoryFiles, world: World) -> Iterator[Problem]:
    """Periods of the history that are not those of the scenario; without a calendar they are taken to be."""
    scenario, periods = world.scenario, history.periods
    if periods.fiscal_year is not None and periods.fiscal_year != scenario.fiscal_year:
        fix = "Leave calendar.toml out, or write the same into the scenario."
        yield Problem("calendar.toml: fiscal_year", "that of the scenario", "another", fix)


def _not_carried(history: HistoryFiles, plans: Sequence[Plan]) -> Iterator[Problem]:
    """Plans on more than bookings beside accounts that several people have to do with."""
    names = ", ".join(plan.name for plan in plans if not on_bookings(plan))
    if names and several_hands(history):
        fix = (
            "What a book is worth at its start, and what is kept of it, is of whole accounts, which have several holders "
            "here: leave these plans out; replay settles them, and at the end of the horizon so does this."
        )
        yield Problem("the study's plans", "on bookings and growth, beside transfers and shares", names, fix)


def _by_notice(plans: Sequence[Plan]) -> Iterator[Problem]:
    """Plans that place losses at the customer's notice: who has given none is not known of what is still open."""
    for plan in plans:
        for component in plan.component:
            for event in ("churn", "contraction"):
                if getattr(component.dates, event) == "notice":
                    where = f"plan {plan.name}: component {component.name}, dates.{event}"
                    fix = "Forecast it with 'due', or leave the plan out; at the end of the horizon it is settled."
                    yield Problem(where, "'due'", "'notice'", fix)


def _not_drawn(history: HistoryFiles, plans: Sequence[Plan], world: World) -> Iterator[Problem]:
    """What of the files the simulated rest of the year cannot go on from."""
    calendar, events = world.scenario.calendar, history.book_events.expansions
    follows = cohorts_of(plans, calendar) or cohorts_of(plans, calendar, company=True)
    if events is not None and follows and events.of("contraction", "cancellation").any():
        names = ", ".join(
            plan.name for plan in plans if plan.cohorts(calendar) or plan.cohorts(calendar, True)
        )
        fix = f"Plans on retention ({names}) follow accounts from renewal to renewal: replay settles them."
        yield Problem(
            str(events.path), "without contractions and cancellations between renewals", "some", fix
        )
    if history.people is not None:
        strangers = sorted(set(history.people.csm) - set(world.book.csms))
        for name in strangers:
            fix = "A person without a book is not followed."
            yield Problem(f"{PEOPLE}, column csm", "a CSM of the study's book", shown(name), fix)
