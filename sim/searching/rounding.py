"""The front of a search in numbers that a person would sign: rounded, and tried again on the same worlds."""

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Final, NamedTuple

import numpy as np

from sim.searching.front import front_of
from sim.searching.settled import Evaluator, Tried
from sim.searching.space import Point

MOST_WAYS: Final = 16
"""Ways of rounding a plan that are tried, the nearest first. [count]"""


class Signed(NamedTuple):
    """The front of rounded plans.

    front      : in order of the first objective.
    moved      : plans whose numbers were rounded. [count]
    not_signed : plans that no rounding lets keep the bounds. [count]
    """

    front: tuple[Tried, ...]
    moved: int
    not_signed: int


def signed_front(evaluator: Evaluator) -> Signed:
    """The plans that none beats among those tried that keep all bounds, rounded, and again only those that none beats."""
    front = best_of(list(evaluator.tried.values()))
    ways = {each.point: list(islice(_ways(evaluator, each.point), MOST_WAYS)) for each in front}
    nearest = evaluator.evaluate([several[0] for several in ways.values()])
    again = [several for several, found in zip(ways.values(), nearest, strict=True) if not found.fits]
    evaluator.evaluate([point for several in again for point in several[1:]])
    chosen: list[Tried] = []
    moved = not_signed = 0
    for point, several in ways.items():
        known = [evaluator.tried[each] for each in several if each in evaluator.tried]
        fitting = [found for found in known if found.fits]
        if not fitting:
            not_signed += 1
            continue
        moved += fitting[0].point != point
        chosen.append(fitting[0])
    return Signed(tuple(best_of(list({each.point: each for each in chosen}.values()))), moved, not_signed)


def best_of(tried: Sequence[Tried]) -> list[Tried]:
    """Those that keep all bounds and that no other one of them beats; of plans alike on every objective the first."""
    fitting = {each.worse: each for each in reversed(tried) if each.fits}
    if not fitting:
        return []
    several = list(fitting.values())
    front = [several[place] for place in front_of(np.array([each.worse for each in several]))]
    return sorted(front, key=lambda each: each.worse or ())


def _ways(evaluator: Evaluator, point: Point) -> Iterator[Point]:
    """The ways of rounding a point, every number to its nearest first."""
    near = [each.signed(value) for each, value in zip(evaluator.space.vary.values(), point, strict=True)]
    places = sorted(product(*(range(len(values)) for values in near)), key=sum)
    for chosen in places:
        yield tuple(values[place] for values, place in zip(near, chosen, strict=True))
