"""The summary of a run: every measure of every plan as plain numbers, the content of ``summary.json``.

A share is a fraction, money is usd over the horizon unless the name says otherwise; ``x_se`` is the standard
error of ``x`` and ``x_ci95`` its 95 % interval. A measure that was not computed, or has no value, is absent.
"""

from math import sqrt
from typing import Any, Final

import numpy as np

import sim
from sim.measure.cost import (
    PERIOD_LEVELS,
    Cost,
    Pay,
    Quantiles,
    company_cost,
    convexity_of,
    cost_of,
    difference_of,
    quantiles_of,
)
from sim.measure.estimate import Floats, Mean, mean_of, ratio_of
from sim.measure.histogram import percentile
from sim.measure.retention import Retention, annual
from sim.plan.lint import lint
from sim.plan.plan import Plan
from sim.study.marks import marks_of, multiple_at
from sim.study.study import Study
from sim.study.totals import FEATURES, Totals
from sim.world.book import Book
from sim.world.streams import DRAW_PLAN

Document = dict[str, Any]

PAY_LEVELS: Final = {"p5": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}
TIMINGS: Final = ("early", "late", "on_time", "uncredited")


def summarise(study: Study, book: Book, totals: Totals) -> Document:
    """The whole summary; plain dicts, lists and numbers."""
    baseline = cost_by_world(study, book, totals, study.baseline_index).sum(axis=0)
    return {
        "study": study_facts(study, book),
        "assumptions": dict(study.scenario.sources),
        "plans": {
            plan.name: _plan(study, book, totals, index, baseline) for index, plan in enumerate(study.plans)
        },
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
        "accounts": len(book.accounts),
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


def pay_besides(study: Study, book: Book, plan: Plan) -> Pay:
    """Salaries of all CSMs on a plan [usd/period] and the employer's cost on all pay [rate]."""
    years = study.scenario.calendar.years / study.scenario.periods
    return Pay(plan.pay.base_salary * years * len(book.csms), study.scenario.employer.on_cost)


def cost_by_world(study: Study, book: Book, totals: Totals, index: int) -> Floats:
    """Company cost of the plan at ``index``. [period, world] [usd]"""
    return company_cost(totals.variable[index], pay_besides(study, book, study.plans[index]))


def _plan(study: Study, book: Book, totals: Totals, index: int, baseline: Floats) -> Document:
    plan = study.plans[index]
    by_period = cost_by_world(study, book, totals, index)
    cost = by_period.sum(axis=0)
    variable = totals.variable[index].sum(axis=0)
    entry: Document = {
        "title": plan.title,
        "cost": _cost(cost_of(cost, study.budget)) | _unit_costs(cost, study, book, totals.retention),
        "cost_by_period": [_period(study, period, amounts) for period, amounts in enumerate(by_period)],
        "cost_parts": _parts(study, book, totals, index, variable),
        "vs_baseline": _difference(cost, baseline),
        "convexity": _convexity(study, book, totals, index, variable),
        "retention": _retention(study, totals.retention),
        "pay": _pay(study, totals, index),
        "lints": [fault._asdict() for fault in lint(plan, study.scenario.calendar)],
        "not_modelled": list(plan.about.not_modelled) or None,
    }
    return _present(entry)


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


def _unit_costs(cost: Floats, study: Study, book: Book, retention: Retention) -> Document:
    """Cost per CSM-year, and per usd of ARR that came due in the horizon and was kept."""
    per_csm_year = mean_of(cost / (len(book.csms) * study.scenario.calendar.years))
    per_kept = ratio_of(cost, retention.kept)
    return {
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


def _parts(study: Study, book: Book, totals: Totals, index: int, variable: Floats) -> Document:
    """What cost consists of; ``early``, ``late``, ``on_time`` and ``uncredited`` add up to ``variable``."""
    pay = pay_besides(study, book, study.plans[index])
    base = pay.base * study.scenario.periods
    paid = mean_of(variable)
    timings = [_feature(totals, index, name) for name in TIMINGS]
    return {
        **_mean("variable", paid),
        **{key: value for timing in timings for key, value in timing.items()},
        "base": base,
        "on_cost": pay.on_cost * (paid.mean + base),
        "on_cost_se": pay.on_cost * paid.se,
    }


def _convexity(study: Study, book: Book, totals: Totals, index: int, variable: Floats) -> Document:
    plan = study.plans[index]
    calendar = study.scenario.calendar
    attainment = totals.attainment[index]
    multiple, slope = multiple_at(plan, float(np.mean(attainment)))
    at_target = plan.target_bonus(calendar) * calendar.periods * len(book.csms)
    return _mean("", convexity_of(variable, attainment, multiple * at_target, slope * at_target))


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
            "share_dearer": found.dearer.share,
            "share_dearer_se": found.dearer.se,
            "share_dearer_ci95": _pair(found.dearer.ci95),
        }
    )


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


def _pay(study: Study, totals: Totals, index: int) -> Document:
    """The pay distribution over CSM-periods, and how evenly CSMs are paid over the horizon."""
    marks = marks_of(study.plans[index], study.scenario.calendar)
    attained, paid = totals.bins[index]
    names = [name for name in FEATURES if name not in TIMINGS]
    if np.isinf(marks.cap):
        names.remove("share_at_cap")
    features = [_feature(totals, index, name) for name in names]
    at_target = totals.features.mean[index][FEATURES.index("share_at_target")]
    return _present(
        {
            "target": marks.target,
            "cap": None if np.isinf(marks.cap) else marks.cap,
            "attainment": {
                **_mean("", mean_of(totals.attainment[index])),
                **{name: percentile(attained, level) for name, level in PAY_LEVELS.items()},
            },
            "per_period": {
                name: _times(percentile(paid, level), marks.target) for name, level in PAY_LEVELS.items()
            },
            "share_below_target": 1.0 - float(at_target),
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
