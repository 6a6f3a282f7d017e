"""The card of a plan for a CFO: eight numbers, those that were measured."""

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType

from sim.report.amounts import amount, number, share
from sim.report.fitted import Fitted, Row
from sim.report.incentive import cents, share_of

Document = dict[str, Any]


def card(document: Document) -> RenderableType | None:
    """One row per plan; None where neither incentives nor a response were measured.

    Source: METHOD.md, the eight numbers: cost, what it is paid for, exposure, save incentive, dead zone and jackpot,
    timing-to-saving ratio, risk premium, net value.
    """
    plans = document["plans"]
    if not any("incentive" in plan or "response" in plan for plan in plans.values()):
        return None
    rows = {name: _row(plan) for name, plan in plans.items()}
    used = [column for column in next(iter(rows.values())) if any(row[column] for row in rows.values())]
    return Fitted(
        "Card: what each plan costs, rewards and returns",
        "Cost, exposure and risk premium in usd per CSM-year. Saved: cents of pay per usd of ARR saved. Move/save: pay "
        "per usd moved over pay per usd saved; above 1 the plan pays more for moving. Net value: against "
        f"{document['study']['baseline']}, per CSM-year, at the efforts that the plan calls for; its range is that of the "
        "response assumed.",
        {name: {column: row[column] for column in used} for name, row in rows.items()},
    )


def _row(plan: Document) -> Row:
    incentive, exposure = plan.get("incentive", {}), plan.get("exposure", {})
    split, response, kept = (
        plan.get("split", {}),
        plan.get("response", {}),
        plan["cost"].get("per_usd_retained"),
    )
    return {
        "Cost": number(plan["cost"]["per_csm_year"], 0),
        "of kept": "" if kept is None else share(kept, 1),
        "For value": _share_of_split(split),
        "Exposure": _range(exposure, "lower", "upper"),
        "Saved": cents(incentive.get("save")),
        "Dead": share_of(incentive.get("dead_zone_share")),
        "Jackpot": share_of(incentive.get("jackpot_share")),
        "Move/save": _number(incentive, "timing_to_saving", 1),
        "Risk": _number(incentive, "risk_premium", 0),
        "Net value": "" if "net_value" not in response else amount(response["net_value"], sign=True),
        "Range": _range(response, "net_value_low", "net_value_high", sign=True),
    }


def _share_of_split(split: Mapping[str, float]) -> str:
    total = sum(split.get(key, 0.0) for key in ("value", "natural_timing", "exposure"))
    return share(split["value"] / total) if "value" in split and total > 0.0 else ""


def _number(entry: Mapping[str, float], key: str, decimals: int) -> str:
    return number(entry[key], decimals) if key in entry else ""


def _range(entry: Mapping[str, float], low: str, high: str, sign: bool = False) -> str:
    if low not in entry or high not in entry:
        return ""
    return f"{amount(entry[low], sign)} to {amount(entry[high], sign)}"
