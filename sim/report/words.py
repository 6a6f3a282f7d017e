"""How a report names periods, payees and several things at once."""

from typing import Any, Final

Document = dict[str, Any]

PERIODS: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What a period is called, by its months."""
MOST_NAMES: Final = 4


def period_of(document: Document) -> str:
    """What a period of the study is called."""
    return PERIODS[document["study"]["period_months"]]


def payee_of(document: Document) -> str:
    """Who is paid: a CSM, or a payee where plans pay several roles."""
    several = any("pay_by_role" in plan for plan in document["plans"].values())
    return "payee" if several else "CSM"


def listed(names: list[str]) -> str:
    """Names in a sentence; of many, the first few and how many more."""
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def counted(count: int, name: str) -> str:
    """A number of things."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"
