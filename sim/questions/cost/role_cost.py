"""What everybody who is paid on the customer base costs: every payee once, role by role."""

import numpy as np
from numpy.typing import NDArray

from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.cost import Pay, company_cost, cost_of
from sim.measure.estimate import Numbers, mean_of
from sim.measure.moments import Moments
from sim.measure.seats import SEAT_FEATURES
from sim.questions.cost.hires import hires_by_world
from sim.questions.cost.summary import RoleCost, Seats
from sim.records import FloatPW

Floats = NDArray[np.float64]


def pay_besides(study: Study, totals: Totals, payees: Payees) -> Pay:
    """Salaries of a role's payees [usd/period] and the employer's cost on all pay [rate].

    A CSM's salary is paid for the share of the period in which there is one.
    """
    years = study.scenario.calendar.years / study.scenario.periods
    role, position = payees
    salary = role.plan.pay.base_salary * years
    base: float | FloatPW = salary * totals.shape.payees[position] * role.salary_share
    if role.holds_book and totals.filled is not None:
        base = salary * role.salary_share * totals.filled[position]
    return Pay(base, study.scenario.employer.on_cost)


def role_cost(study: Study, totals: Totals, payees: Payees) -> FloatPW:
    """What one role costs. [period, world] [usd]"""
    return company_cost(totals.variable[payees.position], pay_besides(study, totals, payees))


def cost_by_world(study: Study, totals: Totals, index: int) -> FloatPW:
    """Company cost of the role set at ``index``: the sum of its roles, and of the hires that are planned. [period, world]
    [usd]
    """
    added = hires_by_world(study, totals, payees_of(study, index)[0])
    without = cost_without_hires(study, totals, index)
    return without if added is None else without + added


def cost_without_hires(study: Study, totals: Totals, index: int) -> FloatPW:
    """The same before planned hires: the sum of the roles. [period, world] [usd]"""
    return _sum([role_cost(study, totals, each) for each in payees_of(study, index)])


def variable_by_world(study: Study, totals: Totals, index: int) -> FloatPW:
    """Variable pay of all roles of a role set. [period, world] [usd]"""
    return _sum([totals.variable[each.position] for each in payees_of(study, index)])


def base_by_world(study: Study, totals: Totals, index: int) -> FloatPW:
    """Salaries of all roles of a role set. [period, world] [usd]"""
    base = np.zeros(totals.variable.shape[1:])
    for each in payees_of(study, index):
        base += pay_besides(study, totals, each).base
    return base


def _sum(parts: list[FloatPW]) -> FloatPW:
    """One after the other; a single part as it is."""
    total = parts[0]
    for each in parts[1:]:
        total = total + each
    return total


def role_entries(study: Study, totals: Totals, index: int) -> dict[str, RoleCost]:
    """Each role's payees and cost over the horizon; their means add up to the company's."""
    return {each.role.name: _entry(study, totals, each) for each in payees_of(study, index)}


def _entry(study: Study, totals: Totals, payees: Payees) -> RoleCost:
    pay = pay_besides(study, totals, payees)
    cost = cost_of(role_cost(study, totals, payees).sum(axis=0), None)
    variable = mean_of(totals.variable[payees.position].sum(axis=0))
    base, count = _over_horizon(pay.base, study.scenario.periods), totals.shape.payees[payees.position]
    seats, saved = None, None
    if payees.role.holds_book and totals.seats is not None:
        full = payees.role.plan.pay.base_salary * payees.role.salary_share * study.scenario.calendar.years
        seats, saved = _seats(totals.seats, payees.position), full * count - base
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


def _seats(moments: Moments, position: int) -> Seats:
    """Open territories of a role: how many, and what is paid and reached in them; with standard errors."""
    found: Numbers = {}
    of_role = (part[position] for part in moments)
    for name, worlds, mean, squares in zip(SEAT_FEATURES, *of_role, strict=True):
        if worlds > 0:
            found[name] = float(mean)
        if worlds > 1:
            found[f"{name}_se"] = float(np.sqrt(squares / (worlds - 1.0) / worlds))
    return Seats.of(**found)


def costs_of(study: Study, totals: Totals) -> Floats:
    """Company cost over the horizon of every plan. [plan, world] [usd]"""
    return np.stack([cost_by_world(study, totals, index).sum(axis=0) for index in range(len(study.sets))])


def variable_of(study: Study, totals: Totals) -> Floats:
    """Variable pay over the horizon of every plan. [plan, world] [usd]"""
    return np.stack([variable_by_world(study, totals, index).sum(axis=0) for index in range(len(study.sets))])
