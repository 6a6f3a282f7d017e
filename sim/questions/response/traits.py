"""What is assumed of how CSMs answer a plan: the values of a study, and the lower and higher values they are varied to."""

from typing import Final, NamedTuple

from sim.questions.response.setting import Response


class Traits(NamedTuple):
    """One set of assumptions on how CSMs answer.

    points       : gross-retention points that zero incentive would cost. [percentage points]
    others       : log odds per unit of effort on the other tasks, over that of saving. [1]
    substitution : cross cost of two tasks over the smallest own cost. [share]
    risk         : relative risk aversion. [1]
    limit        : the largest effort there is. [effort]
    """

    points: float
    others: float
    substitution: float
    risk: float
    limit: float


VARIED: Final = {
    "substitution": ("substitution", 0.0, 0.6),
    "other_strength": ("others", 0.5, 2.0),
    "risk_aversion": ("risk", 0.0, 4.0),
    "effort_limit": ("limit", 2.0, 6.0),
}
"""Inputs of ``[response]`` that change what CSMs do: the trait, and the values it is varied to (assumption)."""


def central_traits(asked: Response) -> Traits:
    """The values that are reported first."""
    return at_points(asked, asked.points[asked.central])


def at_points(asked: Response, points: float) -> Traits:
    """The values of the study, at so many points."""
    return Traits(points, asked.other_strength, asked.substitution, asked.risk_aversion, asked.effort_limit)


def variants(asked: Response) -> dict[tuple[str, int], Traits]:
    """What CSMs are taken to be at each end of each input that changes what they do; 0 is the lower end."""
    central, found = central_traits(asked), {}
    for name, (trait, low, high) in VARIED.items():
        own = getattr(central, trait)
        for end, value in enumerate((min(low, own), max(high, own))):
            found[name, end] = central._replace(**{trait: value})
    return found


def all_traits(asked: Response) -> list[Traits]:
    """Every set of assumptions that is answered, each once: the middle one first."""
    by_points = [at_points(asked, points) for points in asked.points]
    return list(dict.fromkeys([central_traits(asked), *by_points, *variants(asked).values()]))
