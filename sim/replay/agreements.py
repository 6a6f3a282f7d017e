"""What a people file agrees with its people, held against what plans ask of them."""

from collections.abc import Iterator, Sequence

import numpy as np

from sim.agreed import agreed_of
from sim.calendar import Calendar
from sim.engine.agreements import untold
from sim.errors import Problem, near_match, shown
from sim.files.people import People
from sim.named_periods import unnamed_periods
from sim.plan.plan import Plan
from sim.replay.note import Note
from sim.shapes.words import counted


def agreement_problems(
    plans: Sequence[Plan], people: People | None, calendar: Calendar, csms: Sequence[str]
) -> Iterator[Problem]:
    """Quotas of persons that nobody has told, and rows about periods and components that nobody knows.

    csms : whom a statement is made for.
    """
    for plan in plans if people is None else ():
        for each in plan.of_persons:
            fix = f"Plan {plan.name!r} asks of {each.name} what is agreed with each person: give csm, quota, period."
            yield Problem("--people", "given", "nothing", fix)
    if people is None:
        return
    yield from unnamed_periods(people, calendar)
    yield from _unknown_components(plans, people)
    agreements = {csm: agreed_of(csm, people, calendar, dated=True) for csm in csms}
    for plan in plans:
        yield from untold(plan, agreements, f"{people.path}, column quota", calendar)


def _unknown_components(plans: Sequence[Plan], people: People) -> Iterator[Problem]:
    components = sorted({each.name for plan in plans for each in plan.component})
    for entry, component in enumerate(people.component):
        if component and component not in components:
            where = f"{people.path}, row {people.row[entry]}, column component"
            fix = near_match(component, components) or "No plan has such a component."
            yield Problem(where, f"one of {components}", shown(component), fix)


def agreement_notes(plans: Sequence[Plan], people: People | None) -> Iterator[Note]:
    """What is agreed with people and not paid on: by which plan."""
    if people is None:
        return
    quotas = _people_with(people, "quota")
    asking = [plan for plan in plans if not plan.of_persons]
    if quotas and asking:
        names = ", ".join(plan.name for plan in asking)
        text = (
            f"Quotas of {counted(quotas, 'person', 'people')} of {people.path.name} are not asked by {names}: only a "
            "quota of kind 'person' asks them."
        )
        yield Note("own_quota_not_asked", quotas, text)
    targets = _people_with(people, "target_bonus", "ote")
    paying = [plan for plan in plans if plan.pay.targets == "plan" or not _has_target(plan)]
    if targets and paying:
        names = ", ".join(plan.name for plan in paying)
        text = (
            f"Target bonuses of {counted(targets, 'person', 'people')} of {people.path.name} are not paid by {names}: "
            "pay has no target there, or targets = 'plan'."
        )
        yield Note("own_target_not_paid", targets, text)


def _has_target(plan: Plan) -> bool:
    return plan.pay.target_bonus is not None or plan.pay.target_a_year is not None


def _people_with(people: People, *amounts: str) -> int:
    there = np.any([~np.isnan(people.amount[name]) for name in amounts], axis=0)
    return len({csm for csm, given in zip(people.csm, there, strict=True) if given})
