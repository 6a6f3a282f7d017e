"""Tables of what CSMs may do because of a plan, where a study asked for it: moving dates, rewards, responses."""

from collections.abc import Iterator
from typing import Any, Final

from sim.report.effort import card, effort_tables
from sim.report.tables import Column, Table, Value, table
from sim.report.timing import measured, timing_tables

Document = dict[str, Any]

SECTIONS: Final = {
    "incentive": (
        "What the plan rewards",
        (
            "Pay for one more dollar of ARR: saved, booked on time instead of late, a period early instead of on time, "
            "recovered late, expanded. Dead zone: saves that pay next to nothing; jackpot: over three times the linear "
            "rate. Risk premium: per CSM-year."
        ),
    ),
    "response": (
        "What it is worth once CSMs respond",
        (
            "Per CSM-year against the reference plan, at the efforts that the plan calls for. Lowest, highest: over the "
            "gross retention assumed to be lost without any incentive. ROI: net value per $ of cost added."
        ),
    ),
}
"""Section of a plan's entry in ``summary.json``: title, note."""

COLUMNS: Final = {
    "incentive": (
        Column("save", "Saved", "cent"),
        Column("save_se", "± s.e.", "cent"),
        Column("on_time", "On time", "cent"),
        Column("early", "Early", "cent"),
        Column("late", "Recovered", "cent"),
        Column("expand", "Expanded", "cent"),
        Column("dead_zone_share", "Dead zone", "share"),
        Column("jackpot_share", "Jackpot", "share"),
        Column("line_of_sight", "Line of sight", "share"),
        Column("timing_to_saving", "Move / save", "ratio"),
        Column("risk_premium", "Risk premium", "usd"),
        Column("risk_premium_se", "± s.e. of it", "error"),
    ),
    "response": (
        Column("net_value", "Net value", "usd", signed=True),
        Column("net_value_se", "± s.e.", "error"),
        Column("net_value_low", "Lowest assumed", "usd", signed=True),
        Column("net_value_high", "Highest assumed", "usd", signed=True),
        Column("cost_added", "Cost added", "usd", signed=True),
        Column("roi", "ROI", "ratio"),
        Column("clauses", "Clauses", "count"),
    ),
}
"""What each section shows, of what was measured."""


def behaviour_tables(document: Document) -> Iterator[Table | None]:
    """The card of the plans, and a table for everything that at least one plan has."""
    yield card(document)
    yield from timing_tables(document)
    for section, (title, note) in SECTIONS.items():
        rows: list[dict[str, Value]] = [
            {"plan": name, **_numbers(entry)} for name, entry in measured(document, section).items()
        ]
        yield table(section, title, (Column("plan", "Plan"), *COLUMNS[section]), rows, note)
    yield from effort_tables(document)


def _numbers(entry: Document) -> dict[str, Value]:
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
