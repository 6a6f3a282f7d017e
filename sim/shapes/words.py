"""How a report names periods, payees, inputs, answers and several things at once."""

from collections.abc import Mapping
from typing import Final

from sim.summary.facts import Facts

MOST_NAMES: Final = 4
NO_BOUND: Final = "no bound"
"""Where no amount is the most that it can be."""
INPUTS: Final = {
    "points": ("Retention lost at zero incentive", "points"),
    "substitution": ("Substitution between tasks", "share"),
    "other_strength": ("Other tasks' strength", "factor"),
    "risk_aversion": ("Risk aversion of CSMs", "factor"),
    "effort_limit": ("Largest effort", "factor"),
    "gross_margin": ("Gross margin", "share"),
    "lifetime": ("Years kept ARR stays", "factor"),
    "early_value": ("Worth of signing early", "share"),
    "lapse_loss": ("Lapsed revenue lost", "share"),
    "on_cost": ("On-cost of pay", "share"),
    "unpaid_value": ("Worth of unpaid work", "usd"),
    "propensity": ("Exposure that is taken", "share"),
    "discount_if_all_game": ("Discount, if all game", "share"),
}
"""Every input that net value rests on: what it is called, and its unit."""


def listed(names: list[str]) -> str:
    """Names in a sentence; of many, the first few and how many more."""
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def ends_of(values: Mapping[str, float]) -> tuple[str, str]:
    """The names of the smallest and of the largest value."""
    return min(values, key=values.__getitem__), max(values, key=values.__getitem__)


def counted(count: int, name: str, names: str = "") -> str:
    """A number of things: ``1 deal``, ``2 deals``. names : of several, where an s does not make it."""
    return f"{count:,} {name if count == 1 else names or f'{name}s'}"


def worlds_of(study: Facts) -> str:
    """How many worlds were simulated, and of which book."""
    return counted(study.worlds, "world") + of_book(study)


def of_book(study: Facts) -> str:
    """Which book the worlds have: figures of one drawn book are about that book alone."""
    words = {
        "read": " of the book read from a file",
        "drawn anew": ", each with a book of its own",
        "drawn once": " of this one drawn book",
    }
    return words.get(study.book, "")


def label_of(key: str) -> str:
    """What an assumption is called."""
    return INPUTS[key][0] if key in INPUTS else key.replace("_", " ")
