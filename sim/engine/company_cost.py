"""What everybody who is paid on the customer base costs the company, world by world: every payee once, role by role."""

import numpy as np
from numpy.typing import NDArray

from sim.engine.hires import hires_by_world
from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.cost import Pay, company_cost
from sim.records import FloatPW

Floats = NDArray[np.float64]


def pay_besides(study: Study, totals: Totals, payees: Payees) -> Pay:
    """Salaries of a role's payees [usd/period] and the employer's cost on all pay [rate].

    A CSM's salary, the plan's or their own, is paid for the share of the period in which there is one.
    """
    years = study.scenario.calendar.years / study.scenario.periods
    role, position = payees
    salary = role.plan.pay.base_salary * years
    base: float | FloatPW = salary * totals.shape.payees[position] * role.salary_share
    own = totals.shape.salaries[position]
    if own is not None:
        everybody = own.known.sum(axis=0)[:, np.newaxis]
        base = everybody if totals.salaries is None else totals.salaries[position]
    elif role.holds_book and totals.filled is not None:
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
    return _sum([role_cost(study, totals, payees) for payees in payees_of(study, index)])


def variable_by_world(study: Study, totals: Totals, index: int) -> FloatPW:
    """Variable pay of all roles of a role set. [period, world] [usd]"""
    return _sum([totals.variable[payees.position] for payees in payees_of(study, index)])


def base_by_world(study: Study, totals: Totals, index: int) -> FloatPW:
    """Salaries of all roles of a role set. [period, world] [usd]"""
    base = np.zeros(totals.variable.shape[1:])
    for payees in payees_of(study, index):
        base += pay_besides(study, totals, payees).base
    return base


def _sum(parts: list[FloatPW]) -> FloatPW:
    """One after the other; a single part as it is."""
    total = parts[0]
    for each in parts[1:]:
        total = total + each
    return total


def costs_of(study: Study, totals: Totals) -> Floats:
    """Company cost over the horizon of every plan. [plan, world] [usd]"""
    return np.stack([cost_by_world(study, totals, index).sum(axis=0) for index in range(len(study.sets))])


def variable_of(study: Study, totals: Totals) -> Floats:
    """Variable pay over the horizon of every plan. [plan, world] [usd]"""
    return np.stack([variable_by_world(study, totals, index).sum(axis=0) for index in range(len(study.sets))])
