"""Plans whose pay is too heavy-tailed for a mean: told by medians and quantiles, with the reason."""

from collections.abc import Iterator, Mapping
from typing import Final

from sim.shapes.amounts import share
from sim.shapes.words import listed
from sim.summary.no_mean import NoMean

NONE: Final = "no mean"
"""What stands where a mean would."""


def no_mean_lines(tails: Mapping[str, NoMean]) -> Iterator[str]:
    """One sentence for each reason why plans are shown without means, with the plans that share it. tails : by plan."""
    reasons: dict[str, list[str]] = {}
    for name, tail in tails.items():
        reasons.setdefault(tail.why, []).append(name)
    for why, names in reasons.items():
        near = {name: tails[name].near for name in names}
        yield f"No mean is told of {listed(names)}: {why[0].lower()}{why[1:]}{_near(near)}"


def _near(shares: Mapping[str, float | None]) -> str:
    """How often the worlds came near to no quota, of each plan where that is known."""
    told = [f"{share(near, 1)} ({name})" for name, near in shares.items() if near is not None]
    if not told:
        return ""
    return f" Less than a tenth of the quota was left in {listed(told)} of payees' periods."
