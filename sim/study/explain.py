"""One book in one world, recomputed alone and told deal by deal: what happened, and what a plan pays for it."""

import re
from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.engine.setting import frame_of
from sim.engine.study import Study, variants_of
from sim.engine.territories import add_activities
from sim.errors import InputError, Problem, near_match, shown
from sim.frame import Frame
from sim.ledger import credit_date_of, fill_ledger
from sim.neutral import neutral_ledger
from sim.plan.component import Crediting
from sim.plan.crediting import CreditTerms, credited
from sim.plan.plan import Plan, kpis_of
from sim.plan.quota import base_quota
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.settle import compile_plan, settle
from sim.plan.worksheet import Worksheet
from sim.records import EARLY, LATE, NEVER, ON_TIME, Ledger, Renewals, Statement
from sim.world.shift import shift_world
from sim.world.world import World


class Part(NamedTuple):
    """What a deal, or the part of it within an early cap, adds to one period.

    period     : of the horizon from 0; negative before it. [period]
    amount     : counted, before the multiplier. [usd]
    multiplier : credit per usd. [usd/usd]
    credit     : their product. [usd]
    """

    period: int
    amount: float
    multiplier: float
    credit: float


class Deal(NamedTuple):
    """One renewal, what became of it, and what the plan credits for it.

    booked_date : None where it is lost.
    side        : ``EARLY``, ``ON_TIME`` or ``LATE``; None where it is lost.
    days        : booked minus due; negative where booked ahead. None where it is lost. [day]
    arr         : up for renewal. [usd/yr]
    booked_arr  : of the new contract; 0 where it is lost. [usd/yr]
    parts       : empty where nothing is counted.
    outcome     : all this in a few words.
    """

    account: str
    number: int
    due_date: date
    booked_date: date | None
    side: int | None
    days: int | None
    arr: float
    booked_arr: float
    parts: tuple[Part, ...]
    outcome: str


class Explanation(NamedTuple):
    """Deals in order of their due dates, and the statement they add up to (one world).

    honest  : where dates are moved, what honest dates pay over the horizon. [usd]
    neutral : the statement if every renewal had been booked on its due date.
    """

    study: Study
    plan: Plan
    world: int
    csm: str
    deals: tuple[Deal, ...]
    statement: Statement
    honest: float | None = None
    neutral: Statement | None = None


class _Setting(NamedTuple):
    """What the credit of a single deal depends on.

    rule    : how the plan credits renewals, as its file says it.
    granted : the same for the frame.
    date    : the credit date whose amounts are read.
    shares  : of early amounts granted. [due period]
    """

    frame: Frame
    rule: Crediting
    granted: CreditTerms
    date: str
    shares: tuple[float, ...]


def explain(study: Study, plan: str, world: int, csm: str, gamed: bool = False) -> Explanation:
    """Recompute one book of one world of a study, and settle it under one plan.

    csm   : a CSM's name, or their index from 0.
    gamed : with the dates that would have paid most, under the study's assumptions of what can be moved.

    Raises: InputError when the study has no such plan, world or CSM.
    """
    shifts, variant_of = variants_of(study)
    lives_in = {
        role.plan.name: variant
        for each, variant in zip(study.sets, variant_of, strict=True)
        for role in each.roles
    }
    futures = shift_world(study.scenario, study.seed, shifts[lives_in.get(plan, 0)])
    chosen, index = _choose(study, plan, world, csm, futures.book.csms)
    honest = None
    if gamed:
        from sim.questions.gaming.leak import moved_book

        frame, renewals, ledger, honest = moved_book(study, chosen, index, world)
    else:
        frame = frame_of(study.scenario, study.plans)
        renewals, ledger = _book(futures, chosen, frame, index, world)
    rules = compile_plan(chosen, frame)
    assert rules.renewals is not None, "a plan on renewals"
    shares = granted_shares(rules.renewals, ledger, study.scenario.calendar)
    rule = chosen.lead.crediting
    setting = _Setting(frame, rule, rules.renewals.crediting, chosen.ledger_date, shares)
    deals = sorted(_deals(renewals, futures.book.accounts, setting), key=lambda deal: deal.due_date)
    on_due = settle(rules, neutral_ledger(renewals, ledger, rule.late_window_days, frame, chosen.amounts))
    told = (tuple(deals), settle(rules, ledger), honest, on_due)
    return Explanation(study, chosen, world, futures.book.csms[index], *told)


def _book(futures: World, plan: Plan, frame: Frame, csm: int, world: int) -> tuple[Renewals, Ledger]:
    """The renewals of one book in one world, and its Ledger with everything that the plan reads."""
    dates = tuple(sorted({credit_date_of(name) for name in plan.amounts}))
    read = (kpis_of([plan]), plan.cohorts(frame.calendar))
    renewals, _, activity = futures.simulate_all(csm, world, 1, dates, *read)
    company = None
    if "company" in plan.reads:
        cohorts = plan.cohorts(frame.calendar, company=True)
        books = (
            futures.simulate_all(each, world, 1, cohorts=cohorts)[2] for each in range(len(futures.book.csms))
        )
        company = reduce(add_activities, books)
    return renewals, fill_ledger(renewals, frame, plan.amounts)._replace(activity=activity, company=company)


def granted_shares(reading: RenewalBookings, ledger: Ledger, calendar: Calendar) -> tuple[float, ...]:
    """The share of each period's early amounts that the early cap grants, by due period; 1 without a cap.

    Source: as ``sim.plan.cap.grant``, which decides here too.
    """
    sheet = Worksheet(ledger)
    shares = credited(reading.crediting, base_quota(reading.quota, sheet), sheet).shares
    last = calendar.lead + calendar.periods
    return (1.0,) * last if shares is None else tuple(shares[:, 0].tolist())


def _choose(study: Study, plan: str, world: int, csm: str, csms: tuple[str, ...]) -> tuple[Plan, int]:
    plans = {role.plan.name: role.plan for each in study.sets for role in each.roles if role.books == 1}
    problems = []
    if plan not in plans:
        problems.append(
            Problem("--plan", f"one of {list(plans)}", shown(plan), near_match(plan, list(plans)))
        )
    elif plans[plan].renewals is None:
        allowed = "a plan with a component on renewal_bookings"
        problems.append(
            Problem("--plan", allowed, shown(plan), "Deal by deal there is nothing else to tell.")
        )
    if not 0 <= world < study.worlds:
        fix = f"The study has {study.worlds:,} worlds."
        problems.append(Problem("--world", f"between 0 and {study.worlds - 1:,}", f"{world:,}", fix))
    index = csms.index(csm) if csm in csms else int(csm) if re.fullmatch("[0-9]{1,9}", csm) else -1
    if not 0 <= index < len(csms):
        allowed = f"a CSM of the book ({csms[0]!r} to {csms[-1]!r}) or an index from 0 to {len(csms) - 1:,}"
        problems.append(Problem("--csm", allowed, shown(csm), near_match(csm, csms)))
    if problems:
        raise InputError(problems)
    return plans[plan], index


def _deals(renewals: Renewals, accounts: tuple[str, ...], setting: _Setting) -> Iterator[Deal]:
    """The renewals of world 0 that are due, or credited, within the horizon."""
    calendar = setting.frame.calendar
    for row in range(len(renewals.account)):
        due_day, booked_day = int(renewals.due_day[row, 0]), int(renewals.booked_day[row, 0])
        if due_day == NEVER:
            continue
        alone = _only(renewals, row)
        side, parts = _credit(alone, setting)
        due = _period(calendar, due_day)
        if not any(0 <= period < calendar.periods for period in (due, *(part.period for part in parts))):
            continue
        days = None if booked_day == NEVER else booked_day - due_day
        if side is None and days is not None:
            side = LATE if days > 0 else EARLY if _period(calendar, booked_day) < due else ON_TIME
        yield Deal(
            account=accounts[int(renewals.account[row])],
            number=int(renewals.number[row]),
            due_date=calendar.date(due_day),
            booked_date=None if days is None else calendar.date(booked_day),
            side=side,
            days=days,
            arr=float(renewals.arr[row, 0]),
            booked_arr=float(renewals.booked_arr[row, 0]),
            parts=parts,
            outcome=_outcome(side, days, parts, alone, setting),
        )


def _only(renewals: Renewals, row: int) -> Renewals:
    """One renewal as a book of its own."""
    one = slice(row, row + 1)
    return Renewals(
        account=renewals.account[one],
        number=renewals.number[one],
        due_day=renewals.due_day[one],
        booked_day=renewals.booked_day[one],
        arr=renewals.arr[one],
        booked_arr=renewals.booked_arr[one],
        credit_day={kind: day[one] for kind, day in renewals.credit_day.items()},
    )


def _credit(alone: Renewals, setting: _Setting) -> tuple[int | None, tuple[Part, ...]]:
    """The side and the parts of a deal, read from the Ledger of a book that holds nothing else."""
    calendar, crediting, name = setting.frame.calendar, setting.granted, setting.rule.amounts
    amount = fill_ledger(alone, setting.frame, (name,)).amount[name][:, :, 0]
    counted = np.argwhere(amount > 0.0)
    if not counted.size:
        return None, ()
    due, cell = (int(index) for index in counted[0])
    whole, side = float(amount[due, cell]), int(setting.frame.cells.side[cell])
    parts = []
    for line in crediting.lines:
        if line.cell == cell:
            period, share = due + line.offset, 1.0
            if line.ahead and crediting.cap is not None:
                # Ahead of the edges no quota is known and no cap holds; after the horizon nothing is granted.
                inside = 0 <= period < len(setting.shares)
                share = setting.shares[period] if inside else float(period < 0)
            parts += [(period, share * whole, line.multiplier), (due, (1.0 - share) * whole, 1.0)]
    return side, tuple(
        Part(period - calendar.lead, part, multiplier, multiplier * part)
        for period, part, multiplier in parts
        if part > 0.0
    )


def _period(calendar: Calendar, day: int) -> int:
    """Period of the horizon, negative before it."""
    first, table = calendar.table
    return int(table[min(max(day - first, 0), len(table) - 1)]) - calendar.lead


def _outcome(
    side: int | None, days: int | None, parts: tuple[Part, ...], alone: Renewals, setting: _Setting
) -> str:
    if side is None or days is None:
        return "lost"
    how = {EARLY: f"early {-days} d", LATE: f"late {days} d", ON_TIME: "on time"}[side]
    periods = range(setting.frame.calendar.periods)
    if side == LATE and days > setting.rule.late_window_days:
        return f"{how}: new logo"
    if int(alone.credit_day[setting.date][0, 0]) == NEVER:
        return f"{how}: no {setting.date} date"
    if not any(part.period in periods for part in parts):
        return f"{how}: not credited in the horizon"
    if len(parts) > 1:
        return f"{how}: part waits"
    if not any(part.multiplier for part in parts):
        return f"{how}: past the last band"
    return how
