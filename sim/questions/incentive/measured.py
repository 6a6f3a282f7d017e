"""The incentive pass of a study: the same worlds as its run, a sample of books, every plan on the same switches."""

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.measure.estimate import Numbers, mean_of
from sim.measure.incentive.certain import certain_by_world
from sim.measure.incentive.sight import (
    line_of_sight,
    luck_and_skill,
    periods_until_ranked,
    risk_by_world,
    tail_share,
)
from sim.measure.incentive.strength import merge_strength, next_save_entry, strength_entry
from sim.measure.incentive.switch import Step
from sim.plan.plan import Plan
from sim.plan.salary import earnings_of
from sim.questions.incentive.book_sight import BookSight, see_book
from sim.questions.incentive.measurable import measurable_plans
from sim.questions.incentive.scene import Scene, make_scene, reads_beyond, sample
from sim.questions.incentive.setting import Incentive
from sim.questions.incentive.summary import AtEqualCost, Reward, Sample

Floats = NDArray[np.float64]


def rewards_of_plans(study: Study, workers: Workers) -> dict[str, Reward]:
    """What every plan file of the study that can be measured rewards, by name.

    Role sets and plans on the company's measures have none. Plans that read more of a book than its bookings are measured
    apart, on fewer switches.
    """
    known = measurable_plans(study.sets)
    found: dict[str, Reward] = {}
    for whole in (False, True):
        plans = {name: plan for name, plan in known.items() if bool(reads_beyond(plan)) == whole}
        if plans:
            found |= _rewards(study, plans, workers)
    baseline = found.get(study.baseline)
    return {name: found[name] if baseline is None else _scaled(found[name], baseline) for name in known}


def _rewards(study: Study, known: dict[str, Plan], workers: Workers) -> dict[str, Reward]:
    asked, plans = study.asked(Incentive) or Incentive(), list(known.values())
    scene = make_scene(study, plans, Step(asked.days_late, asked.expansion))
    csms = sample(len(scene.world.book.csms), asked.books)
    worlds = min(asked.worlds, study.worlds)
    books = list(workers.in_order(_see, (scene, worlds), csms, waiting=len(csms)))
    segment = np.array([scene.world.book.segment[scene.world.book.csm_start[csm]] for csm in csms])
    names = [law.name for law in study.scenario.segment]
    size, skill = np.stack([book.size for book in books]), np.stack([book.skill for book in books])
    found: dict[str, Reward] = {}
    for position, (name, plan) in enumerate(known.items()):
        strengths, *arrays = zip(*(book.plans[position] for book in books), strict=True)
        pay, kept, total, saved, linear = map(np.stack, arrays)
        found[name] = Reward.of(
            sample=Sample(worlds=worlds, books=len(csms)),
            **strength_entry(reduce(merge_strength, strengths), asked.days_late, names),
            next_save=next_save_entry(saved, size, linear),
            **_sight(pay, kept, skill, segment),
            **_risk(pay, total, plan, scene, csms, asked.risk_aversion),
        )
    return found


def _see(shared: tuple[Scene, int], csm: int) -> BookSight:
    scene, worlds = shared
    return see_book(scene, csm, worlds)


def _sight(pay: Floats, kept: Floats, skill: Floats, segment: NDArray[np.int64]) -> Numbers:
    """Line of sight, and luck versus skill. pay, kept, skill : [book, period, world]; segment : [book]"""
    explained = line_of_sight(pay, kept)
    entry: Numbers = {}
    if explained is not None:
        entry |= explained.with_se("line_of_sight")
    skilled = luck_and_skill(pay, skill, segment)
    if skilled is not None:
        entry |= skilled.with_se("skill_share")
        periods = periods_until_ranked(skilled.share)
        if periods is not None and skilled.share > 2.0 * skilled.se:
            entry["periods_until_ranked"] = periods
    return entry


def _risk(
    over_target: Floats, total: Floats, plan: Plan, scene: Scene, csms: list[int], aversion: float
) -> Numbers:
    """Expected pay and risk premium of a CSM-year, twice: by variance, and by the pay that would be as good for certain,
    which no tail dominates.

    over_target : pay over target bonus. [book, period, world]
    total       : over the horizon. [book, world] [usd]
    """
    calendar, persons = scene.world.calendar, scene.world.persons
    years, bonus = calendar.years, plan.target_bonus(calendar)
    pay = mean_of(total.mean(axis=0) / years)
    unit = bonus * plan.lead.weight or 1.0
    entry: Numbers = {
        "pay": {
            **pay.with_se("per_csm_year"),
            "sd_per_period": unit * float(np.sqrt(over_target.var(axis=-1, ddof=1).mean())),
        }
    }
    each = [earnings_of(plan, persons.of(scene.world.book, csm), calendar) for csm in csms]
    earnings: float | Floats = each[0] if len(set(each)) == 1 else np.array(each)
    if min(each) > 0.0:
        by_world = risk_by_world(total, years, earnings, aversion)
        entry |= mean_of(by_world).with_se("risk_premium")
        entry["risk_premium_tail"] = tail_share(by_world)
        certain = certain_by_world(total, aversion / earnings, years)
        given_up, worth = mean_of(total.mean(axis=0) / years - certain), mean_of(certain)
        entry |= worth.with_se("certain_pay") | given_up.with_se("risk_premium_certain")
        entry["median_pay"] = float(np.median(total, axis=1).mean()) / years
    return entry


def _scaled(reward: Reward, baseline: Reward) -> Reward:
    """With what it would reward and risk if its target bonus were scaled to the baseline's expected pay.

    Source: METHOD.md, incentive per risk: pay is linear in the target bonus, so the save incentive scales with it and
    the risk premium with its square.
    """
    if reward.pay is None or baseline.pay is None or reward.save is None:
        return reward
    pay, reference = reward.pay.per_csm_year, baseline.pay.per_csm_year
    if not pay or not reference:
        return reward
    scale, premium = reference / pay, reward.risk_premium or 0.0
    scaled = AtEqualCost(
        scale=scale,
        save=reward.save * scale,
        risk_premium=premium * scale**2,
        save_per_1000_usd_risk=1_000.0 * reward.save / (premium * scale) if premium else None,
    )
    return reward.model_copy(update={"at_equal_cost": scaled})
