"""The exposure of a plan as plain numbers: the sections ``split`` and ``exposure`` of its entry in ``summary.json``."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.measure.estimate import centre_of, mean_of, quantile
from sim.measure.tail import tail_index
from sim.questions.gaming.leak import bunching_entry, leak_entry
from sim.questions.gaming.measured import Exposure, expose, frictions_of
from sim.questions.gaming.redrawn import not_redrawn
from sim.questions.gaming.setting import YIELD_FRICTION, Gaming, movable_scenario

Document = dict[str, Any]
Floats = NDArray[np.float64]
DETERRED: Final = 0.10
"""Exposure is deterred where this part of it is left. [share]"""
SHARES: Final = (0.1, 0.5)
"""Of CSMs who game, at which the expected gain is shown. [share]"""
TRANSIENT: Final = 2
"""First periods, in which the book is still moving to its gamed course. [period]"""
NO_CERTIFICATE: Final = (
    "Nothing bounds the upper end: a quota of this plan may come as near to nothing as one likes, and what is left of it "
    "then pays without bound."
)
LARGEST_KNOWN: Final = 1e15
CENT: Final = 0.01


def gaming_entries(
    study: Study, gaming: Gaming, threads: int, heavy: frozenset[str] = frozenset()
) -> dict[str, Document]:
    """``split``, ``exposure`` and ``leak`` of every plan of one CSM a book, by its name; where exposure cannot be bounded,
    the sentence ``exposure_not_bounded``. CSMs who leave are taken as replaced at once.
    """
    scenario, years = movable_scenario(study.scenario, gaming), study.scenario.calendar.years
    plans = {each.name: each.roles[0].plan for each in study.sets if each.plain}
    entries: dict[str, Document] = {}
    measured = expose(scenario, study.seed, plans.values(), gaming, study.worlds, threads)
    for name, found in measured.items():
        if isinstance(found, str):
            entries[name] = {"exposure_not_bounded": found}
            continue
        by_median = name in heavy or _heavy(found)
        exposure = exposure_entry(found, gaming, years, by_median)
        exposure["worlds"] = found.honest.shape[1]
        exposure["curve_worlds"] = found.friction_gain.shape[2]
        if gaming.certify and (why := not_redrawn(scenario)) is not None:
            exposure["not_certified"] = why
        exposure["bunching"] = bunching_entry(plans[name], found)
        exposure["assumed"] = {each.name: each.movable.model_dump() for each in scenario.segment}
        entries[name] = (
            {"exposure": exposure} if by_median else {"split": split_entry(found), "exposure": exposure}
        )
        worst = leak_entry(scenario, study.seed, plans[name], found, gaming)
        if worst is not None:
            entries[name]["leak"] = worst
    return entries


def _heavy(found: Exposure) -> bool:
    """Whether what choosing dates gains has a tail too heavy for a mean, though pay at honest dates has one."""
    index = tail_index((found.best - found.honest).sum(axis=0))
    return index is not None and index.heavy


def split_entry(found: Exposure) -> Document:
    """What variable pay of the company consists of over the horizon; the three parts add up to ``gamed``. [usd]

    value          : paid for what was kept and grown, E[W_due].
    natural_timing : paid for honest dates, E[W_hon - W_due].
    exposure       : paid for the best choice of dates that was found, E[W_clv - W_hon].
    """
    entry: Document = {}
    parts = {
        "value": found.due,
        "natural_timing": found.honest - found.due,
        "exposure": found.best - found.honest,
        "gamed": found.best,
    }
    for name, each in parts.items():
        entry |= mean_of(each.sum(axis=0)).with_se(name)
    return entry


def exposure_entry(found: Exposure, gaming: Gaming, years: float, by_median: bool = False) -> Document:
    """The bracket and what stands around it, per CSM-year.

    lower : gain of a CSM who follows the policy.   clairvoyant : of the best schedule found, knowing the future.
    upper : what no schedule exceeds, or, where certified, what no rule without foresight does; absent where nothing
        bounds it.
    by_median : pay has no mean: the ends are medians over worlds of the company's gain, and nothing is certified.
    """
    books = found.honest.shape[0]
    unit = 1.0 / (books * years)
    honest = centre_of(found.honest.sum(axis=0), by_median).value * unit
    entry: Document = {"statistic": "median"} if by_median else {}
    ends = {"lower": found.policy, "clairvoyant": found.best, "upper": found.upper}
    for name, pay in ends.items():
        if pay.max() < LARGEST_KNOWN:
            gain = centre_of((pay - found.honest).sum(axis=0) * unit, by_median)
            entry |= gain.with_se(name)
            if honest > 0.0:
                entry[f"{name}_share_of_variable"] = gain.value / honest
    if not by_median:
        entry |= _certified(entry, found, unit, honest)
    if "lower_share_of_variable" in entry:
        entry["share_of_variable"] = entry.pop("lower_share_of_variable")
    paths = np.sort((found.best - found.honest).ravel()) / years
    pays = (found.best - found.honest) > 1.0 * years
    entry |= {
        "p95": quantile(paths, 0.95),
        "max": float(paths[-1]),
        "pays_share": float(pays.mean()),
        "expected": gaming.share_of_csms * entry["lower"],
        "share_of_csms": gaming.share_of_csms,
    }
    entry |= _friction(found, gaming, years, by_median)
    entry["movable"] = [
        {"factor": factor, "gain": _of_csm(gain, by_median) / years}
        for factor, gain in zip(gaming.movable, found.movable_gain, strict=True)
    ]
    entry["by_share"] = [{"share": each, "gain": each * entry["lower"]} for each in SHARES]
    return entry if by_median else entry | _course(found) | _loss(found, gaming, unit)


def _of_csm(gain: Floats, by_median: bool) -> float:
    """Mean over CSMs and worlds; the median over worlds of the mean over CSMs where there is no mean. [csm, world]"""
    return float(np.median(gain.mean(axis=0)) if by_median else gain.mean())


def _certified(entry: Document, found: Exposure, unit: float, honest: float) -> Document:
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
    gap = mean_of((best - policy) * unit)
    upper, se = entry["lower"] + gap.mean, float(np.hypot(entry["lower_se"], gap.se))
    told = gap.with_se("gap") | mean_of(best).with_se("dual")
    if upper >= entry.get("upper", np.inf):
        return {"certificate": told}
    kept = {f"hindsight_{key}": entry[key] for key in ("upper", "upper_se") if key in entry}
    share = {"upper_share_of_variable": upper / honest} if honest > 0.0 else {}
    return {"certificate": told, "upper": upper, "upper_se": se} | kept | share


def deterrence(frictions: tuple[float, ...], gains: Floats) -> float | None:
    """The cost per usd moved at which a tenth of the exposure is left, linear between points; None beyond them. [usd/usd]"""
    left = DETERRED * gains[0]
    if gains[0] < CENT:
        return None
    for at in range(1, len(gains)):
        if gains[at] <= left:
            part = (gains[at - 1] - left) / (gains[at - 1] - gains[at])
            return float(frictions[at - 1] + part * (frictions[at] - frictions[at - 1]))
    return None


def _friction(found: Exposure, gaming: Gaming, years: float, by_median: bool) -> Document:
    """The friction curve; moved ARR and yield where moves must pay for a small cost.

    Source: envelope theorem: the slope of the curve is the amount moved, and both are read from the same schedules.
    """
    frictions = frictions_of(gaming)
    gains = found.friction_gain.mean(axis=(1, 2)) / years
    if by_median:
        gains = np.array([_of_csm(each, by_median) for each in found.friction_gain]) / years
    moved = found.friction_moved.mean(axis=(1, 2)) / years
    at = frictions.index(YIELD_FRICTION)
    gross = gains[at] + YIELD_FRICTION * moved[at]
    price = deterrence(frictions, gains)
    points = zip(frictions, gains, moved, strict=True)
    entry: Document = {
        "moved_arr": float(moved[at]),
        "friction": [{"cost": k, "gain": float(gain), "moved_arr": float(arr)} for k, gain, arr in points],
    }
    if moved[at] > 0.0 and not by_median:
        entry["yield"] = float(gross / moved[at])
    return entry if price is None else entry | {"deterrence_price": price}


def _course(found: Exposure) -> Document:
    """Gain by period of the best schedule, and its mean in the first periods and in the later half. [usd/CSM-period]"""
    gain = found.best_gain.mean(axis=0)
    half = max(len(gain) // 2, 1)
    return {
        "by_period": [float(each) for each in gain],
        "transient": float(gain[:TRANSIENT].mean()),
        "steady": float(gain[-half:].mean()),
    }


def _loss(found: Exposure, gaming: Gaming, unit: float) -> Document:
    """What gaming costs the company besides: discounts to sign early, recognised revenue lost to lapses, less the worth
    of signatures that are truly earlier. Of the policy, for the CSMs who game. [usd/CSM-year]
    """
    scale = gaming.share_of_csms * unit
    discounts = gaming.discount * float(found.pulled.sum(axis=0).mean()) * scale
    lapse = float(found.held_years.sum(axis=0).mean()) * scale
    early = gaming.early_value * float(found.pulled.sum(axis=0).mean()) * scale
    pay = float((found.policy - found.honest).sum(axis=0).mean()) * scale
    return {
        "company_loss": {
            "pay": pay,
            "discounts": discounts,
            "lapse": lapse,
            "early_value": early,
            "total": pay + discounts + lapse - early,
        }
    }
