"""What one role costs over the horizon, and what open territories do to that."""

import numpy as np

from sim.engine.company_cost import pay_besides, role_cost
from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.clustered import mean_on
from sim.measure.cost import cost_of
from sim.measure.estimate import Numbers
from sim.measure.moments import Moments
from sim.measure.seats import SEAT_FEATURES
from sim.questions.cost.summary import RoleCost, Seats
from sim.records import FloatPW
from sim.world.people import Persons, people_of, persons_of
from sim.world.scenario import Scenario


def role_entries(study: Study, totals: Totals, index: int) -> dict[str, RoleCost]:
    """Each role's payees and cost over the horizon; their means add up to the company's."""
    return {payees.role.name: _entry(study, totals, payees) for payees in payees_of(study, index)}


def _entry(study: Study, totals: Totals, payees: Payees) -> RoleCost:
    pay = pay_besides(study, totals, payees)
    cost = cost_of(role_cost(study, totals, payees).sum(axis=0), None, study.clusters)
    variable = mean_on(totals.variable[payees.position].sum(axis=0), study.clusters)
    base, count = _over_horizon(pay.base, study.scenario.periods), totals.shape.payees[payees.position]
    seats, saved = None, None
    if payees.role.holds_book and totals.seats is not None:
        own = totals.shape.salaries[payees.position]
        full = payees.role.plan.pay.base_salary * payees.role.salary_share * study.scenario.calendar.years
        whole = full * count if own is None else float(own.whole.sum())
        known = known_days(persons_of(people_of(study.scenario), study.scenario), study.scenario)
        seats, saved = _seats(totals.seats, payees.position, known), whole - base
    return RoleCost.of(
        plan=payees.role.plan.name,
        payees=count,
        books_each=payees.role.books,
        **cost.mean.with_se(),
        sd=cost.mean.sd,
        **{name: cost.quantiles.values[name] for name in ("p5", "p50", "p95")},
        **variable.with_se("variable"),
        base=base,
        on_cost=pay.on_cost * (variable.mean + base),
        salaries_saved=saved,
        seats=seats,
    )


def _over_horizon(base: float | FloatPW, periods: int) -> float:
    """Mean salaries over the horizon. [usd]"""
    return base * periods if isinstance(base, float) else float(np.mean(base.sum(axis=0)))


def known_days(persons: Persons, scenario: Scenario) -> Numbers:
    """How many leave and join on days of the horizon that a people file knows; nothing where it knows none."""
    end, stints = scenario.calendar.end, list(persons.held.values())
    leave = sum(0.0 < each.beyond < end for held in stints for each in held)
    join = sum(0.0 < held[0].first < end for held in stints)
    if not leave + join:
        return {}
    return {"leave": leave, "join": join, "covered": scenario.team.vacancy_days}


def _seats(moments: Moments, position: int, known: Numbers) -> Seats:
    """Open territories of a role: how many, and what is paid and reached in them; with standard errors."""
    found: Numbers = dict(known)
    of_role = (part[position] for part in moments)
    for name, worlds, mean, squares in zip(SEAT_FEATURES, *of_role, strict=True):
        if worlds > 0:
            found[name] = float(mean)
        if worlds > 1:
            found[f"{name}_se"] = float(np.sqrt(squares / (worlds - 1.0) / worlds))
    return Seats.of(**found)
