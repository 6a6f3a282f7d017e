"""How measures and clauses of a search are named, and what their numbers are."""

from typing import Final

from sim.questions.search.setting import Value
from sim.questions.search.summary import SearchSuite
from sim.shapes.amounts import amount, cents, number, share
from sim.shapes.table import Kind

KINDS: Final[dict[str, Kind]] = {"usd": "usd", "share": "share", "count": "count", "usd/usd": "cent"}
"""What a measure is, by its unit."""
NAMES: Final = {
    "cost.mean": "Mean cost",
    "cost.p50": "Median cost",
    "cost.p90": "P90 of cost",
    "cost.p95": "P95 of cost",
    "cost.reserve": "Reserve",
    "vs_baseline.mean": "Cost over baseline",
    "vs_baseline.p50": "Median over baseline",
    "pay.share_at_target": "At target",
    "pay.share_zero_pay": "Without bonus",
    "pay.share_below_target": "Below target",
    "pay.volatility": "Volatility of pay",
    "pay.gini": "Inequality of pay",
    "payees.share_losing_10pct": "Lose > 10 %",
    "exposure.lower": "Gained by dates",
    "exposure.upper": "At most by dates",
    "response.net_value": "Net value",
    "response.csm_gain": "Gain of a CSM",
    "stress.broken": "Limits broken",
    "lint.major": "Major faults",
    "lint.minor": "Minor faults",
}
"""What the usual measures are called; others go by their path."""
COMPONENT: Final = "component"


def name_of(path: str) -> str:
    """What a measure is called."""
    return NAMES.get(path, path)


def kind_of(unit: str) -> Kind:
    """What a measure's numbers are, by its unit."""
    return KINDS.get(unit, "dollar" if unit.startswith("usd") else "ratio")


def told(value: float, unit: str, sign: bool = False) -> str:
    """A measure in a sentence."""
    if unit == "usd" or unit.startswith("usd/CSM"):
        return amount(value, sign)
    if unit == "share":
        return share(value, 1, sign)
    return cents(value) if unit == "usd/usd" else number(value, 0 if unit == "count" else 2, sign)


def clauses(suite: SearchSuite) -> dict[str, str]:
    """A short name of each clause that moves, by its path: without what all of them begin with."""
    short = {path: _short(path) for path in suite.vary}
    names = list(short.values())
    return {path: name if names.count(name) == 1 else path for path, name in short.items()}


def _short(path: str) -> str:
    steps = path.split(".")
    return ".".join(steps[2:]) if steps[0] == COMPONENT and len(steps) > 2 else path


def kind_of_clause(values: list[Value | None]) -> Kind:
    """What a clause's values are: text, whole numbers, money, or shares and multiples."""
    numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    if len(numbers) < len([each for each in values if each is not None]):
        return "text"
    if all(float(each).is_integer() for each in numbers) and max(map(abs, numbers), default=0) > 1:
        return "dollar" if max(numbers) >= 5_000 else "count"
    return "ratio"


def clause(value: Value | None) -> str:
    """A value of a clause in a sentence."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,.6g}" if isinstance(value, int | float) else value
