"""What reports show of a board's forecast."""

from collections.abc import Iterator
from typing import Any

from sim.questions.forecast.figures import accrual_lines, market_fans, pay_ranges, variance_stack
from sim.questions.forecast.findings import (
    accrual_finding,
    benchmark_finding,
    luck_finding,
    market_finding,
    people_finding,
    years_finding,
)
from sim.questions.forecast.slide import market_slide
from sim.questions.forecast.tables import forecast_tables
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table, by_name
from sim.shapes.words import period_of
from sim.summary.summary import Summary

Document = dict[str, Any]


def forecast_sections(summary: Summary) -> Iterator[Section]:
    """Years and reserve, the market and luck, accrual, people, pay in the market."""
    document = summary.document
    found = by_name(forecast_tables(document))
    yield from _if(
        "years", "Cost by year, and the reserve", years_finding, document, found, ("cost_by_year", "budget")
    )
    if "market_levels" in found:
        yield _market(document, found)
    if (shape := accrual_lines(document)) is not None:
        note = f"Means over worlds, all CSMs, before on-cost. Line: accrued in a {period_of(document)}. Dashes: paid out."
        yield Section(
            "accrual",
            found["accrual"].title,
            accrual_finding(document),
            (Figure("lines", shape, note),),
            (found["accrual"],),
        )
    yield from _if("people", "CSMs: seats and hires", people_finding, document, found, ("headcount", "hires"))
    if (pay := pay_ranges(document)) is not None:
        note = (
            "Salary and bonus of a CSM-year. Plans: upright line at target, dot at expected pay. Market: from low to high, "
            "upright line at typical."
        )
        yield Section(
            "benchmark",
            found["benchmark"].title,
            benchmark_finding(document),
            (Figure("ranges", pay, note),),
            (found["benchmark"],),
        )


def _if(
    key: str, title: str, finding: Any, document: Document, found: dict[str, Table], names: tuple[str, ...]
) -> Iterator[Section]:
    """A section without a figure, where at least one of its tables is there."""
    behind = tuple(found[name] for name in names if name in found)
    if behind:
        yield Section(key, title, finding(document), tables=behind, open=True)


def _market(document: Document, found: dict[str, Table]) -> Section:
    period = period_of(document)
    figures = []
    if (fans := market_fans(document)) is not None:
        note = (
            f"Company cost over the horizon with the market held at a level in every {period}, in standard deviations. "
            "Area: P10 to P90. Line: median. All panels share one scale."
        )
        figures.append(Figure("fans", fans, note))
    if (stack := variance_stack(document)) is not None:
        figures.append(
            Figure("stack", stack, "Parts of the variance of company cost.", luck_finding(document))
        )
    return Section(
        "market",
        "What the market moves, apart from luck",
        market_finding(document),
        tuple(figures),
        tuple(found[name] for name in ("market_levels", "volatility") if name in found),
        slide=market_slide(document),
    )
