"""Windows in an order in which a booking that is moved touches two neighbours at most: the stages of a chain.

Windows of one period are such a chain. Of windows to date those of one cycle are a stage, of which no more than the most
that any of them has earned is ever paid. Trailing windows overlap: every L-th of them are a chain, and the sum over L
chains, each with dates of its own, is no less than what one choice of dates obtains.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.general.levers import Effects, Levers
from sim.plan.window import Window
from sim.records import IntP

Floats = NDArray[np.float64]
SAME = 1e-7
"""An effect below this is none. [usd], or the component's own scale"""

Stages = tuple[tuple[int, ...], ...]
"""Of a chain, the windows of each stage; the last one of a stage is that in which a cycle closes."""


def paid_in(stages: Stages, every: int, before: int) -> Stages:
    """The stages with those windows alone at whose end something is due for payment: what was earned in between, and is
    taken back by then, is paid to nobody. every : it is paid every so many periods.
    """
    last = stages[-1][-1]
    return tuple(
        tuple(t for t in stage if (t + before + 1) % every == 0 or t in (stage[-1], last)) for stage in stages
    )


class Links(NamedTuple):
    """The moves of one component along one chain.

    boundary : between which stage and the next a move stands. [item]
    world    : [item]
    size     : signed amount that it takes to the earlier stage. [item] [usd]
    now, then : what it does to the value of the closing window of the earlier stage, and to that of the later one. [item]
    asked_now, asked_then : the same to what is asked, at best. [item]
    extra, less : what moves that stand nowhere add to the value of each window at best, and take of what is asked.
                  [window, world]
    fixed : moves do not change what is asked.
    """

    boundary: IntP
    world: IntP
    size: Floats
    now: Floats
    then: Floats
    asked_now: Floats
    asked_then: Floats
    extra: Floats
    less: Floats
    fixed: bool


def chains_of(window: Window) -> tuple[Stages, ...]:
    """The chains of a window."""
    periods = len(window.first)
    if window.single:
        return (tuple((t,) for t in range(periods)),)
    if window.to_date:
        ends = (np.flatnonzero(window.closes) + 1).tolist()
        starts = [0, *ends[:-1]]
        return (tuple(tuple(range(start, end)) for start, end in zip(starts, ends, strict=True)),)
    length = int(window.length.max())
    return tuple(tuple((t,) for t in range(first, periods, length)) for first in range(min(length, periods)))


def links_of(stages: Stages, place: int, levers: Levers, effects: Effects, worlds: int) -> Links:
    """Where each move stands in a chain, and what those add at best that stand nowhere. place : of the component."""
    value, asked = effects.value[:, place], effects.asked[:, place]
    touched = (np.abs(value) > SAME) | (np.abs(asked) > SAME)
    by_stage = np.stack([touched[:, list(stage)].any(axis=1) for stage in stages], axis=1)
    count, first = by_stage.sum(axis=1), np.argmax(by_stage, axis=1)
    last = by_stage.shape[1] - 1 - np.argmax(by_stage[:, ::-1], axis=1)
    stands = (count > 0) & (last - first == 1)
    apart = np.flatnonzero((count > 0) & ~stands)
    extra, less = np.zeros((2, value.shape[1], worlds))
    _add(extra, levers.world, np.maximum(value, 0.0), apart)
    _add(less, levers.world, np.minimum(asked, 0.0), apart)
    item = np.flatnonzero(stands)
    closing = np.array([stage[-1] for stage in stages])
    now, asked_now = (flow[item, closing[first[item]]] for flow in (value, asked))
    for k, stage in enumerate(stages):  # in other windows of the earlier stage a move does what is best
        mine = item[first[item] == k]
        for t in stage[:-1]:
            _add(extra[t : t + 1], levers.world, np.maximum(value[:, t : t + 1], 0.0), mine)
            _add(less[t : t + 1], levers.world, np.minimum(asked[:, t : t + 1], 0.0), mine)
    then, asked_then = np.zeros((2, len(item)))
    for k, stage in enumerate(stages):
        mine = last[item] == k
        then[mine] = value[np.ix_(item[mine], stage)].max(axis=1) if mine.any() else 0.0
        asked_then[mine] = asked[np.ix_(item[mine], stage)].min(axis=1) if mine.any() else 0.0
    size = np.where(levers.pulled[item], 1.0, -1.0) * levers.amount[item]
    where = (first[item].astype(np.int64), levers.world[item], size)
    return Links(
        *where, now, then, asked_now, asked_then, extra, less, not bool((np.abs(asked) > SAME).any())
    )


def _add(out: Floats, world: IntP, flow: Floats, items: IntP) -> None:
    """Add the flows of some items to their worlds. out : [window, world]; flow : [item, window]"""
    total = np.zeros(out.shape[::-1])
    np.add.at(total, world[items], flow[items])
    out += total.T
