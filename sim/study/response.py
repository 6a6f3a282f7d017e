"""The response pass of a study: the efforts each plan calls for, and what the company gets at them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.measure.estimate import Mean, mean_of, ratio_of
from sim.measure.response.effort import APART, TASKS, Costs, Equilibrium, calibrate, fixed_point
from sim.measure.value import Parts, Worth, net_value, return_on_cost, value_added
from sim.plan.component import Crediting, QuotaMoves
from sim.plan.plan import Plan
from sim.plan.rule.table import Rules
from sim.study.behaviour import Response, check_response, measurable
from sim.study.company_value import company_parts
from sim.study.effort_world import scope_of, strength_for
from sim.study.gains import Sample, gains, sample_books, segment_churn
from sim.study.study import Study
from sim.world.book import make_book

Floats = NDArray[np.float64]
Entry = dict[str, Any]

STARTS: Final = (0.0, 2.0)
"""Efforts that the fixed point is started from besides today's: where all agree, that speaks for one equilibrium."""


class Answer(NamedTuple):
    """How the CSMs answer one plan at one strength.

    strength : log odds per unit of effort.
    unique   : whether all starts led to the same efforts; None where one was tried.
    other    : efforts from another start, where they differ. [segment, task]
    """

    points: float
    strength: float
    found: Equilibrium
    unique: bool | None
    other: Floats | None


class Setting(NamedTuple):
    """What every plan's answer needs."""

    study: Study
    asked: Response
    sample: Sample
    costs: dict[float, list[Costs]]
    strengths: dict[float, float]
    csms: NDArray[np.int64]


class Responded(NamedTuple):
    """The answers to every plan, and what the company gets at them. parts : one for each of ``points``."""

    setting: Setting
    plans: dict[str, Plan]
    answers: dict[str, list[Answer]]
    parts: dict[str, list[Parts]]
    today: Parts

    @property
    def worth(self) -> Worth:
        """What a part is worth, by the study's assumptions."""
        asked = self.setting.asked
        return Worth(asked.gross_margin, asked.lifetime, asked.early_value)

    @property
    def csm_years(self) -> float:
        """CSMs times years of the horizon. [yr]"""
        return float(self.setting.csms.sum()) * self.setting.study.scenario.calendar.years


def response_entries(study: Study, threads: int) -> dict[str, Entry]:
    """The ``response`` section of every plan file that can be measured, by name.

    Raises: InputError where the reference plan cannot be answered, or pays for nothing.
    """
    found = respond(study, threads)
    return {name: {"clauses": clauses(plan)} | entry(found, name) for name, plan in found.plans.items()}


def respond(study: Study, threads: int) -> Responded:
    """Solve for the efforts that every plan calls for, and simulate the company at them.

    Raises: InputError where the reference plan cannot be answered, or pays for nothing.
    """
    asked = study.response or Response()
    sets = [each for each in study.sets if each.plain and measurable(each.roles[0].plan)]
    plans = {each.name: each.roles[0].plan for each in sets}
    reference = asked.reference or study.baseline
    problems = check_response(f"{study.path}: response.reference", reference, study.sets)
    if problems:
        raise InputError(problems)
    setting = prepare(study, asked, plans[reference])
    with ThreadPoolExecutor(threads) as pool:
        answers = dict(zip(plans, pool.map(lambda plan: answer(setting, plan), plans.values()), strict=True))
        here = np.ones((len(study.scenario.segment), len(TASKS)))
        today = company_parts(study, plans[reference], here, 0.0, asked.value_worlds)
        work = [(name, each) for name in plans for each in answers[name]]
        found = pool.map(lambda job: _valued(setting, plans[job[0]], job[1]), work)
        parts: dict[str, list[Parts]] = {}
        for (name, _), each in zip(work, found, strict=True):
            parts.setdefault(name, []).append(each)
    return Responded(setting, plans, answers, parts, today)


def clauses(plan: Plan) -> int:
    """How many rules a CSM has to know: settings that are not the default, and pieces of curves."""
    rules = Rules()
    count = sum(1 for name in Rules.model_fields if getattr(plan, name) != getattr(rules, name))
    for component in plan.component:
        for table, plain in ((component.crediting, Crediting()), (component.quota_moves, QuotaMoves())):
            count += sum(1 for key in type(plain).model_fields if getattr(table, key) != getattr(plain, key))
        count += len(component.curve)
    return count


def prepare(study: Study, asked: Response, reference: Plan) -> Setting:
    """Strengths for each value of ``points``, and costs at which today's efforts are best under the reference plan.

    Raises: InputError when the reference plan pays for no task, or so many points cannot be lost.
    """
    scenario = study.scenario
    book = make_book(scenario)
    csm_segment = book.segment[book.csm_start[:-1]]
    segments = len(scenario.segment)
    sample = Sample(sample_books(csm_segment, segments, asked.books), min(asked.worlds, study.worlds))
    churn, arr = segment_churn(study, reference, sample)
    strengths, costs = {}, {}
    here = np.ones((segments, len(TASKS)))
    for points in asked.points:
        strength = strength_for(churn, arr, points)
        if strength is None:
            allowed = "points of gross retention that can be lost"
            raise InputError([Problem(f"{study.path}: response.points", allowed, f"{points:g}")])
        found = gains(study, reference, sample, strength, here)
        scopes = [scope_of(segment, scenario.period_months) for segment in scenario.segment]
        each = [calibrate(gain, scope, asked.substitution) for gain, scope in zip(found, scopes, strict=True)]
        known = [cost for cost in each if cost is not None]
        if len(known) < segments:
            fix = "Effort is calibrated to what it pays today."
            allowed = "a plan that pays for renewals in every segment"
            raise InputError(
                [Problem(f"{study.path}: response.reference", allowed, repr(reference.name), fix)]
            )
        strengths[points], costs[points] = strength, known
    return Setting(study, asked, sample, costs, strengths, np.bincount(csm_segment, minlength=segments))


def answer(setting: Setting, plan: Plan) -> list[Answer]:
    """The efforts that a plan calls for at each value of ``points``; the middle one from three starts."""
    asked = setting.asked
    central = asked.points[asked.central]
    shape = (len(setting.sample.books), len(TASKS))
    today, *others = (_solve(setting, plan, central, np.full(shape, start)) for start in (1.0, *STARTS))
    apart = [each.effort for each in others if np.abs(each.effort - today.effort).max() >= APART]
    unique = not apart
    found = []
    for points in asked.points:
        if points == central:
            other = None if unique else apart[0]
            found.append(Answer(points, setting.strengths[points], today, unique, other))
        else:
            near = _solve(setting, plan, points, today.effort)
            found.append(Answer(points, setting.strengths[points], near, None, None))
    return found


def _solve(setting: Setting, plan: Plan, points: float, start: Floats) -> Equilibrium:
    strength = setting.strengths[points]
    gain: Callable[[Floats], Floats] = lambda effort: gains(  # noqa: E731 - bound to this plan and strength
        setting.study, plan, setting.sample, strength, effort
    )
    return fixed_point(gain, setting.costs[points], start)


def _valued(setting: Setting, plan: Plan, each: Answer) -> Parts:
    return company_parts(setting.study, plan, each.found.effort, each.strength, setting.asked.value_worlds)


def entry(all_found: Responded, name: str) -> Entry:
    """What is reported of one plan: per CSM-year against the reference, in the middle and over the range.

    Source: METHOD.md, net value; intervals of paired differences, world by world.
    """
    setting, today = all_found.setting, all_found.today
    answers, parts = all_found.answers[name], all_found.parts[name]
    asked, worth, csm_years = setting.asked, all_found.worth, all_found.csm_years
    added = [value_added(each, today, worth, csm_years) for each in parts]
    middle, own = asked.central, parts[asked.central]
    found: Entry = {
        "net_value": added[middle].mean,
        "net_value_se": added[middle].se,
        "net_value_ci95": list(added[middle].ci95),
        "net_value_low": min(each.mean for each in added),
        "net_value_high": max(each.mean for each in added),
        "cost_added": mean_of((own.cost - today.cost) / csm_years).mean,
    }
    total = mean_of(net_value(own, worth) - net_value(today, worth))
    found["company"] = {"net_value": total.mean, "net_value_se": total.se, "net_value_ci95": list(total.ci95)}
    returned = return_on_cost(own, today, worth)
    if returned is not None:
        found["roi"] = returned
    for key, ratio in (("cost_per_usd_kept", ratio_of(own.cost, own.kept)), ("kept_rate", _rate(own))):
        if ratio is not None:
            found |= {key: ratio.mean, f"{key}_se": ratio.se}
    mean_effort = [np.average(each.found.effort, axis=0, weights=setting.csms) for each in answers]
    found["assumed"] = {"propensity": asked.propensity, "discount": asked.discount}
    found["effort"] = dict(zip(TASKS, map(float, mean_effort[middle]), strict=True))
    found["unique"] = bool(answers[middle].unique)
    apart = answers[middle].other
    if apart is not None:
        other = np.average(apart, axis=0, weights=setting.csms)
        found["other_effort"] = dict(zip(TASKS, map(float, other), strict=True))
    found["by_points"] = {
        f"{each.points:g}": _point(each, effort, value)
        for each, effort, value in zip(answers, mean_effort, added, strict=True)
    }
    found["tornado"] = tornado(own, today, worth, csm_years, found)
    return found


def tornado(own: Parts, today: Parts, worth: Worth, csm_years: float, found: Entry) -> Entry:
    """Net value per CSM-year at a lower and a higher value of each assumption, the others as they are. [usd]"""
    rows = {
        "points": [found["net_value_low"], found["net_value_high"]],
        "gross_margin": [worth._replace(gross_margin=worth.gross_margin * factor) for factor in (0.8, 1.2)],
        "lifetime": [worth._replace(lifetime=worth.lifetime * factor) for factor in (0.5, 2.0)],
        "early_value": [
            worth._replace(early_value=value) for value in (0.0, max(0.1, 2.0 * worth.early_value))
        ],
    }
    return {
        name: [
            each if isinstance(each, float) else value_added(own, today, each, csm_years).mean for each in row
        ]
        for name, row in rows.items()
    }


def _rate(parts: Parts) -> Mean | None:
    return ratio_of(parts.kept, parts.due)


def _point(each: Answer, effort: Floats, value: Mean) -> Entry:
    return {
        "net_value": value.mean,
        "net_value_se": value.se,
        "settled": each.found.settled,
        "steps": each.found.steps,
        "effort": dict(zip(TASKS, map(float, effort), strict=True)),
    }
