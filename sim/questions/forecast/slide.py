"""What a forecast puts into a deck: the baseline's cost as the market moves."""

from typing import Any

from sim.questions.forecast.findings import level_of, market_finding
from sim.shapes.slide import MILLION, Slide, SlideChart

Document = dict[str, Any]


def market_slide(document: Document) -> Slide:
    """The cost of the baseline (or the first plan that has a mean) at each level of the market."""
    baseline, plans = document["study"]["baseline"], document["plans"]
    measured = [name for name, plan in plans.items() if "volatility" in plan.get("macro", {})] or [baseline]
    name = baseline if baseline in measured else measured[0]
    levels = plans[name]["macro"]["levels"]
    series = tuple(
        (key.upper(), tuple(each[key] / MILLION for each in levels)) for key in ("p10", "p50", "p90")
    )
    names = tuple(f"{level_of(each['level'])} sd" for each in levels)
    chart = SlideChart(
        "ranges", "P10, median and P90 by level of the market, $M over the horizon", names, series
    )
    return Slide(f"{name}: cost as the market moves", market_finding(document), chart)
