"""What the whole company keeps, grows and pays under one plan at given efforts: the parts of its value."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.calendar import DAYS_PER_YEAR
from sim.engine.pool import spans
from sim.engine.salaries import salary_in
from sim.engine.study import Study
from sim.measure.incentive.switch import Step, due_period, total_pay
from sim.measure.value import Parts, add_parts, no_parts
from sim.plan.role_set import RoleSet
from sim.questions.incentive.scene import Scene, beside_book, make_scene, paid_ledgers, whole_book
from sim.questions.response.effort_world import with_effort
from sim.questions.response.segment_books import NO_SHIFTS
from sim.records import NEVER, Bridge, Ledger, Renewals
from sim.world.shift import NO_SHIFT, Shifts

Floats = NDArray[np.float64]
WORLDS_AT_A_TIME = 512
FEW_WORLDS_AT_A_TIME = 128
"""Where all books are held at once, as some plan reads the company."""


def company_parts(
    study: Study,
    role_set: RoleSet,
    effort: Floats,
    strength: Floats,
    worlds: int,
    shifts: Shifts = NO_SHIFTS,
) -> Parts:
    """The parts of the company's value under one plan or role set, in the worlds of its efforts.

    effort : [segment, task]; strength : [task]; shifts : of the worlds that the role set lives in.

    Salaries are those of all seats, vacancies that are drawn not taken off.
    """
    scenario, effects, lift = with_effort(study.scenario, effort, strength)
    together = {name: shift + shifts.get(name, NO_SHIFT) for name, shift in effects.items()}
    scene = make_scene(replace(study, scenario=scenario), role_set.roles, Step(1, 1.0), together, lift)
    worlds = min(worlds, study.worlds)
    most = FEW_WORLDS_AT_A_TIME if "company" in scene.reads else WORLDS_AT_A_TIME
    parts = [_parts(scene, *span) for span in spans(worlds, most)]
    joined = Parts(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    salaries = scene.years * sum(
        salary_in(role, scene.world.persons, scene.world.book, scenario.calendar) * len(territory.last)
        for role, territory in zip(role_set.roles, scene.territories, strict=True)
    )
    return joined._replace(cost=(joined.cost + salaries) * (1.0 + scenario.employer.on_cost))


def _parts(scene: Scene, first: int, worlds: int) -> Parts:
    total = no_parts(worlds)
    for csm in range(len(scene.world.book.csms)):
        renewals, bridge, ledger = whole_book(scene, csm, first, worlds)
        pay = np.zeros(worlds)
        for places, paid in settled_with(scene, csm, first, worlds, ledger):
            for of_payees in total_pay([scene.plans[place] for place in places], paid):
                pay = pay + of_payees
        total = add_parts(total, book_parts(scene, renewals, bridge, pay))
    return total


def settled_with(
    scene: Scene, csm: int, first: int, worlds: int, own: Ledger
) -> Iterator[tuple[tuple[int, ...], Ledger]]:
    """The roles whose payees are paid once this book is there, the last of theirs, and the Ledger of all their books."""
    last = [place for place, each in enumerate(scene.territories) if csm in each.last]
    if last:
        beside = beside_book(scene, csm, first, worlds)
        for places, ledger in paid_ledgers(scene, beside, own):
            if there := tuple(place for place in places if place in last):
                yield there, ledger


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
