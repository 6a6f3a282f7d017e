"""Which numbers of a plan's entry are means of its pay: taken out where pay is too heavy-tailed to have a mean."""

from collections.abc import Mapping
from typing import Any, Final

Document = dict[str, Any]

ESTIMATE: Final = ("mean", "se", "ci95", "sd")
"""A mean and what comes with it."""
SWITCHES: Final = ("save", "on_time", "early", "late", "expand")
"""Pay per usd, by what is switched."""
OF_PAY: Final[Mapping[str, tuple[str, ...]]] = {
    "cost": (*ESTIMATE, "cvar95", "cvar95_se", "per_csm_year", "per_csm_year_se", "per_usd_retained", "per_usd_retained_se"),
    "cost_by_period": ESTIMATE,
    "cost_parts": (
        "variable", "variable_se", "variable_ci95", "early", "early_se", "late", "late_se", "on_time", "on_time_se",
        "uncredited", "uncredited_se", "on_cost", "on_cost_se", "hires", "hires_se",
    ),
    "pay.attainment": ESTIMATE,
    "forecast": ("variable_of_arr", "variable_of_arr_se", "benchmark"),
    "forecast.by_year": ESTIMATE,
    "forecast.over_budget": (*ESTIMATE, "given", "given_se"),
    "forecast.hiring": (*ESTIMATE, "added", "periods"),
    "forecast.hiring.without": ESTIMATE,
    "incentive": (
        *(f"{key}{error}" for key in SWITCHES for error in ("", "_se")), "on_time_per_day", "line_of_sight",
        "line_of_sight_se", "skill_share", "skill_share_se", "periods_until_ranked", "pay", "risk_premium",
        "risk_premium_se",
        "risk_premium_tail", "risk_premium_certain", "risk_premium_certain_se", "at_equal_cost",
    ),
    "incentive.spread.*": ESTIMATE,
    "incentive.by_zone.*": ("save", "save_se"),
    "incentive.by_segment.*": ("save", "save_se"),
    "incentive.next_save": ESTIMATE,
    "macro": ("volatility",),
    "macro.levels": (*ESTIMATE, "change", "change_se"),
}  # fmt: skip
"""By section (and what stands in it): the keys that are means over worlds of pay, or rest on them. Quantiles, shares of
worlds and periods, and what is bounded (Gini, unevenness) stay."""
OF_DIFFERENCE: Final = (*ESTIMATE, "share_of_baseline", "fragile")
"""Of the difference to the baseline, likewise."""
OF_ROLE: Final = (*ESTIMATE, "variable", "variable_se", "on_cost")
"""Of a role's cost, likewise."""
OF_SEATS: Final = tuple(
    f"{what}_{seat}{error}"
    for what in ("pay", "attainment")
    for seat in ("held", "new", "open")
    for error in ("", "_se")
)
"""Of a role's seats, likewise."""
WHOLE: Final = ("convexity", "accrual")
"""Sections that are means throughout."""


def without_means(entry: Document) -> Document:
    """A plan's entry without the means of its pay; the difference to the baseline is left to ``without_difference``."""
    found = {key: value for key, value in entry.items() if key not in WHOLE}
    for path, keys in OF_PAY.items():
        found = _without(found, path.split("."), keys)
    if "cost_by_role" in found:
        roles = found["cost_by_role"].items()
        without = {name: _without(role, [], OF_ROLE) for name, role in roles}
        found["cost_by_role"] = {name: _without(role, ["seats"], OF_SEATS) for name, role in without.items()}
    if "pay_by_role" in found:
        of_pay = ["attainment"]
        found["pay_by_role"] = {
            name: _without(role, of_pay, ESTIMATE) for name, role in found["pay_by_role"].items()
        }
    return found


def without_difference(entry: Document) -> Document:
    """A plan's entry without the mean of its difference to the baseline, whose cost may have no mean."""
    found: Document = _without(entry, ["vs_baseline"], OF_DIFFERENCE)
    return found


def _without(entry: Any, path: list[str], keys: tuple[str, ...]) -> Any:
    """A copy in which the dictionaries (and those in lists) at the end of a path lack some keys."""
    if isinstance(entry, list):
        return [_without(each, path, keys) for each in entry]
    if not path:
        return {key: value for key, value in entry.items() if key not in keys}
    first, *rest = path
    if first == "*":
        return {key: _without(value, rest, keys) for key, value in entry.items()}
    return entry if first not in entry else entry | {first: _without(entry[first], rest, keys)}
