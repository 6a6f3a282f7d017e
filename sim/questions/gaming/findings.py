"""What is found of what moving booking dates can add, as sentences."""

from sim.questions.gaming.summary import Exposure, exposures, splits, worst_leak
from sim.shapes.amounts import amount, cents, share
from sim.shapes.words import ends_of, listed
from sim.summary.summary import Summary


def split_finding(summary: Summary) -> str:
    """Which share of pay is for value when dates are gamed."""
    parts = {name: split.value / split.gamed for name, split in splits(summary).items() if split.gamed > 0.0}
    if not parts:
        return ""
    low, high = ends_of(parts)
    if low == high:
        return f"If every CSM games, {share(parts[low])} of what {low} pays is for value, the rest for dates."
    return (
        f"If every CSM games, {share(parts[low])} of what {low} pays is for value, the rest for dates; "
        f"under {high} it is {share(parts[high])}."
    )


def exposure_finding(summary: Summary) -> str:
    """The plan with the largest exposure, the one with the least, and the plans whose exposure has no bound from above."""
    found = exposures(summary)
    lower = {name: each.lower for name, each in found.items()}
    low, high = ends_of(lower)
    most, least = (bracket(found[name].lower, found[name].upper) for name in (high, low))
    said = f"By choosing dates alone a CSM can get {most} more a year under {high}, for the same renewals"
    said += "." if high == low else f", and {least} under {low}."
    unbounded = [name for name, each in found.items() if each.upper is None]
    return said + (f" No upper end is known for {listed(unbounded)}." if unbounded else "")


def bracket(lower: float, upper: float | None) -> str:
    """What lies between two amounts in words; upper is None where nothing bounds it. [usd]"""
    low = amount(lower)
    if upper is None:
        return f"at least {low}"
    high = amount(upper)
    if low == high:
        return "nothing" if low == amount(0.0) else low
    return f"{low} to {high}"


def friction_finding(found: dict[str, Exposure]) -> str:
    """What a moved dollar must cost to deter, and the plans under which no cost that was tried does."""
    prices = {
        name: each.deterrence_price for name, each in found.items() if each.deterrence_price is not None
    }
    tried = max((point.cost for each in found.values() for point in each.friction), default=0.0)
    if not prices:
        return f"No cost up to {cents(tried)} a dollar moved takes nine tenths of it away under any plan."
    least, most = ends_of(prices)
    dearest = f"{cents(prices[most])} under {most}"
    if most != least:
        dearest = f"{cents(prices[least])} under {least} and {dearest}"
    sentence = f"Nine tenths of it go when moving a dollar costs the CSM {dearest}"
    stay = [name for name, each in found.items() if name not in prices and each.lower > 0.0]
    return (
        f"{sentence}; under {listed(stay)} no cost up to {cents(tried)} does that."
        if stay
        else f"{sentence}."
    )


def movable_finding(found: dict[str, Exposure]) -> str:
    """How exposure depends on what is least known: how many renewals can be moved."""
    curves = {name: {point.factor: point.gain for point in each.movable} for name, each in found.items()}
    factor = min((factor for curve in curves.values() for factor in curve), default=1.0)
    parts = [
        curve[factor] / curve[1.0]
        for curve in curves.values()
        if curve.get(1.0, 0.0) > 0.0 and factor in curve
    ]
    if not parts or factor >= 1.0:
        return "Exposure by how many renewals can be moved."
    low, high = share(min(parts)), share(max(parts))
    left = low if low == high else f"{low} to {high}"
    return f"With {factor:g} times as many movable renewals {left} of it is left, depending on the plan."


def leak_finding(summary: Summary) -> str:
    """The most profitable schedule in one sentence."""
    found = worst_leak(summary)
    if found is None:
        return ""
    name, worst = found
    return (
        f"Under {name}, CSM {worst.csm} moves {worst.count} bookings in world {worst.world} and is paid "
        f"{amount(worst.gain)} more for the same renewals."
    )
