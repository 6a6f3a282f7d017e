"""Tables of what CSMs may do because of a plan, where a study asked for it: split, exposure, incentive, response."""

from collections.abc import Iterator
from typing import Any, Final

from sim.report.amounts import amount, number
from sim.report.tables import Column, Table, Value, table

Document = dict[str, Any]

SECTIONS: Final = {
    "split": (
        "What pay is for: value, natural timing, exposure",
        "Variable pay had all been booked on the due day; added by dates as they fall; added by moving dates on purpose.",
    ),
    "exposure": (
        "What can be extracted by moving dates alone",
        "A bracket, usd per CSM-year: what a feasible policy obtains, and what no timing exceeds.",
    ),
    "incentive": (
        "What the plan rewards",
        (
            "Cents of pay for one more usd saved, booked on time, a period early, recovered late or expanded. Dead zone: "
            "saves that pay next to nothing; jackpot: over three times the linear rate. Risk premium: usd per CSM-year."
        ),
    ),
    "response": (
        "What it is worth once CSMs respond",
        "Usd per CSM-year against the baseline, at the efforts that the plan calls for.",
    ),
}
"""Section of a plan's entry in ``summary.json``: title, note."""

COLUMNS: Final = {
    "split": (
        Column("value", "For value", "usd"),
        Column("natural_timing", "Natural timing", "usd", signed=True),
        Column("exposure", "Timing exposure", "usd", signed=True),
        Column("gamed", "If gamed", "usd"),
    ),
    "exposure": (
        Column("lower", "At least", "usd"),
        Column("lower_se", "± s.e.", "error"),
        Column("upper", "At most", "usd"),
        Column("upper_se", "± s.e. of most", "error"),
        Column("share_of_variable", "of variable pay", "share"),
        Column("p95", "P95 of books", "usd"),
        Column("pays_share", "Books it pays for", "share"),
        Column("moved_arr", "ARR moved", "usd"),
        Column("yield", "per $ moved", "cent"),
    ),
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
        Column("risk_premium", "Risk premium", "dollar"),
    ),
    "response": (
        Column("net_value", "Net value", "usd", signed=True),
        Column("net_value_se", "± s.e.", "error"),
        Column("net_value_low", "Lowest assumed", "usd", signed=True),
        Column("net_value_high", "Highest assumed", "usd", signed=True),
        Column("cost_added", "Cost added", "usd", signed=True),
        Column("roi", "ROI", "ratio"),
    ),
}
"""What each section shows, of what was measured."""


def behaviour_tables(document: Document) -> Iterator[Table | None]:
    """A table for each section that at least one plan has."""
    for section, (title, note) in SECTIONS.items():
        found = {name: plan[section] for name, plan in document["plans"].items() if section in plan}
        if not found:
            continue
        rows: list[dict[str, Value]] = [{"plan": name, **_numbers(entry)} for name, entry in found.items()]
        yield table(section, title, (Column("plan", "Plan"), *COLUMNS[section]), rows, note)


def _numbers(entry: Document) -> dict[str, Value]:
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def behaviour_finding(document: Document, section: str) -> str:
    """What one of the sections says: where its leading measure is highest and lowest."""
    lead, words = LEADS.get(section, ("", ""))
    found = {
        name: plan[section][lead]
        for name, plan in document["plans"].items()
        if plan.get(section, {}).get(lead) is not None
    }
    if not found:
        return SECTIONS[section][1]
    low, high = min(found, key=found.__getitem__), max(found, key=found.__getitem__)
    says = _cents if section == "incentive" else amount
    if low == high or found[low] == found[high]:
        return f"{words[:1].upper()}{words[1:]}: {says(found[high])} under every plan measured."
    return f"{words[:1].upper()}{words[1:]}: most under {high}, {says(found[high])}; least under {low}, {says(found[low])}."


def _cents(value: float) -> str:
    return f"{number(100.0 * value, 1)}¢"


LEADS: Final = {
    "split": ("exposure", "pay obtained over the horizon by moving dates on purpose"),
    "exposure": ("upper", "the most that moving dates alone can obtain a CSM a year"),
    "incentive": ("save", "pay for one more dollar of ARR saved"),
    "response": ("net_value", "value to the company a CSM-year, against the baseline"),
}
"""The measure that a section's sentence is about, and what it is."""
