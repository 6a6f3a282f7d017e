"""What is found of what moving booking dates can add, as sentences."""

from typing import Any

from sim.questions.gaming.tables import worst_leak
from sim.shapes.amounts import amount, share
from sim.shapes.words import listed
from sim.summary.summary import measured

Document = dict[str, Any]


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
