"""Ranking the plans of a study: net value once CSMs respond, risk to the CSM, exposure; and which plans nobody beats."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.heavy_tail import heavy_plans
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.measure.estimate import centre_of
from sim.measure.incentive.certain import certain_by_world
from sim.measure.screening import Criterion, known, screen
from sim.questions.gaming.entry import LARGEST_KNOWN
from sim.questions.gaming.measured import expose
from sim.questions.gaming.setting import Gaming
from sim.questions.incentive.around import earnings_at_target
from sim.questions.incentive.scene import Scene, beside_book, sample, total_paid, whole_book
from sim.questions.incentive.setting import Incentive
from sim.questions.response.added_value import added_value
from sim.questions.response.entry import csm_numbers
from sim.questions.response.respond import Responded, respond
from sim.questions.response.scenes import staged
from sim.questions.response.setting import Response
from sim.questions.response.summary import FOR
from sim.summary.entry import ABSENT, Entry, count, text, usd

Floats = NDArray[np.float64]

WORLDS: Final = 512
"""Risk is worked out in at most so many worlds."""


class RankedPlan(Entry):
    """One plan: means over worlds; of a plan whose pay has none, medians. Exposure where it is asked and bounded."""

    statistic: str = text("mean or median.")
    net_value: float = usd("Against the reference.", per=FOR)
    net_value_se: float = usd("Standard error of net_value.", per=FOR)
    risk_premium: float = usd("Mean pay less the certain pay that is as good.", per=FOR)
    risk_premium_se: float = usd("Standard error of risk_premium.", per=FOR)
    exposure: float | None = usd("What moving dates can add, at least.", ABSENT, per=FOR)
    exposure_se: float | None = usd("Standard error of exposure.", ABSENT, per=FOR)
    exposure_upper: float | None = usd("At most; absent where nothing bounds it.", ABSENT, per=FOR)
    exposure_upper_se: float | None = usd("Standard error of exposure_upper.", ABSENT, per=FOR)
    csm_gain: float = usd("Certain pay and salary less the cost of effort, against the reference.", per=FOR)
    csm_effort_cost: float = usd("Cost of effort more than today.", per=FOR)
    net_value_whole: float = usd("Net value less the raise that CSMs who lose would need.", per=FOR)
    beaten_by: str | None = text(
        "The plan that is as good on every criterion and clearly better on one.", None
    )
    better_on: tuple[str, ...] = text("On which criteria that plan is better.")


class Ranking(Entry):
    """The plans of a study, best net value first once CSMs who lose are made whole."""

    study: str = text("Its name.")
    reference: str = text("The plan that net values are told against.")
    criteria: tuple[str, ...] = text("What plans are compared by.")
    comparisons: int = count("Among which the chance of a mistake is shared.")
    plans: dict[str, RankedPlan] = text("By name, best first.")

    def document(self) -> dict[str, Any]:
        """Plain values; a plan that none beats says so."""
        plain = super().document()
        for plan in plain["plans"].values():
            plan.setdefault("beaten_by", None)
        return plain


def ranking(study: Study, workers: Workers) -> Ranking:
    """Every plan that can be measured, best net value first, and by which plan it is beaten, if any. Value is compared once
    CSMs who lose by a plan are made whole: else the plan that pays least would beat the others.

    Without a ``[response]`` (``[incentive]``) table its default assumptions hold. Exposure counts where the study
    measures it.

    Raises: InputError where the reference plan cannot be answered.
    """
    found = respond(study.asking(study.asked(Response) or Response()), workers, vary=False)
    names = list(found.efforts.sets)
    heavy = heavy_plans(study, workers)
    # Against a reference without a mean no net value has one.
    by_median = [bool({name, found.efforts.reference} & heavy) for name in names]
    values = np.stack([added_value(found, name) for name in names])
    premiums = risk_of(found)
    middle = np.array([centre_of(*each).value for each in zip(values, by_median, strict=True)])
    csm = [csm_numbers(found, name, float(value)) for name, value in zip(names, middle, strict=True)]
    raised = np.array([each["net_value_whole"] for each in csm]) - middle
    whole = values + raised[:, np.newaxis]
    criteria = {"net_value_whole": known(whole), "risk_premium": known(-premiums)}
    exposures = _exposures(study, workers)
    if exposures is not None:
        criteria["exposure"] = exposures
    screened = screen(list(criteria.values()), [name in heavy for name in names])
    rows: dict[str, RankedPlan] = {}
    for index in np.argsort(-(middle + raised), kind="stable"):
        rival = screened.beaten_by[index]
        rows[names[index]] = RankedPlan.of(
            **_row(values[index], premiums[index], exposures, int(index), by_median[index]),
            **csm[index],
            beaten_by=None if rival < 0 else names[rival],
            better_on=tuple(list(criteria)[each] for each in screened.better_on[index]),
        )
    return Ranking(
        study=study.name,
        reference=found.efforts.reference,
        criteria=tuple(criteria),
        comparisons=screened.comparisons,
        plans=rows,
    )


def risk_of(found: Responded) -> Floats:
    """What each world adds to the risk premium of each plan: mean pay of all who are paid on a book less the pay that would
    be as good to them for certain. [plan, world] [usd/yr]
    """
    study, efforts = found.efforts.study, found.efforts
    asked = study.asked(Incentive) or Incentive()
    worlds, calendar = min(WORLDS, study.worlds), study.scenario.calendar
    premiums = dict.fromkeys(efforts.sets, np.zeros(worlds))
    for scene, roles in staged(efforts):
        csms = sample(len(scene.world.book.csms), asked.books)
        pay = np.stack([_paid(scene, csm, worlds) for csm in csms])
        for place, (name, role) in enumerate(roles):
            territory = scene.territories[place]
            there = [at for at, csm in enumerate(csms) if territory.payee[csm] >= 0]
            if not there:
                continue
            agreed = (scene.world.persons.of(scene.world.book, csms[at]) for at in there)
            earnings = [earnings_at_target(role, each, calendar) for each in agreed]
            own, aversion = pay[there, place], asked.risk_aversion / np.maximum(earnings, 1.0)
            given_up = own.mean(axis=0) / scene.years - certain_by_world(own, aversion, scene.years)
            premiums[name] = premiums[name] + len(territory.last) / len(territory.payee) * given_up
    return np.stack(list(premiums.values()))


def _paid(scene: Scene, csm: int, worlds: int) -> Floats:
    """[role, world] [usd]"""
    ledger = whole_book(scene, csm, 0, worlds)[2]
    return total_paid(scene, beside_book(scene, csm, 0, worlds), ledger)


def _exposures(study: Study, workers: Workers) -> Criterion | None:
    """The exposure of each plan as a bracket per CSM-year, less of it being better; NaN of a role set, None
    where the study does not ask. [plan, world] [usd/yr]
    """
    gaming = study.asked(Gaming)
    if gaming is None:
        return None
    plans = [each.roles[0].plan for each in study.sets if each.plain]
    found = expose(study.scenario, study.seed, plans, gaming, study.worlds, workers)
    worlds, years = min(gaming.worlds, study.worlds), study.scenario.calendar.years
    low, high = np.full((2, len(study.sets), worlds), np.nan)
    for index, role_set in enumerate(study.sets):
        each = found.get(role_set.name)
        if each is not None:
            high[index] = -(each.policy - each.honest).mean(axis=0) / years
            low[index] = -(each.upper - each.honest).mean(axis=0) / years
    return Criterion(low, high)


def _row(
    values: Floats, risks: Floats, exposures: Criterion | None, index: int, by_median: bool
) -> dict[str, Any]:
    """Means over worlds; of a plan whose pay has none, medians."""
    value, risk = centre_of(values, by_median), centre_of(risks, by_median)
    row: dict[str, Any] = {
        "statistic": "median" if by_median else "mean",
        **value.with_se("net_value"),
        **risk.with_se("risk_premium"),
    }
    if exposures is None or np.isnan(exposures.high[index]).any():
        return row
    ends = {"exposure": -exposures.high[index], "exposure_upper": -exposures.low[index]}
    for name, end in ends.items():
        if end.max() < LARGEST_KNOWN:
            row |= centre_of(end, by_median).with_se(name)
    return row
