"""What every run forecasts for a board: cost by year, what exceeds the budget, pay against the market, and hires."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.engine.company_cost import cost_by_world, cost_without_hires, variable_by_world
from sim.engine.hires import employed, hires_by_world, planned_hires
from sim.engine.own_terms import own_terms
from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.clustered import INDEPENDENT, Clusters, mean_on, ratio_on, share_on
from sim.measure.cost import PERIOD_LEVELS, over_budget, quantiles_of
from sim.measure.estimate import Mean, Numbers, mean_of, ratio_of
from sim.measure.retention import Retention
from sim.plan.comparable import size_of
from sim.plan.pay import market_table
from sim.questions.cost.summary import CostOfYear
from sim.questions.forecast.setting import Forecast
from sim.questions.forecast.summary import (
    Benchmark,
    Excess,
    HiringEntry,
    MarketPay,
    PlanForecast,
    SeatsOfPeriod,
)
from sim.records import FloatPW

Floats = NDArray[np.float64]

LEVELS_OF_PAY: Final = ("low", "typical", "high")


def forecast_entry(study: Study, totals: Totals, index: int, retention: Retention) -> PlanForecast:
    """The forecast of the plan at ``index``."""
    cost = cost_by_world(study, totals, index)
    asked = study.asked(Forecast)
    on_cost = 1.0 + study.scenario.employer.on_cost
    variable = variable_by_world(study, totals, index).sum(axis=0) * on_cost
    share = ratio_on(variable, retention.kept, study.clusters)
    return PlanForecast.of(
        by_year=by_year(
            cost, study.scenario.calendar, () if asked is None else asked.year_budgets, study.clusters
        ),
        over_budget=None if study.budget is None else excess(cost.sum(axis=0), study.budget, study.clusters),
        **({} if share is None else share.with_se("variable_of_arr")),
        benchmark=benchmark(study, totals, payees_of(study, index)[0]),
        hiring=hiring(study, totals, index) if planned_hires(study) else None,
    )


def by_year(
    cost: FloatPW, calendar: Calendar, budgets: Sequence[float] = (), clusters: Clusters = INDEPENDENT
) -> tuple[CostOfYear, ...]:
    """Each year's cost: fiscal years, or twelve months from the first day; the first and the last may be shorter.

    cost    : [period, world] [usd]
    budgets : of the years; none, or one for each. [usd]
    """
    years = []
    for year, (first, last) in enumerate(calendar.years_of_periods):
        amounts = cost[first:last].sum(axis=0)
        budget = budgets[year] if budgets else None
        years.append(
            CostOfYear.of(
                year=year + 1,
                starts=calendar.date(int(calendar.bounds[calendar.lead + first])).isoformat(),
                periods=last - first,
                **mean_on(amounts, clusters).with_se(),
                **quantiles_of(amounts, PERIOD_LEVELS, clusters).entry(),
                budget=budget,
                **_over(amounts, budget),
            )
        )
    return tuple(years)


def excess(cost: Floats, budget: float, clusters: Clusters = INDEPENDENT) -> Excess:
    """What cost exceeds a budget by. [usd]

    mean  : E[(C - budget)+], what a reserve would have to hold on average.
    given : E[C - budget | C > budget], in the worlds that exceed it; absent where none does.

    Source: expected shortfall beyond a fixed level; the conditional mean is a ratio of means (delta method).
    """
    beyond = np.maximum(cost - budget, 0.0)
    over = cost > budget
    given = ratio_on(beyond, over.astype(np.float64), clusters)
    return Excess.of(
        **mean_on(beyond, clusters).with_se(),
        **share_on(over, clusters).with_se("share"),
        **({} if given is None else given.with_se("given")),
    )


def benchmark(study: Study, totals: Totals, payees: Payees) -> Benchmark | None:
    """Pay of a CSM-year, at target and as expected, against the market table; None where the plan names no salary, or
    not everybody is on its terms. [usd]

    Source: ``sim/plan/pay_market.toml`` (Compensating Customer Success Managers and Customer Success Compensation,
    founding documents): salary and target bonus together, by city.
    """
    plan, calendar = payees.role.plan, study.scenario.calendar
    salary, target = plan.pay.base_salary, plan.target_bonus(calendar) * calendar.periods / calendar.years
    if payees.role.holds_book and study.scenario.book.people is not None:
        target, salary = size_of(plan, own_terms(study.scenario), calendar)
    if salary <= 0.0:
        return None
    target = salary + target
    variable = _variable_of_a_year(study, totals, payees)
    expected = salary + variable.mean
    asked = study.asked(Forecast)
    market = None if asked is None else asked.market
    return Benchmark(
        target=target,
        expected=expected,
        expected_se=variable.se,
        cities={
            city: MarketPay.of(
                **{level: rows[level]["ote"] for level in LEVELS_OF_PAY},
                target_of_typical=target / rows["typical"]["ote"],
                expected_of_typical=expected / rows["typical"]["ote"],
            )
            for city, rows in market_table()["current"].items()
            if market in (None, city)
        },
    )


def _variable_of_a_year(study: Study, totals: Totals, payees: Payees) -> Mean:
    """Variable pay of a year in a filled seat. [usd]"""
    calendar = study.scenario.calendar
    earned = totals.variable[payees.position].sum(axis=0)
    if totals.filled is not None and payees.role.holds_book:
        held = totals.filled[payees.position].sum(axis=0) * calendar.years / calendar.periods
        if (of_filled := ratio_of(earned, held)) is not None:
            return of_filled
    return mean_of(earned / (totals.shape.payees[payees.position] * calendar.years))


def hiring(study: Study, totals: Totals, index: int) -> HiringEntry:
    """What the planned hires add to company cost, and the cost with and without them, world by world. [usd]

    Hires bring no accounts of their own: what they would keep or grow is not counted.
    """
    total = cost_by_world(study, totals, index).sum(axis=0)
    without = cost_without_hires(study, totals, index).sum(axis=0)
    added = hires_by_world(study, totals, payees_of(study, index)[0])
    assert added is not None, "asked only where hires are planned"
    return HiringEntry.of(
        periods=[mean_of(of_period).with_se() for of_period in added],
        added=mean_of(added.sum(axis=0)).with_se(),
        **_spread(total, study.budget),
        without=_spread(without, study.budget),
    )


def _spread(cost: Floats, budget: float | None) -> Numbers:
    quantiles = quantiles_of(cost, PERIOD_LEVELS).values
    return mean_of(cost).with_se() | quantiles | _over(cost, budget)


def headcount(study: Study, totals: Totals) -> tuple[SeatsOfPeriod, ...] | None:
    """Seats of the baseline's CSMs by period, those filled (mean over worlds), and hires by then; None without any."""
    first = next((each for each in payees_of(study, study.baseline_index) if each.role.holds_book), None)
    if first is None:
        return None
    calendar, seats, hires = (
        study.scenario.calendar,
        totals.shape.payees[first.position],
        planned_hires(study),
    )
    joined = sum((hire.csms * employed(hire, calendar) for hire in hires), np.zeros(calendar.periods))
    periods = []
    for period in range(calendar.periods):
        filled: Numbers = {"filled": seats}
        if totals.filled is not None:
            filled = mean_of(totals.filled[first.position][period]).with_se("filled")
        entry = SeatsOfPeriod.of(
            period=period,
            label=calendar.label(period),
            seats=seats,
            **filled,
            hires=float(joined[period]) if hires else None,
        )
        periods.append(entry)
    return tuple(periods)


def _over(cost: Floats, budget: float | None) -> Numbers:
    """The probability that cost exceeds a budget, with its error and exact interval; nothing without one."""
    over = over_budget(cost, budget)
    return {} if over is None else over.entry("prob_over_budget")
