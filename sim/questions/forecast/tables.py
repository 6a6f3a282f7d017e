"""The board's forecast as tables: cost by year, what exceeds the budget, the market and luck, accrual, pay, people."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sim.questions.cost.tables import MEAN, SE, quantiles
from sim.shapes.chart import Bars, Lines
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table

Document = dict[str, Any]
Cells = dict[str, Value]

QUANTILES: Final = quantiles("p10", "p50", "p90")


def forecast_tables(document: Document) -> Iterator[Table | None]:
    """Every table of the forecast that the result has something to say in."""
    yield years(document)
    yield budgets(document)
    yield markets(document)
    yield volatility(document)
    yield accruals(document)
    yield hires(document)
    yield benchmarks(document)
    yield people(document)


def years(document: Document) -> Table | None:
    """Company cost by year."""
    columns = (
        PLAN,
        Column("year", "Year", "count"),
        Column("starts", "From"),
        MEAN,
        SE,
        *QUANTILES,
        Column("budget", "Budget", "usd"),
        Column("prob_over_budget", "Over budget", "share"),
    )
    rows = (_named(name, each) for name, plan in plans_with(document, "forecast") for each in plan["by_year"])
    return table("cost_by_year", "Company cost by year", columns, rows)


def budgets(document: Document) -> Table | None:
    """What cost exceeds the budget by, and what a reserve holds."""
    columns = (
        PLAN,
        Column("share", "Over budget", "share"),
        Column("reserve", "Reserve, P90 − P50", "usd"),
        Column("given", "Mean excess where over", "usd", mean=True),
        Column("given_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("mean", "Mean excess, all worlds", "usd", mean=True, note="Excess: cost beyond the budget."),
        SE,
        Column(
            "variable_of_arr",
            "Variable pay per $ kept",
            "cent",
            mean=True,
            note="Variable pay of the CSMs there are, with on-cost; kept: ARR that came due and was renewed.",
        ),
    )
    rows = (
        _named(name, entry.get("over_budget", {}))
        | {"reserve": document["plans"][name]["cost"]["reserve"]}
        | {"variable_of_arr": entry.get("variable_of_arr")}
        for name, entry in plans_with(document, "forecast")
    )
    title = (
        "Budget, reserve, and what the tail costs"
        if "budget" in document["study"]
        else "Reserve, and pay per $ kept"
    )
    return table("budget", title, columns, rows, chart=Bars(("reserve",)))


def markets(document: Document) -> Table | None:
    """Sensitivity: cost at each level of the market."""
    columns = (
        PLAN,
        Column("level", "Market, sd", "ratio"),
        MEAN,
        SE,
        *QUANTILES,
        Column(
            "change",
            "Change",
            "usd",
            signed=True,
            sets_unit=False,
            mean=True,
            note="Change: against the middle level.",
        ),
        Column("change_se", SIM_ERROR, "error", note=SE_NOTE),
    )
    rows = (_named(name, each) for name, plan in plans_with(document, "macro") for each in plan["levels"])
    note = "The market factor held at one level in every period, on the same draws."
    return table(
        "market_levels",
        "Sensitivity: company cost as the market moves",
        columns,
        rows,
        note,
        chart=Lines("level", "p50"),
    )


def volatility(document: Document) -> Table | None:
    """Volatility: what of the spread is the market's and what is luck."""
    columns = (
        PLAN,
        Column("sd", "Standard deviation", "usd"),
        Column("market_sd", "of the market", "usd"),
        Column("luck_sd", "of luck", "usd"),
        Column("market_share", "Market's part of the variance", "share"),
        Column("market_share_se", SIM_ERROR, "share", note=SE_NOTE),
    )
    rows = (
        _named(name, entry["volatility"])
        for name, entry in plans_with(document, "macro")
        if "volatility" in entry
    )
    note = "Variance = variance of the mean at a market + mean variance at a market; pairs of worlds share a market."
    return table(
        "volatility",
        "Volatility: the market's part and luck's",
        columns,
        rows,
        note,
        chart=Bars(("market_sd", "luck_sd")),
    )


def accruals(document: Document) -> Table | None:
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
    rows = (_named(name, each) for name, periods in plans_with(document, "accrual") for each in periods)
    note = "Means over worlds, all CSMs, before on-cost; balances at the end of the period."
    return table("accrual", "Variable pay: accrued against paid", columns, rows, note)


def hires(document: Document) -> Table | None:
    """Company cost with planned hires."""
    found = [(name, plan["hiring"]) for name, plan in plans_with(document, "forecast") if "hiring" in plan]
    columns = (
        PLAN,
        Column("added", "Hires add", "usd", none=NO_MEAN, mean=True),
        Column("mean", "Mean with hires", "usd", none=NO_MEAN, mean=True, group="With hires"),
        replace(SE, group="With hires"),
        *(replace(each, group="With hires") for each in QUANTILES),
        Column("prob_over_budget", "Over budget", "share", group="With hires"),
        Column("without_mean", "Mean", "usd", none=NO_MEAN, mean=True, group="Without"),
        Column("without_p50", "Median", "usd", group="Without"),
        Column("without_p90", "P90", "usd", group="Without"),
        Column("without_prob_over_budget", "Over budget", "share", group="Without"),
    )
    rows = (
        _named(name, entry)
        | {"added": entry.get("added", {}).get("mean")}
        | {f"without_{key}": value for key, value in _plain(entry["without"]).items()}
        for name, entry in found
    )
    note = (
        "Hires bring no accounts of their own; they earn what the others earn once their ramp is over. All other tables of "
        "cost count them."
    )
    return table(
        "hires", "Company cost with the planned hires", columns, rows, note, chart=Bars(("p10", "p50", "p90"))
    )


def benchmarks(document: Document) -> Table | None:
    """Pay of a CSM-year against the market table."""
    columns = (
        PLAN,
        Column("city", "City"),
        Column("target", "At target", "dollar"),
        Column("expected", "Expected", "dollar", mean=True),
        *(Column(level, f"Market: {level}", "dollar") for level in ("low", "typical", "high")),
        Column("target_of_typical", "Target / typical", "share"),
        Column("expected_of_typical", "Expected / typical", "share", mean=True),
    )
    rows = (
        _named(name, entry["benchmark"]) | {"city": city} | _plain(market)
        for name, entry in plans_with(document, "forecast")
        if "benchmark" in entry
        for city, market in entry["benchmark"]["cities"].items()
    )
    note = "Salary and bonus of a year. Market: Customer Success Compensation (founding document), its current table."
    return table("benchmark", "What a CSM earns in a year, against the market", columns, rows, note)


def people(document: Document) -> Table | None:
    """Seats by period."""
    columns = (
        Column("label", "Period"),
        Column("seats", "Seats", "count"),
        Column("filled", "Filled", "ratio"),
        Column("filled_se", SIM_ERROR, "ratio", note=SE_NOTE),
        Column("hires", "Hires by then", "ratio"),
    )
    return table("headcount", "CSMs: seats, filled seats and hires", columns, document.get("headcount", ()))


def plans_with(document: Document, section: str) -> Iterator[tuple[str, Any]]:
    """The plans that have a section, and the section."""
    for name, plan in document["plans"].items():
        if section in plan:
            yield name, plan[section]


def _named(plan: str, entry: Document) -> Cells:
    """The plain values of an entry, with its plan."""
    return {"plan": plan, **_plain(entry)}


def _plain(entry: Document) -> Cells:
    return {key: value for key, value in entry.items() if isinstance(value, str | int | float)}
