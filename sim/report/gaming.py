"""What choosing booking dates is worth to CSMs, for a terminal: the cost split, the bracket, and the worst schedule."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from sim.report.amounts import amount, share, unit_for
from sim.report.fitted import Fitted, Row

Document = dict[str, Any]


def gaming_tables(plans: Mapping[str, Document]) -> Iterator[RenderableType]:
    """The tables of a study that asked about gaming; none where it did not."""
    measured = {name: plan for name, plan in plans.items() if "exposure" in plan}
    if measured:
        yield _split({name: plan["split"] for name, plan in measured.items()})
        yield Text()
        exposures = {name: plan["exposure"] for name, plan in measured.items()}
        yield _bracket(exposures)
        yield Text()
        yield Text("\n".join([*_assumed(exposures), *_leaks(measured)]), style="dim")
    refused = [plan["exposure_not_bounded"] for plan in plans.values() if "exposure_not_bounded" in plan]
    if refused:
        yield Text("Exposure not bounded: " + " ".join(refused), style="dim")


def _split(splits: Mapping[str, Document]) -> RenderableType:
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
    )


def _bracket(exposures: Mapping[str, Document]) -> RenderableType:
    unit = unit_for([each["clairvoyant"] for each in exposures.values()])

    def row(each: Document) -> Row:
        price = each.get("deterrence_price")
        upper = each.get("upper")
        return {
            "At least ±": f"{unit.show(each['lower'])} ± {unit.show(each['lower_se'])}",
            "At most ±": "no bound"
            if upper is None
            else f"{unit.show(upper)} ± {unit.show(each['upper_se'])}",
            "of pay": share(each["share_of_variable"]) if "share_of_variable" in each else "",
            "P95": unit.show(each["p95"]),
            "Max": unit.show(each["max"]),
            "Pays in": share(each["pays_share"]),
            "Yield": f"{100 * each['yield']:.1f}¢" if "yield" in each else "",
            "Deterred at": "" if price is None else f"{100 * price:.1f}¢",
        }

    return Fitted(
        f"Gaming exposure [{unit.name} per CSM-year]",
        "At least: a rule that knows nothing of the future, on fresh worlds. At most: what no choice of dates exceeds. "
        "P95, Max, Pays in: books in single worlds. Yield: pay per $ moved. "
        "Deterred at: cost per $ moved that leaves a tenth of it.",
        {name: row(each) for name, each in exposures.items()},
    )


def _assumed(exposures: Mapping[str, Document]) -> Iterator[str]:
    shares = next(iter(exposures.values()))["assumed"]
    each = ", ".join(
        f"{name} {share(movable['ready_early'])} early, {share(movable['holdable'])} held"
        for name, movable in shares.items()
    )
    yield f"Assumed movable, without evidence: {each}. Exposure is what could be extracted, not a forecast."


def _leaks(plans: Mapping[str, Document]) -> Iterator[str]:
    leaks = {name: plan["leak"] for name, plan in plans.items() if "leak" in plan}
    if leaks:
        name = max(leaks, key=lambda each: float(leaks[each]["gain"]))
        worst = leaks[name]
        yield (
            f"Largest leak: {name}, CSM {worst['csm']} in world {worst['world']}: {worst['count']} bookings moved, "
            f"{amount(worst['gain'])} more pay for the same renewals. The schedule stands in summary.json."
        )
