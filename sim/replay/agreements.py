"""What a people file agrees with its people, held against what plans ask of them."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from sim.agreed import agreed_of, names_of, unknown_quota
from sim.calendar import Calendar
from sim.errors import Problem, near_match, shown
from sim.files.people import People, in_short
from sim.plan.amounts import own_quota
from sim.plan.plan import Plan
from sim.replay.note import Note
from sim.shapes.words import counted

NO_YEAR: Final = "Without a fiscal year in calendar.toml periods count from the first day."


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
    yield from _unknown_names(plans, people, calendar)
    for plan in plans:
        for each in plan.of_persons:
            missing = {}
            for csm in csms:
                agreed = agreed_of(csm, people, calendar, dated=True)
                own = own_quota(each.name, agreed)
                if len(plan.of_persons) > 1 and each.name not in agreed.quota:
                    own = None  # one quota for several components would be asked of each
                if periods := unknown_quota(own, agreed, each.quota.over == "year", calendar):
                    missing[csm] = [calendar.label(period) for period in periods]
            fix = f"Plan {plan.name!r} asks of {each.name} what is agreed with each person."
            if len(plan.of_persons) > 1:
                fix += (
                    " It does so of several components: say in a column component which quota is for which."
                )
            for csm, labels in missing.items():
                where = f"{people.path}, column quota"
                yield Problem(
                    where,
                    "an amount for every day in the seat",
                    f"none of {csm!r} in {', '.join(labels)}",
                    fix,
                )


def _unknown_names(plans: Sequence[Plan], people: People, calendar: Calendar) -> Iterator[Problem]:
    names = names_of(calendar)
    components = sorted({each.name for plan in plans for each in plan.component})
    for entry, (label, component) in enumerate(zip(people.label, people.component, strict=True)):
        where = f"{people.path}, row {people.row[entry]}, column"
        if label and in_short(label) not in names:
            known = [calendar.label(period) for period in range(calendar.periods)]
            allowed = f"month, quarter, half-year, year, or the name of a period such as {known[0]}"
            fix = "" if calendar.fiscal_year else NO_YEAR
            yield Problem(f"{where} period", allowed, shown(label), fix)
        if component and component not in components:
            fix = near_match(component, components) or "No plan has such a component."
            yield Problem(f"{where} component", f"one of {components}", shown(component), fix)


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
