"""What every run forecasts for a board: cost by year, what exceeds the budget, pay against the market, and hires."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar import MONTHS_PER_YEAR, Calendar
from sim.measure.cost import PERIOD_LEVELS, quantiles_of
from sim.measure.estimate import Mean, mean_of, ratio_of, share_of
from sim.measure.retention import Retention
from sim.plan.pay import market_table
from sim.records import FloatPW
from sim.study.forecast.setting import Forecast, Hire
from sim.study.role_cost import Payees, cost_by_world, payees_of, variable_by_world
from sim.study.study import Study
from sim.study.totals import Totals

Document = dict[str, Any]
Floats = NDArray[np.float64]

LEVELS_OF_PAY: Final = ("low", "typical", "high")


def forecast_entry(study: Study, totals: Totals, index: int, retention: Retention) -> Document:
    """The forecast of the plan at ``index``.

    by_year         : company cost of each year of the horizon, from its first day. [usd]
    over_budget     : the mean cost beyond the budget, over all worlds and over those that exceed it; without a budget
                      absent. [usd]
    variable_of_arr : variable pay with on-cost per usd of ARR that came due and was kept. [usd/usd]
    benchmark       : pay of a CSM-year against the market table, where the plan says what the salary is.
    hiring          : cost with the hires of ``[forecast]``.
    """
    cost = cost_by_world(study, totals, index)
    budgets = () if study.forecast is None else study.forecast.year_budgets
    years = by_year(cost, study.scenario.calendar, budgets)
    entry: Document = {"by_year": years}
    if study.budget is not None:
        entry["over_budget"] = shortfall(cost.sum(axis=0), study.budget)
    on_cost = 1.0 + study.scenario.employer.on_cost
    variable = variable_by_world(study, totals, index).sum(axis=0) * on_cost
    share = ratio_of(variable, retention.kept)
    if share is not None:
        entry |= {"variable_of_arr": share.mean, "variable_of_arr_se": share.se}
    first = payees_of(study, index)[0]
    against = benchmark(study, totals, first)
    if against is not None:
        entry["benchmark"] = against
    if study.forecast is not None and study.forecast.hire:
        entry["hiring"] = hiring(study, totals, first, cost, study.forecast)
    return entry


def by_year(cost: FloatPW, calendar: Calendar, budgets: Sequence[float] = ()) -> list[Document]:
    """Each year's cost: periods in a row that make twelve months from the first day; the last may be shorter.

    cost    : [period, world] [usd]
    budgets : of the years; none, or one for each. [usd]
    """
    each = max(MONTHS_PER_YEAR // calendar.months_per_period, 1)
    entries = []
    for first in range(0, calendar.periods, each):
        last = min(first + each, calendar.periods)
        amounts = cost[first:last].sum(axis=0)
        mean, quantiles = mean_of(amounts), quantiles_of(np.sort(amounts), PERIOD_LEVELS)
        begins = calendar.date(int(calendar.bounds[calendar.lead + first]))
        entry: Document = {
            "year": first // each + 1,
            "starts": begins.isoformat(),
            "periods": last - first,
            **_estimate("", mean),
            **quantiles.values,
            "quantile_ci95": {key: list(ends) for key, ends in quantiles.intervals.items()},
        }
        if budgets:
            entry |= {"budget": budgets[first // each], **_over(amounts, budgets[first // each])}
        entries.append(entry)
    return entries


def shortfall(cost: Floats, budget: float) -> Document:
    """What cost exceeds a budget by. [usd]

    mean  : E[(C - budget)+], what a reserve would have to hold on average.
    given : E[C - budget | C > budget], in the worlds that exceed it; absent where none does.

    Source: expected shortfall beyond a fixed level; the conditional mean is a ratio of means (delta method).
    """
    excess = np.maximum(cost - budget, 0.0)
    over = (cost > budget).astype(np.float64)
    share = share_of(int(over.sum()), len(cost))
    entry = _estimate("", mean_of(excess)) | {"share": share.share, "share_se": share.se}
    given = ratio_of(excess, over)
    return entry if given is None else entry | {"given": given.mean, "given_se": given.se}


def benchmark(study: Study, totals: Totals, payees: Payees) -> Document | None:
    """Pay of a CSM-year, at target and as expected, against the market table; None where the plan names no salary. [usd]

    Source: ``sim/plan/pay_market.toml`` (Compensating Customer Success Managers and Customer Success Compensation,
    founding documents): salary and target bonus together, by city.
    """
    plan, calendar = payees.role.plan, study.scenario.calendar
    if plan.pay.base_salary <= 0.0:
        return None
    seats = totals.shape.payees[payees.position] * calendar.years
    earned = totals.variable[payees.position].sum(axis=0)
    if totals.filled is not None and payees.role.holds_book:
        held = totals.filled[payees.position].sum(axis=0) * calendar.years / calendar.periods
        found = ratio_of(earned, held)
        variable = mean_of(earned / seats) if found is None else found
    else:
        variable = mean_of(earned / seats)
    target = plan.pay.base_salary + plan.target_bonus(calendar) * calendar.periods / calendar.years
    expected = plan.pay.base_salary + variable.mean
    asked = study.forecast.market if study.forecast is not None else None
    cities = market_table()["current"]
    return {
        "target": target,
        "expected": expected,
        "expected_se": variable.se,
        "cities": {
            city: {level: rows[level]["ote"] for level in LEVELS_OF_PAY}
            | {
                "target_of_typical": target / rows["typical"]["ote"],
                "expected_of_typical": expected / rows["typical"]["ote"],
            }
            for city, rows in cities.items()
            if asked in (None, city)
        },
    }


def hiring(study: Study, totals: Totals, payees: Payees, cost: FloatPW, asked: Forecast) -> Document:
    """Company cost with the hires: salary and variable pay from their first day, with on-cost, world by world. [usd]

    Hires bring no accounts of their own: what they would keep or grow is not counted.
    """
    on_cost = 1.0 + study.scenario.employer.on_cost
    added = (
        sum(
            (each.csms * pay_of_hire(study, totals, payees, each) for each in asked.hire), np.zeros_like(cost)
        )
        * on_cost
    )
    total = (cost + added).sum(axis=0)
    entry: Document = {
        "periods": [_estimate("", mean_of(each)) for each in added],
        "added": _estimate("", mean_of(added.sum(axis=0))),
        **_estimate("", mean_of(total)),
        **quantiles_of(np.sort(total), PERIOD_LEVELS).values,
    }
    if study.budget is not None:
        entry |= _over(total, study.budget)
    return entry


def pay_of_hire(study: Study, totals: Totals, payees: Payees, hire: Hire) -> FloatPW:
    """Salary and variable pay of one hire. [period, world] [usd]"""
    calendar, plan = study.scenario.calendar, payees.role.plan
    here = employed(hire, calendar)
    variable = pay_of_a_filled_seat(totals, payees)
    first = int(np.argmax(here > 0.0))
    for number, part in enumerate(hire.ramp[: calendar.periods - first]):
        variable[first + number] = part * plan.target_bonus(calendar)
    salary = plan.pay.base_salary * payees.role.salary_share * calendar.years / calendar.periods
    pay: FloatPW = here[:, np.newaxis] * (salary + variable)
    return pay


def pay_of_a_filled_seat(totals: Totals, payees: Payees) -> FloatPW:
    """Mean variable pay of a payee who is there, by period and world; a new array. [period, world] [usd]

    Where nobody holds a seat in a world's period, the mean of that period over all worlds (assumption).
    """
    variable = totals.variable[payees.position]
    vacant_unpaid = payees.role.holds_book and payees.role.plan.seat.vacant == "unpaid"
    if totals.filled is None or not vacant_unpaid:
        each: FloatPW = variable / totals.shape.payees[payees.position]
        return each
    filled = totals.filled[payees.position]
    anywhere = filled.sum(axis=1, keepdims=True)
    usual = np.divide(
        variable.sum(axis=1, keepdims=True), anywhere, out=np.zeros_like(anywhere), where=anywhere > 0.0
    )
    pay: FloatPW = np.divide(
        variable, filled, out=np.broadcast_to(usual, filled.shape).copy(), where=filled > 0.0
    )
    return pay


def employed(hire: Hire, calendar: Calendar) -> Floats:
    """Share of each period from the hire's first day on. [period]"""
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1].astype(np.float64)
    start = float(calendar.day(hire.starts))
    here: Floats = np.clip((bounds[1:] - start) / np.diff(bounds), 0.0, 1.0)
    return here


def headcount(study: Study, totals: Totals) -> list[Document] | None:
    """Seats of the baseline's CSMs by period, those filled (mean over worlds), and hires by then; None without any."""
    first = next((each for each in payees_of(study, study.baseline_index) if each.role.holds_book), None)
    if first is None:
        return None
    calendar = study.scenario.calendar
    seats = totals.shape.payees[first.position]
    asked = study.forecast.hire if study.forecast is not None else ()
    joined = np.array([each.csms * employed(each, calendar) for each in asked]).reshape(
        len(asked), calendar.periods
    )
    entries = []
    for period in range(calendar.periods):
        entry: Document = {"period": period, "label": calendar.label(period), "seats": seats}
        if totals.filled is None:
            entry["filled"] = float(seats)
        else:
            filled = mean_of(totals.filled[first.position][period])
            entry |= {"filled": filled.mean, "filled_se": filled.se}
        entries.append(entry | ({"hires": float(joined[:, period].sum())} if asked else {}))
    return entries


def _over(cost: Floats, budget: float) -> Document:
    """The probability that cost exceeds a budget, with its error and exact interval."""
    over = share_of(int(np.count_nonzero(cost > budget)), len(cost))
    return {
        "prob_over_budget": over.share,
        "prob_over_budget_se": over.se,
        "prob_over_budget_ci95": list(over.ci95),
    }


def _estimate(name: str, mean: Mean) -> Document:
    keys = (name, f"{name}_se") if name else ("mean", "se")
    return dict(zip(keys, (mean.mean, mean.se), strict=True))
