"""The incentive pass of a study: the same worlds as its run, a sample of books, every plan on the same switches."""

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.pool import Workers
from sim.engine.study import Study, variants_of
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
from sim.plan.role_set import Role, RoleSet
from sim.questions.incentive.around import earnings_at_target
from sim.questions.incentive.beside import Beside as BesideRenewals
from sim.questions.incentive.beside import beside_entry, beside_renewals
from sim.questions.incentive.book_sight import BookSight, see_book
from sim.questions.incentive.scene import Scene, make_scene, reads_beyond, sample
from sim.questions.incentive.setting import Incentive
from sim.questions.incentive.summary import AtEqualCost, IncentiveOfPlan, Reward, Sample
from sim.world.shift import Shift

Floats = NDArray[np.float64]


class Seen(NamedTuple):
    """What the pass has seen of some books.

    csms  : of the books.
    books : in their order, each with what roles are paid on it.
    segment : of each book. [book]
    worlds : of each.
    beside : what roles are paid for besides renewals.
    """

    study: Study
    asked: Incentive
    scene: Scene
    csms: Sequence[int]
    books: Sequence[BookSight]
    segment: NDArray[np.int64]
    worlds: int
    beside: BesideRenewals | None


def rewards_of_plans(study: Study, workers: Workers) -> dict[str, IncentiveOfPlan]:
    """What every plan and role set of the study rewards, by name.

    Plans that read more of a book than its bookings are measured apart, on fewer switches; so are role sets, and what lives
    in worlds of its own there.
    """
    shifts, variant_of = variants_of(study)
    together: dict[tuple[int, bool, str], list[RoleSet]] = {}
    for each, variant in zip(study.sets, variant_of, strict=True):
        whole = any(reads_beyond(role.plan) for role in each.roles)
        together.setdefault((variant, whole, "" if each.plain else each.name), []).append(each)
    found: dict[str, IncentiveOfPlan] = {}
    for (variant, _, _), sets in together.items():
        found |= _rewards(study, sets, shifts[variant], workers)
    baseline = found[study.baseline].incentive
    return {each.name: _scaled(found[each.name], baseline) for each in study.sets}


def _rewards(
    study: Study, sets: Sequence[RoleSet], shifts: dict[str, Shift], workers: Workers
) -> dict[str, IncentiveOfPlan]:
    asked = study.asked(Incentive) or Incentive()
    roles = [role for each in sets for role in each.roles]
    scene = make_scene(study, roles, Step(asked.days_late, asked.expansion), shifts)
    csms = sample(len(scene.world.book.csms), asked.books)
    worlds = min(asked.worlds, study.worlds)
    starts = [0, *accumulate(len(each.roles) for each in sets)]
    of_set = {each.name: tuple(range(starts[place], starts[place + 1])) for place, each in enumerate(sets)}
    units = list(dict.fromkeys([*((place,) for place in range(len(roles))), *of_set.values()]))
    books = list(workers.in_order(_see, (scene, worlds, units), csms, waiting=len(csms)))
    segment = np.array([scene.world.book.segment[scene.world.book.csm_start[csm]] for csm in csms])
    beside = beside_renewals(scene, study, shifts, csms, worlds)
    seen = Seen(study, asked, scene, csms, books, segment, worlds, beside)
    rewards = {
        unit: _reward(seen, place, unit, [roles[each] for each in unit]) for place, unit in enumerate(units)
    }
    return {
        each.name: IncentiveOfPlan(
            incentive=rewards[of_set[each.name]],
            incentive_by_role=None
            if each.plain
            else {
                roles[place].name: reward
                for place in of_set[each.name]
                if (reward := rewards[(place,)]) is not None
            },
        )
        for each in sets
    }


def _see(shared: tuple[Scene, int, list[tuple[int, ...]]], csm: int) -> BookSight:
    scene, worlds, units = shared
    return see_book(scene, csm, worlds, units)


def _reward(seen: Seen, unit: int, places: tuple[int, ...], roles: Sequence[Role]) -> Reward | None:
    """What one role, or several together, reward; None where none of them is paid on a book that was seen."""
    pairs = [(book, book.paid[unit]) for book in seen.books]
    there = [(book, paid) for book, paid in pairs if paid is not None]
    if not there:
        return None
    there_at = [place for place, (_, paid) in enumerate(pairs) if paid is not None]
    segment = seen.segment[there_at]
    strengths, *arrays, units = zip(*(paid for _, paid in there), strict=True)
    pay, kept, total, saved, linear = map(np.stack, arrays)
    size, skill = (np.stack([getattr(book, name) for book, _ in there]) for name in ("size", "skill"))
    names = [law.name for law in seen.study.scenario.segment]
    return Reward.of(
        sample=Sample(worlds=seen.worlds, books=len(there)),
        **strength_entry(reduce(merge_strength, strengths), seen.asked.days_late, names),
        next_save=next_save_entry(saved, size, linear),
        **beside_entry(seen.beside, places, seen.study.scenario.calendar.years),
        **_sight(pay, kept, skill, segment),
        **_pay(pay, total, units[0], seen.study),
        **(_risk(total, roles[0], seen, there_at) if len(roles) == 1 else {}),
    )


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


def _pay(over_target: Floats, total: Floats, unit: float, study: Study) -> Numbers:
    """Expected pay of a CSM-year. over_target : pay over ``unit`` [book, period, world]; total : over the horizon
    [book, world] [usd]
    """
    pay = mean_of(total.mean(axis=0) / study.scenario.calendar.years)
    return {
        "pay": {
            **pay.with_se("per_csm_year"),
            "sd_per_period": unit * float(np.sqrt(over_target.var(axis=-1, ddof=1).mean())),
        }
    }


def _risk(total: Floats, role: Role, seen: Seen, there: Sequence[int]) -> Numbers:
    """Risk premium of a payee-year, twice: by variance, and by the pay that would be as good for certain, which no tail
    dominates. total : over the horizon, of the books at these places. [book, world] [usd]
    """
    calendar, aversion, world = seen.scene.world.calendar, seen.asked.risk_aversion, seen.scene.world
    years = calendar.years
    agreed = (world.persons.of(world.book, seen.csms[place]) for place in there)
    each = [earnings_at_target(role, own, calendar) for own in agreed]
    earnings: float | Floats = each[0] if len(set(each)) == 1 else np.array(each)
    entry: Numbers = {}
    if min(each) > 0.0:
        by_world = risk_by_world(total, years, earnings, aversion)
        entry |= mean_of(by_world).with_se("risk_premium")
        entry["risk_premium_tail"] = tail_share(by_world)
        certain = certain_by_world(total, aversion / earnings, years)
        given_up, worth = mean_of(total.mean(axis=0) / years - certain), mean_of(certain)
        entry |= worth.with_se("certain_pay") | given_up.with_se("risk_premium_certain")
        entry["median_pay"] = float(np.median(total, axis=1).mean()) / years
    return entry


def _scaled(part: IncentiveOfPlan, baseline: Reward | None) -> IncentiveOfPlan:
    """With what it would reward and risk if its target bonus were scaled to the baseline's expected pay.

    Source: METHOD.md, incentive per risk: pay is linear in the target bonus, so the save incentive scales with it and
    the risk premium with its square.
    """
    reward = part.incentive
    if reward is None or baseline is None or None in (reward.pay, baseline.pay, reward.save):
        return part
    assert reward.pay is not None
    assert baseline.pay is not None
    assert reward.save is not None
    pay, reference = reward.pay.per_csm_year, baseline.pay.per_csm_year
    if not pay or not reference:
        return part
    scale, premium = reference / pay, reward.risk_premium or 0.0
    scaled = AtEqualCost(
        scale=scale,
        save=reward.save * scale,
        risk_premium=premium * scale**2,
        save_per_1000_usd_risk=1_000.0 * reward.save / (premium * scale) if premium else None,
    )
    return part.model_copy(update={"incentive": reward.model_copy(update={"at_equal_cost": scaled})})
