"""The summary of a run: every measure of every plan as plain numbers, the content of ``summary.json``.

A share is a fraction, money is usd over the horizon unless the name says otherwise; ``x_se`` is the standard
error of ``x`` and ``x_ci95`` its 95 % interval. A measure that was not computed, or has no value, is absent.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Any, Final

import numpy as np

import sim
from sim.measure.cost import (
    PERIOD_LEVELS,
    Cost,
    Quantiles,
    convexity_of,
    cost_of,
    difference_of,
    quantiles_of,
)
from sim.measure.estimate import Floats, Mean, mean_of, ratio_of
from sim.measure.histogram import percentile
from sim.measure.retention import Retention, annual
from sim.measure.tail import largest_share, of_one_world
from sim.study.forecast.entry import forecast_entry, headcount
from sim.study.marks import marks_of, multiple_at
from sim.study.means import without_difference, without_means
from sim.study.order import ordered
from sim.study.ownership.setting import variants_of
from sim.study.performance import performance
from sim.study.reach import faults_of_set
from sim.study.role_cost import (
    Payees,
    base_by_world,
    cost_by_world,
    pay_besides,
    payees_of,
    role_entries,
    variable_by_world,
)
from sim.study.study import Study
from sim.study.tail import HeavyTail, tail_of_cost, tail_of_difference
from sim.study.totals import FEATURES, Totals
from sim.world.book import Book
from sim.world.streams import DRAW_PLAN

Document = dict[str, Any]

PAY_LEVELS: Final = {"p5": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}
TIMINGS: Final = ("early", "late", "on_time", "uncredited")


def summarise(study: Study, book: Book, totals: Totals) -> Document:
    """The whole summary; plain dicts, lists and numbers."""
    baseline = cost_by_world(study, totals, study.baseline_index).sum(axis=0)
    tails = [tail_of_cost(study, totals, index) for index in range(len(study.sets))]
    _, variant_of = variants_of(study)
    plans = {
        each.name: _told(
            _plan(study, totals, index, baseline, totals.retentions[variant_of[index]]),
            tails[index],
            _tail_of_difference(study, totals, index, baseline, tails),
        )
        for index, each in enumerate(study.sets)
    }
    return {
        "study": study_facts(study, book),
        "assumptions": dict(study.scenario.sources),
        **_present({"headcount": headcount(study, totals), "order": ordered(study, totals, plans)}),
        "plans": plans,
    }


def study_facts(study: Study, book: Book) -> Document:
    """What was run: enough to run it again and to tell two results apart."""
    scenario = study.scenario
    facts = {
        "name": study.name,
        "title": study.title or None,
        "seed": study.seed,
        "worlds": study.worlds,
        "csms": len(book.csms),
        "accounts": int((~book.arrival).sum()),
        "periods": scenario.periods,
        "period_months": scenario.period_months,
        "years": scenario.calendar.years,
        "start": scenario.start.isoformat(),
        "hash": study.hash,
        "version": sim.__version__,
        "draw_plan": DRAW_PLAN,
        "scenario": scenario.name,
        "baseline": study.baseline,
        "budget": study.budget,
        "on_cost": scenario.employer.on_cost,
    }
    return _present(facts)


def _plan(study: Study, totals: Totals, index: int, baseline: Floats, retention: Retention) -> Document:
    roles = payees_of(study, index)
    by_period = cost_by_world(study, totals, index)
    cost = by_period.sum(axis=0)
    entry: Document = {
        "title": study.sets[index].title,
        "cost": _cost(cost_of(cost, study.budget))
        | _unit_costs(cost, study, totals.shape.books, retention)
        | _fragile(cost - np.median(cost)),
        "cost_by_period": [_period(study, period, amounts) for period, amounts in enumerate(by_period)],
        "cost_by_role": role_entries(study, totals, index),
        "cost_parts": _parts(study, totals, index),
        "vs_baseline": _difference(cost, baseline),
        "convexity": _convexity(study, totals, roles),
        "retention": _retention(study, retention),
        "forecast": forecast_entry(study, totals, index, retention),
        "pay": _pay(study, totals, roles[0]),
        "pay_by_role": {each.role.name: _pay(study, totals, each) for each in roles} if roles[1:] else None,
        "lints": faults_of_set(study, study.sets[index]),
        "not_modelled": list(study.sets[index].not_modelled) or None,
    }
    return _present(entry)


def _told(entry: Document, tail: HeavyTail | None, tail_of_gap: HeavyTail | None) -> Document:
    """The entry without the means that do not exist; ``tail`` in the place of each says why."""
    if tail is not None:
        entry = without_means(entry)
        entry["cost"] |= {"tail": tail.entry()}
    if tail_of_gap is not None:
        entry = without_difference(entry)
        entry["vs_baseline"] |= {"tail": tail_of_gap.entry()}
    return entry


def _tail_of_difference(
    study: Study, totals: Totals, index: int, baseline: Floats, tails: Sequence[HeavyTail | None]
) -> HeavyTail | None:
    cost = cost_by_world(study, totals, index).sum(axis=0)
    return tail_of_difference(cost, baseline, tails[index], tails[study.baseline_index])


def _cost(cost: Cost) -> Document:
    over = cost.over_budget
    return _present(
        {
            **_mean("", cost.mean),
            "sd": cost.mean.sd,
            **_quantiles(cost.quantiles),
            "cvar95": cost.tail.cvar,
            "cvar95_se": cost.tail.se,
            "reserve": cost.reserve,
            "reserve_ci95": _pair(cost.reserve_ci95),
            "prob_over_budget": over and over.share,
            "prob_over_budget_se": over and over.se,
            "prob_over_budget_ci95": over and _pair(over.ci95),
        }
    )


def _unit_costs(cost: Floats, study: Study, csms: int, retention: Retention) -> Document:
    """Cost per CSM-year (mean and median), and per usd of ARR that came due in the horizon and was kept."""
    csm_years = csms * study.scenario.calendar.years
    per_csm_year = mean_of(cost / csm_years)
    per_kept = ratio_of(cost, retention.kept)
    return {
        "per_csm_year_p50": float(np.median(cost)) / csm_years,
        "per_csm_year": per_csm_year.mean,
        "per_csm_year_se": per_csm_year.se,
        **(
            {}
            if per_kept is None
            else {"per_usd_retained": per_kept.mean, "per_usd_retained_se": per_kept.se}
        ),
    }


def _period(study: Study, period: int, amounts: Floats) -> Document:
    quantiles = quantiles_of(np.sort(amounts), PERIOD_LEVELS)
    label = study.scenario.calendar.label(period)
    return {"period": period, "label": label, **_mean("", mean_of(amounts)), **_quantiles(quantiles)}


def _parts(study: Study, totals: Totals, index: int) -> Document:
    """What cost consists of; ``early``, ``late``, ``on_time`` and ``uncredited`` add up to ``variable``.

    They are absent where renewals are not all that is paid for.
    """
    roles = payees_of(study, index)
    on_cost = study.scenario.employer.on_cost
    by_world = variable_by_world(study, totals, index).sum(axis=0)
    paid = mean_of(by_world)
    base = [pay_besides(study, totals, each).base for each in roles]
    entry = _mean("variable", paid) | {"variable_p50": float(np.median(by_world))}
    if len(roles) == 1 and roles[0].role.plan.on_renewals_alone:
        for name in TIMINGS:
            entry |= _feature(totals, roles[0].position, name)
    if all(isinstance(each, float) for each in base):
        salaries = sum(float(each) * study.scenario.periods for each in base)
        pay_error, of_base = paid.se, {"base": salaries}
    else:
        base_of_world = base_by_world(study, totals, index).sum(axis=0)
        mean = mean_of(base_of_world)
        all_pay = mean_of(by_world + base_of_world)
        salaries, pay_error, of_base = mean.mean, all_pay.se, {"base": mean.mean, "base_se": mean.se}
    return entry | of_base | {"on_cost": on_cost * (paid.mean + salaries), "on_cost_se": on_cost * pay_error}


def _convexity(study: Study, totals: Totals, roles: tuple[Payees, ...]) -> Document | None:
    """Of role sets in which one payout curve on renewals is all that anybody is paid by.

    What vacant seats are not paid is no matter of the curve: it counts as paid at the mean attainment.
    """
    calendar = study.scenario.calendar
    if not all(each.role.plan.on_renewals_alone for each in roles):
        return None
    variable, linear, at_mean = np.zeros(totals.variable.shape[2]), np.zeros(totals.variable.shape[2]), 0.0
    for role, position in roles:
        attainment = totals.attainment[position]
        multiple, slope = multiple_at(role.plan, float(np.mean(attainment)))
        target, seats = role.plan.target_bonus(calendar), calendar.periods * totals.shape.payees[position]
        at_target = target * calendar.periods * totals.shape.payees[position]
        variable = variable + totals.variable[position].sum(axis=0)
        if role.holds_book and totals.filled is not None:
            variable += multiple * target * (seats - totals.filled[position].sum(axis=0))
        linear = linear + (slope * at_target) * attainment
        at_mean += multiple * at_target
    return _mean("", convexity_of(variable, linear, at_mean, 1.0))


def _difference(cost: Floats, baseline: Floats) -> Document:
    found = difference_of(cost, baseline)
    below = float(np.mean(baseline))
    return _present(
        {
            **_mean("", found.mean),
            "sd": found.mean.sd,
            **_quantiles(found.quantiles),
            "share_of_baseline": found.mean.mean / below if below else None,
            "largest_world_share": found.largest_world_share,
            **_fragile(cost - baseline),
            "share_dearer": found.dearer.share,
            "share_dearer_se": found.dearer.se,
            "share_dearer_ci95": _pair(found.dearer.ci95),
        }
    )


def _fragile(values: Floats) -> Document:
    """``fragile`` where a mean of these rests on a few worlds."""
    return {"fragile": True} if of_one_world(largest_share(values), len(values)) else {}


def _retention(study: Study, retention: Retention) -> Document:
    years = study.scenario.calendar.years
    means = {
        "grr": mean_of(annual(retention.gross, years)),
        "nrr": mean_of(annual(retention.net, years)),
        "gross_renewal_rate": ratio_of(retention.kept, retention.due),
        "net_renewal_rate": ratio_of(retention.booked, retention.due),
        "on_time_rate": ratio_of(retention.on_time, retention.due),
        "closing_arr": mean_of(retention.closing),
    }
    return {
        key: value
        for name, mean in means.items()
        if mean is not None
        for key, value in ((name, mean.mean), (f"{name}_se", mean.se))
    }


def _pay(study: Study, totals: Totals, payees: Payees) -> Document:
    """The pay distribution over payee-periods, and how evenly payees are paid over the horizon.

    Without a target bonus nothing is said of it, and without a quota nothing of attainment.
    """
    index, plan = payees.position, payees.role.plan
    marks = marks_of(plan, study.scenario.calendar)
    asked = plan.component[plan.lead].quota.kind != "none"
    attained, paid = totals.bins[index]
    names = [name for name in FEATURES if name not in TIMINGS]
    if np.isinf(marks.cap):
        names.remove("share_at_cap")
    if marks.target == 0.0:
        names.remove("share_at_target")
    features = [_feature(totals, index, name) for name in names]
    at_target = float(totals.features.mean[index][FEATURES.index("share_at_target")])
    attainment = {
        **_mean("", mean_of(totals.attainment[index])),
        **{name: percentile(attained, level) for name, level in PAY_LEVELS.items()},
    }
    return _present(
        {
            "target": marks.target or None,
            "cap": None if np.isinf(marks.cap) else marks.cap,
            "attainment": attainment if asked else None,
            "performance": performance(payees.role.plan, attained),
            "per_period": {
                name: _times(percentile(paid, level), marks.unit) for name, level in PAY_LEVELS.items()
            },
            "share_below_target": 1.0 - at_target if marks.target > 0.0 else None,
            **{key: value for feature in features for key, value in feature.items()},
            "quota_exhausted": int(totals.marks[index, :, 3].sum()),
        }
    )


def _feature(totals: Totals, index: int, name: str) -> Document:
    """A feature's mean over worlds and its error; empty when no world has it."""
    position = FEATURES.index(name)
    worlds = totals.features.worlds[index, position]
    if worlds < 1:
        return {}
    mean = {name: float(totals.features.mean[index, position])}
    error = float(totals.features.sd[index, position]) / sqrt(worlds)
    return mean | ({f"{name}_se": error} if worlds > 1 else {})


def _mean(name: str, mean: Mean) -> Document:
    """``mean``, ``se``, ``ci95``; or, of a named quantity, ``name``, ``name_se``, ``name_ci95``."""
    keys = (name, f"{name}_se", f"{name}_ci95") if name else ("mean", "se", "ci95")
    return dict(zip(keys, (mean.mean, mean.se, _pair(mean.ci95)), strict=True))


def _quantiles(quantiles: Quantiles) -> Document:
    intervals = {name: _pair(interval) for name, interval in quantiles.intervals.items()}
    return quantiles.values | {"quantile_ci95": intervals}


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)


def _times(share: float | None, amount: float) -> float | None:
    return None if share is None else share * amount


def _present(entry: Document) -> Document:
    return {key: value for key, value in entry.items() if value is not None}
