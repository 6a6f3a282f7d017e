"""What the summary says of how CSMs answer a plan, per CSM-year against the reference."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.measure.estimate import Centre, Numbers, centre_of, ratio_of
from sim.measure.order import Statistic, not_told_from
from sim.measure.response.effort import TASKS, effort_cost
from sim.measure.value import Parts, return_on_cost
from sim.plan.component import Crediting, QuotaMoves
from sim.plan.plan import Plan
from sim.plan.rule.table import Rules
from sim.questions.response.added_value import added_value, valuation_of
from sim.questions.response.effort_error import effort_error, widened
from sim.questions.response.effort_world import BESIDE_RENEWALS
from sim.questions.response.efforts import TODAY, Efforts
from sim.questions.response.no_pay import against_no_pay, without_pay
from sim.questions.response.paced import paces
from sim.questions.response.respond import Responded, respond
from sim.questions.response.scaling import pay_growth
from sim.questions.response.summary import AssumedGaming, AtPoints, CompanyValue, Effort, PlanResponse
from sim.questions.response.tornado import tornado
from sim.questions.response.traits import Traits, at_points

Floats = NDArray[np.float64]

CENT = 0.005
"""Less is the rounding of a sum. [usd]"""


def responses_of_plans(
    study: Study, workers: Workers, heavy: frozenset[str] = frozenset()
) -> dict[str, PlanResponse]:
    """The response of every plan file that can be measured, by name; of ``heavy`` plans, and against a heavy
    reference, by medians over worlds.

    Raises: InputError where the reference plan pays for nothing.
    """
    responded = respond(study, workers)
    cases, growth, reference = (
        without_pay(responded),
        pay_growth(responded.efforts),
        responded.efforts.reference,
    )
    by_median = {name: bool({name, reference} & heavy) for name in responded.efforts.sets}
    near = _near(responded, by_median)
    return {
        name: PlanResponse.of(
            clauses=sum(clauses(role.plan) for role in role_set.roles),
            pay_growth=growth[name],
            not_told_from=near[name],
            **response_numbers(responded, name, by_median[name]),
            pace=paces(responded.efforts, name),
            vs_no_pay=against_no_pay(responded, name, cases, name in heavy),
        )
        for name, role_set in responded.efforts.sets.items()
    }


def _near(responded: Responded, by_median: dict[str, bool]) -> dict[str, tuple[str, ...]]:
    """Of each plan those that are not told apart from it by net value, world by world."""
    names = list(by_median)
    worlds = np.stack([added_value(responded, name) for name in names])
    values = np.array(
        [centre_of(each, by_median[name]).value for name, each in zip(names, worlds, strict=True)]
    )
    statistics: list[Statistic] = ["median" if each else "mean" for each in by_median.values()]
    found = {}
    for at, name in enumerate(names):
        _, *others = not_told_from(at, worlds, values, statistics)
        found[name] = tuple(names[other] for other in others)
    return found


def clauses(plan: Plan) -> int:
    """How many rules a CSM has to know: settings that are not the default, and pieces of curves."""
    rules = Rules()
    count = sum(1 for name in Rules.model_fields if getattr(plan, name) != getattr(rules, name))
    for component in plan.component:
        for table, plain in ((component.crediting, Crediting()), (component.quota_moves, QuotaMoves())):
            count += sum(1 for key in type(plain).model_fields if getattr(table, key) != getattr(plain, key))
        count += len(component.curve)
    return count


def response_numbers(responded: Responded, name: str, by_median: bool = False) -> Numbers:
    """What is reported of one plan: per CSM-year against the reference, in the middle and over the range.

    Source: METHOD.md, net value; intervals of paired differences, world by world.
    """
    efforts, today, csm_years = responded.efforts, responded.today, responded.csm_years
    asked, parts = efforts.asked, responded.parts[name][efforts.central]
    added = {
        points: centre_of(added_value(responded, name, at_points(asked, points)), by_median)
        for points in asked.points
    }
    of_effort = effort_error(responded, name)
    middle = widened(added[efforts.central.points], of_effort, efforts.parts)
    section: Numbers = {
        **({"statistic": "median"} if by_median else {}),
        **middle.entry("net_value"),
        **({"net_value_se_effort": of_effort} if of_effort > CENT else {}),
        "net_value_low": min(net.value for net in added.values()),
        "net_value_high": max(net.value for net in added.values()),
        "cost_added": centre_of((parts.cost - today.cost) / csm_years, by_median).value,
    }
    whole = widened(
        centre_of(csm_years * added_value(responded, name), by_median), csm_years * of_effort, efforts.parts
    )
    section["company"] = CompanyValue.of(**whole.entry("net_value"))
    returned = None if by_median else return_on_cost(parts, today, valuation_of(responded).worth)
    if returned is not None:
        section["roi"] = returned
    for key, ratio in (("cost_per_usd_kept", _per_usd_kept(parts, by_median)), ("kept_rate", _rate(parts))):
        if ratio is not None:
            section |= ratio.with_se(key)
    section |= csm_numbers(responded, name, middle.value)
    section["reference"] = efforts.reference
    section["assumed"] = AssumedGaming(propensity=asked.propensity, discount=asked.discount)
    section |= _efforts(efforts, name)
    section["by_points"] = {
        f"{points:g}": _point(efforts, name, at_points(asked, points), net) for points, net in added.items()
    }
    section["tornado"] = tornado(responded, name, by_median)
    return section


def csm_numbers(responded: Responded, name: str, net: float) -> Numbers:
    """What the plan is worth to a CSM, and what is left of net value once nobody is worse off than today.

    csm_gain        : certain pay and salary less the cost of effort, against the reference at today's effort.
    net_value_whole : net value less the raise, with on-costs, that makes up for a loss.

    Source: participation constraint, Holmstrom & Milgrom (1991): who loses by a plan has to be paid to stay.
    """
    efforts = responded.efforts
    weights = efforts.csms / efforts.csms.sum()
    reference = efforts.reference
    today = {at: np.tile(TODAY, len(efforts.crew(reference, at).roles)) for at in efforts.staffed}
    pay_now, cost_now = pay_and_cost(efforts, reference, today)
    pay_then, cost_then = pay_and_cost(efforts, name, efforts.answers(name, efforts.central))
    salary = efforts.salary(name) - efforts.salary(reference)
    gain = float(weights @ ((pay_then - cost_then) - (pay_now - cost_now))) + salary
    effort = float(weights @ cost_then - weights @ cost_now)
    raised = (1.0 + efforts.study.scenario.employer.on_cost) * max(0.0, -gain)
    return {"csm_gain": gain, "csm_effort_cost": effort, "net_value_whole": net - raised}


def pay_and_cost(efforts: Efforts, name: str, effort: Mapping[int, Floats]) -> tuple[Floats, Floats]:
    """Pay as good as certain, and cost of effort with its motives taken off, of all who are paid on a book of each segment
    at their efforts [role x task], under the middle assumptions; 0 where there is no CSM. Both [segment] [usd/yr]
    """
    pay, cost = np.zeros((2, len(efforts.csms)))
    a_year = efforts.study.scenario.periods / efforts.study.scenario.calendar.years
    for segment, of_roles in effort.items():
        crew, costs = efforts.crew(name, segment), efforts.costs(name, segment, efforts.central)
        if crew.roles:
            each = np.split(of_roles, len(crew.roles))
            spent = [effort_cost(one, own) for one, own in zip(each, costs, strict=True)]
            pay[segment] = crew.of_book(efforts.pay_at(name, segment, efforts.central, of_roles).certain)
            cost[segment] = a_year * float(crew.time @ spent)
    return pay, cost


def _efforts(efforts: Efforts, name: str) -> Numbers:
    other = efforts.other_effort(name)
    section: Numbers = {
        "effort": _named(efforts, efforts.mean(efforts.effort(name, efforts.central))),
        "unique": other is None,
    }
    if other is not None:
        section["other_effort"] = _named(efforts, efforts.mean(other))
    return section


def _named(efforts: Efforts, effort: Floats) -> Effort:
    """By task; of those beside renewals what some plan pays for."""
    told = {task: float(value) for task, value in zip(TASKS, effort, strict=True)}
    left_out = [TASKS[task] for task in BESIDE_RENEWALS if task not in efforts.beside]
    return Effort.of(**{task: value for task, value in told.items() if task not in left_out})


def _per_usd_kept(parts: Parts, by_median: bool) -> Centre | None:
    if not by_median:
        return _ratio(parts.cost, parts.kept)
    some = parts.kept > 0.0
    return centre_of(parts.cost[some] / parts.kept[some], by_median) if some.any() else None


def _rate(parts: Parts) -> Centre | None:
    return _ratio(parts.kept, parts.due)


def _ratio(above: Floats, below: Floats) -> Centre | None:
    ratio = ratio_of(above, below)
    return None if ratio is None else ratio.centre


def _point(efforts: Efforts, name: str, traits: Traits, net: Centre) -> AtPoints:
    settled = [efforts.equilibrium(name, segment, traits) for segment in efforts.segments]
    return AtPoints.of(
        **net.with_se("net_value"),
        settled=all(each.settled for each in settled),
        steps=sum(each.steps for each in settled),
        effort=_named(efforts, efforts.mean(efforts.effort(name, traits))),
    )
