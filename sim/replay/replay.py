"""Settle real deals under plans: crediting, quota, curve and pay as in a simulation, and no randomness.

A history becomes the Renewals of one world per CSM, and goes through the one ``settle``.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np

from sim.agreed import agreed_of
from sim.calendar import Calendar
from sim.engine.territories import add_activities
from sim.errors import InputError, Problem
from sim.files.deals import Deals
from sim.files.people import People
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.neutral import neutral_ledger
from sim.plan.plan import Plan, cohorts_of, deals_of, kpis_of
from sim.plan.salary import salary_of
from sim.plan.settle import compile_plan, settle_on
from sim.plan.settlement import Settlement
from sim.plan.total import total_attainment
from sim.plan.worksheet import Worksheet
from sim.questions.payees.summary import Payees
from sim.records import Activity, Ledger, Renewals, Statement
from sim.replay.books import books as books_of
from sim.replay.books import frame_of, horizon
from sim.replay.checks import check, make_calendar
from sim.replay.consistency import row_of
from sim.replay.contracts import Contracts, of_contracts
from sim.replay.deal_parts import DealParts
from sim.replay.exceptions import Exemption, with_exceptions
from sim.replay.history import Own, make_history
from sim.replay.history_files import HistoryFiles
from sim.replay.holders import NO_HOLDERS, Holders, holders_of
from sim.replay.in_force import lives_by_csm
from sim.replay.leaving import Whole, clawback_notes, leaving_of, loss_kinds, make_book
from sim.replay.note import Note
from sim.replay.own_accounts import OwnAccounts, notice_days
from sim.replay.required import BookEvents, rows_of
from sim.replay.seats import present, seat_of, with_seat
from sim.replay.winners import winners_of
from sim.world.team import SETTLED_PERIODS


class Settled(NamedTuple):
    """What one CSM would have been paid under one plan. Statement and settlement have one world.

    settlement : each component and the balances beside the statement.
    salary     : over the horizon. [usd]
    neutral    : the settlement if every renewal had been booked on its due date; None of a plan whose statement is not
                 about renewals against a quota.
    """

    plan: Plan
    csm: str
    statement: Statement
    settlement: Settlement
    salary: float
    neutral: Settlement | None = None

    @property
    def plan_name(self) -> str:
        """Name of the plan."""
        return self.plan.name

    @property
    def total_attainment(self) -> float | None:
        """Attainment of the horizon, of the component that the statement shows. [share]"""
        return total_attainment(self.settlement.component[self.plan.lead.name])

    @property
    def neutral_attainment(self) -> float | None:
        """The same if every renewal had been booked on its due date. [share]"""
        if self.neutral is None:
            return None
        return total_attainment(self.neutral.component[self.plan.lead.name])


class Replay(NamedTuple):
    """Every plan's statement of every CSM: plans in the given order, CSMs as they appear in the file.

    notes : what was left out, taken as something else, or could not act: counted.
    roles : by CSM, where the people file says one.
    exceptions : granted by hand, in file order, with what each is worth.
    winners : every plan but the first against the first, CSM by CSM.
    books : what was settled, for explanations; None where names are masked.
    """

    calendar: Calendar
    settled: tuple[Settled, ...]
    notes: tuple[Note, ...] = ()
    roles: Mapping[str, str] = {}
    exceptions: tuple[Exemption, ...] = ()
    winners: Mapping[str, Payees] = {}
    books: "Books | None" = None

    def __repr__(self) -> str:
        """Short, and without what is the company's."""
        csms, plans = ({getattr(each, of) for each in self.settled} for of in ("csm", "plan_name"))
        return f"Replay({len(csms)} CSMs, {len(plans)} plans, {self.calendar.periods} quarters)"


class Setting(NamedTuple):
    """What books are settled in, whatever their deals."""

    plans: Sequence[Plan]
    calendar: Calendar
    frame: Frame
    book_events: BookEvents
    people: People | None
    holders: Holders


class Books(NamedTuple):
    """What was settled: the deals with exceptions as granted, and by CSM their renewals and Ledger."""

    deals: Deals
    setting: Setting
    held: Mapping[str, tuple[Renewals, Ledger]]


def replay(history: HistoryFiles, plans: Sequence[Plan], start: date, periods: int) -> Replay:
    """Settle a history under each plan, over so many ``periods`` from ``start``.

    Amounts are float64 sums of the amounts in the files, right to the cent.

    Raises: InputError when a plan needs a date, a column or a file that is not there, when files contradict each other,
    when no deal touches the horizon, when two plans share a name, or when the horizon is not one.
    """
    deals, book_events, people, transfers, cut = history
    asked = make_calendar(start, periods, cut.period_months, cut.fiscal_year)
    holders = holders_of(deals, book_events, transfers, start)
    notes = check(history, plans, asked, holders)
    granted = with_exceptions(deals, deals.granted)
    calendar = horizon(deals, asked, granted)
    frame = frame_of((deals, granted), calendar, plans)
    setting = Setting(plans, calendar, frame, book_events, people, holders)
    held = ledgers_of(granted, setting)
    paid = settle_all(held, setting)
    ledgers = {csm: ledger for csm, (_, ledger) in held.items()}
    settled = []
    for index, plan in enumerate(plans):
        for csm, each in paid.items():
            salary, neutral = (
                salary_of(plan, ledgers[csm].agreed, calendar),
                _neutral(plan, *held[csm], frame),
            )
            settled.append(Settled(plan, csm, each[index].statement, each[index], salary, neutral))
    notes += tuple(clawback_notes(plans, granted, book_events, calendar))
    winners = winners_of(plans, paid, ledgers, granted, frame)
    granted_by_hand = tuple(_exemptions(deals, setting, paid))
    books = Books(granted, setting, held)
    roles = {} if people is None else people.roles
    return Replay(calendar, tuple(settled), notes, roles, granted_by_hand, winners, books)


def ledgers_of(
    deals: Deals, setting: Setting, only: frozenset[str] | None = None, amounts: Sequence[str] = ()
) -> dict[str, tuple[Renewals, Ledger]]:
    """Each CSM's renewals, and their Ledger with everything the plans read; of some CSMs ``only``, where no plan reads the
    company.

    amounts : that are counted besides those that the plans read.
    """
    plans, calendar, frame = setting.plans, setting.calendar, setting.frame
    amounts = (*amounts, *(name for plan in plans for name in plan.amounts))
    also = [] if setting.people is None else present(setting.people, calendar)
    also += [*setting.holders.csms, *(only or ())]
    history, company = {}, None
    if any(plan.reads - ({"team"} if setting.people is None else set()) for plan in plans):
        history = histories(
            deals, calendar, plans, setting.book_events, also, only, setting.people, setting.holders
        )
        company = reduce(add_activities, history.values())
    kinds = loss_kinds(plans)
    apart = Contracts(deals, setting.book_events).as_accounts()
    held = lives_by_csm(*apart, calendar.start) if kinds else {}
    rows = rows_of(deals.csm, also)
    parts, asked = DealParts(deals, setting.book_events, calendar), deals_of(plans)
    found = {}
    for csm, renewals in books_of(deals, calendar, also):
        if only is not None and csm not in only:
            continue
        activity = history.get(csm)
        if activity is not None and setting.people is not None:
            activity = with_seat(activity, csm, setting.people, calendar)
        ledger = fill_ledger(renewals, frame, amounts)._replace(activity=activity, company=company)
        if setting.people is not None:
            ledger = ledger._replace(agreed=agreed_of(csm, setting.people, calendar, dated=True))
        if kinds:
            own = (csm, held.get(csm, []), rows[csm], renewals, *apart, calendar)
            left = leaving_of(make_book(*own), kinds, Whole(ledger, frame, amounts, parts, asked))
            ledger = ledger._replace(leaving=left)
        found[csm] = renewals, ledger
    return found


def settle_all(held: dict[str, tuple[Renewals, Ledger]], setting: Setting) -> dict[str, list[Settlement]]:
    """The settlements of each CSM, one a plan."""
    rules = [compile_plan(plan, setting.frame) for plan in setting.plans]
    sheets = {csm: Worksheet(ledger) for csm, (_, ledger) in held.items()}
    return {csm: [settle_on(sheet, each) for each in rules] for csm, sheet in sheets.items()}


def _neutral(plan: Plan, renewals: Renewals, ledger: Ledger, frame: Frame) -> Settlement | None:
    """The settlement if every renewal had been booked on its due date."""
    if plan.renewals is None or not plan.has_quota:
        return None
    window = plan.renewals.crediting.late_window_days
    neutral = neutral_ledger(renewals, ledger, window, frame, plan.amounts)
    return settle_on(Worksheet(neutral), compile_plan(plan, frame))


def _exemptions(deals: Deals, setting: Setting, paid: dict[str, list[Settlement]]) -> Iterator[Exemption]:
    """Every exception with what it is worth: paid as granted, less paid without it."""
    alone = not any("company" in plan.reads for plan in setting.plans)
    for each in deals.granted:
        others = [other for other in deals.granted if other is not each]
        csm = deals.csm[each.deal]
        held = ledgers_of(with_exceptions(deals, others), setting, frozenset({csm}) if alone else None)
        without = settle_all(held, setting)
        effect = {
            plan.name: sum(
                float((paid[name][index].paid - settlements[index].paid).sum())
                for name, settlements in without.items()
            )
            for index, plan in enumerate(setting.plans)
        }
        booked = str(deals.credit_date["booking"][each.deal])
        yield Exemption(each, row_of(deals, each.deal), csm, deals.account[each.deal], booked, effect)


def histories(
    deals: Deals,
    calendar: Calendar,
    plans: Sequence[Plan],
    book_events: BookEvents,
    also: Sequence[str] = (),
    only: frozenset[str] | None = None,
    people: People | None = None,
    holders: Holders = NO_HOLDERS,
) -> dict[str, Activity]:
    """What else happened to each CSM's book; ``also``: of those who have no deal; ``only``: of some. ``people`` says whose
    book is in grace.

    Raises: InputError when a KPI that a plan reads has no reading in some period.
    """
    problems: list[Problem] = []
    found = {}
    rows, kpis = rows_of(deals.csm, also), kpis_of(plans)
    cohorts = (*cohorts_of(plans, calendar), *cohorts_of(plans, calendar, company=True))
    parts = book_events.by_csm(rows)
    asked, summed = deals_of(plans), DealParts(deals, book_events, calendar)
    alone = apart = OwnAccounts(deals, book_events, holders, calendar)
    if any(terms.by_contract for terms in cohorts):
        contracts = Contracts(deals, book_events).as_accounts()
        names = (*contracts[0].account, *(contracts[1].opening.account if contracts[1].opening else ()))
        apart = OwnAccounts(*contracts, of_contracts(holders, names), calendar)
    for csm, renewals in books_of(deals, calendar, also):
        if only is not None and csm not in only:
            continue
        notice = notice_days(deals, rows[csm], calendar)
        longer = np.zeros(len(rows[csm]), dtype=np.int64)
        if deals.multi_year is not None:
            longer = deals.multi_year[rows[csm]]
        try:
            accounts = alone.of(csm, rows[csm], renewals, notice)
            by_contract = accounts if apart is alone else apart.of(csm, rows[csm], renewals, notice)
            tenure = np.full((calendar.periods, 1), SETTLED_PERIODS)
            if people is not None:
                tenure = seat_of(csm, people, calendar)[1]
            own = Own(csm, renewals, notice, longer, parts[csm], accounts, by_contract, tenure)
            found[csm] = make_history(own, kpis, cohorts, summed.sums(csm, asked), calendar)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found
