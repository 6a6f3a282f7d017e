"""Means that are not to be relied on, as every medium marks them: one mark, one sentence on it, one way to say that there
is no mean at all.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.shapes.amounts import Unit
from sim.shapes.tail import NONE

Document = dict[str, Any]

MARK: Final = "†"
"""Beside every mean of a plan whose cost rests on a few worlds."""
NO_MEAN: Final = NONE
"""Where the worlds of a plan have quantiles but no mean of finite error."""
MARKED: Final = f"{MARK} This mean rests on a few extreme worlds: do not use it; the median holds."
SIM_ERROR: Final = "± sim. error"
"""What the column of standard errors is called."""
SE_NOTE: Final = f"{SIM_ERROR}: one standard error."
"""In the note of every table that has such a column."""
ERROR_NOTE: Final = (
    f"{SIM_ERROR}: one standard error of the estimate, which more worlds make smaller. P5 to P95: what may happen, nine "
    "worlds in ten, which more worlds do not narrow."
)
"""What tells the two kinds of range apart, said once in every medium."""


def fragile_plans(document: Document) -> frozenset[str]:
    """The plans whose means of money are marked; none in a stress suite."""
    plans = document.get("plans", {})
    costs = {name: plan.get("cost", {}) for name, plan in plans.items()}
    return frozenset(name for name, cost in costs.items() if cost.get("fragile") and "mean" in cost)


def marked(text: str, fragile: object) -> str:
    """The text of a mean, marked where it is fragile; nothing where there is no text."""
    return f"{text}{MARK}" if fragile and text else text


def mean_of(
    entry: Mapping[str, Any], unit: Unit, key: str = "mean", sign: bool = False, fragile: object = False
) -> str:
    """A mean in its unit, marked where it is fragile; where there is none, that it is not there."""
    return marked(unit.show(entry[key], sign), fragile) if key in entry else NO_MEAN


def mean_with_error(
    entry: Mapping[str, Any], unit: Unit, key: str = "mean", sign: bool = False, fragile: object = False
) -> str:
    """A mean with its simulation error behind it."""
    error = "se" if key == "mean" else f"{key}_se"
    shown = mean_of(entry, unit, key, sign, fragile)
    return f"{shown} ± {unit.show(entry[error])}" if key in entry and error in entry else shown


def values(entries: Iterable[Mapping[str, Any]], *keys: str) -> list[float]:
    """The numbers under these keys, of the entries that have them."""
    return [float(each[key]) for each in entries for key in keys if each.get(key) is not None]
