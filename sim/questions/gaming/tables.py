"""Tables of what can be extracted by moving booking dates: the split of pay, the bracket, curves around it, a schedule."""

from collections.abc import Iterator
from typing import Final

from sim.questions.gaming.summary import Exposure, Leak, exposures, roles_of, splits, worst_leak
from sim.shapes.amounts import amount, cents, share
from sim.shapes.chart import Bars, Lines
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Kind, Table, table
from sim.shapes.words import NO_BOUND, listed
from sim.summary.summary import Summary

PRICE: Final = "deterrence_price"
_OF_BOOKS: Final = "P95, max, pays in: single books in single worlds, dates chosen in hindsight."
DETERRED_AT: Final = "Deterred at: cost to the CSM per $ moved that leaves a tenth of the exposure."
LISTED: Final = 8
"""Moves of the most profitable schedule that a narrow screen shows."""


def timing_tables(summary: Summary) -> Iterator[Table | None]:
    """Every table of a study that asked about gaming."""
    found = exposures(summary)
    if not found:
        return
    yield split(summary)
    yield exposure(found)
    yield roles(summary)
    yield friction(found)
    yield movable(found)
    yield bunching(found)
    worst = worst_leak(summary)
    if worst is not None:
        yield leak_pay(*worst)
        yield leak(*worst)


def split(summary: Summary) -> Table | None:
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
    return table(
        "split",
        "What variable pay is for: value, natural timing, exposure",
        columns,
        ({"plan": name} | each.document() for name, each in splits(summary).items()),
        note,
        brief=("plan", "value", "natural_timing", "exposure", "gamed"),
        short="What variable pay is for [{unit} over the horizon, all CSMs]",
        chart=Bars(("value", "natural_timing", "exposure"), stacked=True),
    )


def exposure(found: dict[str, Exposure]) -> Table | None:
    """The bracket, and what stands around it."""
    columns = (
        PLAN,
        Column("lower", "At least", "usd", mean=True),
        Column("lower_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("upper", "At most", "usd", none=NO_BOUND, mean=True, always=True),
        Column("upper_se", f"{SIM_ERROR} of most", "error", note=SE_NOTE),
        Column("share_of_variable", "At least, of variable pay", "share", mean=True, brief="of pay"),
        Column("p95", "P95 of books", "usd", note=_OF_BOOKS, brief="P95"),
        Column("max", "Max", "usd", note=_OF_BOOKS),
        Column("pays_share", "Pays in", "share", note=_OF_BOOKS),
        Column("moved_arr", "ARR moved", "usd", sets_unit=False),
        Column("yield", "Yield", "cent", note="Yield: pay per $ moved."),
        Column(PRICE, "Deterred at", "cent", none="–", note=DETERRED_AT),
    )
    return table(
        "exposure",
        "What can be extracted by moving dates alone",
        columns,
        ({"plan": name} | each.document() for name, each in found.items()),
        " ".join(_what_exposure_is(found)),
        brief=("plan", "lower", "upper", "share_of_variable", "p95", "max", "pays_share", "yield", PRICE),
        short="Gaming exposure [{unit} per CSM-year]",
        chart=Bars(("lower", "upper")),
    )


def _what_exposure_is(found: dict[str, Exposure]) -> Iterator[str]:
    """What its ends mean, what is assumed, and of which plans it is not so."""
    yield (
        "Per CSM-year. At least: what a rule that knows nothing of the future obtains on fresh worlds. At most: what no "
        "choice of dates exceeds."
    )
    if certified := [name for name, each in found.items() if each.certified]:
        yield f"At most, of {listed(certified)}: what no rule without foresight exceeds."
    if medians := [name for name, each in found.items() if each.statistic is not None]:
        yield f"Of {listed(medians)}, whose gain has no mean: medians over worlds."
    yield from dict.fromkeys(each.not_certified for each in found.values() if each.not_certified is not None)
    if loose := [name for name, each in found.items() if each.loose]:
        yield (
            f"At most, of {listed(loose)}: more than a quarter above what was found with hindsight. The bound lets each "
            "component and each rule have dates of its own."
        )
    assumed = next(iter(found.values())).assumed
    each_segment = "; ".join(
        f"{name} {share(each.ready_early)} early, {share(each.holdable)} held"
        for name, each in assumed.items()
    )
    yield f"Assumed movable, without evidence: {each_segment}. This is what could be extracted, not a forecast."
    if not any(each.ready_early + each.holdable for each in assumed.values()):
        yield (
            "Nothing can be moved under these assumptions: set movable in the scenario's segments, or "
            "[gaming.movability] in the study."
        )


def roles(summary: Summary) -> Table | None:
    """What every role of a role set gains where dates are moved as suits its payees."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("who", "Dates"),
        Column("payees", "Payees", "count"),
        Column("books", "Books each", "ratio"),
        Column("lower", "At least", "usd", mean=True),
        Column("lower_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("upper", "At most", "usd", none=NO_BOUND, mean=True, always=True),
        Column("upper_se", f"{SIM_ERROR} of most", "error", note=SE_NOTE),
        Column("share_of_variable", "At least, of variable pay", "share", mean=True, brief="of pay"),
    )
    rows = (
        {"plan": name, "role": role, "who": "moves them" if each.moves_dates else "can ask for it"}
        | each.document()
        for name, found in roles_of(summary).items()
        for role, each in found.items()
    )
    return table(
        "exposure_roles",
        "What each role would gain by dates moved as suits its payees",
        columns,
        rows,
        "Per payee-year, each payee by itself, all dates of their books moved for them alone: gains of roles do not add up.",
        brief=("plan", "role", "who", "lower", "upper", "share_of_variable"),
        short="Exposure by role [{unit} per payee-year]",
    )


def friction(found: dict[str, Exposure]) -> Table | None:
    """Exposure as a curve in what moving costs."""
    columns = (
        PLAN,
        Column("cost", "Cost per $ moved", "cent"),
        Column("gain", "Exposure", "usd"),
        Column("left", "of that without cost", "share"),
        Column("moved_arr", "ARR moved", "usd", sets_unit=False),
    )
    rows = (
        {"plan": name, "left": left_of(point.gain, each.friction[0].gain)} | point.document()
        for name, each in found.items()
        if each.gainful
        for point in each.friction
    )
    return table(
        "friction",
        "Exposure when each dollar moved costs the CSM something",
        columns,
        rows,
        " ".join(_what_friction_is(found)),
        brief=("plan", "gain"),
        across="cost",
        short="Exposure when each dollar moved costs the CSM something [{unit} per CSM-year]",
        chart=Lines("cost", "left"),
    )


def _what_friction_is(found: dict[str, Exposure]) -> Iterator[str]:
    """What the curve is, and under which plans no cost that was tried deters."""
    yield f"Per CSM-year, dates chosen in hindsight, on {_varied_on(found)} worlds. The slope of the curve is the ARR moved."
    stay = [name for name, each in found.items() if each.gainful and each.deterrence_price is None]
    if stay:
        dearest = max(point.cost for each in found.values() for point in each.friction)
        yield f"Under {listed(stay)} even {cents(dearest)} leaves more than a tenth."


def movable(found: dict[str, Exposure]) -> Table | None:
    """Exposure as a curve in how many renewals can be moved."""
    columns = (
        PLAN,
        Column("factor", "Times the assumed movable share", "ratio", brief="Times the assumed"),
        Column("gain", "Exposure", "usd"),
    )
    rows = (
        {"plan": name} | point.document()
        for name, each in found.items()
        if each.gainful
        for point in each.movable
    )
    return table(
        "movable",
        "Exposure when fewer or more renewals can be moved",
        columns,
        rows,
        f"Per CSM-year, dates chosen in hindsight, on {_varied_on(found)} worlds.",
        brief=("plan", "gain"),
        across="factor",
        short="Exposure when fewer or more renewals can be moved [{unit} per CSM-year]",
        chart=Lines("factor", "gain"),
    )


def _varied_on(found: dict[str, Exposure]) -> str:
    return f"{max(each.curve_worlds for each in found.values()):,}"


def bunching(found: dict[str, Exposure]) -> Table | None:
    """How many periods end just below and just above each break of a curve, with honest dates and with moved ones."""
    columns = (
        PLAN,
        Column("attainment", "Break at", "share"),
        Column("honest_below", "Just below, honest", "share"),
        Column("gamed_below", "gamed", "share"),
        Column("honest_above", "Just above, honest", "share"),
        Column("gamed_above", "gamed", "share"),
    )
    rows = ({"plan": name} | point.document() for name, each in found.items() for point in each.bunching)
    return table(
        "bunching",
        "Attainment just below and just above each break of the curve",
        columns,
        rows,
        "Shares of CSM-periods within 5 points of attainment.",
    )


def left_of(gain: float, free: float) -> float | None:
    """What is left of the exposure without cost. [share]"""
    return gain / free if free > 0.0 else None


def leak(plan: str, worst: Leak) -> Table | None:
    """Who books when in the most profitable schedule of any plan, the largest moves first."""
    columns = (
        Column("account", "Account"),
        Column("amount", "Amount", "usd"),
        Column("due", "Due", names=False),
        Column("booked", "Books", names=False),
        Column("moved_to", "Moved to", names=False),
        Column("moved", "Class", names=False),
        Column("credit", "Credit", "usd", note="Credit: what the booking counts for where it is moved to."),
    )
    more = worst.count - len(worst.moves)
    note = f"{_where(plan, worst)}: {worst.count} bookings moved" + (f", {more} not listed" if more else "")
    told = f"--plan {plan} --world {worst.world} --csm {worst.csm} --gamed"
    return table(
        "leak",
        "The most profitable schedule found: bookings moved, the largest first",
        columns,
        (each.document() for each in sorted(worst.moves, key=lambda each: (-each.amount, each.due))),
        f"{note}; csmsim explain STUDY.toml {told} tells the whole schedule.",
        brief=("account", "amount", "due", "booked", "moved_to", "moved", "credit"),
        most=LISTED,
        short="Its largest moves [{unit}]",
    )


MEASURES: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("quota", "Quota", "usd"),
    ("credit", "Credit", "usd"),
    ("attainment", "Attains", "share"),
    ("bonus", "$ paid", "dollar"),
)


def leak_pay(plan: str, worst: Leak) -> Table | None:
    """What the same schedule does to each period."""
    amounts = tuple(
        Column(f"{dates}_{key}", f"{title}{after}", kind)
        for key, title, kind in MEASURES
        for dates, after in (("honest", ""), ("gamed", " moved"))
    )
    return table(
        "leak_pay",
        "The most profitable schedule found: pay with honest dates beside pay with moved ones",
        (Column("label", "Period"), *amounts),
        (period.document() for period in worst.periods),
        f"{_where(plan, worst)}: {amount(worst.gain)} more pay for the same renewals.",
        brief=("label", *(column.key for column in amounts)),
        short=f"Largest leak: {plan}, CSM {worst.csm} in world {worst.world} [{{unit}}]",
    )


def _where(plan: str, worst: Leak) -> str:
    return f"Plan {plan}, CSM {worst.csm}, world {worst.world}"
