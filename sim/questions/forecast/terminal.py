"""The board's forecast for a terminal: of studies that ask for one."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from sim.questions.forecast.findings import middle_of
from sim.questions.forecast.tables import plans_with
from sim.shapes.amounts import Unit, amount, chance, number, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import fragile_plans
from sim.shapes.tail import NONE, has_mean
from sim.shapes.words import period_of

Document = dict[str, Any]


def forecast_report(document: Document) -> Iterator[RenderableType]:
    """The forecast for a terminal, of studies that ask for one."""
    if not any("macro" in plan for plan in document["plans"].values()):
        return
    forecasts = dict(plans_with(document, "forecast"))
    yield _years(forecasts)
    if "budget" in document["study"]:
        yield _budgets(document, forecasts)
    if (moved := _macro(document)) is not None:
        yield moved
    if (accrued := _accrual(document)) is not None:
        yield accrued
    if (joined := _hires(document)) is not None:
        yield joined
        yield _people(document)
    if (market := _benchmark(forecasts)) is not None:
        yield market


def _years(forecasts: dict[str, Document]) -> RenderableType:
    every = [each for entry in forecasts.values() for each in entry["by_year"]]
    unit = unit_for([each["p90"] for each in every], [each["se"] for each in every if has_mean(each)])

    def cells(each: Document) -> Row:
        year = f"Year {each['year']}"
        over = {f"{year} P(over)": chance(each, "prob_over_budget")} if "budget" in each else {}
        return {f"{year} {key.upper()}": unit.show(each[key]) for key in ("p10", "p50", "p90")} | over

    return Fitted(
        f"Company cost by year [{unit.name}]",
        "Years from the first day of the horizon. P10 and P90: one world in ten is below, one in ten above.",
        {
            name: {k: v for each in entry["by_year"] for k, v in cells(each).items()}
            for name, entry in forecasts.items()
        },
    )


def _budgets(document: Document, forecasts: dict[str, Document]) -> RenderableType:
    over = {name: entry["over_budget"] for name, entry in forecasts.items()}
    costs = {name: document["plans"][name]["cost"] for name in over}
    unit = unit_for(
        [each["reserve"] for each in costs.values()],
        [each["se"] for each in over.values() if has_mean(each) and each["se"] > 0.0],
    )

    def row(name: str) -> Row:
        each = over[name]
        given = f"{unit.show(each['given'])} ± {unit.show(each['given_se'])}" if "given" in each else "–"
        kept = forecasts[name].get("variable_of_arr")
        return {
            "P(over) ±": chance(costs[name], "prob_over_budget"),
            "Reserve": unit.show(costs[name]["reserve"]),
            "Excess where over ±": given,
            "over all ±": _with_error(unit, each),
            "Variable per $ kept": "" if kept is None else f"{100 * kept:.2f}¢",
        }

    return Fitted(
        f"Budget of {amount(document['study']['budget'])}: what exceeds it [{unit.name} over the horizon]",
        "±: simulation error.",
        {name: row(name) for name in forecasts},
        terms={
            "Reserve": "Reserve: P90 − P50.",
            "over all ±": "Excess: cost beyond the budget.",
            "Variable per $ kept": "Variable: pay of the CSMs there are, with on-cost, per usd of ARR due and kept.",
        },
        means=("Excess where over ±", "over all ±", "Variable per $ kept"),
        fragile=fragile_plans(document),
    )


def _macro(document: Document) -> RenderableType | None:
    """Of plans whose cost has a mean; None without any."""
    macro = {name: each for name, each in plans_with(document, "macro") if "volatility" in each}
    if not macro:
        return None
    spread = [each["volatility"] for each in macro.values()]
    unit = unit_for([each["sd"] for each in spread])

    def row(name: str) -> Row:
        each = macro[name]
        mean = middle_of(each)["mean"]
        found = each["volatility"]
        part = "–"
        if "market_share" in found:
            part = f"{share(found['market_share'])} ± {100 * found['market_share_se']:.0f}"
        moved = {
            f"{_level(at['level'])} sd": share(at["change"] / mean, 1, sign=True) if mean else "–"
            for at in each["levels"]
            if at["level"] != each["against"]
        }
        return moved | {
            "sd": unit.show(found["sd"]),
            "market's": unit.show(found["market_sd"]),
            "luck's": unit.show(found["luck_sd"]),
            "Market's part ±": part,
        }

    first = next(iter(macro.values()))
    return Fitted(
        f"Sensitivity to the market, apart from volatility [{unit.name}]",
        f"Left: mean cost with the market held at a level in every {period_of(document)}, against level "
        f"{_level(first['against'])}, on the same draws. Right: standard deviation of cost; market's and luck's squares "
        "add up to its square.",
        {name: row(name) for name in macro},
        terms={"Market's part ±": "±: simulation error, in points."},
        means=[f"{_level(at['level'])} sd" for at in first["levels"]],
        fragile=fragile_plans(document),
    )


def _with_error(unit: Unit, each: Document) -> str:
    return f"{unit.show(each['mean'])} ± {unit.show(each['se'])}" if has_mean(each) else NONE


def _level(level: float) -> str:
    return number(level, 0 if level == round(level) else 1, sign=level != 0.0)


def _accrual(document: Document) -> RenderableType | None:
    """By period, what is accrued and not yet paid out; of plans in which that is ever anything."""
    accrual = dict(plans_with(document, "accrual"))
    waiting = {
        name: periods
        for name, periods in accrual.items()
        if any(abs(each["expense_less_cash"]) > 1.0 for each in periods)
    }
    if not waiting:
        return None
    unit = unit_for([each["accrued"] for periods in waiting.values() for each in periods])
    return Fitted(
        f"Accrued and not yet paid out, at the end of each {period_of(document)} [{unit.name}]",
        "Variable pay of all CSMs, mean over worlds, before on-cost."
        + (" Plans not shown pay what they accrue at once." if len(waiting) < len(accrual) else ""),
        {
            name: {each["label"]: unit.show(each["expense_less_cash"]) for each in periods}
            for name, periods in waiting.items()
        },
        means=[each["label"] for each in next(iter(waiting.values()))],
        fragile=fragile_plans(document),
    )


def _hires(document: Document) -> RenderableType | None:
    found = {name: entry["hiring"] for name, entry in plans_with(document, "forecast") if "hiring" in entry}
    if not found:
        return None
    told = [each for each in found.values() if has_mean(each)]
    unit = unit_for([each["p90"] for each in found.values()], [each["se"] for each in told])

    def row(each: Document) -> Row:
        over, without = (
            chance(each, "prob_over_budget") if "prob_over_budget" in each else "",
            each["without"],
        )
        return {
            "Hires add": unit.show(each["added"]["mean"], sign=True) if "added" in each else NONE,
            "Mean with hires ±": _with_error(unit, each),
            "P90": unit.show(each["p90"]),
            "P(over)": over,
            "Mean without ±": _with_error(unit, without),
            "P90 without": unit.show(without["p90"]),
            "P(over) without": chance(without, "prob_over_budget") if "prob_over_budget" in without else "",
        }

    return Fitted(
        f"Cost with the planned hires, and without them [{unit.name} over the horizon]",
        "Salary and variable pay with on-cost from their first day; they bring no accounts of their own. Every cost above "
        "counts them.",
        {name: row(each) for name, each in found.items()},
        means=("Hires add", "Mean with hires ±", "Mean without ±"),
        fragile=fragile_plans(document),
    )


def _people(document: Document) -> RenderableType:
    rows = document["headcount"]
    shown = {"seats": "Seats of the scenario", "filled": "filled, mean", "hires": "Hires by then"}
    return Fitted(
        "CSMs by period",
        "Filled: less those who have left and are not yet replaced. Hires count from their first day, by share of the "
        "period.",
        {
            title: {each["label"]: number(each[key], 0 if key == "seats" else 1) for each in rows}
            for key, title in shown.items()
        },
        first="",
    )


def _benchmark(forecasts: dict[str, Document]) -> RenderableType | None:
    found = {name: entry["benchmark"] for name, entry in forecasts.items() if "benchmark" in entry}
    if not found:
        return None

    def row(each: Document) -> Row:
        return {
            "At target": number(each["target"], 0),
            "Expected ±": f"{number(each['expected'], 0)} ± {number(each['expected_se'], 0)}",
            **{city: share(market["expected_of_typical"]) for city, market in each["cities"].items()},
        }

    return Fitted(
        "What a CSM earns in a year, against the market [$]",
        "Cities: expected pay over typical pay there (Customer Success Compensation, founding document, current table).",
        {name: row(each) for name, each in found.items()},
    )
