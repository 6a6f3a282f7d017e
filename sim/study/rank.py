"""Ranking the plans of a study: net value once CSMs respond, risk to the CSM, exposure; and which plans nobody beats."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import mean_of
from sim.measure.incentive.sight import risk_by_world
from sim.measure.incentive.switch import Step, total_pay
from sim.measure.screening import screen
from sim.measure.value import net_value
from sim.plan.plan import Plan
from sim.study.behaviour import Incentive, Response
from sim.study.incentive import sample
from sim.study.response import respond
from sim.study.sections import sections_of
from sim.study.study import Study
from sim.study.switch_scene import make_scene, whole_book

Floats = NDArray[np.float64]
Document = dict[str, Any]

WORLDS: Final = 512
"""Risk is worked out in at most so many worlds."""


def ranking(study: Study, threads: int) -> Document:
    """Every plan that can be measured, best net value first, and by which plan it is beaten, if any.

    Without a ``[response]`` (``[incentive]``) table its default assumptions hold. Exposure counts where the study
    measures it.

    Raises: InputError where the reference plan cannot be answered.
    """
    asked = replace(study, response=study.response or Response())
    found = respond(asked, threads)
    middle = found.setting.asked.central
    base = net_value(found.today, found.worth)
    names = list(found.plans)
    values = np.stack([net_value(found.parts[name][middle], found.worth) - base for name in names])
    values /= found.csm_years
    risks = risk_of(study, list(found.plans.values()))
    measured = sections_of(replace(study, response=None, incentive=None), threads)
    exposures = [measured.get(name, {}).get("exposure", {}).get("lower") for name in names]
    known = [] if None in exposures else [-np.array(exposures, dtype=np.float64)]
    screened = screen([values, -risks], known)
    rows = {}
    for index in np.argsort(-values.mean(axis=1), kind="stable"):
        value, risk, rival = mean_of(values[index]), mean_of(risks[index]), screened.beaten_by[index]
        rows[names[index]] = {
            "net_value": value.mean,
            "net_value_se": value.se,
            "risk_premium": risk.mean,
            "risk_premium_se": risk.se,
            **({"exposure": exposures[index]} if known else {}),
            "beaten_by": None if rival < 0 else names[rival],
        }
    reference = found.setting.asked.reference or study.baseline
    criteria = ["net_value", "risk_premium", *(["exposure"] if known else [])]
    facts = {"study": study.name, "reference": reference, "criteria": criteria}
    return facts | {"comparisons": screened.comparisons, "plans": rows}


def risk_of(study: Study, plans: list[Plan]) -> Floats:
    """The risk premium of each plan in each world. [plan, world] [usd/yr]"""
    asked = study.incentive or Incentive()
    scene = make_scene(study, plans, Step(1, 1.0))
    worlds = min(WORLDS, study.worlds)
    books = sample(len(scene.world.book.csms), asked.books)
    pay = np.stack([total_pay(scene.plans, whole_book(scene, csm, 0, worlds)[2]) for csm in books])
    found = []
    for index, plan in enumerate(plans):
        calendar = study.scenario.calendar
        earnings = plan.pay.base_salary + plan.target_bonus(calendar) * calendar.periods / scene.years
        risk = risk_by_world(pay[:, index], scene.years, max(earnings, 1.0), asked.risk_aversion)
        found.append(risk)
    return np.stack(found)
