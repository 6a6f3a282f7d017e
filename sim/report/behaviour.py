"""Tables of what CSMs may do because of a plan, where a study asked for it: split, exposure, incentive, response."""

from collections.abc import Iterator
from typing import Any, Final

from sim.report.amounts import amount, number
from sim.report.tables import Column, Kind, Table, Value, table

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
        "Pay for one more usd saved, on time, early, recovered late or expanded.",
    ),
    "response": (
        "What it is worth once CSMs respond",
        "Usd per CSM-year against the baseline, at the efforts that the plan calls for.",
    ),
}
"""Section of a plan's entry in ``summary.json``: title, note."""

KINDS: Final[dict[str, Kind]] = {
    "value": "usd",
    "natural_timing": "usd",
    "exposure": "usd",
    "lower": "usd",
    "upper": "usd",
    "p95": "usd",
    "gamed": "usd",
    "clairvoyant": "usd",
    "honest": "usd",
    "moved_arr": "usd",
    "risk_premium": "usd",
    "yield": "cent",
    "save": "cent",
    "on_time": "cent",
    "on_time_per_day": "cent",
    "early": "cent",
    "late": "cent",
    "expand": "cent",
}
"""What a key is where its name does not tell; shares end in ``share`` or begin with it, the rest are ratios."""


def behaviour_tables(document: Document) -> Iterator[Table | None]:
    """A table for each section that at least one plan has."""
    for section, (title, note) in SECTIONS.items():
        found = {name: plan[section] for name, plan in document["plans"].items() if section in plan}
        if not found:
            continue
        keys = dict.fromkeys(key for entry in found.values() for key in _numbers(entry))
        columns = (Column("plan", "Plan"), *(Column(key, _title(key), kind_of(key)) for key in keys))
        rows: list[dict[str, Value]] = [{"plan": name, **_numbers(entry)} for name, entry in found.items()]
        yield table(section, title, columns, rows, note)


def kind_of(key: str) -> Kind:
    """What a measure of these sections is."""
    stem = key.removesuffix("_se")
    if "share" in stem.split("_"):
        return "share"
    kind: Kind = "usd" if stem.startswith("net_value") else KINDS.get(stem, "ratio")
    return "error" if kind == "usd" and stem != key else kind


def _numbers(entry: Document) -> dict[str, Value]:
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _title(key: str) -> str:
    stem = key.removesuffix("_se")
    words = stem.replace("_", " ")
    return f"{words} ± s.e." if stem != key else words[:1].upper() + words[1:]


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
    says = amount if kind_of(lead) == "usd" else _cents
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
