"""What a forecast puts into a deck: the baseline's cost as the market moves."""

from sim.questions.forecast.findings import baseline_or_first, market_finding
from sim.questions.forecast.market_tables import level_of
from sim.questions.forecast.summary import macros, volatilities
from sim.shapes.slide import MILLION, Slide, SlideChart
from sim.summary.summary import Summary


def market_slide(summary: Summary) -> Slide:
    """The cost of the baseline (or the first plan that has a mean) at each level of the market."""
    name = baseline_or_first(summary, volatilities(summary) or macros(summary))
    levels = macros(summary)[name].levels
    series = (
        ("P10", tuple(level.p10 / MILLION for level in levels)),
        ("P50", tuple(level.p50 / MILLION for level in levels)),
        ("P90", tuple(level.p90 / MILLION for level in levels)),
    )
    names = tuple(f"{level_of(level.level)} sd" for level in levels)
    title = "P10, median and P90 by level of the market, $M over the horizon"
    chart = SlideChart("ranges", title, names, series)
    return Slide(f"{name}: cost as the market moves", market_finding(summary), chart)
