"""Quantiles of a normal score that is weighted with the chance of what is known: of one table at a time, and of many draws.

The density of a standing (or of a place) given that the account is open is phi(score) x weight. It is summed from both ends,
and the quantiles are read off at evenly spaced normal scores. Of many draws a lane is a draw, in single precision.
"""

from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.world.frailty import FARTHEST_SCORE
from sim.world.lanes import LANES
from sim.world.normal import LARGEST_SHARE, ONE, SMALLEST_SHARE, normal_quantile, normal_share

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
F32 = np.float32

KNOTS: Final = 513
STEPS: Final = 8001
FARTHEST_STANDING: Final = 8.5
ROOT_OF_TWO_PI: Final = float(np.sqrt(2.0 * np.pi))


@lru_cache(maxsize=4096)
def standings(r: float, low: float, high: float, partly: float) -> Floats:
    """Standing of the kept by its score, given that the timing score is below ``low``, or with chance ``partly`` between
    ``low`` and ``high``: the quantiles of phi(s) P(late enough | s). [knot]
    """
    from scipy.special import ndtr

    s = np.linspace(-FARTHEST_STANDING, FARTHEST_STANDING, STEPS)
    own = np.sqrt(1.0 - r * r)
    surely, perhaps = ndtr((low - r * s) / own), ndtr((high - r * s) / own)
    return tilted(s, surely + partly * (perhaps - surely))


@lru_cache(maxsize=1024)
def places(weight: bytes) -> Floats:
    """Place of an account by the score of its own draw, given the chance of what is known of it by score: double
    precision, as bytes. Forecasts of one book on several days ask for the same again. [knot]
    """
    chance = np.frombuffer(weight)
    return tilted(np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, len(chance)), chance)


def tilted(score: Floats, weight: Floats) -> Floats:
    """Quantiles of the density phi(score) x weight, at the knots: evenly spaced normal scores. [knot]

    Both tails are summed from their own end, so that neither loses its digits.
    """
    from scipy.special import ndtr, ndtri

    density = np.exp(-(score**2) / 2.0) / ROOT_OF_TWO_PI * weight
    piece = (density[1:] + density[:-1]) / 2.0 * np.diff(score)
    tails = ndtr(-np.abs(score[[0, -1]])) * weight[[0, -1]]
    below = tails[0] + np.concatenate([[0.0], np.cumsum(piece)])
    above = tails[1] + np.concatenate([np.cumsum(piece[::-1])[::-1], [0.0]])
    total = below[-1] + tails[1]
    own = np.where(below < total / 2.0, ndtri(below / total), -ndtri(above / total))
    there = np.isfinite(own)
    at = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    return np.asarray(np.interp(at, own[there], score[there]))


@kernel
def tilt_standings(
    score: Floats,
    timing: Singles,
    low: Singles,
    high: Singles,
    partly: np.float32,
    knots: Floats,
    out: Singles,
) -> None:
    """Standing of the kept by its score, given that its booking is late enough. [draw, knot]

    score             : at which the density is worked out, from the lowest. [step]
    timing, low, high : loading of the timing score, and its limits as in ``sim.world.opened.Opened``. [draw]
    """
    weight, room = np.empty((len(score), LANES), np.float32), np.empty((3, len(score), LANES))
    for first in range(0, len(timing), LANES):
        n = min(LANES, len(timing) - first)
        r, below, above = timing[first:], low[first:], high[first:]
        for step in range(len(score)):
            s, row = F32(score[step]), weight[step]
            for lane in range(n):
                own = np.sqrt(ONE - r[lane] * r[lane])
                surely = normal_share((below[lane] - r[lane] * s) / own)
                perhaps = normal_share((above[lane] - r[lane] * s) / own)
                row[lane] = surely + partly * (perhaps - surely)
        tilt(score, weight, n, room, knots, out[first:])


@kernel
def tilt_places(score: Floats, weight: Singles, knots: Floats, out: Singles) -> None:
    """Place of an account among its segment's, given what is known of it. [draw, knot]

    weight : chance of what is known, by place. [step, draw]
    """
    some, room = np.empty((len(score), LANES), np.float32), np.empty((3, len(score), LANES))
    for first in range(0, weight.shape[1], LANES):
        n = min(LANES, weight.shape[1] - first)
        for step in range(len(score)):
            for lane in range(n):
                some[step, lane] = weight[step, first + lane]
        tilt(score, some, n, room, knots, out[first:])


@stage
def tilt(score: Floats, weight: Singles, n: int, room: Floats, knots: Floats, out: Singles) -> None:
    """Quantiles of the density phi(score) x weight, at the knots. [lane, knot]

    weight, room : [step, lane], [3, step, lane]
    """
    steps = len(score)
    density, below, above = room[0], room[1], room[2]
    wide = (score[1] - score[0]) / 2.0
    for step in range(steps):
        phi = np.exp(-score[step] * score[step] / 2.0) / ROOT_OF_TWO_PI
        for lane in range(n):
            density[step, lane] = phi * np.float64(weight[step, lane])
    end = np.float64(normal_share(F32(-abs(score[0]))))
    for lane in range(n):
        below[0, lane] = end * np.float64(weight[0, lane])
        above[steps - 1, lane] = end * np.float64(weight[steps - 1, lane])
    for step in range(1, steps):
        back = steps - 1 - step
        for lane in range(n):
            below[step, lane] = below[step - 1, lane] + wide * (density[step, lane] + density[step - 1, lane])
            above[back, lane] = above[back + 1, lane] + wide * (density[back, lane] + density[back + 1, lane])
    for step in range(steps):
        for lane in range(n):
            total = below[steps - 1, lane] + above[steps - 1, lane]
            lower = below[step, lane] <= above[step, lane]
            part = F32((below[step, lane] if lower else above[step, lane]) / total)
            own = normal_quantile(min(max(part, SMALLEST_SHARE), LARGEST_SHARE))
            density[step, lane] = np.float64(own if lower else -own)
    for lane in range(n):
        read_knots(score, density[:, lane], knots, out[lane])


@stage
def read_knots(score: Floats, own: Floats, knots: Floats, out: Singles) -> None:
    """The score at each knot, on the straight line between steps; ``own`` rises, and is flat where nothing lies. [step]"""
    step = 1
    for knot in range(len(knots)):
        while step < len(own) - 1 and own[step] < knots[knot]:
            step += 1
        rise = own[step] - own[step - 1]
        part = (knots[knot] - own[step - 1]) / rise if rise > 0.0 else 0.0
        part = min(max(part, 0.0), 1.0)
        out[knot] = score[step - 1] + part * (score[step] - score[step - 1])
