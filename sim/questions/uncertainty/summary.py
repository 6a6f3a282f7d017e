"""What the summary says of what is not known of the inputs."""

from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd
from sim.summary.estimate import SE
from sim.summary.summary import Summary

UNIT = "of the input"


class InputRange(Entry):
    """What the draws say of one input."""

    p5: float = measured(UNIT, "One draw in twenty is below.")
    p50: float = measured(UNIT, "The median draw.")
    p95: float = measured(UNIT, "One draw in twenty is above.")


class UnknownInputs(Entry):
    """The draws of inputs that are not known."""

    draws: int = count("In the file.")
    used: int = count("On which some world lives.")
    inputs: dict[str, InputRange] = text("By dotted path in the scenario.")


class SpreadEntry(Entry):
    """The standard deviation of a quantity over worlds, and its parts: their squares add up."""

    sd: float = usd("Over worlds.")
    sd_unknown: float = usd("Of the mean given the inputs: what is not known of them.")
    sd_luck: float = usd("Given the inputs.")
    share_unknown: float = share(
        "Of the variance, what is not known; an estimate, below 0 by chance where there is little."
    )
    share_unknown_se: float = share(SE)
    method: str = text("From the worlds of each draw, or by a line in the inputs.")


class InputEffect(Entry):
    """By how much mean cost moves as one input goes from its P5 to its P95, and the others with it as in the draws."""

    change: float = usd("At P95 less at P5.")
    change_se: float = usd(SE)
    told: bool = text("Whether the worlds tell it from none, at 95 % for all inputs together.")


class PlanUncertainty(Entry):
    """What of a plan's cost is not known."""

    cost: SpreadEntry | None = text("Company cost; absent where it has no mean.", None, mean=True)
    difference: SpreadEntry | None = text("Cost less that of the baseline, world by world.", None, mean=True)
    inputs: dict[str, InputEffect] | None = text(
        "By dotted path, those in which draws differ.", None, mean=True
    )


class UncertaintyOfStudy(Part):
    """Beside the plans."""

    uncertainty: UnknownInputs | None = text("Absent where the scenario names no draws.", ABSENT)


class UncertaintyOfPlan(Part):
    """Of each plan."""

    uncertainty: PlanUncertainty | None = text(
        "Absent where the scenario names no draws, or too few worlds or draws tell nothing.", ABSENT
    )


def unknown_of(summary: Summary) -> UnknownInputs | None:
    """The inputs that are not known."""
    return summary.of(UncertaintyOfStudy).uncertainty


def spreads(summary: Summary) -> dict[str, SpreadEntry]:
    """The spread of cost of every plan whose parts can be told."""
    found = summary.where(UncertaintyOfPlan, lambda part: part.uncertainty)
    return {name: each.cost for name, each in found.items() if each.cost is not None}


def effects(summary: Summary) -> dict[str, dict[str, InputEffect]]:
    """By plan, the inputs that move its cost, by how much it moves."""
    found = summary.where(UncertaintyOfPlan, lambda part: part.uncertainty)
    return {
        name: dict(sorted(each.inputs.items(), key=lambda pair: -abs(pair[1].change)))
        for name, each in found.items()
        if each.inputs
    }
