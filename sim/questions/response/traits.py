"""What is assumed of how CSMs answer a plan: the values of a study, and the lower and higher values they are varied to."""

from itertools import chain
from typing import Final, NamedTuple

from sim.questions.response.setting import Response


class Traits(NamedTuple):
    """One set of assumptions on how CSMs answer.

    points         : gross-retention points that zero incentive would cost. [percentage points]
    other_strength : log odds per unit of effort on the other tasks, over that of saving. [1]
    substitution   : cross cost of two tasks over the smallest own cost. [share]
    risk_aversion  : relative. [1]
    effort_limit   : the largest effort there is. [effort]
    """

    points: float
    other_strength: float
    substitution: float
    risk_aversion: float
    effort_limit: float


VARIED: Final = {
    "substitution": (0.0, 0.6),
    "other_strength": (0.5, 2.0),
    "risk_aversion": (0.0, 4.0),
    "effort_limit": (2.0, 6.0),
}
"""Traits besides ``points``, and the values they are varied to (assumption)."""


def at_points(asked: Response, points: float) -> Traits:
    """The values of the study, at so many points."""
    return Traits(points, asked.other_strength, asked.substitution, asked.risk_aversion, asked.effort_limit)


def central_traits(asked: Response) -> Traits:
    """The values that are reported first."""
    return at_points(asked, asked.central_points)


def variants(asked: Response) -> dict[str, tuple[Traits, Traits]]:
    """What CSMs are taken to be at the lower and the higher end of each trait that is varied."""
    central, ends = central_traits(asked), {}
    for trait, (low, high) in VARIED.items():
        value = getattr(central, trait)
        lower, higher = {trait: min(low, value)}, {trait: max(high, value)}
        ends[trait] = central._replace(**lower), central._replace(**higher)
    return ends


def all_traits(asked: Response) -> list[Traits]:
    """Every set of assumptions that is answered, each once: the middle one first, then the other ``points``."""
    by_points = [at_points(asked, points) for points in asked.points]
    varied = chain.from_iterable(variants(asked).values())
    return list(dict.fromkeys([central_traits(asked), *by_points, *varied]))
