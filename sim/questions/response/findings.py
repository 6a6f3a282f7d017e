"""One sentence a figure on what CSMs may do because of a plan, computed from the result."""

from math import sqrt
from statistics import NormalDist
from typing import Any, Final

from sim.questions.response.tables import by_swing
from sim.shapes.amounts import amount
from sim.shapes.words import label_of, listed
from sim.summary.summary import measured

Document = dict[str, Any]

MISS: Final = 0.05
"""Chance that any plan is wrongly said to add most. [share]"""


def response_finding(document: Document) -> str:
    """Which plan is worth most once CSMs respond, over which range, and which plans lose."""
    found = measured(document, "response")
    base = {name: entry for name, entry in found.items() if entry["net_value_se"] > 0.0}
    if not base:
        return "No plan changes what CSMs do."
    best = max(base, key=lambda name: float(base[name]["net_value"]))
    entry = base[best]
    low, high = (amount(entry[key], sign=True) for key in ("net_value_low", "net_value_high"))
    cost = "more" if entry["cost_added"] > 0.0 else "less"
    if entry["net_value"] <= 0.0:
        most = amount(entry["net_value"], sign=True)
        return (
            f"No plan is worth more than {entry['reference']}: the highest net value, of {best}, is {most}."
        )
    value = (
        f"{amount(entry['net_value'], sign=True)} of value per CSM-year against {entry['reference']}, {low} to {high} over "
        f"the range assumed, and costs {amount(abs(entry['cost_added']))} {cost}."
    )
    near = [name for name in base if name != best and not _apart(entry, base[name], len(base) - 1)]
    sentence = (
        f"Once CSMs respond, {best} adds most: {value}"
        if not near and len(base) > 1
        else f"Once CSMs respond, {best} adds {value}"
    )
    if near:
        sentence += f" These worlds do not tell it apart from {listed(near)}."
    losers = [name for name, each in base.items() if each["net_value_ci95"][1] < 0.0]
    return f"{sentence} Worth less than {entry['reference']}: {listed(losers)}." if losers else sentence


def _apart(one: Document, other: Document, comparisons: int) -> bool:
    """Whether two net values differ by more than chance explains, shared between the comparisons; their errors are taken as
    independent, which claims too little on the same worlds.
    """
    error = sqrt(one["net_value_se"] ** 2 + other["net_value_se"] ** 2)
    needed = NormalDist().inv_cdf(1.0 - 0.5 * MISS / max(comparisons, 1))
    return bool(abs(one["net_value"] - other["net_value"]) > needed * error)


def rests_finding(document: Document) -> str:
    """The assumption that moves the best plan's value most, and whether any assumption turns its sign."""
    found = measured(document, "response")
    best = max(found, key=lambda name: float(found[name]["net_value"]))
    rows = by_swing(found[best])
    if not rows:
        return ""
    key, widest = rows[0]
    low, high = (amount(each, sign=True) for each in widest["net_value"])
    turning = [_inside(each) for each, row in rows if min(row["net_value"]) < 0.0 < max(row["net_value"])]
    turns = (
        f"turned into a loss by: {listed(turning)}"
        if turning
        else "no assumption, moved alone, makes it a loss"
    )
    return f"The value of {best} rests most on {_inside(key)}: {low} to {high}; {turns}."


def _inside(key: str) -> str:
    """The name of an assumption inside a sentence."""
    return f"“{label_of(key)}”"


def card_finding(document: Document) -> str:
    """Which plans pay more for a moved dollar than for a saved one; and how many have no bound on it."""
    ratios = {
        name: entry["timing_to_saving"]
        for name, entry in measured(document, "incentive").items()
        if "timing_to_saving" in entry
    }
    if not ratios:
        return "The measures that decide between plans, each of them explained in its own section below."
    moving = [name for name, ratio in ratios.items() if ratio > 1.0]
    worst = max(ratios, key=ratios.__getitem__)
    if not moving:
        return "No plan pays more for a dollar moved than for a dollar saved."
    return (
        f"{len(moving)} of {len(ratios)} plans measured pay more for a dollar moved to another period than for a dollar "
        f"saved; {worst} pays {ratios[worst]:.1f} times as much."
    )
