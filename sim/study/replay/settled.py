"""Settle real deals under plans: crediting, quota, curve and pay as in a simulation, and no randomness.

A history becomes the Renewals of one world per CSM, and goes through the one ``settle``.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np

from sim.calendar import MONTHS_PER_YEAR, Calendar
from sim.errors import InputError, Problem
from sim.files.cells import Dates
from sim.files.deals import Deals
from sim.files.people import People
from sim.frame import Frame, make_frame
from sim.ledger import fill_ledger
from sim.plan.plan import Plan
from sim.plan.settle import Terms, settle_on, terms
from sim.plan.settlement import Settlement
from sim.plan.worksheet import Worksheet
from sim.records import NEVER, Activity, Days, IntP, Renewals, Statement
from sim.study.pods import add_activities
from sim.study.replay.checked import MONTHS_PER_PERIOD, check
from sim.study.replay.history import Own, make_history
from sim.study.replay.leaving import clawback_notes, leaving_of, loss_kinds, make_book
from sim.study.replay.needs import NO_HAPPENINGS, Happenings, kpis_of, rows_of
from sim.study.replay.notes import Note
from sim.study.replay.seats import present, with_seat
from sim.study.replay.standing import lives_by_csm


class Settled(NamedTuple):
    """What one CSM would have been paid under one plan. Statement and settlement have one world.

    settlement : each component and the balances beside the statement.
    """

    plan: Plan
    csm: str
    statement: Statement
    settlement: Settlement


class Replay(NamedTuple):
    """Every plan's statement of every CSM: plans in the given order, CSMs as they appear in the file.

    notes : what was left out, taken as something else, or could not act: counted.
    roles : by CSM, where the people file says one.
    """

    calendar: Calendar
    settled: tuple[Settled, ...]
    notes: tuple[Note, ...] = ()
    roles: Mapping[str, str] = {}


class _Setting(NamedTuple):
    """What books are settled in, whatever their deals."""

    plans: Sequence[Plan]
    calendar: Calendar
    frame: Frame
    rules: list[Terms]
    happenings: Happenings
    people: People | None


def replay(
    deals: Deals,
    plans: Sequence[Plan],
    start: date,
    periods: int,
    happenings: Happenings = NO_HAPPENINGS,
    people: People | None = None,
) -> Replay:
    """Settle the deals of a file under each plan, over ``periods`` quarters from ``start``.

    Amounts are float64 sums of the amounts in the file, right to the cent. ``happenings`` are the files of what
    happened besides renewals; which of them are needed depends on what the plans pay on. ``people`` says who is new and
    who leaves; without it every seat is taken, and nobody is new.

    Raises: InputError when a plan needs a date, a column or a file that is not there, when files contradict each other,
    when no deal touches the horizon, when two plans share a name, or when the horizon is not one.
    """
    notes = check(deals, plans, start, periods, happenings, people)
    calendar = horizon(deals, start, periods)
    frame = _frame(deals, calendar, plans)
    rules = [terms(plan, frame) for plan in plans]
    setting = _Setting(plans, calendar, frame, rules, happenings, people)
    by_csm = _settle(deals, setting)
    settled = [
        Settled(plan, csm, settlements[index].statement, settlements[index])
        for index, plan in enumerate(plans)
        for csm, settlements in by_csm.items()
    ]
    notes += tuple(clawback_notes(plans, deals, happenings, calendar))
    return Replay(calendar, tuple(settled), notes, roles(people))


def _settle(deals: Deals, setting: _Setting) -> dict[str, list[Settlement]]:
    """The settlements of each CSM, one a plan."""
    plans, calendar = setting.plans, setting.calendar
    amounts = [name for plan in plans for name in plan.amounts]
    also = [] if setting.people is None else present(setting.people, calendar)
    history, company = {}, None
    if any(plan.reads - ({"team"} if setting.people is None else set()) for plan in plans):
        history = histories(deals, calendar, plans, setting.happenings, also)
        company = reduce(add_activities, history.values())
    kinds = loss_kinds(plans)
    held = lives_by_csm(deals, setting.happenings, calendar.start) if kinds else {}
    rows = rows_of(deals.csm, also)
    by_csm = {}
    for csm, renewals in books(deals, calendar, also):
        activity = history.get(csm)
        if activity is not None and setting.people is not None:
            activity = with_seat(activity, csm, setting.people, calendar)
        ledger = fill_ledger(renewals, setting.frame, amounts)._replace(activity=activity, company=company)
        if kinds:
            own = (held.get(csm, []), rows[csm], renewals, deals, setting.happenings, calendar)
            ledger = ledger._replace(
                leaving=leaving_of(make_book(*own), kinds, ledger, setting.frame, amounts)
            )
        sheet = Worksheet(ledger)
        by_csm[csm] = [settle_on(sheet, each) for each in setting.rules]
    return by_csm


def roles(people: People | None) -> dict[str, str]:
    """The role of each person whose file says one."""
    if people is None:
        return {}
    return {csm: role for csm, role in zip(people.csm, people.role, strict=True) if role}


def histories(
    deals: Deals,
    calendar: Calendar,
    plans: Sequence[Plan],
    happenings: Happenings,
    also: Sequence[str] = (),
) -> dict[str, Activity]:
    """What else happened to each CSM's book; ``also``: of those who have no deal.

    Raises: InputError when a KPI that a plan reads has no reading in some period.
    """
    problems: list[Problem] = []
    found = {}
    rows, kpis = rows_of(deals.csm, also), kpis_of(plans)
    parts = happenings.by_csm(rows)
    for csm, renewals in books(deals, calendar, also):
        notice = np.full_like(renewals.due_day, NEVER)
        if deals.notice_date is not None:
            notice = _days(deals.notice_date[rows[csm]], calendar.start)
        longer = np.zeros(len(rows[csm]), dtype=np.int64)
        if deals.multi_year is not None:
            longer = deals.multi_year[rows[csm]]
        try:
            found[csm] = make_history(Own(csm, renewals, notice, longer, parts[csm]), kpis, calendar)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def horizon(deals: Deals, start: date, periods: int) -> Calendar:
    """The calendar whose edges hold every deal that touches the horizon by its due or any credit date."""
    dates = [deals.due_date, *deals.credit_date.values()]
    there = np.array([~np.isnat(when) for when in dates])
    period = np.array([_period(when, start) for when in dates])
    inside = (there & (period >= 0) & (period < periods)).any(axis=0)
    touching = period[there & inside]
    first = int(touching.min(initial=0))
    last = int(touching.max(initial=periods - 1))
    return Calendar(start, periods, lead=-first, tail=last - periods + 1, months_per_period=MONTHS_PER_PERIOD)


def books(deals: Deals, calendar: Calendar, also: Sequence[str] = ()) -> Iterator[tuple[str, Renewals]]:
    """Each CSM, in order of first appearance, with the Renewals of its one world; ``also``: without any deal."""
    for csm, own in rows_of(deals.csm, also).items():
        accounts = {name: index for index, name in enumerate(dict.fromkeys(deals.account[i] for i in own))}
        account = np.array([accounts[deals.account[i]] for i in own], dtype=np.int64)
        due_day = _days(deals.due_date[own], calendar.start)
        credit_day = {kind: _days(when[own], calendar.start) for kind, when in deals.credit_date.items()}
        yield (
            csm,
            Renewals(
                account=account,
                number=_number(account, deals.due_date[own]),
                due_day=due_day,
                booked_day=credit_day["booking"],
                arr=deals.arr[own, np.newaxis],
                booked_arr=deals.booked_arr[own, np.newaxis],
                credit_day=credit_day,
            ),
        )


def _frame(deals: Deals, calendar: Calendar, plans: Sequence[Plan]) -> Frame:
    """Cells wide enough for every deal of the file."""
    ahead = min(
        _moved(deals, kind).min(initial=0) for kind in {"booking", *(plan.ledger_date for plan in plans)}
    )
    behind = max(_moved(deals, plan.ledger_date).max(initial=0) for plan in plans)
    return make_frame(
        calendar,
        [plan.early_edges for plan in plans],
        [plan.late_edges for plan in plans],
        earliest=-int(ahead),
        latest=int(behind),
        credit_dates=[plan.credit_date for plan in plans],
    )


def _moved(deals: Deals, kind: str) -> IntP:
    """Days from the due date to a credit date, of the deals that have one. [day]"""
    when = deals.credit_date[kind]
    there = ~np.isnat(when)
    return (when[there] - deals.due_date[there]).astype(np.int64)


def _period(when: Dates, start: date) -> IntP:
    """Periods from the start of the horizon to each date, negative before it. [period]"""
    month = when.astype("datetime64[M]")
    day = (when - month).astype(np.int64) + 1
    months = (
        month.astype(np.int64) + 1970 * MONTHS_PER_YEAR - (start.year * MONTHS_PER_YEAR + start.month - 1)
    )
    period: IntP = (months - (day < start.day)) // MONTHS_PER_PERIOD
    return period


def _days(when: Dates, start: date) -> Days:
    """Days from the start of the horizon, ``NEVER`` where there is no date. [renewal, world of one] [day]"""
    days = np.where(np.isnat(when), NEVER, (when - np.datetime64(start, "D")).astype(np.int64))
    return days.astype(np.int32)[:, np.newaxis]


def _number(account: IntP, due_date: Dates) -> IntP:
    """The place of each renewal among those of its account, by due date. [renewal]"""
    order = np.lexsort((due_date, account))
    sorted_account = account[order]
    number = np.empty_like(account)
    number[order] = np.arange(len(account)) - np.searchsorted(sorted_account, sorted_account, side="left")
    return number
