"""What plans ask of persons, held against what a study's people file agrees with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from sim.agreed import unknown_quota
from sim.calendar import Calendar
from sim.errors import InputError, Problem
from sim.files.people import People
from sim.plan.amounts import own_quota
from sim.plan.plan import Plan
from sim.records import Agreed
from sim.world.people import Agreements
from sim.world.scenario import Scenario

TARGETS: Final = ("pay.target_bonus", "pay.ote", "pay.pay_mix", "pay.market", "pay.level")


def check_agreements(
    plans: Sequence[Plan], agreements: Agreements, csms: Sequence[str], scenario: Scenario
) -> None:
    """Hold plans against what is agreed with each CSM.

    Raises: InputError with every quota of a person that is asked and not told.
    """
    file = scenario.book.people
    where = f"{scenario.source}: book.people" if file is None else str(scenario.folder / file)
    problems: list[Problem] = []
    if agreements:
        known = {csm: agreements.get(csm) for csm in csms}
        problems += _salaries(plans, known, where, scenario.calendar)
    for plan in plans:
        if not agreements:
            for each in plan.of_persons:
                fix = (
                    f"Plan {plan.name!r} asks of {each.name} what is agreed with each person: name a file with csm, quota, "
                    "period."
                )
                problems.append(Problem(where, "given", "nothing", fix))
        else:
            problems += untold(plan, known, f"{where}, column quota", scenario.calendar)
    if problems:
        raise InputError(problems)


def targets_without_effect(
    plan: Plan, paths: Iterable[str], agreements: Agreements, csms: Sequence[str], calendar: Calendar
) -> Iterator[Problem]:
    """Clauses to be varied that nobody is paid by: the target of a plan where everybody has one of their own."""
    everybody = all(_on_the_plan("target", agreements.get(csm), calendar) == 0.0 for csm in csms)
    for path in paths if everybody and plan.pay.targets == "person" else ():
        if path in TARGETS:
            fix = f"Everybody has a target of their own: write targets = 'plan' into [pay] of {plan.name!r}."
            yield Problem(path, "a clause that pays somebody", "one that pays nobody", fix)


def _salaries(
    plans: Sequence[Plan], known: Mapping[str, Agreed | None], where: str, calendar: Calendar
) -> Iterator[Problem]:
    """Salaries that are told of some people and not of others, beside plans that have none for those."""
    without = [
        plan.name
        for plan in plans
        if plan.pay.base_salary == 0.0 and plan.pay.targets == "person" and plan.pay.ote is None
    ]
    share = {csm: _on_the_plan("salary", agreed, calendar) for csm, agreed in known.items()}
    told = next((csm for csm, part in share.items() if part < 1.0), None)
    untold = next((csm for csm, part in share.items() if part > 0.0), None)
    if without and told is not None and untold is not None:
        which = (
            f"plan {without[0]!r}"
            if len(without) == 1
            else f"{len(without)} plans, {without[0]!r} the first,"
        )
        fix = f"The cost of {which} leaves out some salaries: add base_salary there, or ote and pay_mix here."
        received = f"that of {told!r} and none of {untold!r}"
        yield Problem(f"{where}, column ote", "filled for everybody, or for nobody", received, fix)


def _on_the_plan(of: Literal["target", "salary"], agreed: Agreed | None, calendar: Calendar) -> float:
    """The largest share of a period in the seat, of the horizon, on which a person's target or salary is the plan's."""
    if agreed is None:
        return 1.0
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    there = slice(None) if agreed.present is None else agreed.present[horizon] > 0.0
    pay = agreed.target if of == "target" else agreed.salary
    return float(pay.plans[horizon][there].max(initial=0.0))


def without_effect(plans: Sequence[Plan], people: People) -> Iterator[Problem]:
    """Columns of a people file that no plan of a study reads."""
    if people.says("quota") and not any(plan.of_persons for plan in plans):
        fix = "It has no effect: write quota = { kind = 'person' } into a plan, or leave it out."
        yield Problem(f"{people.path}, column quota", "asked by a plan", "amounts that none asks", fix)
    paying = [
        plan
        for plan in plans
        if plan.pay.targets == "person" and any(each.pay_kind == "bonus" for each in plan.component)
    ]
    for column in ("target_bonus", "ote"):
        if people.says(column) and not paying:
            fix = "It has no effect: no plan pays a bonus by people's own targets. Leave it out."
            yield Problem(f"{people.path}, column {column}", "paid by a plan", "amounts that none pays", fix)


def untold(
    plan: Plan, agreements: Mapping[str, Agreed | None], where: str, calendar: Calendar
) -> Iterator[Problem]:
    """Quotas of persons that a plan asks, and that nobody has told. agreements : by CSM; None of one without any."""
    several = len(plan.of_persons) > 1
    for each in plan.of_persons:
        fix = f"Plan {plan.name!r} asks of {each.name} what is agreed with each person."
        if several:
            fix += " It does so of several components: say in a column component which quota is for which."
        for csm, agreed in agreements.items():
            own = None if agreed is None else own_quota(each.name, agreed)
            if several and agreed is not None and each.name not in agreed.quota:
                own = None  # one quota for several components would be asked of each
            if periods := unknown_quota(own, agreed, each.quota.over == "year", calendar):
                labels = ", ".join(calendar.label(period) for period in periods)
                received = f"none of {csm!r} in {labels}"
                yield Problem(where, "an amount for every day in the seat", received, fix)
