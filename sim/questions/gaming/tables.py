"""Tables of what can be extracted by moving booking dates: the split of pay, the bracket, curves around it, a schedule."""

from collections.abc import Iterator
from typing import Any, Final

from sim.shapes.amounts import amount, share
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Kind, Table, Value, table
from sim.shapes.words import NO_BOUND, listed
from sim.summary.summary import measured

Document = dict[str, Any]
Row = dict[str, Value]

TITLES: Final = {
    "split": "What variable pay is for: value, natural timing, exposure",
    "exposure": "What can be extracted by moving dates alone",
    "friction": "Exposure when each dollar moved costs the CSM something",
    "movable": "Exposure when fewer or more renewals can be moved",
    "bunching": "Attainment just below and just above each break of the curve",
    "leak": "The most profitable schedule found: bookings moved",
    "leak_pay": "The most profitable schedule found: pay with honest dates beside pay with moved ones",
}


def timing_tables(document: Document) -> Iterator[Table | None]:
    """Every table of a study that asked about gaming."""
    if not measured(document, "exposure"):
        return
    yield split(document)
    yield exposure(document)
    yield friction(document)
    yield movable(document)
    yield bunching(document)
    yield leak(document)
    yield leak_pay(document)


def split(document: Document) -> Table | None:
    """What variable pay is for; the three parts add up to what is paid if gamed."""
    columns = (
        PLAN,
        Column("value", "For value", "usd", mean=True),
        Column("natural_timing", "Natural timing", "usd", signed=True, mean=True),
        Column("exposure", "Timing exposure", "usd", signed=True, mean=True),
        Column("gamed", "If gamed", "usd", mean=True),
        Column("gamed_se", SIM_ERROR, "error", note=SE_NOTE),
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
        Column("lower", "At least", "usd", mean=True),
        Column("lower_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("upper", "At most", "usd", none=NO_BOUND, mean=True),
        Column("upper_se", f"{SIM_ERROR} of most", "error", note=SE_NOTE),
        Column("share_of_variable", "At least, of variable pay", "share", mean=True),
        Column(
            "p95",
            "P95 of books",
            "usd",
            note="P95, books it pays for: single books in single worlds, dates chosen in hindsight.",
        ),
        Column("pays_share", "Books it pays for", "share"),
        Column("moved_arr", "ARR moved", "usd", sets_unit=False),
        Column("yield", "Pay per $ moved", "cent"),
        Column(
            "deterrence_price",
            "Deterred at, per $ moved",
            "cent",
            note="Deterred at: cost to the CSM per $ moved that leaves a tenth of the exposure.",
        ),
    )
    note = (
        "Per CSM-year. At least: what a rule that knows nothing of the future obtains on fresh worlds. At most: what no "
        "choice of dates exceeds."
    )
    found = measured(document, "exposure")
    certified = [name for name, entry in found.items() if "hindsight_upper" in entry]
    if certified:
        note += f" At most, of {listed(certified)}: what no rule without foresight exceeds."
    rows = ({"plan": name, **_numbers(entry)} for name, entry in found.items())
    return table("exposure", TITLES["exposure"], columns, rows, note)


def bunching(document: Document) -> Table | None:
    """How many periods end just below and just above each break of a curve, with honest dates and with moved ones."""
    columns = (
        PLAN,
        Column("attainment", "Break at", "share"),
        Column("honest_below", "Just below, honest", "share"),
        Column("gamed_below", "gamed", "share"),
        Column("honest_above", "Just above, honest", "share"),
        Column("gamed_above", "gamed", "share"),
    )
    rows = (
        {"plan": name} | each
        for name, entry in measured(document, "exposure").items()
        for each in entry.get("bunching", ())
    )
    note = "Shares of CSM-periods within 5 points of attainment."
    return table("bunching", TITLES["bunching"], columns, rows, note)


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


def _numbers(entry: Document) -> Row:
    return {
        key: value
        for key, value in entry.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
