"""What every run forecasts for a board: cost by year, what exceeds the budget, pay against the market, and hires."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar import MONTHS_PER_YEAR, Calendar
from sim.engine.payees import Payees, payees_of
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.cost import PERIOD_LEVELS, quantiles_of
from sim.measure.estimate import mean_of, ratio_of, share_of
from sim.measure.retention import Retention
from sim.plan.pay import market_table
from sim.questions.cost.hires import employed, hires_by_world, planned_hires
from sim.questions.cost.role_cost import cost_by_world, cost_without_hires, variable_by_world
from sim.questions.forecast.setting import Forecast
from sim.records import FloatPW

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
    hiring          : what the hires of ``[forecast]`` add to the cost, which counts them, and the cost without them.
    """
    cost = cost_by_world(study, totals, index)
    asked = study.asked(Forecast)
    budgets = () if asked is None else asked.year_budgets
    years = by_year(cost, study.scenario.calendar, budgets)
    entry: Document = {"by_year": years}
    if study.budget is not None:
        entry["over_budget"] = shortfall(cost.sum(axis=0), study.budget)
    on_cost = 1.0 + study.scenario.employer.on_cost
    variable = variable_by_world(study, totals, index).sum(axis=0) * on_cost
    share = ratio_of(variable, retention.kept)
    if share is not None:
        entry |= share.with_se("variable_of_arr")
    first = payees_of(study, index)[0]
    against = benchmark(study, totals, first)
    if against is not None:
        entry["benchmark"] = against
    if planned_hires(study):
        entry["hiring"] = hiring(study, totals, index)
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
            **mean.with_se(),
            **quantiles.entry(),
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
    entry = mean_of(excess).with_se() | share.with_se("share")
    given = ratio_of(excess, over)
    return entry if given is None else entry | given.with_se("given")


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
    asked = study.asked(Forecast)
    market = None if asked is None else asked.market
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
            if market in (None, city)
        },
    }


def hiring(study: Study, totals: Totals, index: int) -> Document:
    """What the planned hires add to company cost, and the cost with and without them, world by world. [usd]

    Hires bring no accounts of their own: what they would keep or grow is not counted.
    """
    total = cost_by_world(study, totals, index).sum(axis=0)
    without = cost_without_hires(study, totals, index).sum(axis=0)
    added = hires_by_world(study, totals, payees_of(study, index)[0])
    assert added is not None, "asked only where hires are planned"
    return {
        "periods": [mean_of(each).with_se() for each in added],
        "added": mean_of(added.sum(axis=0)).with_se(),
        **_hired(total, study.budget),
        "without": _hired(without, study.budget),
    }


def _hired(cost: Floats, budget: float | None) -> Document:
    entry = mean_of(cost).with_se() | quantiles_of(np.sort(cost), PERIOD_LEVELS).values
    return entry if budget is None else entry | _over(cost, budget)


def headcount(study: Study, totals: Totals) -> list[Document] | None:
    """Seats of the baseline's CSMs by period, those filled (mean over worlds), and hires by then; None without any."""
    first = next((each for each in payees_of(study, study.baseline_index) if each.role.holds_book), None)
    if first is None:
        return None
    calendar = study.scenario.calendar
    seats = totals.shape.payees[first.position]
    asked = planned_hires(study)
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
            entry |= filled.with_se("filled")
        entries.append(entry | ({"hires": float(joined[:, period].sum())} if asked else {}))
    return entries


def _over(cost: Floats, budget: float) -> Document:
    """The probability that cost exceeds a budget, with its error and exact interval."""
    return share_of(int(np.count_nonzero(cost > budget)), len(cost)).entry("prob_over_budget")
