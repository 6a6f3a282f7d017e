"""What each plan rewards: pay per usd saved, on time, early, recovered and grown, and how evenly."""

from typing import Any, Final

from rich.console import RenderableType

from sim.shapes.amounts import number, share
from sim.shapes.fitted import Fitted, Row

Document = dict[str, Any]

SHOWN: Final = {"early": "Early", "late": "Recovered", "expand": "Expanded"}

TERMS: Final = {
    "Saved ±": "Saved: pay with the renewal kept less pay with it lost, at-risk accounts weighing most.",
    "P10-P90": "P10-P90: over renewals.",
    "On time": "On time: against booking late.",
    "Early": "Early: one period early against on time.",
    "Dead": "Dead: a save that pays under 5 % of the linear rate.",
    "Jackpot": "Jackpot: over 3 times it.",
    "Sight": "Sight: share of pay's variance that outcomes explain.",
}
"""What a column means, said where it is shown."""


def incentive_table(plans: dict[str, Document]) -> RenderableType | None:
    """Switch contrasts in cents per usd; None where no plan has them."""
    found = {name: plan["incentive"] for name, plan in plans.items() if "incentive" in plan}
    if not found:
        return None
    return Fitted(
        "What a plan rewards [cents of pay per usd of ARR]",
        "±: simulation error.",
        {name: _row(entry) for name, entry in found.items()},
        terms=TERMS,
    )


def _row(entry: Document) -> Row:
    saved = entry.get("spread", {}).get("save")
    return {
        "Saved ±": f"{cents(entry.get('save'))} ± {cents(entry.get('save_se'))}" if "save" in entry else "",
        "P10-P90": f"{cents(saved['p10'])} to {cents(saved['p90'])}" if saved else "",
        "On time": cents(entry.get("on_time")),
        **{title: cents(entry.get(key)) for key, title in SHOWN.items()},
        "Dead": share_of(entry.get("dead_zone_share")),
        "Jackpot": share_of(entry.get("jackpot_share")),
        "Sight": share_of(entry.get("line_of_sight")),
    }


def cents(value: float | None) -> str:
    """Pay per usd, in cents; empty where it is not known."""
    return "" if value is None else number(100.0 * value, 1)


def share_of(value: float | None) -> str:
    """A share, empty where it is not known."""
    return "" if value is None else share(value)
