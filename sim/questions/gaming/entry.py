"""What the summary says of the exposure of a plan, from what is paid for each choice of dates."""

from typing import Final

import numpy as np

from sim.engine.pool import Workers
from sim.engine.study import Study, variants_of
from sim.engine.territories import make_territories
from sim.measure.clustered import INDEPENDENT, Clusters, centre_on, mean_on
from sim.measure.estimate import Centre, Numbers, centre_of, quantile
from sim.measure.gaming.boundary import in_a_chain
from sim.measure.tail import tail_index
from sim.plan.plan import Plan
from sim.plan.role_set import RoleSet
from sim.questions.gaming.bunching import bunching_of
from sim.questions.gaming.dated import DatedPay
from sim.questions.gaming.leak import worst_schedule
from sim.questions.gaming.measured import expose
from sim.questions.gaming.roles import expose_roles, holder_of, world_of
from sim.questions.gaming.setting import Gaming, movable_scenario
from sim.questions.gaming.summary import (
    AssumedMovable,
    Certificate,
    CompanyLoss,
    Exposure,
    GamingOfPlan,
    MovablePoint,
    RoleExposure,
    SharePoint,
    Split,
)
from sim.questions.gaming.varied import friction_numbers, of_csm
from sim.world.scenario import Scenario
from sim.world.world import World

SHARES: Final = (0.1, 0.5)
"""Of CSMs who game, at which the expected gain is shown. [share]"""
TRANSIENT: Final = 2
"""First periods, in which the book is still moving to its gamed course. [period]"""
NO_CERTIFICATE: Final = (
    "Nothing bounds the upper end: a quota of this plan may come as near to nothing as one likes, and what is left of it "
    "then pays without bound."
)
NOT_IN_A_CHAIN: Final = (
    "The upper end stays the bound with hindsight under {name}: what hindsight is worth is charged for where a plan is one "
    "bonus on renewals, paid by period."
)
LARGEST_KNOWN: Final = 1e15


def gaming_of_plans(
    study: Study, gaming: Gaming, workers: Workers, heavy: frozenset[str] = frozenset()
) -> dict[str, GamingOfPlan]:
    """Split, exposure and worst schedule of every plan and role set, by its name. CSMs who leave are taken as replaced at
    once.
    """
    scenario, years = movable_scenario(study.scenario, gaming), study.scenario.calendar.years
    plans = {role_set.name: role_set.roles[0].plan for role_set in study.sets if role_set.plain}
    parts: dict[str, GamingOfPlan] = {}
    world = World(scenario, study.seed)
    measured = expose(scenario, study.seed, plans.values(), gaming, study.worlds, workers)
    for name, found in measured.items():
        by_median = name in heavy or _heavy(found)
        numbers = exposure_numbers(found, gaming, years, by_median, study.clusters)
        around = _around(scenario, gaming, plans[name])
        parts[name] = GamingOfPlan(
            split=None if by_median else split_of(found, study.clusters),
            exposure=Exposure.of(**numbers | around, bunching=bunching_of(plans[name], found)),
            leak=worst_schedule(world, plans[name], found, gaming),
        )
    shifts, variant_of = variants_of(study)
    for role_set, variant in zip(study.sets, variant_of, strict=True):
        if not role_set.plain:
            own = world_of(scenario, study.seed, shifts[variant])
            parts[role_set.name] = _of_roles(study, own, role_set, gaming, workers)
    return {role_set.name: parts[role_set.name] for role_set in study.sets}


def _around(scenario: Scenario, gaming: Gaming, plan: Plan) -> Numbers:
    """What is assumed, and why the upper end is not certified where that was asked."""
    assumed = {
        segment.name: AssumedMovable.of(**segment.movable.model_dump()) for segment in scenario.segment
    }
    why = None
    if gaming.certify:
        why = None if in_a_chain(plan) else NOT_IN_A_CHAIN.format(name=plan.name)
    return {"assumed": assumed} | ({} if why is None else {"not_certified": why})


def _of_roles(
    study: Study, world: World, role_set: RoleSet, gaming: Gaming, workers: Workers
) -> GamingOfPlan:
    """Every role of a role set, each by itself; in full that whose payees hold the books."""
    scenario, years = world.scenario, world.calendar.years
    measured = expose_roles(world, role_set, gaming, study.worlds, workers)
    holder = holder_of(role_set)
    roles = {}
    for role in role_set.roles:
        payees, found = measured[role.name]
        numbers = exposure_numbers(found, gaming, years, _heavy(found), study.clusters)
        told = ("lower", "lower_se", "upper", "upper_se", "share_of_variable")
        roles[role.name] = RoleExposure.of(
            moves_dates=role.name == holder.name,
            payees=len(payees),
            books=sum(len(whose.csms) for whose in payees) / max(len(payees), 1),
            **{name: numbers[name] for name in told if name in numbers},
        )
    payees, found = measured[holder.name]
    by_median = _heavy(found)
    numbers = exposure_numbers(found, gaming, years, by_median, study.clusters)
    numbers |= _around(scenario, gaming, holder.plan)
    names = make_territories(holder, world.book, scenario).names
    return GamingOfPlan(
        exposure=Exposure.of(**numbers, bunching=bunching_of(holder.plan, found)),
        roles=roles,
        leak=worst_schedule(world, holder.plan, found, gaming, payees, names),
    )


def _heavy(found: DatedPay) -> bool:
    """Whether what choosing dates gains has a tail too heavy for a mean, though pay at honest dates has one."""
    index = tail_index((found.best - found.honest).sum(axis=0))
    return index is not None and index.heavy


def split_of(found: DatedPay, clusters: Clusters = INDEPENDENT) -> Split:
    """What variable pay of the company consists of over the horizon: E[W_due], E[W_hon - W_due] and E[W_clv - W_hon]."""
    parts = {
        "value": found.due,
        "natural_timing": found.honest - found.due,
        "exposure": found.best - found.honest,
        "gamed": found.best,
    }
    numbers: Numbers = {}
    for name, part in parts.items():
        numbers |= mean_on(part.sum(axis=0), clusters).with_se(name)
    return Split.of(**numbers)


def exposure_numbers(
    found: DatedPay,
    gaming: Gaming,
    years: float,
    by_median: bool = False,
    clusters: Clusters = INDEPENDENT,
) -> Numbers:
    """The bracket and what stands around it, per CSM-year.

    by_median : pay has no mean: the ends are medians over worlds of the company's gain, and nothing is certified.
    """
    unit = 1.0 / (found.honest.shape[0] * years)
    honest = centre_of(found.honest.sum(axis=0), by_median).value * unit
    ends = {
        name: centre_on((pay - found.honest).sum(axis=0) * unit, by_median, clusters)
        for name, pay in (("lower", found.policy), ("clairvoyant", found.best), ("upper", found.upper))
        if pay.max() < LARGEST_KNOWN
    }
    certified = {} if by_median else _certified(ends, found, unit, clusters)
    numbers: Numbers = {"statistic": "median"} if by_median else {}
    for name, end in ends.items():
        numbers |= end.with_se(name)
    numbers |= certified
    if honest > 0.0:
        numbers |= {
            "share_of_variable" if name == "lower" else f"{name}_share_of_variable": numbers[name] / honest
            for name in ("lower", "clairvoyant", "upper")
            if name in numbers
        }
    lower = ends["lower"].value
    numbers |= _books(found, years) | friction_numbers(found, gaming, years, by_median)
    numbers |= {
        "expected": gaming.share_of_csms * lower,
        "share_of_csms": gaming.share_of_csms,
        "movable": tuple(
            MovablePoint(factor=factor, gain=of_csm(gain, by_median) / years)
            for factor, gain in zip(gaming.movable, found.movable_gain, strict=True)
        ),
        "by_share": tuple(SharePoint(share=share, gain=share * lower) for share in SHARES),
        "worlds": found.honest.shape[1],
        "curve_worlds": found.friction_gain.shape[2],
    }
    return numbers if by_median else numbers | _course(found) | {"company_loss": _loss(found, gaming, unit)}


def _books(found: DatedPay, years: float) -> Numbers:
    """Of single books in single worlds, dates chosen in hindsight."""
    gains = found.best - found.honest
    ordered = np.sort(gains.ravel()) / years
    return {
        "p95": quantile(ordered, 0.95),
        "max": float(ordered[-1]),
        "pays_share": float((gains > 1.0 * years).mean()),
    }


def _certified(ends: dict[str, Centre], found: DatedPay, unit: float, clusters: Clusters) -> Numbers:
    """The upper end without foresight: the lower end and what the policy may miss, each with its error; the bound with
    hindsight keeps a place of its own. Nothing where it was not asked, or where hindsight is bounded more closely; a
    sentence where neither is bounded.

    Source: Andersen and Broadie (2004), "Primal-dual simulation algorithm for pricing multidimensional American
    options", Management Science 50(9): the gap between dual and policy on the same paths.
    """
    if found.certified.shape[2] == 0:
        return {}
    best, policy = found.certified.sum(axis=0)
    if not np.isfinite(best).all():
        return {"not_certified": NO_CERTIFICATE}
    gap, lower, hindsight = mean_on((best - policy) * unit, clusters), ends["lower"], ends.get("upper")
    certificate = {
        "certificate": Certificate.of(**gap.with_se("gap"), **mean_on(best, clusters).with_se("dual"))
    }
    upper = lower.value + gap.mean
    if hindsight is not None and upper >= hindsight.value:
        return certificate
    kept = {} if hindsight is None else hindsight.with_se("hindsight_upper")
    return certificate | kept | {"upper": upper, "upper_se": float(np.hypot(lower.se, gap.se))}


def _course(found: DatedPay) -> Numbers:
    """Gain by period of the best schedule, and its mean in the first periods and in the later half. [usd/CSM-period]"""
    gain = found.best_gain.mean(axis=0)
    half = max(len(gain) // 2, 1)
    return {
        "by_period": tuple(float(each) for each in gain),
        "transient": float(gain[:TRANSIENT].mean()),
        "steady": float(gain[-half:].mean()),
    }


def _loss(found: DatedPay, gaming: Gaming, unit: float) -> CompanyLoss:
    """What gaming costs the company besides: discounts to sign early, recognised revenue lost to lapses, less the worth
    of signatures that are truly earlier. Of the policy, for the CSMs who game. [usd/CSM-year]
    """
    scale = gaming.share_of_csms * unit
    discounts = gaming.discount * float(found.pulled.sum(axis=0).mean()) * scale
    lapse = float(found.held_years.sum(axis=0).mean()) * scale
    early = gaming.early_value * float(found.pulled.sum(axis=0).mean()) * scale
    pay = float((found.policy - found.honest).sum(axis=0).mean()) * scale
    return CompanyLoss(
        pay=pay, discounts=discounts, lapse=lapse, early_value=early, total=pay + discounts + lapse - early
    )
