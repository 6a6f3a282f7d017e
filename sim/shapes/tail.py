"""Plans whose pay is too heavy-tailed for a mean: told by medians and quantiles, with the reason."""

from collections.abc import Iterator
from typing import Any, Final

from sim.shapes.amounts import share
from sim.shapes.words import listed

Document = dict[str, Any]

NONE: Final = "no mean"
"""What stands where a mean would."""


def has_mean(entry: Document) -> bool:
    """Whether the mean of an entry is told; else its ``tail`` says why not."""
    return "mean" in entry


def tail_lines(document: Document) -> Iterator[str]:
    """One sentence for each reason why plans are shown without means, and what would mend it."""
    found = {
        name: plan["cost"].get("tail") or plan["vs_baseline"].get("tail")
        for name, plan in document["plans"].items()
    }
    yield from no_mean_lines({name: tail for name, tail in found.items() if tail is not None})


def no_mean_lines(found: Document) -> Iterator[str]:
    """One sentence for each reason, with the plans that share it. found : the ``tail`` of an entry, by plan."""
    reasons: dict[str, list[str]] = {}
    for name, tail in found.items():
        reasons.setdefault(tail["why"], []).append(name)
    for why, names in reasons.items():
        yield f"No mean is told of {listed(names)}: {why[0].lower()}{why[1:]}{_near(names, found)}"


def _near(names: list[str], found: Document) -> str:
    """How often the worlds came near to no quota, of each plan where that is known."""
    told = [f"{share(found[name]['near'], 1)} ({name})" for name in names if "near" in found[name]]
    if not told:
        return ""
    return f" Less than a tenth of the quota was left in {listed(told)} of payees' periods."
