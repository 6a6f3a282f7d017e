"""One sentence a figure on what CSMs may do because of a plan, computed from the result."""

from math import sqrt
from statistics import NormalDist
from typing import Any, Final

from sim.questions.gaming.tables import measured, worst_leak
from sim.questions.response.tables import by_swing
from sim.shapes.amounts import amount, share
from sim.shapes.words import label_of, listed

Document = dict[str, Any]

MISS: Final = 0.05
"""Chance that any plan is wrongly said to add most. [share]"""


def split_finding(document: Document) -> str:
    """Which share of pay is for value when dates are gamed."""
    found = {name: entry for name, entry in measured(document, "split").items() if entry["gamed"] > 0.0}
    if not found:
        return ""
    parts = {name: entry["value"] / entry["gamed"] for name, entry in found.items()}
    low, high = min(parts, key=parts.__getitem__), max(parts, key=parts.__getitem__)
    if low == high:
        return f"If every CSM games, {share(parts[low])} of what {low} pays is for value, the rest for dates."
    return (
        f"If every CSM games, {share(parts[low])} of what {low} pays is for value, the rest for dates; "
        f"under {high} it is {share(parts[high])}."
    )


def exposure_finding(document: Document) -> str:
    """The plan with the largest exposure, the one with the least, and the plans whose exposure has no bound."""
    found = measured(document, "exposure")
    lower = {name: entry["lower"] for name, entry in found.items()}
    high, low = max(lower, key=lower.__getitem__), min(lower, key=lower.__getitem__)
    most, least = bracket(found[high]), bracket(found[low])
    sentences = [
        f"By choosing dates alone a CSM can get {most} more a year under {high}, for the same renewals"
    ]
    sentences[0] += "." if high == low else f", and {least} under {low}."
    unbounded = [name for name, entry in found.items() if "upper" not in entry]
    if unbounded:
        sentences.append(f"No upper end is known for {listed(unbounded)}.")
    missing = [name for name, plan in document["plans"].items() if "exposure_not_bounded" in plan]
    if missing:
        sentences.append(f"Not measured for {listed(missing)}.")
    return " ".join(sentences)


def bracket(entry: Document) -> str:
    """The two ends in words."""
    low, high = amount(entry["lower"]), amount(entry.get("upper", 0.0))
    if "upper" not in entry:
        return f"at least {low}"
    if low == high:
        return "nothing" if low == amount(0.0) else low
    return f"{low} to {high}"


def friction_finding(document: Document) -> str:
    """What a moved dollar must cost to deter, and the plans under which no cost that was tried does."""
    found = measured(document, "exposure")
    prices = {name: entry["deterrence_price"] for name, entry in found.items() if "deterrence_price" in entry}
    tried = max(
        (point["cost"] for entry in found.values() for point in entry.get("friction", ())), default=0.0
    )
    if not prices:
        return f"No cost up to {_cents(tried)} a dollar moved takes nine tenths of it away under any plan."
    most, least = max(prices, key=prices.__getitem__), min(prices, key=prices.__getitem__)
    dearest = f"{_cents(prices[most])} under {most}"
    if most != least:
        dearest = f"{_cents(prices[least])} under {least} and {dearest}"
    sentence = f"Nine tenths of it go when moving a dollar costs the CSM {dearest}"
    stay = [name for name, entry in found.items() if name not in prices and entry["lower"] > 0.0]
    return (
        f"{sentence}; under {listed(stay)} no cost up to {_cents(tried)} does that."
        if stay
        else f"{sentence}."
    )


def movable_finding(document: Document) -> str:
    """How exposure depends on what is least known: how many renewals can be moved."""
    curves = {
        name: {point["factor"]: point["gain"] for point in entry["movable"]}
        for name, entry in measured(document, "exposure").items()
        if entry.get("movable")
    }
    factor = min((factor for each in curves.values() for factor in each), default=1.0)
    parts = [
        each[factor] / each[1.0] for each in curves.values() if each.get(1.0, 0.0) > 0.0 and factor in each
    ]
    if not parts or factor >= 1.0:
        return "Exposure by how many renewals can be moved."
    low, high = share(min(parts)), share(max(parts))
    left = low if low == high else f"{low} to {high}"
    return f"With {factor:g} times as many movable renewals {left} of it is left, depending on the plan."


def _cents(price: float) -> str:
    return f"{100 * price:.1f}".removesuffix(".0") + "¢"


def leak_finding(document: Document) -> str:
    """The most profitable schedule in one sentence."""
    found = worst_leak(document)
    if found is None:
        return ""
    name, worst = found
    return (
        f"Under {name}, CSM {worst['csm']} moves {worst['count']} bookings in world {worst['world']} and is paid "
        f"{amount(worst['gain'])} more for the same renewals."
    )


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
