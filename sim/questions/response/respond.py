"""The response pass of a study: the efforts each plan calls for, and what the company gets at them."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.errors import InputError
from sim.measure.response.effort import TASKS
from sim.measure.value import Parts
from sim.plan.role_set import RoleSet
from sim.questions.response.checks import check_reference
from sim.questions.response.company_value import company_parts
from sim.questions.response.effort_world import moved, strengths
from sim.questions.response.efforts import Efforts
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
        return self.efforts.csm_years


def respond(study: Study, workers: Workers, vary: bool = True) -> Responded:
    """Solve for the efforts that every plan calls for, and simulate the company at them.

    vary : also at the lower and higher values of every input, and from other starts; else in the middle alone.

    Raises: InputError where the reference is no plan of the study.
    """
    asked = study.asked(Response) or Response()
    reference = asked.reference or study.baseline
    problems = check_reference(f"{study.path}: response.reference", reference, study.sets)
    if problems:
        raise InputError(problems)
    traits = all_traits(asked) if vary else [central_traits(asked)]
    efforts = Efforts(study, asked, study.sets, reference)
    for each in traits:  # every plan is answered at these costs: known before they are answered side by side
        for segment in efforts.staffed:
            efforts.costs(reference, segment, each)
    cases = [(name, segment) for name in efforts.sets for segment in efforts.staffed]
    # The largest segments last would leave a processor idle at the end.
    cases.sort(key=lambda case: -_accounts(study, case[1]))
    for found in workers.in_order(_answered, (efforts, traits, vary), cases, waiting=len(cases)):
        efforts.known |= found
    return _valued(efforts, traits, workers)


def _valued(efforts: Efforts, traits: list[Traits], workers: Workers) -> Responded:
    """What the company gets at every answer, and today; each distinct case simulated once, in the worlds of the first that
    asks for it: today, then ``points``, then what is only varied.
    """
    asked, sets = efforts.asked, efforts.sets
    unmoved, ones = strengths(0.0, 1.0), np.ones((len(efforts.csms), len(TASKS)))
    today = efforts.reference, moved(unmoved, ones)
    cases = {today: (sets[efforts.reference], ones, unmoved, asked.value_worlds)}
    keys = {}
    for name, role_set in sets.items():
        for each in traits:
            effort, strength = efforts.effort(name, each), efforts.strength(each)
            varied = each != at_points(asked, each.points)
            worlds = min(asked.value_worlds, VARIED_WORLDS) if varied else asked.value_worlds
            key = keys[name, each] = name, moved(strength, effort)
            cases.setdefault(key, (role_set, effort, strength, worlds))
    simulated = workers.in_order(_simulated, efforts, cases.values(), waiting=len(cases))
    parts = dict(zip(cases, simulated, strict=True))
    by_plan = {name: {each: parts[keys[name, each]] for each in traits} for name in sets}
    return Responded(efforts, by_plan, parts[today])


def _answered(shared: tuple[Efforts, list[Traits], bool], case: tuple[str, int]) -> dict[Any, Any]:
    """What there is to be known of a plan in a segment."""
    efforts, traits, vary = shared
    before = efforts.told
    efforts.answer(*case, traits, vary)
    return {key: value for key, value in efforts.told.items() if key not in before}


def _simulated(efforts: Efforts, case: tuple[RoleSet, Floats, Floats, int]) -> Parts:
    return company_parts(efforts.study, *case, efforts.shifts[case[0].name])


def _accounts(study: Study, segment: int) -> int:
    law = study.scenario.segment[segment]
    return law.accounts_per_csm if law.arr is not None else 0
