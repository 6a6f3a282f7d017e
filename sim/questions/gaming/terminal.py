"""What choosing booking dates is worth to CSMs, for a terminal: cost split, bracket and curves, worst schedule."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from sim.shapes.amounts import amount, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import fragile_plans
from sim.shapes.words import NO_BOUND, listed

Document = dict[str, Any]
LISTED: Final = 8
"""Moves of the worst schedule that are listed, the largest; the rest stand in ``summary.json``."""


def gaming_tables(plans: Mapping[str, Document]) -> Iterator[RenderableType]:
    """The tables of a study that asked about gaming; none where it did not."""
    measured = {name: plan for name, plan in plans.items() if "exposure" in plan}
    if measured:
        exposures = {name: plan["exposure"] for name, plan in measured.items()}
        fragile = fragile_plans({"plans": plans})
        splits = {name: plan["split"] for name, plan in measured.items() if "split" in plan}
        if splits:
            yield _split(splits, fragile)
        yield _bracket(exposures, fragile)
        gaining = {name: each for name, each in exposures.items() if each["max"] >= 1.0}
        if gaining:
            yield _curves(gaining)
        yield from _leak({name: plan["leak"] for name, plan in measured.items() if "leak" in plan})
        yield Text("\n".join(_assumed(exposures)), style="dim")
    refused = [plan["exposure_not_bounded"] for plan in plans.values() if "exposure_not_bounded" in plan]
    if refused:
        yield Text("Exposure not bounded: " + " ".join(refused), style="dim")


def _split(splits: Mapping[str, Document], fragile: frozenset[str]) -> RenderableType:
    unit = unit_for([each["gamed"] for each in splits.values()])

    def row(each: Document) -> Row:
        return {
            "For value": unit.show(each["value"]),
            "Natural timing": unit.show(each["natural_timing"], sign=True),
            "Timing exposure": unit.show(each["exposure"], sign=True),
            "If gamed": unit.show(each["gamed"]),
        }

    return Fitted(
        f"What variable pay is for [{unit.name} over the horizon, all CSMs]",
        "For value: every renewal credited to its due period. Natural timing: what honest dates add. Exposure: what "
        "the best choice of dates adds. The three add up.",
        {name: row(each) for name, each in splits.items()},
        means=("For value", "Natural timing", "Timing exposure", "If gamed"),
        fragile=fragile,
    )


def _bracket(exposures: Mapping[str, Document], fragile: frozenset[str]) -> RenderableType:
    unit = unit_for([each["clairvoyant"] for each in exposures.values()])

    def row(each: Document) -> Row:
        upper = each.get("upper")
        return {
            "At least ±": f"{unit.show(each['lower'])} ± {unit.show(each['lower_se'])}",
            "At most ±": NO_BOUND
            if upper is None
            else f"{unit.show(upper)} ± {unit.show(each['upper_se'])}{'*' if _certified(each) else ''}",
            "of pay": share(each["share_of_variable"]) if "share_of_variable" in each else "",
            "P95": unit.show(each["p95"]),
            "Max": unit.show(each["max"]),
            "Pays in": share(each["pays_share"]),
            "Yield": f"{100 * each['yield']:.1f}¢" if "yield" in each else "",
            "Deterred at": _deterred(each),
        }

    certified = any(_certified(each) for each in exposures.values())
    starred = " *: what no rule without foresight exceeds." if certified else ""
    return Fitted(
        f"Gaming exposure [{unit.name} per CSM-year]",
        "At least: a rule that knows nothing of the future, on fresh worlds. At most: what no choice of dates "
        f"exceeds.{starred} P95, Max, Pays in: books in single worlds. ±: simulation error."
        + (
            f" Of {listed(medians)}, whose gain has no mean: medians over worlds."
            if (medians := [name for name, each in exposures.items() if "statistic" in each])
            else ""
        ),
        {name: row(each) for name, each in exposures.items()},
        terms={
            "Yield": "Yield: pay per $ moved.",
            "Deterred at": "Deterred at: cost per $ moved that leaves a tenth of it.",
        },
        means=("At least ±", "At most ±", "of pay"),
        fragile=fragile,
    )


def _deterred(exposure: Document) -> str:
    """The cost that deters, or that the highest cost tried does not; nothing where there is nothing to deter."""
    if "deterrence_price" in exposure:
        return f"{100 * exposure['deterrence_price']:.1f}¢"
    return f"> {100 * exposure['friction'][-1]['cost']:.3g}¢" if exposure["max"] >= 1.0 else ""


def _certified(exposure: Document) -> bool:
    return "hindsight_upper" in exposure


def _curves(exposures: Mapping[str, Document]) -> RenderableType:
    unit = unit_for([each["clairvoyant"] for each in exposures.values()])

    def row(each: Document) -> Row:
        cost = {f"{100 * at['cost']:.3g}¢": unit.show(at["gain"]) for at in each["friction"]}
        movable = {f"×{at['factor']:g}": unit.show(at["gain"]) for at in each["movable"]}
        game = {f"{share(at['share'])} game": unit.show(at["gain"]) for at in each["by_share"]}
        return cost | movable | game

    tried = max(each["curve_worlds"] for each in exposures.values())
    return Fitted(
        f"Exposure as what is assumed varies [{unit.name} per CSM-year]",
        "¢: the best schedule where each $ moved costs the CSM so much. "
        + (
            "×: with so many times the assumed renewals movable. "
            if any(each["movable"] for each in exposures.values())
            else ""
        )
        + f"On {tried:,} worlds."
        + (
            " Game: the rule without foresight, where so many of the CSMs follow it."
            if any(each["by_share"] for each in exposures.values())
            else ""
        ),
        {name: row(each) for name, each in exposures.items()},
    )


def _assumed(exposures: Mapping[str, Document]) -> Iterator[str]:
    first = next(iter(exposures.values()))
    each = ", ".join(
        f"{name} {share(movable['ready_early'])} early, {share(movable['holdable'])} held"
        for name, movable in first["assumed"].items()
    )
    yield f"Assumed movable, without evidence: {each}. Exposure is what could be extracted, not a forecast."
    if not any(sum(movable.values()) for movable in first["assumed"].values()):
        yield (
            "Nothing can be moved under these assumptions: set movable in the scenario's segments, or "
            "[gaming.movability] in the study."
        )
    if "not_certified" in first:
        yield first["not_certified"]


def _leak(leaks: Mapping[str, Document]) -> Iterator[RenderableType]:
    """The most profitable schedule of any plan: quarter by quarter, then its largest moves."""
    if not leaks:
        return
    name = max(leaks, key=lambda each: float(leaks[each]["gain"]))
    worst = leaks[name]
    where = f"{name}, CSM {worst['csm']} in world {worst['world']}"
    # One unit for quotas and pay: that of what is seen without moves, else one period's windfall hides all others.
    unit = unit_for([each[f"honest_{key}"] for each in worst["periods"] for key in ("quota", "bonus")])

    def row(each: Document) -> Row:
        return {
            f"{title}{' moved' if who == 'gamed' else ''}": share(each[f"{who}_{key}"])
            if key == "attainment"
            else unit.show(each[f"{who}_{key}"])
            for key, title in (
                ("quota", "Quota"),
                ("credit", "Credit"),
                ("attainment", "Attains"),
                ("bonus", "Pay"),
            )
            for who in ("honest", "gamed")
        }

    yield Fitted(
        f"Largest leak: {where} [{unit.name}]",
        f"{worst['count']} bookings moved, {amount(worst['gain'])} more pay for the same renewals.",
        {each["label"]: row(each) for each in worst["periods"]},
        "Period",
    )
    largest = sorted(worst["moves"], key=lambda each: float(each["amount"]), reverse=True)[:LISTED]
    shown = sorted(largest, key=lambda each: str(each["due"]))
    money = unit_for([each["amount"] for each in shown])
    yield Fitted(
        f"Its {len(shown)} largest moves [{money.name}]",
        "Credit: what the booking counts for where it is moved to. summary.json has the whole schedule, and so has "
        f"csmsim explain STUDY.toml --plan {name} --world {worst['world']} --csm {worst['csm']} --gamed",
        {
            each["account"]: {
                "Amount": money.show(each["amount"]),
                "Due": each["due"],
                "Books": each["booked"],
                "Moved to": each["moved_to"],
                "Class": each["moved"],
                "Credit": money.show(each["credit"]),
            }
            for each in shown
        },
        "Account",
    )
