"""The card of a plan for a CFO: eight numbers out of its entry in ``summary.json``, those that were measured."""

from collections.abc import Mapping
from typing import Any, Final

from sim.questions.response.summary import Card

Entry = dict[str, Any]

NUMBERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "cost": (
        ("per_csm_year", "mean"),
        ("per_usd_retained", "per_usd_retained"),
        ("prob_over_budget", "prob_over_budget"),
    ),
    "split": (("value", "value"), ("natural_timing", "natural_timing"), ("exposure", "exposure")),
    "exposure": (
        ("lower", "lower"),
        ("upper", "upper"),
        ("share_of_variable", "share_of_variable"),
        ("p95", "p95"),
        ("moved_arr", "moved_arr"),
    ),
    "save": (("save", "mean"), ("p10", "p10"), ("p90", "p90")),
    "even": (("dead_zone_share", "dead_zone_share"), ("jackpot_share", "jackpot_share")),
    "timing_to_saving": (("timing_to_saving", "ratio"),),
    "risk": (
        ("risk_premium_certain", "premium"),
        ("risk_premium", "by_variance"),
        ("certain_pay", "certain_pay"),
    ),
    "net_value": (
        ("net_value", "mean"),
        ("net_value_low", "low"),
        ("net_value_high", "high"),
        ("net_value_whole", "if_made_whole"),
        ("csm_gain", "csm_gain"),
    ),
}
"""The eight, in their order; what each is made of, by its key in the section it comes from and on the card."""
SECTION: Final = {
    "save": "incentive",
    "even": "incentive",
    "timing_to_saving": "incentive",
    "risk": "incentive",
    "net_value": "response",
}
"""Where a number comes from that has another name than its section."""
SHARED: Final = ("p50", "p90", "cvar95")
"""Of cost: told for the company over the horizon, on the card for a CSM-year. [usd]"""


def card_of(entry: Entry) -> Card | None:
    """The card of a plan; None where neither rewards, nor timing, nor a response were measured. Money is per CSM-year but
    in ``split`` (the company over the horizon), pay per usd in usd.

    Source: METHOD.md, the eight numbers.
    """
    if not {"incentive", "exposure", "response"} & entry.keys():
        return None
    found: Entry = {}
    for number, parts in NUMBERS.items():
        section = entry.get(SECTION.get(number, number), {})
        if number == "save":
            section = section.get("spread", {}).get("save", {}) | section
        told = {name: section[key] for key, name in parts if section.get(key) is not None}
        if section.get("statistic") == "median" and "mean" in told:
            told = {"median" if key == "mean" else key: value for key, value in told.items()}
        if told:
            found[number] = told
    cost = entry["cost"]
    scale = cost["per_csm_year_p50"] / cost["p50"] if cost.get("p50") else 0.0
    found["cost"] = found.get("cost", {}) | {
        key: scale * cost[key] for key in SHARED if scale and key in cost
    }
    return Card.of(**found)
