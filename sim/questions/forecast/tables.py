"""The board's forecast as tables: cost by year, what exceeds the budget, the market and luck, accrual, pay, people.

A terminal shows those of studies that ask for a forecast.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sim.questions.cost.summary import CostOfPlan
from sim.questions.cost.tables import MEAN, SE, quantiles
from sim.questions.forecast.market_tables import markets, volatility
from sim.questions.forecast.summary import (
    ForecastOfStudy,
    accruals,
    benchmarks,
    forecasts,
    hirings,
    macros,
)
from sim.shapes.amounts import amount
from sim.shapes.chart import Bars
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, plain, table
from sim.summary.estimate import OverBudget
from sim.summary.summary import Summary

Cells = dict[str, Value]

QUANTILES: Final = quantiles("p10", "p50", "p90")
OVER: Final = (
    Column("prob_over_budget", "Over budget", "share", brief="P(over)"),
    Column("prob_over_budget_se", SIM_ERROR, "share", note=SE_NOTE),
    Column(
        "prob_over_budget_high",
        "at most",
        "share",
        note="At most: the upper end of the 95 % interval of how often the budget is exceeded.",
    ),
)
WITHOUT: Final = (
    Column("mean", "Mean without", "usd", none=NO_MEAN, mean=True),
    Column("mean_se", SIM_ERROR, "error", note=SE_NOTE),
    Column("p50", "Median without", "usd"),
    Column("p90", "P90 without", "usd"),
    Column("prob_over_budget", "Over budget without", "share", brief="P(over) without"),
    Column("prob_over_budget_se", SIM_ERROR, "share", note=SE_NOTE),
    Column("prob_over_budget_high", "at most without", "share"),
)
WITH_HIRES: Final = "With hires"
WITHOUT_HIRES: Final = "Without"


def forecast_tables(summary: Summary) -> Iterator[Table]:
    """Every table of the forecast that the result has something to say in."""
    asked = bool(macros(summary))
    tables = (
        years(summary),
        budgets(summary),
        markets(summary),
        volatility(summary),
        accrual(summary),
        hires(summary),
        people(summary),
        pay(summary),
        pay_market(summary),
    )
    for each in tables:
        if each is not None:
            yield each if asked else replace(each, brief=())


def years(summary: Summary) -> Table | None:
    """Company cost by year."""
    columns = (
        PLAN,
        Column("year", "Year", "count"),
        Column("starts", "From"),
        MEAN,
        SE,
        *QUANTILES,
        Column("budget", "Budget", "usd"),
        *OVER,
    )
    rows = (
        _named(name, plain(year)) | _over("", year)
        for name, forecast in forecasts(summary).items()
        for year in forecast.by_year
    )
    brief = ("plan", "year", "p10", "p50", "p90", "budget", "prob_over_budget", "prob_over_budget_high")
    note = "Years from the first day of the horizon."
    title = "Company cost by year"
    return table("cost_by_year", title, columns, rows, note, brief=brief, short=f"{title} [{{unit}}]")


def budgets(summary: Summary) -> Table | None:
    """What cost exceeds the budget by, and what a reserve holds."""
    budget = summary.study.budget
    columns = (
        PLAN,
        Column("share", "Over budget", "share", brief="P(over)"),
        Column("share_se", SIM_ERROR, "share", note=SE_NOTE),
        Column("reserve", "Reserve, P90 − P50", "usd", brief="Reserve"),
        Column("given", "Mean excess where over", "usd", none="–", mean=True, brief="where over"),
        Column("given_se", SIM_ERROR, "error", note=SE_NOTE),
        Column(
            "mean",
            "Mean excess, all worlds",
            "usd",
            none=NO_MEAN,
            mean=True,
            brief="in all worlds",
            note="Excess: cost beyond the budget.",
        ),
        SE,
        Column(
            "variable_of_arr",
            "Variable pay per $ kept",
            "cent",
            mean=True,
            brief="Paid per $ kept",
            note="Variable pay of the CSMs there are, with on-cost; kept: ARR that came due and was renewed.",
        ),
    )
    rows = (
        _named(name, {} if forecast.over_budget is None else plain(forecast.over_budget))
        | {"reserve": summary.plans[name].of(CostOfPlan).cost.reserve}
        | {"variable_of_arr": forecast.variable_of_arr}
        for name, forecast in forecasts(summary).items()
    )
    if budget is None:
        return table("budget", "Reserve, and pay per $ kept", columns, rows, chart=Bars(("reserve",)))
    return table(
        "budget",
        "Budget, reserve, and what the tail costs",
        columns,
        rows,
        brief=("plan", "share", "reserve", "given", "mean", "variable_of_arr"),
        short=f"Excess over the budget of {amount(budget)} [{{unit}} over the horizon]",
        chart=Bars(("reserve",)),
    )


def accrual(summary: Summary) -> Table | None:
    """When variable pay is earned and when it is paid."""
    columns = (
        PLAN,
        Column("label", "Period"),
        Column("accrued", "Accrued", "usd", mean=True),
        Column("paid", "Due to CSMs", "usd", mean=True),
        Column("cash", "Paid out", "usd", mean=True),
        Column("owed", "Owed", "usd", mean=True),
        Column("held", "Held back", "usd", mean=True),
        Column("recoverable", "Recoverable", "usd", mean=True),
        Column("unpaid", "With payroll", "usd", mean=True),
        Column("expense_less_cash", "Accrued, not paid out", "usd", mean=True),
    )
    rows = (_named(name, plain(period)) for name, periods in accruals(summary).items() for period in periods)
    note = "Means over worlds, all CSMs, before on-cost; balances at the end of the period."
    waiting = any(
        abs(period.expense_less_cash) > 1.0 for periods in accruals(summary).values() for period in periods
    )
    return table(
        "accrual",
        "Variable pay: accrued against paid",
        columns,
        rows,
        note,
        brief=("plan", "expense_less_cash") if waiting else (),
        across="label",
        short=f"Accrued and not yet paid out, at the end of each {summary.study.period} [{{unit}}]",
    )


def hires(summary: Summary) -> Table | None:
    """Company cost with planned hires."""
    columns = (
        PLAN,
        Column("added", "Hires add", "usd", signed=True, none=NO_MEAN, mean=True),
        Column("mean", "Mean with hires", "usd", none=NO_MEAN, mean=True, group=WITH_HIRES, brief="Mean"),
        replace(SE, group=WITH_HIRES),
        *(replace(quantile, group=WITH_HIRES) for quantile in QUANTILES),
        *(replace(column, group=WITH_HIRES) for column in OVER),
        *(replace(column, key=f"without_{column.key}", group=WITHOUT_HIRES) for column in WITHOUT),
    )
    rows = (
        _named(name, plain(hiring))
        | {"added": None if hiring.added is None else hiring.added.mean, "without_mean_se": hiring.without.se}
        | _over("", hiring)
        | {f"without_{key}": value for key, value in plain(hiring.without).items()}
        | _over("without_", hiring.without)
        for name, hiring in hirings(summary).items()
    )
    note = (
        "Hires bring no accounts of their own; they earn what the others earn once their ramp is over. All other tables of "
        "cost count them."
    )
    return table(
        "hires",
        "Company cost with the planned hires",
        columns,
        rows,
        note,
        brief=(
            *("plan", "added", "mean", "p90", "prob_over_budget", "prob_over_budget_high", "without_mean"),
            *("without_p90", "without_prob_over_budget", "without_prob_over_budget_high"),
        ),
        short="Cost with the planned hires, and without them [{unit} over the horizon]",
        chart=Bars(("p10", "p50", "p90")),
    )


def people(summary: Summary) -> Table | None:
    """Seats by period."""
    columns = (
        Column("label", "Period"),
        Column("seats", "Seats", "count"),
        Column(
            "filled", "Filled", "ratio", note="Filled: less those who have left and are not yet replaced."
        ),
        Column("filled_se", SIM_ERROR, "ratio", note=SE_NOTE),
        Column(
            "hires",
            "Hires by then",
            "ratio",
            note="Hires count from their first day, by share of the period.",
        ),
    )
    rows = map(plain, summary.of(ForecastOfStudy).headcount or ())
    brief = ("label", "seats", "filled", "hires") if hirings(summary) else ()
    title = "CSMs: seats, filled seats and hires"
    return table("headcount", title, columns, rows, brief=brief, short="CSMs by period")


def pay(summary: Summary) -> Table | None:
    """Pay of a CSM-year under each plan, and against typical pay in each city."""
    found = benchmarks(summary)
    cities = list(dict.fromkeys(city for benchmark in found.values() for city in benchmark.cities))
    columns = (
        PLAN,
        Column("target", "At target", "dollar"),
        Column("expected", "Expected", "dollar", mean=True),
        Column("expected_se", SIM_ERROR, "dollar", note=SE_NOTE),
        *(Column(city, city, "share", mean=True, group="Expected, of typical pay in") for city in cities),
    )
    rows = (
        _named(name, plain(benchmark))
        | {city: market.expected_of_typical for city, market in benchmark.cities.items()}
        for name, benchmark in found.items()
    )
    note = (
        "Salary and bonus of a year; typical pay is that of Customer Success Compensation (founding document), its current "
        "table."
    )
    title = "What a CSM earns in a year, against the market"
    brief = ("plan", "target", "expected", *cities)
    return table("benchmark", title, columns, rows, note, brief=brief, short=f"{title} [$]")


def pay_market(summary: Summary) -> Table | None:
    """The market's pay, by city."""
    columns = (
        Column("city", "City"),
        *(Column(level, level.capitalize(), "dollar") for level in ("low", "typical", "high")),
    )
    cities: dict[str, Cells] = {
        city: plain(market)
        for benchmark in benchmarks(summary).values()
        for city, market in benchmark.cities.items()
    }
    rows: Iterator[Cells] = ({"city": city, **market} for city, market in cities.items())
    note = "Salary and target bonus of a year: Customer Success Compensation (founding document), its current table."
    return table("pay_market", "What a CSM earns in a year in the market", columns, rows, note)


def _over(prefix: str, over: OverBudget) -> Cells:
    """The most that the chance of exceeding a budget can be."""
    ends = over.prob_over_budget_ci95
    return {} if ends is None else {f"{prefix}prob_over_budget_high": ends[1]}


def _named(plan: str, cells: Cells) -> Cells:
    """The cells of a row, with its plan."""
    return {"plan": plan, **cells}
