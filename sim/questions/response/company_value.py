"""What the whole company keeps, grows and pays under one plan at given efforts: the parts of its value."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.calendar import DAYS_PER_YEAR
from sim.engine.pool import spans
from sim.engine.salaries import mean_salary
from sim.engine.study import Study
from sim.measure.incentive.switch import Step, due_period, total_pay
from sim.measure.value import Parts, add_parts, no_parts
from sim.plan.plan import Plan
from sim.questions.incentive.scene import Scene, make_scene, whole_book
from sim.questions.response.effort_world import with_effort
from sim.records import NEVER, Bridge, Renewals

Floats = NDArray[np.float64]
WORLDS_AT_A_TIME = 512


def company_parts(study: Study, plan: Plan, effort: Floats, strength: Floats, worlds: int) -> Parts:
    """The parts of the company's value under one plan, in the worlds of its efforts. effort : [segment, task]; strength :
    [task]

    Salaries are those of all seats, vacancies that are drawn not taken off.
    """
    scenario, shifts = with_effort(study.scenario, effort, strength)
    scene = make_scene(replace(study, scenario=scenario), [plan], Step(1, 1.0), shifts)
    worlds = min(worlds, study.worlds)
    chunks = [_parts(scene, *span) for span in spans(worlds, WORLDS_AT_A_TIME)]
    parts = Parts(*(np.concatenate(part) for part in zip(*chunks, strict=True)))
    book = scene.world.book
    each = mean_salary(plan, scene.world.persons, book, scenario.calendar)
    salaries = each * scene.years * len(book.csms)
    return parts._replace(cost=(parts.cost + salaries) * (1.0 + scenario.employer.on_cost))


def _parts(scene: Scene, first: int, worlds: int) -> Parts:
    total = no_parts(worlds)
    for csm in range(len(scene.world.book.csms)):
        renewals, bridge, ledger = whole_book(scene, csm, first, worlds)
        total = add_parts(total, book_parts(scene, renewals, bridge, total_pay(scene.plans, ledger)[0]))
    return total


def book_parts(scene: Scene, renewals: Renewals, bridge: Bridge, pay: Floats) -> Parts:
    """The parts of one book. A booking so late that the contract begins anew has lapsed until then all the same."""
    calendar = scene.frame.calendar
    period, booked = due_period(renewals.due_day, calendar), due_period(renewals.booked_day, calendar)
    due = period >= 0
    ahead = renewals.booked_day < calendar.bounds[calendar.lead + np.maximum(period, 0)]
    days_late = np.where(
        renewals.booked_day < NEVER, np.maximum(renewals.booked_day - renewals.due_day, 0), 0
    )
    lapse = renewals.booked_arr * days_late / DAYS_PER_YEAR
    back_inside = due & (booked >= 0)
    return Parts(
        kept=np.where(due, renewals.booked_arr, 0.0).sum(axis=0),
        due=np.where(due, renewals.arr, 0.0).sum(axis=0),
        grown=bridge.expansion.sum(axis=0),
        early=np.where(due & ahead, renewals.booked_arr, 0.0).sum(axis=0),
        lapse=np.where(back_inside, lapse, 0.0).sum(axis=0),
        cost=pay,
    )
