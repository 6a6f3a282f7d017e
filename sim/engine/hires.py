"""Planned hires: what they are paid, and what that adds to the company cost of a plan."""

from datetime import date
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from sim.calendar import Calendar
from sim.engine.payees import Payees
from sim.engine.study import Study, StudyTable
from sim.engine.totals import Totals
from sim.files.share import Part
from sim.files.toml import Table
from sim.records import FloatPW

Floats = NDArray[np.float64]


def _as_date(value: Any) -> Any:
    """A date that stands as text, as in the study files that results keep."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


class Hire(Table):
    """CSMs who join besides those of the scenario, on the plan of the first role.

    starts : their first day. [date]
    csms   : how many. [count]
    ramp   : pay of their first periods, as a part of the target bonus; from then on, and where it is left out, they earn
             what the others, in seats that are filled, earn on average in the same world and period. [share of target]
    """

    starts: Annotated[date, BeforeValidator(_as_date)]
    csms: Annotated[int, Field(ge=1, le=100_000)]
    ramp: Annotated[tuple[Part, ...], Field(max_length=40)] = ()


class Hiring(StudyTable):
    """A table of the study file that plans hires. hire : CSMs who join."""

    hire: Annotated[tuple[Hire, ...], Field(max_length=200)] = ()


def planned_hires(study: Study) -> tuple[Hire, ...]:
    """The hires that a study plans."""
    hiring = study.asked(Hiring)
    return () if hiring is None else hiring.hire


def hires_by_world(study: Study, totals: Totals, payees: Payees) -> FloatPW | None:
    """Salary and variable pay of all planned hires from their first day, with on-cost; None where none is planned.
    [period, world] [usd]

    Hires are paid as the payees of the first role are, and bring no accounts of their own.
    """
    planned = planned_hires(study)
    if not planned:
        return None
    added = np.zeros(totals.variable.shape[1:])
    for each in planned:
        added += each.csms * pay_of_hire(study, totals, payees, each)
    on_cost = 1.0 + study.scenario.employer.on_cost
    found: FloatPW = added * on_cost
    return found


def hired_years(study: Study) -> float:
    """CSM-years of the planned hires in the horizon. [year]"""
    calendar = study.scenario.calendar
    each = calendar.years / calendar.periods
    return each * sum(hire.csms * float(employed(hire, calendar).sum()) for hire in planned_hires(study))


def pay_of_hire(study: Study, totals: Totals, payees: Payees, hire: Hire) -> FloatPW:
    """Salary, the plan's or where it has none the others' mean, and variable pay of one hire. [period, world] [usd]"""
    calendar, plan = study.scenario.calendar, payees.role.plan
    here = employed(hire, calendar)
    variable = pay_of_a_filled_seat(totals, payees)
    first = int(np.argmax(here > 0.0))
    for number, part in enumerate(hire.ramp[: calendar.periods - first]):
        variable[first + number] = part * plan.target_bonus(calendar)
    salary: float | FloatPW = (
        plan.pay.base_salary * payees.role.salary_share * calendar.years / calendar.periods
    )
    own = totals.shape.salaries[payees.position]
    if own is not None and plan.pay.base_salary == 0.0:
        salary = own.whole.mean(axis=0)[:, np.newaxis]
    pay: FloatPW = here[:, np.newaxis] * (salary + variable)
    return pay


def pay_of_a_filled_seat(totals: Totals, payees: Payees) -> FloatPW:
    """Mean variable pay of a payee who is there, by period and world; a new array. [period, world] [usd]

    Where nobody holds a seat in a world's period, the mean of that period over all worlds (assumption).
    """
    variable = totals.variable[payees.position]
    vacant_unpaid = payees.role.holds_book and payees.role.plan.seat.vacant == "unpaid"
    if totals.filled is None or not vacant_unpaid:
        each: FloatPW = variable / totals.shape.payees[payees.position]
        return each
    filled = totals.filled[payees.position]
    anywhere = filled.sum(axis=1, keepdims=True)
    usual = np.divide(
        variable.sum(axis=1, keepdims=True), anywhere, out=np.zeros_like(anywhere), where=anywhere > 0.0
    )
    pay: FloatPW = np.divide(
        variable, filled, out=np.broadcast_to(usual, filled.shape).copy(), where=filled > 0.0
    )
    return pay


def employed(hire: Hire, calendar: Calendar) -> Floats:
    """Share of each period from the hire's first day on. [period]"""
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1].astype(np.float64)
    start = float(calendar.day(hire.starts))
    here: Floats = np.clip((bounds[1:] - start) / np.diff(bounds), 0.0, 1.0)
    return here
