"""What reports show of a board's forecast."""

from collections.abc import Iterator

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
from sim.summary.summary import Summary


def forecast_sections(summary: Summary) -> Iterator[Section]:
    """Years and reserve, the market and luck, accrual, people, pay in the market."""
    tables = by_name(forecast_tables(summary))

    def of(*names: str) -> tuple[Table, ...]:
        return tuple(tables[name] for name in names if name in tables)

    title = "Cost by year, and the reserve"
    yield Section("years", title, years_finding(summary), tables=of("cost_by_year", "budget"), open=True)
    if "market_levels" in tables:
        title, figures = "What the market moves, apart from luck", tuple(_market(summary))
        yield Section(
            "market",
            title,
            market_finding(summary),
            figures,
            of("market_levels", "volatility"),
            slide=market_slide(summary),
        )
    if (shape := accrual_lines(summary)) is not None:
        note = f"Means over worlds, all CSMs, before on-cost. Line: accrued in a {summary.study.period}. Dashes: paid out."
        figures = (Figure("lines", shape, note),)
        title = tables["accrual"].title
        yield Section("accrual", title, accrual_finding(summary), figures, of("accrual"))
    if people := of("headcount", "hires"):
        yield Section("people", "CSMs: seats and hires", people_finding(summary), tables=people, open=True)
    if (pay := pay_ranges(summary)) is not None:
        note = (
            "Salary and bonus of a CSM-year. Plans: upright line at target, dot at expected pay. Market: from low to high, "
            "upright line at typical."
        )
        figures = (Figure("ranges", pay, note),)
        title = tables["benchmark"].title
        yield Section("benchmark", title, benchmark_finding(summary), figures, of("benchmark", "pay_market"))


def _market(summary: Summary) -> Iterator[Figure]:
    if (fans := market_fans(summary)) is not None:
        note = (
            f"Company cost over the horizon with the market held at a level in every {summary.study.period}, in standard "
            "deviations. Area: P10 to P90. Line: median. All panels share one scale."
        )
        yield Figure("fans", fans, note)
    if (stack := variance_stack(summary)) is not None:
        yield Figure("stack", stack, "Parts of the variance of company cost.", luck_finding(summary))
