"""Plans whose pay is too heavy-tailed for a mean: told by medians and quantiles, with the reason."""

from collections.abc import Iterator
from typing import Any, Final

from sim.report.words import listed

Document = dict[str, Any]

NONE: Final = "no mean"
"""What stands where a mean would."""


def has_mean(entry: Document) -> bool:
    """Whether the mean of an entry is told; else its ``tail`` says why not."""
    return "mean" in entry


def tail_lines(document: Document) -> Iterator[str]:
    """One sentence for each reason why plans are shown without means, and what would mend it."""
    reasons: dict[str, list[str]] = {}
    for name, plan in document["plans"].items():
        tail = plan["cost"].get("tail") or plan["vs_baseline"].get("tail")
        if tail is not None:
            reasons.setdefault(tail["why"], []).append(name)
    for why, names in reasons.items():
        yield f"No mean is told of {listed(names)}: {why[0].lower()}{why[1:]}"
