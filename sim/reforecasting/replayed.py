"""At the end nothing is left to draw: plans that read more of real files than of simulated books are settled by replay."""

import numpy as np

from sim.engine.payees import payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.fiscal_year import PeriodsFile
from sim.plan.plan import Plan
from sim.reforecasting.hands import on_bookings, several_hands
from sim.replay.as_of import as_of
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.world.book import make_book
from sim.world.people import people_of


def needs_files(plan: Plan, history: HistoryFiles) -> bool:
    """Whether a plan takes back pay for the very contract that is lost, or places losses at the customer's notice: what a
    simulated Ledger tells by share, or by a day of its own; or reads more than bookings of accounts of several holders.
    """
    if several_hands(history) and not on_bookings(plan):
        return True
    return bool(plan.clawback) or any(
        "notice" in (each.dates.churn, each.dates.contraction) for each in plan.component
    )


def with_replayed(study: Study, totals: Totals, history: HistoryFiles) -> None:
    """Put the pay of a replay, the same in all worlds, into the totals of those plans."""
    scenario = study.scenario
    places = {
        payees.role.plan.name: payees.position
        for index, role_set in enumerate(study.sets)
        for payees in payees_of(study, index)
        if role_set.plain and needs_files(payees.role.plan, history)
    }
    if not places:
        return
    plans = [plan for plan in study.plans if plan.name in places]
    end = scenario.calendar.first_day(scenario.periods)
    known = as_of(history, end)
    if history.people is None:
        known = known._replace(people=people_of(scenario, make_book(scenario)))
    cut = PeriodsFile(period_months=scenario.period_months, fiscal_year=scenario.fiscal_year)
    found = replay(known._replace(periods=cut), plans, scenario.start, scenario.periods)
    for name, position in places.items():
        pay = np.zeros((scenario.periods, 1))
        for settled in found.settled:
            if settled.plan.name == name:
                pay += settled.statement.bonus
        totals.variable[position] = pay
