"""The most that a chain of stages pays, whatever crosses the boundaries between them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.frontier import fill_edges, fill_frontier
from sim.measure.gaming.general.gauges import NOTHING, Gauge
from sim.measure.gaming.general.stages import Links, Stages

Floats = NDArray[np.float64]
Most = Callable[[int, Floats, Floats], Floats]
"""From a window, and values and attainments that nothing exceeds in it, [state before, state after, world], to most pay."""


class Crossing(NamedTuple):
    """The states of one boundary: what is added at most by the moves of each. [state, world]"""

    now: Floats
    then: Floats
    asked_now: Floats
    asked_then: Floats


def chain_most(
    stages: Stages, gauge: Gauge, links: Links, limit: Floats, most: Most, cells: int, sums: bool
) -> Floats:
    """The most that the first so many stages pay. [stage, world] [usd]

    limit : most that may be pulled across the boundary after each period. [window, world] [usd]
    sums  : all windows of a stage are paid, and not the best of them.

    Source: a dynamic programme over boundaries, as in ``sim.measure.gaming.chain``, on cells of the net amount that crosses.
    """
    worlds = gauge.value.shape[1]
    none = Crossing(*np.zeros((4, 1, worlds)))
    before, value = none, np.zeros((1, worlds))
    found = np.empty((len(stages), worlds))
    for k, stage in enumerate(stages):
        after = none if k + 1 == len(stages) else _crossing(k, links, limit[stage[-1]], cells, worlds)
        paid = _stage(stage, gauge, links, before, after, most, sums)
        value = np.max(value[:, None] + paid, axis=0)
        found[k] = value.max(axis=0)
        before = after
    return found


def _crossing(k: int, links: Links, limit: Floats, cells: int, worlds: int) -> Crossing:
    """The states of the boundary after a stage."""
    item = np.flatnonzero(links.boundary == k)
    item = item[np.argsort(links.world[item], kind="stable")]
    if not len(item):
        return Crossing(*np.zeros((4, 1, worlds)))
    start = np.searchsorted(links.world[item], np.arange(worlds + 1))
    size, edges = np.ascontiguousarray(links.size[item]), np.empty((2, worlds))
    fill_edges(start, size, np.ascontiguousarray(limit), edges)
    found = []
    for gain, sign in (
        (links.now, 1.0),
        (links.then, 1.0),
        (links.asked_now, -1.0),
        (links.asked_then, -1.0),
    ):
        out = np.zeros((cells, worlds))
        if gain[item].any():
            fill_frontier(start, size, np.ascontiguousarray(sign * gain[item]), edges, out)
        found.append(sign * out)
    return Crossing(*found)


def _stage(
    stage: tuple[int, ...],
    gauge: Gauge,
    links: Links,
    before: Crossing,
    after: Crossing,
    most: Most,
    sums: bool,
) -> Floats:
    """The most that a stage pays: the best of its windows, or all of them. [state before, state after, world] [usd]"""
    best: Floats | None = None
    for t in stage:
        value = gauge.value[t] + links.extra[t] + before.then[:, None]
        asked = gauge.asked[t] + links.less[t] + before.asked_then[:, None]
        if t == stage[-1]:
            value, asked = value + after.now[None], asked + after.asked_now[None]
        asked = np.maximum(asked, gauge.least[t])
        reached = most_attainment(value, asked, gauge.base[t], gauge.empty, links.fixed)
        paid = most(t, value, reached)
        best = paid if best is None else best + paid if sums else np.maximum(best, paid)
    assert best is not None, "a stage has windows"
    return best


def most_attainment(value: Floats, asked: Floats, base: Floats, empty: float, fixed: bool) -> Floats:
    """The largest attainment for a value from above and what is asked from below. Any shape over worlds.

    fixed : moves do not change what is asked. Else attainment has no bound where it may be that nothing is left of it.
    """
    value, asked = np.broadcast_arrays(value, asked)
    there = asked > NOTHING * np.abs(base)
    positive = np.maximum(value, 0.0)
    reached: Floats = np.divide(positive, asked, out=np.full(asked.shape, np.inf), where=there)
    if not fixed or there.all():
        return reached
    left = np.divide(
        positive, base, out=np.zeros(asked.shape), where=np.broadcast_to(base > 0.0, asked.shape)
    )
    found: Floats = np.where(there, reached, np.where(base > 0.0, 1.0 + left, empty))
    return found
