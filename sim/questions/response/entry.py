"""The response of CSMs as plain numbers: the section ``response`` of a plan's entry in ``summary.json``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.measure.estimate import Centre, centre_of, ratio_of
from sim.measure.response.effort import TASKS
from sim.measure.value import Parts, return_on_cost
from sim.plan.component import Crediting, QuotaMoves
from sim.plan.plan import Plan
from sim.plan.rule.table import Rules
from sim.questions.response.added_value import added_value, mean_effort, terms_of
from sim.questions.response.efforts import Responded, respond
from sim.questions.response.no_pay import no_pay_entry, without_pay
from sim.questions.response.scaling import pay_growth
from sim.questions.response.tornado import tornado
from sim.questions.response.traits import Traits, at_points, central_traits

Floats = NDArray[np.float64]
Entry = dict[str, Any]


def response_entries(study: Study, threads: int, heavy: frozenset[str] = frozenset()) -> dict[str, Entry]:
    """The ``response`` section of every plan file that can be measured, by name; of ``heavy`` plans, and against a heavy
    reference, by medians over worlds.

    Raises: InputError where the reference plan pays for nothing.
    """
    found = respond(study, threads)
    cases = without_pay(found)
    growth = pay_growth(study, list(found.plans.values()), found.setting.sample, found.setting.csms)
    reference = found.setting.reference.name
    by_median = {name: bool({name, reference} & heavy) for name in found.plans}
    return {
        name: {"clauses": clauses(plan), "pay_growth": growth[place]}
        | entry(found, name, by_median[name])
        | {"vs_no_pay": no_pay_entry(found, name, cases, name in heavy)}
        for place, (name, plan) in enumerate(found.plans.items())
    }


def clauses(plan: Plan) -> int:
    """How many rules a CSM has to know: settings that are not the default, and pieces of curves."""
    rules = Rules()
    count = sum(1 for name in Rules.model_fields if getattr(plan, name) != getattr(rules, name))
    for component in plan.component:
        for table, plain in ((component.crediting, Crediting()), (component.quota_moves, QuotaMoves())):
            count += sum(1 for key in type(plain).model_fields if getattr(table, key) != getattr(plain, key))
        count += len(component.curve)
    return count


def entry(all_found: Responded, name: str, by_median: bool = False) -> Entry:
    """What is reported of one plan: per CSM-year against the reference, in the middle and over the range.

    Source: METHOD.md, net value; intervals of paired differences, world by world.
    """
    setting, today = all_found.setting, all_found.today
    asked, csm_years = setting.asked, all_found.csm_years
    central = central_traits(asked)
    own = all_found.parts[name][central]
    added = {
        points: centre_of(added_value(all_found, name, at_points(asked, points)), by_median)
        for points in asked.points
    }
    middle = added[central.points]
    found: Entry = {
        **({"statistic": "median"} if by_median else {}),
        **_value(middle),
        "net_value_low": min(each.value for each in added.values()),
        "net_value_high": max(each.value for each in added.values()),
        "cost_added": centre_of((own.cost - today.cost) / csm_years, by_median).value,
    }
    found["company"] = _value(centre_of(csm_years * added_value(all_found, name), by_median))
    returned = None if by_median else return_on_cost(own, today, terms_of(all_found).worth)
    if returned is not None:
        found["roi"] = returned
    for key, ratio in (("cost_per_usd_kept", _per_usd_kept(own, by_median)), ("kept_rate", _rate(own))):
        if ratio is not None:
            found |= {key: ratio.value, f"{key}_se": ratio.se}
    found |= csm_entry(all_found, name, middle.value)
    found["reference"] = setting.reference.name
    found["assumed"] = {"propensity": asked.propensity, "discount": asked.discount}
    found |= _efforts(all_found, name, central)
    found["by_points"] = {
        f"{points:g}": _point(all_found, name, at_points(asked, points), value)
        for points, value in added.items()
    }
    found["tornado"] = tornado(all_found, name, by_median)
    return found


def csm_entry(all_found: Responded, name: str, net: float) -> Entry:
    """What the plan is worth to a CSM, and what is left of net value once nobody is worse off than today.

    csm_gain        : certain pay and salary less the cost of effort, against the reference at today's effort.
    net_value_whole : net value less the raise, with on-costs, that makes up for a loss.

    Source: participation constraint, Holmstrom & Milgrom (1991): who loses by a plan has to be paid to stay.
    """
    setting = all_found.setting
    weights = setting.csms / setting.csms.sum()
    reference = all_found.answers[setting.reference.name]
    now = [each.certain[0] - each.cost[0] for each in reference]
    then = [each.certain[1] - each.cost[1] for each in all_found.answers[name]]
    salary = all_found.plans[name].pay.base_salary - setting.reference.pay.base_salary
    gain = float(weights @ (np.array(then) - np.array(now))) + salary
    on_cost = setting.study.scenario.employer.on_cost
    effort = float(
        weights @ np.array([each.cost[1] for each in all_found.answers[name]])
        - weights @ np.array([each.cost[0] for each in reference])
    )
    raised = (1.0 + on_cost) * max(0.0, -gain)
    return {"csm_gain": gain, "csm_effort_cost": effort, "net_value_whole": net - raised}


def _efforts(all_found: Responded, name: str, central: Traits) -> Entry:
    found: Entry = {"effort": _named(mean_effort(all_found, name, central))}
    answers, weights = all_found.answers[name], all_found.setting.csms
    found["unique"] = all(each.other is None for each in answers)
    if not found["unique"]:
        other = [each.found[central].effort if each.other is None else each.other for each in answers]
        found["other_effort"] = _named(np.average(other, axis=0, weights=weights))
    return found


def _named(effort: Floats) -> dict[str, float]:
    return dict(zip(TASKS, map(float, effort), strict=True))


def _value(found: Centre) -> Entry:
    interval = {} if found.ci95 is None else {"net_value_ci95": list(found.ci95)}
    return {"net_value": found.value, "net_value_se": found.se} | interval


def _per_usd_kept(parts: Parts, by_median: bool) -> Centre | None:
    if not by_median:
        return _ratio(parts.cost, parts.kept)
    some = parts.kept > 0.0
    return centre_of(parts.cost[some] / parts.kept[some], by_median) if some.any() else None


def _rate(parts: Parts) -> Centre | None:
    return _ratio(parts.kept, parts.due)


def _ratio(above: Floats, below: Floats) -> Centre | None:
    found = ratio_of(above, below)
    return None if found is None else Centre(found.mean, found.se, found.ci95)


def _point(all_found: Responded, name: str, traits: Traits, value: Centre) -> Entry:
    each = [answer.found[traits] for answer in all_found.answers[name]]
    return {
        "net_value": value.value,
        "net_value_se": value.se,
        "settled": all(found.settled for found in each),
        "steps": sum(found.steps for found in each),
        "effort": _named(mean_effort(all_found, name, traits)),
    }
