"""The cells of each direction at every boundary, where pulls and holds are counted apart because quotas move."""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.measure.gaming.chain import SLACK, Column, Floats
from sim.measure.gaming.crossing import BoundaryTerms
from sim.measure.gaming.moves import HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN
from sim.measure.gaming.reach import Cover, Effects, cover, grid_of
from sim.measure.gaming.states import fill_whole, largest_ratio
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
    limit: float,
    k: int,
    found: Cover,
    out: Side,
) -> None:
    """Cover the sums of one direction and add its cells to the edge's.

    rows   : effects that are the amount, the credit, and the quota that follows it at ``weight``.
    limit  : where it is not infinite, every amount up to it is covered: a cap may grant a booking in part, and no more.
    """
    if span[1] == span[0]:
        return
    key, score, follows = rows
    cells = found.known.size
    origin, width = grid_of(effects, span[0], span[1], key, cells)
    whole = limit < np.inf
    if whole:
        fill_whole((origin, min(width, max(limit, 1e-9) / cells)), found)
    else:
        cover(effects, span, (key, score), follows, (origin, width), found)
    dearest = largest_ratio(effects, span, score, key)
    out.dearest[k] = dearest
    largest, smallest = 0.0, np.inf
    for item in range(span[0], span[1]):
        ratio = effects[follows, item] / effects[key, item] / weight if weight != 0.0 else 0.0
        largest, smallest = max(largest, ratio), min(smallest, ratio)
    for c in range(cells):
        if found.known[c] and found.high[c] > 0.0:
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
        limit = room_of(terms, column, 0.0, k - 1) if side == 0 else np.inf
        follows = 1.0 if side == 0 else weight
        fill_side(effects, (start[side], start[side + 1]), rows, follows, limit, k, found, out)


@kernel
def room_of(terms: BoundaryTerms, column: Column, pulled: float, t: int) -> float:
    """How much more may be granted early in period ``t``. [usd]"""
    if terms.cap == np.inf:
        return np.inf
    granted = column.granted_out[t] + (pulled if terms.out_of_base > 0.0 else 0.0)
    limit = terms.cap * max(column.base[t] - terms.out_of_base * granted, 0.0)
    room: float = limit - column.granted_into[t] + column.room[t] + SLACK * column.base[t]
    return room
