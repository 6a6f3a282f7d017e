"""The card of a plan for a CFO: eight numbers, those that were measured."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from sim.questions.grounds.comparable import unmodelled_lines
from sim.shapes.amounts import amount, number, share, value_share
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import fragile_plans
from sim.shapes.tail import has_mean
from sim.shapes.words import NO_BOUND

Document = dict[str, Any]

NOTES: Final = {
    "Cost": "Amounts in usd per CSM-year.",
    "For value": "For value: share of pay that is left when every renewal counts when due.",
    "Exposure": "Exposure: the least and the most that moving dates can add.",
    "Saved": "Saved: cents of pay per usd of ARR saved, at-risk accounts weighing most.",
    "Move/save": "Move/save: pay per usd moved over pay per usd saved; above 1 the plan pays more for moving.",
    "Risk": "Risk: mean pay less the certain pay that is as good to a CSM.",
    "Net value": (
        "Net value: against {reference}, at the efforts that the plan calls for; its range is that of the response assumed."
    ),
}
"""What a column means, said where it is shown."""


def card(document: Document) -> RenderableType | None:
    """One row per plan; None where neither incentives nor a response were measured."""
    cards = {name: plan["card"] for name, plan in document["plans"].items() if "card" in plan}
    if not cards:
        return None
    return Fitted(
        "Card: what each plan costs, rewards and returns",
        " ".join(unmodelled_lines(document)),
        {name: _row(each) for name, each in cards.items()},
        terms={column: text.format(reference=reference_of(document)) for column, text in NOTES.items()},
        means=("Cost", "of kept", "Exposure", "Risk", "Net value", "Range"),
        fragile=fragile_plans(document),
    )


def reference_of(document: Document) -> str:
    """The plan that net values are told against."""
    named = (plan.get("response", {}).get("reference") for plan in document["plans"].values())
    return str(next((each for each in named if each), document["study"]["baseline"]))


def left_out(document: Document) -> RenderableType | None:
    """The plans of which nothing is said, and why; None where there are none."""
    reasons = [plan.get("behaviour_not_measured") for plan in document["plans"].values()]
    told = [f"Not measured: {each}." for each in reasons if each]
    return Text("\n".join(told), style="dim") if told else None


def _row(found: Document) -> Row:
    cost, exposure, save = found["cost"], found.get("exposure", {}), found.get("save", {})
    even, net = found.get("even", {}), found.get("net_value", {})
    kept = cost.get("per_usd_retained")
    return {
        "Cost": number(cost["mean"], 0) if has_mean(cost) else f"median {_number(cost, 'p50', 0)}",
        "P90": _number(cost, "p90", 0),
        "of kept": "" if kept is None else share(kept, 1),
        "Over budget": share_of(cost.get("prob_over_budget")),
        "For value": share_of(value_share(found.get("split", {}))),
        "Exposure": _range(exposure, "lower", "upper"),
        "Saved": cents(save.get("mean")),
        "Dead": share_of(even.get("dead_zone_share")),
        "Jackpot": share_of(even.get("jackpot_share")),
        "Move/save": _number(found.get("timing_to_saving", {}), "ratio", 1),
        "Risk": _number(found.get("risk", {}), "premium", 0),
        "Net value": _net(net),
        "Range": _range(net, "low", "high", sign=True),
    }


def _net(found: Mapping[str, float]) -> str:
    if "median" in found:
        return f"median {amount(found['median'], sign=True)}"
    return "" if "mean" not in found else amount(found["mean"], sign=True)


def _number(entry: Mapping[str, float], key: str, decimals: int) -> str:
    return number(entry[key], decimals) if key in entry else ""


def _range(entry: Mapping[str, float], low: str, high: str, sign: bool = False) -> str:
    if low not in entry:
        return ""
    above = amount(entry[high], sign) if high in entry else NO_BOUND
    return f"{amount(entry[low], sign)} to {above}"


def cents(value: float | None) -> str:
    """Pay per usd, in cents; empty where it is not known."""
    return "" if value is None else number(100.0 * value, 1)


def share_of(value: float | None) -> str:
    """A share, empty where it is not known."""
    return "" if value is None else share(value)
