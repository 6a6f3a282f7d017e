"""Tables of what CSMs may do because of a plan, where a study asked for it: moving dates, rewards, responses."""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.gaming.tables import measured, timing_tables
from sim.questions.response.tables import card, effort_tables
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import answer_of

Document = dict[str, Any]

SECTIONS: Final = {
    "incentive": (
        "What the plan rewards",
        (
            "Pay for one more dollar of ARR: saved, booked on time instead of late, a period early instead of on time, "
            "recovered late, expanded. Dead zone: saves that pay next to nothing; jackpot: over three times the linear "
            "rate. Line of sight: share of a period's pay that its renewals explain. Risk premium: what a CSM-year of "
            "certain pay could be lower; by variance, and by exponential utility, which no tail dominates."
        ),
    ),
    "response": (
        "What it is worth once CSMs respond",
        (
            "Per CSM-year against the reference plan, at the efforts that the plan calls for. Lowest, highest: over the "
            "gross retention assumed to be lost without any incentive. ROI positive: over that whole range, and also once "
            "CSMs who lose by the plan are made whole. CSMs' own: certain pay less effort, against today. ROI: net value "
            "per $ of cost added, where cost is added. Clauses: rules that a CSM has to know. Pay growth: of a plan left "
            "as it is when every account is 10 % larger."
        ),
    ),
}
"""Section of a plan's entry in ``summary.json``: title, note."""

COLUMNS: Final = {
    "incentive": (
        Column("save", "Saved", "cent"),
        Column("save_se", SIM_ERROR, "cent", note=SE_NOTE),
        Column("on_time", "On time", "cent"),
        Column("early", "Early", "cent"),
        Column("late", "Recovered", "cent"),
        Column("expand", "Expanded", "cent"),
        Column("dead_zone_share", "Dead zone", "share"),
        Column("jackpot_share", "Jackpot", "share"),
        Column("line_of_sight", "Line of sight", "share"),
        Column("timing_to_saving", "Move / save", "ratio"),
        Column("risk_premium", "Risk premium", "usd"),
        Column("risk_premium_se", f"{SIM_ERROR} of it", "error", note=SE_NOTE),
        Column("risk_premium_certain", "by utility", "usd"),
    ),
    "response": (
        Column("net_value", "Net value", "usd", signed=True),
        Column("net_value_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("net_value_low", "Lowest assumed", "usd", signed=True),
        Column("net_value_high", "Highest assumed", "usd", signed=True),
        Column("answer", "ROI positive"),
        Column("csm_gain", "CSMs' own", "usd", signed=True),
        Column("net_value_whole", "Net value, CSMs made whole", "usd", signed=True),
        Column("cost_added", "Cost added", "usd", signed=True),
        Column("roi", "ROI", "ratio"),
        Column("clauses", "Clauses", "count"),
        Column("pay_growth", "Pay growth", "share", signed=True),
    ),
}
"""What each section shows, of what was measured."""


def behaviour_tables(document: Document) -> Iterator[Table | None]:
    """The card of the plans, and a table for everything that at least one plan has."""
    yield card(document)
    yield from timing_tables(document)
    for section, (title, note) in SECTIONS.items():
        rows: list[dict[str, Value]] = [
            {"plan": name, **_numbers(entry), **_answer(section, entry)}
            for name, entry in measured(document, section).items()
        ]
        yield table(section, title, (PLAN, *COLUMNS[section]), rows, note)
    yield from effort_tables(document)


def _answer(section: str, entry: Document) -> dict[str, Value]:
    return {"answer": answer_of(entry)} if section == "response" else {}


def _numbers(entry: Document) -> dict[str, Value]:
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
