"""The response pass of a study: the efforts each plan calls for, and what the company gets at them."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.errors import InputError
from sim.measure.response.effort import TASKS
from sim.measure.value import Parts
from sim.plan.plan import Plan
from sim.questions.incentive.measurable import measurable_plans
from sim.questions.response.checks import check_reference
from sim.questions.response.company_value import company_parts
from sim.questions.response.effort_world import strengths
from sim.questions.response.efforts import Efforts, moved
from sim.questions.response.setting import Response
from sim.questions.response.traits import Traits, all_traits, at_points, central_traits

Floats = NDArray[np.float64]

VARIED_WORLDS: Final = 128
"""The value of what is only varied is worked out in at most so many worlds."""


class Responded(NamedTuple):
    """The efforts under every plan, and what the company gets at them.

    parts : by plan, for each set of assumptions.
    today : under the reference plan, at today's efforts.
    """

    efforts: Efforts
    parts: dict[str, dict[Traits, Parts]]
    today: Parts

    @property
    def csm_years(self) -> float:
        """CSMs times years of the horizon. [yr]"""
        return float(self.efforts.csms.sum()) * self.efforts.study.scenario.calendar.years


def respond(study: Study, workers: Workers, vary: bool = True) -> Responded:
    """Solve for the efforts that every plan calls for, and simulate the company at them.

    vary : also at the lower and higher values of every input; else under the middle assumptions alone.

    Raises: InputError where the reference plan cannot be answered, or pays for nothing.
    """
    asked = study.asked(Response) or Response()
    plans, reference = measurable_plans(study.sets), asked.reference or study.baseline
    problems = check_reference(f"{study.path}: response.reference", reference, study.sets)
    if problems:
        raise InputError(problems)
    traits = all_traits(asked) if vary else [central_traits(asked)]
    efforts = Efforts(study, asked, plans, reference)
    for each in traits:  # every plan is answered at these costs: known before they are answered side by side
        for segment in efforts.staffed:
            efforts.costs(segment, each)
    cases = [(name, segment) for name in plans for segment in efforts.staffed]
    # The largest segments last would leave a processor idle at the end.
    cases.sort(key=lambda case: -_accounts(study, case[1]))
    for found in workers.in_order(_answered, (efforts, traits), cases, waiting=len(cases)):
        efforts.known |= found
    return _valued(efforts, traits, workers)


def _valued(efforts: Efforts, traits: list[Traits], workers: Workers) -> Responded:
    """What the company gets at every answer, and today; each distinct case simulated once, in the worlds of the first that
    asks for it: today, then ``points``, then what is only varied.
    """
    asked, plans = efforts.asked, efforts.plans
    unmoved, ones = strengths(0.0, 1.0), np.ones((len(efforts.csms), len(TASKS)))
    today = efforts.reference, moved(unmoved, ones)
    cases = {today: (plans[efforts.reference], ones, unmoved, asked.value_worlds)}
    keys = {}
    for name, plan in plans.items():
        for each in traits:
            effort, strength = efforts.effort(name, each), efforts.strength(each)
            varied = each != at_points(asked, each.points)
            worlds = min(asked.value_worlds, VARIED_WORLDS) if varied else asked.value_worlds
            key = keys[name, each] = name, moved(strength, effort)
            cases.setdefault(key, (plan, effort, strength, worlds))
    simulated = workers.in_order(_simulated, efforts.study, cases.values(), waiting=len(cases))
    parts = dict(zip(cases, simulated, strict=True))
    by_plan = {name: {each: parts[keys[name, each]] for each in traits} for name in plans}
    return Responded(efforts, by_plan, parts[today])


def _answered(shared: tuple[Efforts, list[Traits]], case: tuple[str, int]) -> dict[Any, Any]:
    """What there is to be known of a plan in a segment."""
    efforts, traits = shared
    before = efforts.told
    efforts.answer(*case, traits)
    return {key: value for key, value in efforts.told.items() if key not in before}


def _simulated(study: Study, case: tuple[Plan, Floats, Floats, int]) -> Parts:
    return company_parts(study, *case)


def _accounts(study: Study, segment: int) -> int:
    law = study.scenario.segment[segment]
    return law.accounts_per_csm if law.arr is not None else 0
