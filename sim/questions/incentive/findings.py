"""What is found of what a plan rewards, as sentences."""

from typing import Any

from sim.shapes.amounts import share
from sim.summary.summary import measured

Document = dict[str, Any]


def reward_finding(document: Document) -> str:
    """Where a saved dollar pays most and least, and where most saves pay nothing."""
    found = {name: entry for name, entry in measured(document, "incentive").items() if "save" in entry}
    if not found:
        return ""
    save = {name: entry["save"] for name, entry in found.items()}
    high, low = max(save, key=save.__getitem__), min(save, key=save.__getitem__)
    first = f"One more dollar of ARR saved pays a CSM {100 * save[high]:.1f}¢ under {high}"
    first += "." if high == low else f" and {100 * save[low]:.1f}¢ under {low}."
    dead = {name: entry.get("dead_zone_share", 0.0) for name, entry in found.items()}
    most = max(dead, key=dead.__getitem__)
    if dead[most] < 0.01:
        return first
    return f"{first} Under {most}, {share(dead[most])} of saves pay next to nothing."
