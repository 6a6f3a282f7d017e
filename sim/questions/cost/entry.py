"""What every plan costs and pays, from the totals of a run.

A share is a fraction, money is usd over the horizon unless the name says otherwise; ``x_se`` is the standard
error of ``x`` and ``x_ci95`` its 95 % interval. A measure that was not computed, or has no value, is absent.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from sim.engine.company_cost import base_by_world, cost_by_world, pay_besides, variable_by_world
from sim.engine.hires import hired_years, hires_by_world
from sim.engine.marks import multiple_at
from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.measure.clustered import Clusters, mean_on, ratio_on
from sim.measure.cost import PERIOD_LEVELS, convexity_of, cost_of, difference_of, quantiles_of
from sim.measure.estimate import Floats, Numbers
from sim.measure.retention import Retention, annual
from sim.measure.tail import largest_share, of_one_world
from sim.questions.cost.pay_entry import TIMINGS, feature, pay_entry
from sim.questions.cost.pay_summary import PayEntry
from sim.questions.cost.role_cost import role_entries
from sim.questions.cost.summary import (
    Cost,
    CostDifference,
    CostOfPeriod,
    CostOfPlan,
    CostParts,
    RetentionEntry,
)
from sim.questions.paths import EVERY, Paths, made, some
from sim.summary.estimate import Estimate

ALWAYS: Final = frozenset({"title", "cost", "vs_baseline"})
"""What is worked out whatever is asked: by these plans are ordered, and means are found that do not exist."""


def plan_entry(study: Study, totals: Totals, index: int, baseline: Floats, paths: Paths) -> CostOfPlan:
    """The entry of the plan at ``index``.

    baseline : company cost of the baseline. [world] [usd]
    paths    : that are asked; of other sections the entry says nothing, also where it always has them.
    """
    _, variant_of = variants_of(study)
    retention = totals.retentions[variant_of[index]]
    roles = payees_of(study, index)
    by_period = cost_by_world(study, totals, index)
    cost = by_period.sum(axis=0)
    makers: dict[str, Callable[[], Any]] = {
        "title": lambda: study.sets[index].title,
        "cost": lambda: _cost(cost, study, totals.shape.books, retention),
        "cost_by_period": lambda: tuple(_period(study, at, amounts) for at, amounts in enumerate(by_period)),
        "cost_by_role": lambda: role_entries(study, totals, index),
        "cost_parts": lambda: _parts(study, totals, index),
        "vs_baseline": lambda: _difference(cost, baseline, study.clusters),
        "convexity": lambda: _convexity(study, totals, roles),
        "retention": lambda: _retention(study, retention),
        "pay": lambda: pay_entry(study, totals, roles[0], paths.keys("pay")),
        "pay_by_role": lambda: _by_role(study, totals, roles),
        "not_modelled": lambda: study.sets[index].not_modelled or None,
    }
    if paths is EVERY:
        return CostOfPlan(**made(makers, None))
    asked = {name for name in makers if name in ALWAYS or paths.within({name})}
    return some(CostOfPlan, made(makers, asked))


def _by_role(study: Study, totals: Totals, roles: tuple[Payees, ...]) -> dict[str, PayEntry] | None:
    """What payees of each role earn; None where there is one."""
    several = roles if roles[1:] else ()
    return {payees.role.name: pay_entry(study, totals, payees) for payees in several} or None


def _cost(cost: Floats, study: Study, csms: int, retention: Retention) -> Cost:
    """Company cost; also per CSM-year (mean and median), and per usd of ARR that came due in the horizon and was kept."""
    found = cost_of(cost, study.budget, study.clusters)
    csm_years = csms * study.scenario.calendar.years + hired_years(study)
    per_kept = ratio_on(cost, retention.kept, study.clusters)
    return Cost.of(
        **found.mean.entry(),
        sd=found.mean.sd,
        **found.quantiles.entry(),
        **found.tail.entry(),
        reserve=found.reserve,
        reserve_ci95=found.reserve_ci95,
        **({} if found.over_budget is None else found.over_budget.entry("prob_over_budget")),
        per_csm_year_p50=float(np.median(cost)) / csm_years,
        **mean_on(cost / csm_years, study.clusters).with_se("per_csm_year"),
        **({} if per_kept is None else per_kept.with_se("per_usd_retained")),
        fragile=_fragile(cost - np.median(cost)),
    )


def _period(study: Study, period: int, amounts: Floats) -> CostOfPeriod:
    quantiles = quantiles_of(amounts, PERIOD_LEVELS, study.clusters)
    label, mean = study.scenario.calendar.label(period), mean_on(amounts, study.clusters)
    return CostOfPeriod.of(period=period, label=label, **mean.entry(), **quantiles.entry())


def _parts(study: Study, totals: Totals, index: int) -> CostParts:
    """What cost consists of; its parts by timing are absent where renewals are not all that is paid for."""
    roles = payees_of(study, index)
    on_cost = study.scenario.employer.on_cost
    by_world = variable_by_world(study, totals, index).sum(axis=0)
    paid = mean_on(by_world, study.clusters)
    base = [pay_besides(study, totals, payees).base for payees in roles]
    timings: Numbers = {}
    if len(roles) == 1 and roles[0].role.plan.on_renewals_alone:
        for name in TIMINGS:
            timings |= feature(totals, roles[0].position, name)
    if all(isinstance(each, float) for each in base):
        salaries = sum(float(each) * study.scenario.periods for each in base)
        pay_error, of_base = paid.se, {"base": salaries}
    else:
        base_of_world = base_by_world(study, totals, index).sum(axis=0)
        mean = mean_on(base_of_world, study.clusters)
        all_pay = mean_on(by_world + base_of_world, study.clusters)
        salaries, pay_error, of_base = mean.mean, all_pay.se, mean.with_se("base")
    return CostParts.of(
        **paid.entry("variable"),
        variable_p50=float(np.median(by_world)),
        **timings,
        **of_base,
        on_cost=on_cost * (paid.mean + salaries),
        on_cost_se=on_cost * pay_error,
        **_hires(study, totals, roles[0]),
    )


def _hires(study: Study, totals: Totals, payees: Payees) -> Numbers:
    """What the planned hires add, with on-cost; nothing without any."""
    added = hires_by_world(study, totals, payees)
    return {} if added is None else mean_on(added.sum(axis=0), study.clusters).with_se("hires")


def _convexity(study: Study, totals: Totals, roles: tuple[Payees, ...]) -> Estimate | None:
    """Of role sets in which one payout curve on renewals is all that anybody is paid by.

    What vacant seats are not paid is no matter of the curve: it counts as paid at the mean attainment.
    """
    calendar = study.scenario.calendar
    if not all(each.role.plan.on_renewals_alone for each in roles) or study.scenario.book.people is not None:
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
    return Estimate.of(**convexity_of(variable, linear, at_mean, 1.0).entry())


def _difference(cost: Floats, baseline: Floats, clusters: Clusters) -> CostDifference:
    found = difference_of(cost, baseline, clusters)
    below = float(np.mean(baseline))
    return CostDifference.of(
        **found.mean.entry(),
        sd=found.mean.sd,
        **found.quantiles.entry(),
        share_of_baseline=found.mean.mean / below if below else None,
        largest_world_share=found.largest_world_share,
        fragile=_fragile(cost - baseline),
        **found.dearer.entry("share_dearer"),
    )


def _fragile(values: Floats) -> bool | None:
    """Whether a mean of these rests on a few worlds; None where it does not."""
    return of_one_world(largest_share(values), len(values)) or None


def _retention(study: Study, retention: Retention) -> RetentionEntry:
    years = study.scenario.calendar.years
    clusters = study.clusters
    means = {
        "grr": mean_on(annual(retention.gross, years), clusters),
        "nrr": mean_on(annual(retention.net, years), clusters),
        "gross_renewal_rate": ratio_on(retention.kept, retention.due, clusters),
        "net_renewal_rate": ratio_on(retention.booked, retention.due, clusters),
        "on_time_rate": ratio_on(retention.on_time, retention.due, clusters),
        "closing_arr": mean_on(retention.closing, clusters),
    }
    rates: Numbers = {}
    for name, mean in means.items():
        rates |= {} if mean is None else mean.with_se(name)
    return RetentionEntry.of(**rates)
