"""The cells of each direction at every boundary, where pulls and holds are counted apart because quotas move."""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import SLACK, BoundaryTerms, Column
from sim.measure.gaming.chain import Floats
from sim.measure.gaming.cover import Cover, cover, fill_whole, largest_ratio
from sim.measure.gaming.early_cap import Early, fill_ends, granted_fits, honest_share, limit_of, most_credit
from sim.measure.gaming.moves import HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN
from sim.measure.gaming.sums import Effects, grid_of
from sim.records import IntP


class Side(NamedTuple):
    """The cells of one direction at every boundary. [boundary, cell] [usd]

    size  : number of cells; entry 0 and the last boundary are the edges. [boundary]
    low, high : amount moved.   low_credit, high_credit : most credit it can bring, at either end.
    least, most : quota that follows, at either end.
    dearest : most credit per usd that any one move brings. [boundary] [usd/usd]
    """

    size: IntP
    low: Floats
    high: Floats
    low_credit: Floats
    high_credit: Floats
    least: Floats
    most: Floats
    dearest: Floats


@kernel
def edge(k: int, pulls: Side, holds: Side) -> None:
    """Begin boundary ``k`` with the cells in which nothing is pulled and nothing held."""
    for side in (pulls, holds):
        side.size[k] = 1
        side.low[k, 0] = side.high[k, 0] = 0.0
        side.low_credit[k, 0] = side.high_credit[k, 0] = 0.0
        side.least[k, 0] = side.most[k, 0] = 0.0
        side.dearest[k] = 0.0


@kernel
def fill_side(
    effects: Effects,
    span: tuple[int, int],
    rows: tuple[int, int, int],
    weight: float,
    ends: tuple[float, float],
    k: int,
    found: Cover,
    out: Side,
) -> None:
    """Cover the sums of one direction and add its cells to the edge's.

    rows   : effects that are the amount, the credit, and the quota that follows it at ``weight``.
    ends   : where they are not nothing, every amount between them is covered: a cap may grant a booking in part.
    """
    whole = ends[0] < ends[1]
    if span[1] == span[0] and not whole:
        return
    key, score, follows = rows
    cells = found.known.size
    if whole:
        fill_whole((ends[0], (ends[1] - ends[0]) / cells), found)
    else:
        cover(effects, span, (key, score), follows, grid_of(effects, span[0], span[1], key, cells), found)
    dearest = largest_ratio(effects, span, score, key)
    out.dearest[k] = dearest
    largest, smallest = 0.0, np.inf
    for item in range(span[0], span[1]):
        ratio = effects[follows, item] / effects[key, item] / weight if weight != 0.0 else 0.0
        largest, smallest = max(largest, ratio), min(smallest, ratio)
    for c in range(cells):
        if found.known[c] and (whole or found.high[c] > 0.0):
            s = out.size[k]
            out.size[k] = s + 1
            low, high = found.low[c], found.high[c]
            most = dearest * high if whole else min(found.score[c], dearest * high)
            out.low[k, s], out.high[k, s] = low, high
            out.low_credit[k, s], out.high_credit[k, s] = min(most, dearest * low), most
            out.least[k, s], out.most[k, s] = smallest * low, largest * high


@kernel
def fill_pairs(
    effects: Effects,
    start: IntP,
    k: int,
    terms: BoundaryTerms,
    column: Column,
    covers: tuple[Cover, Cover],
    pulls: Side,
    holds: Side,
) -> None:
    """The cells of both directions at one boundary."""
    edge(k, pulls, holds)
    now, then = terms.held_quota
    row, weight = (QUOTA_THEN, then) if then != 0.0 else (QUOTA_NOW, now)
    for side in range(2):
        rows = (PULL, NOW, PULL) if side == 0 else (HOLD, THEN, row)
        found, out = (covers[0], pulls) if side == 0 else (covers[1], holds)
        ends = (0.0, 0.0)
        if side == 0 and terms.cap < np.inf and column.least_share[k - 1] < 1.0:
            ends = (column.least[k - 1], column.most[k - 1])
        follows = 1.0 if side == 0 else weight
        fill_side(effects, (start[side], start[side + 1]), rows, follows, ends, k, found, out)


@kernel
def prepare(terms: BoundaryTerms, effects: Effects, start: IntP, column: Column) -> None:
    """Under an early cap, fill the ends between which what is granted lies in each period of a world."""
    if terms.cap == np.inf:
        return
    pullable = np.zeros(column.base.size)
    for b in range(column.base.size - 1):
        for item in range(start[2 * b], start[2 * b + 1]):
            pullable[b] += effects[PULL, item]
    fill_ends(terms, column, pullable)


@leaf
def room_after(terms: BoundaryTerms, column: Column, pulls: Side, t: int, c: int) -> tuple[float, float]:
    """Least and most that may be granted early in period ``t`` where cell ``c`` was granted before it. [usd]"""
    if terms.cap == np.inf:
        return np.inf, np.inf
    tight = limit_of(terms, column, pulls.high[t, c] + column.far_more[t], t)
    return tight, limit_of(terms, column, pulls.low[t, c] + column.far_less[t], t)


@leaf
def left_to_hold(column: Column, pulls: Side, t: int, c: int) -> float:
    """The most that may be held of what is due in period ``t``, where cell ``c`` was pulled out of it. [usd]"""
    pulled = pulls.low[t, c]
    if t > 0:
        pulled -= column.ahead_next[t - 1] * (1.0 - honest_share(column, t - 1))
    left: float = column.both[t] * (1.0 + SLACK) - max(pulled, 0.0)
    return left


@leaf
def may_follow(early: Early, room: tuple[float, float], low: float, high: float) -> bool:
    """Whether amounts between the ends can be granted in the period before."""
    return room[1] == np.inf or granted_fits(early, room, low, high)


@leaf
def pulled_credit(
    early: Early, room: tuple[float, float], dearest: float, granted: float, in_full: float
) -> float:
    """The most credit that an amount granted brings to the period before; ``in_full`` where there is no cap. [usd]"""
    return in_full if room[1] == np.inf else most_credit(early, room, dearest, granted)


@leaf
def pulled_quota(
    into: float, early: Early, room: tuple[float, float], low: float, high: float
) -> tuple[float, float]:
    """What the quota of the period before follows of a cell, at least: at its lower end, and at its upper one or where the
    cap is full. [usd]
    """
    if room[1] == np.inf:
        return into * low, into * high
    own, following, farther, _, least_share, _ = early
    less = (least_share - own) * farther
    top = max(min(high, room[1] - own * following), low)
    return into * (low + less), into * (top + less)
