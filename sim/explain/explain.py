"""One book in one world, recomputed alone: what happened deal by deal, and what a plan pays for it."""

import re
from typing import NamedTuple

from sim.calendar import Calendar
from sim.engine.setting import prepare
from sim.engine.simulate import open_books
from sim.engine.study import Study, variants_of
from sim.errors import InputError, Problem, near_match, shown
from sim.explain.deals import CreditRule, Deal, deals_of
from sim.neutral import neutral_ledger
from sim.plan.crediting import credited
from sim.plan.plan import Plan
from sim.plan.quota import base_quota
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.settle import compile_plan, settle
from sim.plan.worksheet import Worksheet
from sim.records import Ledger, Statement


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


def explain(study: Study, plan: str, world: int, csm: str, gamed: bool = False) -> Explanation:
    """Recompute one book of one world of a study, and settle it under one plan.

    csm   : a CSM's name, or their index from 0.
    gamed : with the dates that would have paid most, under the study's assumptions of what can be moved.

    Raises: InputError when the study has no such plan, world or CSM.
    """
    setting, variant_of = prepare(study), variants_of(study)[1]
    lives_in = {
        role.plan.name: variant
        for role_set, variant in zip(study.sets, variant_of, strict=True)
        for role in role_set.roles
    }
    futures = setting.variants[lives_in.get(plan, 0)].world
    chosen, index = _choose(study, plan, world, csm, futures.book.csms)
    honest = None
    if gamed:
        from sim.questions.gaming.leak import moved_book

        frame, renewals, ledger, honest = moved_book(study, chosen, index, world)
    else:
        frame, renewals = setting.frame, futures.simulate(index, world, 1, setting.dates)[0]
        ((_, ledger),) = open_books(setting, futures, (index,), world, 1)
    rules = compile_plan(chosen, frame)
    assert rules.renewals is not None, "a plan on renewals"
    shares = granted_shares(rules.renewals, ledger, study.scenario.calendar)
    rule = chosen.lead.crediting
    credit = CreditRule(frame, rule, rules.renewals.crediting, chosen.ledger_date, shares)
    deals = sorted(deals_of(renewals, futures.book.accounts, credit), key=lambda deal: deal.due_date)
    on_due = settle(rules, neutral_ledger(renewals, ledger, rule.late_window_days, frame, chosen.amounts))
    told = (tuple(deals), settle(rules, ledger), honest, on_due)
    return Explanation(study, chosen, world, futures.book.csms[index], *told)


def granted_shares(reading: RenewalBookings, ledger: Ledger, calendar: Calendar) -> tuple[float, ...]:
    """The share of each period's early amounts that the early cap grants, by due period; 1 without a cap.

    Source: as ``sim.plan.cap.grant``, which decides here too.
    """
    sheet = Worksheet(ledger)
    shares = credited(reading.crediting, base_quota(reading.quota, sheet), sheet).shares
    last = calendar.lead + calendar.periods
    return (1.0,) * last if shares is None else tuple(shares[:, 0].tolist())


def _choose(study: Study, plan: str, world: int, csm: str, csms: tuple[str, ...]) -> tuple[Plan, int]:
    plans = {
        role.plan.name: role.plan for role_set in study.sets for role in role_set.roles if role.books == 1
    }
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
