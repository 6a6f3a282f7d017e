"""The front of a search: points that no other one beats, which of them are knees, and a few that stand for all."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AT_ONCE: Final = 512
"""Points that are held against all others at a time. [count]"""


def front_of(worse: Floats) -> NDArray[np.int64]:
    """The points that no other one beats: none is as good everywhere and better somewhere. worse : [point, objective]"""
    keeps = np.ones(len(worse), dtype=np.bool_)
    for first in range(0, len(worse), AT_ONCE):
        some = worse[first : first + AT_ONCE, np.newaxis]
        beaten = np.all(worse <= some, axis=2) & np.any(worse < some, axis=2)
        keeps[first : first + AT_ONCE] = ~np.any(beaten, axis=1)
    return np.flatnonzero(keeps)


def scaled(worse: Floats) -> Floats:
    """Objectives from 0, the best of the points, to 1, the worst of them. [point, objective]"""
    low, high = worse.min(axis=0), worse.max(axis=0)
    return np.asarray((worse - low) / np.where(high > low, high - low, 1.0))


def bulge(worse: Floats) -> Floats:
    """How far each point of a front lies on the better side of the plane through the ends of its axes, scaled: the knee is
    where that is most. [point] [share of the ranges]

    Source: Das (1999), "On characterizing the 'knee' of the Pareto curve based on normal-boundary intersection",
    Structural Optimization 18: 107-115.
    """
    at = scaled(worse)
    spread = np.ptp(worse, axis=0) > 0.0
    if not spread.any():
        return np.zeros(len(worse))
    several = at[:, spread]
    return np.asarray(
        (1.0 - several.sum(axis=1)) / np.sqrt(several.shape[1]) if several.shape[1] > 1 else -several[:, 0]
    )


def knees(worse: Floats) -> list[int]:
    """The point of the largest bulge, and others that bulge no less than any neighbour, most first; neighbours are the
    nearest points of the front, two for each objective.
    """
    found, at = bulge(worse), scaled(worse)
    near = 2 * worse.shape[1]
    places = list[int]()
    for place in np.argsort(-found, kind="stable").tolist():
        apart = np.linalg.norm(at - at[place], axis=1)
        beside = np.argsort(apart, kind="stable")[1 : near + 1]
        if not places or (found[place] > 0.0 and (found[place] >= found[beside]).all()):
            places.append(place)
    return places


def spread(worse: Floats, count: int) -> list[int]:
    """So many points that stand for a front: its best knee, the ends of every objective, further knees, and then whichever
    is farthest from those that were chosen (Gonzalez 1985, Theoretical Computer Science 38: 293-306).
    """
    at, by_knee = scaled(worse), knees(worse)
    ends = [int(each) for each in np.lexsort((at.sum(axis=1), worse[:, 0]))[:1]]
    ends += [int(np.lexsort((at.sum(axis=1), column))[0]) for column in worse.T[1:]]
    chosen = list(dict.fromkeys([*by_knee[:1], *ends, *by_knee[1 : 1 + count // 4]]))[:count]
    while len(chosen) < min(count, len(worse)):
        apart = np.linalg.norm(at[:, np.newaxis] - at[chosen], axis=2).min(axis=1)
        apart[chosen] = -1.0
        chosen.append(int(np.argmax(apart)))
    return chosen
