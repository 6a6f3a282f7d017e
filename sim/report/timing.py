"""Tables of what can be extracted by moving booking dates: the split of pay, the bracket, curves around it, a schedule."""

from collections.abc import Iterator
from typing import Any, Final

from sim.report.amounts import amount, share
from sim.report.tables import Column, Kind, Table, Value, table
from sim.report.words import listed

Document = dict[str, Any]
Row = dict[str, Value]

PLAN: Final = Column("plan", "Plan")
TITLES: Final = {
    "split": "What variable pay is for: value, natural timing, exposure",
    "exposure": "What can be extracted by moving dates alone",
    "friction": "Exposure when each dollar moved costs the CSM something",
    "movable": "Exposure when fewer or more renewals can be moved",
    "leak": "The most profitable schedule found: bookings moved",
    "leak_pay": "The most profitable schedule found: pay with honest dates beside pay with moved ones",
}
NO_BOUND: Final = "no bound"


def timing_tables(document: Document) -> Iterator[Table | None]:
    """Every table of a study that asked about gaming."""
    if not measured(document, "exposure"):
        return
    yield split(document)
    yield exposure(document)
    yield friction(document)
    yield movable(document)
    yield leak(document)
    yield leak_pay(document)


def measured(document: Document, section: str) -> dict[str, Document]:
    """The plans that have a section, and what it holds."""
    return {name: plan[section] for name, plan in document["plans"].items() if section in plan}


def split(document: Document) -> Table | None:
    """What variable pay is for; the three parts add up to what is paid if gamed."""
    columns = (
        PLAN,
        Column("value", "For value", "usd"),
        Column("natural_timing", "Natural timing", "usd", signed=True),
        Column("exposure", "Timing exposure", "usd", signed=True),
        Column("gamed", "If gamed", "usd"),
        Column("gamed_se", "± s.e.", "error"),
    )
    note = (
        "All CSMs over the horizon. For value: every renewal credited to its due period. Natural timing: added by dates "
        "as they fall. Timing exposure: added by the most profitable dates found. The three add up."
    )
    rows = ({"plan": name, **_numbers(entry)} for name, entry in measured(document, "split").items())
    return table("split", TITLES["split"], columns, rows, note)


def exposure(document: Document) -> Table | None:
    """The bracket, and what stands around it."""
    columns = (
        PLAN,
        Column("lower", "At least", "usd"),
        Column("lower_se", "± s.e.", "error"),
        Column("upper", "At most", "usd", none=NO_BOUND),
        Column("upper_se", "± s.e. of most", "error"),
        Column("share_of_variable", "At least, of variable pay", "share"),
        Column("p95", "P95 of books", "usd"),
        Column("pays_share", "Books it pays for", "share"),
        Column("moved_arr", "ARR moved", "usd", sets_unit=False),
        Column("yield", "Pay per $ moved", "cent"),
        Column("deterrence_price", "Deterred at, per $ moved", "cent"),
    )
    note = (
        "Per CSM-year. At least: what a rule that knows nothing of the future obtains on fresh worlds. At most: what no "
        "choice of dates exceeds. P95, books it pays for: single books in single worlds, dates chosen in hindsight. "
        "Deterred at: cost to the CSM per $ moved that leaves a tenth of the exposure."
    )
    rows = ({"plan": name, **_numbers(entry)} for name, entry in measured(document, "exposure").items())
    return table("exposure", TITLES["exposure"], columns, rows, note)


def friction(document: Document) -> Table | None:
    """Exposure as a curve in what moving costs."""
    columns = (
        PLAN,
        Column("cost", "Cost per $ moved", "cent"),
        Column("gain", "Exposure", "usd"),
        Column("left", "of that without cost", "share"),
        Column("moved_arr", "ARR moved", "usd", sets_unit=False),
    )
    rows = (
        {"plan": name, **point, "left": left_of(point["gain"], entry["friction"][0]["gain"])}
        for name, entry in measured(document, "exposure").items()
        for point in entry.get("friction", ())
    )
    note = "Per CSM-year, dates chosen in hindsight. The slope of the curve is the ARR moved."
    return table("friction", TITLES["friction"], columns, rows, note)


def movable(document: Document) -> Table | None:
    """Exposure as a curve in how many renewals can be moved."""
    columns = (
        PLAN,
        Column("factor", "Movable, times the assumed share", "ratio"),
        Column("gain", "Exposure", "usd"),
    )
    rows = (
        {"plan": name, **point}
        for name, entry in measured(document, "exposure").items()
        for point in entry.get("movable", ())
    )
    assumed = next(iter(measured(document, "exposure").values())).get("assumed", {})
    each = "; ".join(
        f"{name}: {share(found['ready_early'])} ready early, {share(found['holdable'])} can be held"
        for name, found in assumed.items()
    )
    note = f"Per CSM-year, dates chosen in hindsight. Assumed shares of renewals, without evidence: {each}."
    return table("movable", TITLES["movable"], columns, rows, note)


def left_of(gain: float, free: float) -> float | None:
    """What is left of the exposure without cost. [share]"""
    return gain / free if free > 0.0 else None


def worst_leak(document: Document) -> tuple[str, Document] | None:
    """The plan with the most profitable schedule, and the schedule."""
    leaks = measured(document, "leak")
    if not leaks:
        return None
    name = max(leaks, key=lambda each: float(leaks[each]["gain"]))
    return name, leaks[name]


def leak(document: Document) -> Table | None:
    """Who books when in the most profitable schedule of any plan."""
    found = worst_leak(document)
    if found is None:
        return None
    name, worst = found
    columns = (
        Column("account", "Account"),
        Column("due", "Due"),
        Column("booked", "Booked"),
        Column("moved_to", "Moved to"),
        Column("amount", "Amount", "usd"),
    )
    more = worst["count"] - len(worst["moves"])
    rest = f" {more} more moves are not listed." if more > 0 else ""
    note = f"{_where(name, worst)}: {amount(worst['gain'])} more pay for the same renewals.{rest}"
    return table("leak", TITLES["leak"], columns, worst["moves"], note)


def leak_pay(document: Document) -> Table | None:
    """What the same schedule does to each period."""
    found = worst_leak(document)
    if found is None:
        return None
    name, worst = found
    columns = (
        Column("label", "Period"),
        *(
            Column(f"{dates}_{key}", f"{title}, {dates}", kind)
            for key, title, kind in MEASURES
            for dates in ("honest", "gamed")
        ),
    )
    return table("leak_pay", TITLES["leak_pay"], columns, worst["periods"], f"{_where(name, worst)}.")


MEASURES: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("quota", "Quota", "usd"),
    ("credit", "Credit", "usd"),
    ("attainment", "Attainment", "share"),
    ("bonus", "Bonus", "dollar"),
)


def _where(name: str, worst: Document) -> str:
    return f"Plan {name}, CSM {worst['csm']}, world {worst['world']}"


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
    sentences = [
        f"By choosing dates alone a CSM can get {bracket(found[high])} more a year under {high}, for the same renewals"
    ]
    sentences[0] += "." if high == low else f", and {bracket(found[low])} under {low}."
    unbounded = [name for name, entry in found.items() if "upper" not in entry]
    if unbounded:
        sentences.append(f"No upper end is known for {listed(unbounded)}.")
    return " ".join(sentences)


def bracket(entry: Document) -> str:
    """The two ends in words."""
    if "upper" not in entry:
        return f"at least {amount(entry['lower'])}"
    return f"{amount(entry['lower'])} to {amount(entry['upper'])}"


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
    stay = [name for name in found if name not in prices]
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


def _numbers(entry: Document) -> Row:
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
