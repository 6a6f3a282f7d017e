"""The bound where quotas move: pulls and holds across one boundary together, every pair of cells a state.

Pulling lowers the quota of the next period while holding raises its credit, so neither direction alone is enough. In a
cell the amount pulled is known up to its ends, and attainment is monotone in it, (c - x) / (q - r x) as well as
(c + m x) / (q + r x): so one of the two ends pays most, and both are tried. Only where the quota reaches its floor in
between are credit and quota each taken at their own best end.
"""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.measure.gaming.boundary import BoundaryTerms
from sim.measure.gaming.chain import NEVER_PAID, SLACK, UNBOUNDED, Column, Floats
from sim.measure.gaming.moves import HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN
from sim.measure.gaming.reach import Cover, Effects, cover, grid_of
from sim.measure.gaming.states import fill_whole, largest_ratio
from sim.plan.curve import pay_curve
from sim.plan.quota import ROUNDING
from sim.records import IntP

BUCKETS_PER_CELL = 4
"""Buckets of credit now, for each cell: pairs with about the same credit now differ in nothing else that counts."""


class Side(NamedTuple):
    """The cells of one direction at every boundary. [boundary, cell] [usd]

    size  : number of cells; entry 0 and the last boundary are the edges. [boundary]
    low, high : amount moved.   low_credit, high_credit : most credit it can bring, at either end.
    low_quota, high_quota : quota that follows, at either end.
    """

    size: IntP
    low: Floats
    high: Floats
    low_credit: Floats
    high_credit: Floats
    least: Floats
    most: Floats


class Lane(NamedTuple):
    """Working memory over (held cell, end of the pulled cell). [lane]"""

    credit: Floats
    low: Floats
    high: Floats
    scale: Floats
    shift: Floats
    reached: Floats
    multiple: Floats
    best: Floats


@kernel
def edge(k: int, pulls: Side, holds: Side) -> None:
    """Begin boundary ``k`` with the cells in which nothing is pulled and nothing held."""
    for side in (pulls, holds):
        side.size[k] = 1
        side.low[k, 0] = side.high[k, 0] = 0.0
        side.low_credit[k, 0] = side.high_credit[k, 0] = 0.0
        side.least[k, 0] = side.most[k, 0] = 0.0


@kernel
def fill_side(
    effects: Effects,
    span: tuple[int, int],
    rows: tuple[int, int, int],
    weight: float,
    whole: bool,
    k: int,
    found: Cover,
    out: Side,
) -> None:
    """Cover the sums of one direction and add its cells to the edge's.

    rows   : effects that are the amount, the credit, and the quota that follows it at ``weight``.
    whole  : cover every amount, because a cap may grant a booking in part.
    """
    if span[1] == span[0]:
        return
    key, score, follows = rows
    cells = found.known.size
    grid = grid_of(effects, span[0], span[1], key, cells)
    cover(effects, span, (key, score), follows, grid, found)
    if whole:
        fill_whole(grid, found)
    dearest = largest_ratio(effects, span, score, key)
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
        whole = side == 0 and terms.cap < np.inf
        fill_side(
            effects, (start[side], start[side + 1]), rows, 1.0 if side == 0 else weight, whole, k, found, out
        )


@kernel
def pairs_backward(
    terms: BoundaryTerms, column: Column, pulls: Side, holds: Side, value: Floats, lane: Lane, out: Floats
) -> None:
    """Most pay from each period on, for every pair that may cross the boundary before it; ``out[0]`` is the answer.

    value : of the pairs of the boundary after and before a period, ``[2, pulled cell, held cell]``. [usd]
    """
    periods = column.base.size
    moves_now = terms.pulled_quota[0] != 0.0 or terms.held_quota[0] != 0.0
    buckets = BUCKETS_PER_CELL * value.shape[1]
    top, worth = np.empty(buckets), np.empty(buckets)
    value[periods % 2, 0, 0] = 0.0
    for t in range(periods - 1, -1, -1):
        later = value[(t + 1) % 2]
        for c in range(pulls.size[t]):
            lanes = arrive_pairs(terms, column, pulls, holds, t, c, lane)
            lane.best[:lanes] = NEVER_PAID
            room = room_of(terms, column, pulls.low[t, c], t)
            used = column.both[t] * (1.0 + SLACK) - pulls.low[t, c]
            if moves_now:
                try_pairs(terms, column.base[t], pulls, holds, t + 1, room, used, later, lanes, lane)
            else:
                divide_lanes(terms, column.base[t], 0.0, 0.0, lanes, lane)
                fill_buckets(pulls, holds, t + 1, room, used, later, top, worth)
                for b in range(buckets):
                    if worth[b] > NEVER_PAID:
                        pay_lanes(terms, top[b], worth[b], lanes, lane)
            for d in range(holds.size[t]):
                value[t % 2, c, d] = max(lane.best[2 * d], lane.best[2 * d + 1])
    out[0] = value[0, 0, 0]


@kernel
def arrive_pairs(
    terms: BoundaryTerms, column: Column, pulls: Side, holds: Side, t: int, c: int, lane: Lane
) -> int:
    """Credit and quota of period ``t`` for one pulled cell, both its ends, and every held cell; number of lanes."""
    leaving, follow = terms.pulled_quota[1], terms.held_quota[1]
    for d in range(holds.size[t]):
        for end in range(2):
            pulled = pulls.high[t, c] if end else pulls.low[t, c]
            at = 2 * d + end
            lane.credit[at] = column.credit[t] + column.spare[t] + holds.high_credit[t, d] - pulled
            kept = column.quota[t] + leaving * pulled
            lane.low[at] = kept + follow * holds.least[t, d]
            lane.high[at] = kept + follow * holds.most[t, d]
        low, high = 2 * d, 2 * d + 1
        if min(lane.low[low], lane.low[high]) <= max(terms.floor * column.base[t], ROUNDING * column.base[t]):
            # the quota may reach its floor inside the cell: each at its own best end
            lane.low[low] = lane.low[high] = min(lane.low[low], lane.low[high])
            lane.high[low] = lane.high[high] = max(lane.high[low], lane.high[high])
            lane.credit[high] = lane.credit[low]
    lanes: int = 2 * holds.size[t]
    return lanes


@kernel
def room_of(terms: BoundaryTerms, column: Column, pulled: float, t: int) -> float:
    """How much more may be granted early in period ``t``. [usd]"""
    if terms.cap == np.inf:
        return np.inf
    granted = column.granted_out[t] + (pulled if terms.out_of_base > 0.0 else 0.0)
    limit = terms.cap * max(column.base[t] - terms.out_of_base * granted, 0.0)
    room: float = limit - column.granted_into[t] + column.room[t] + SLACK * column.base[t]
    return room


@kernel
def divide_lanes(terms: BoundaryTerms, base: float, low: float, high: float, lanes: int, lane: Lane) -> None:
    """Attainment as ``shift + credit x scale`` where ``low`` to ``high`` is added to the quota. [lane]"""
    for i in range(lanes):
        least = max(lane.low[i] + low, terms.floor * base)
        most = max(lane.high[i] + high, terms.floor * base)
        nothing = ROUNDING * (base + abs(lane.low[i]))
        gone, surely = least <= nothing, most <= nothing
        exhausted = 1.0 / base if base > 0.0 else 0.0
        lane.scale[i] = (exhausted if surely else UNBOUNDED) if gone else 1.0 / least
        lane.shift[i] = 1.0 if surely else 0.0


@kernel
def pay_lanes(terms: BoundaryTerms, credit: float, later: float, lanes: int, lane: Lane) -> None:
    """Keep the pay of every lane where it is the most so far."""
    reached, multiple = lane.reached[:lanes], lane.multiple[:lanes]
    for i in range(lanes):
        reached[i] = lane.shift[i] + (lane.credit[i] + credit) * lane.scale[i]
    pay_curve(terms.curve.pieces, reached.reshape(1, lanes), multiple.reshape(1, lanes))
    for i in range(lanes):
        paid = terms.bonus * multiple[i] + later
        lane.best[i] = paid if paid > lane.best[i] else lane.best[i]


@kernel
def fill_buckets(
    pulls: Side, holds: Side, k: int, room: float, used: float, later: Floats, top: Floats, worth: Floats
) -> None:
    """Of all possible pairs with about the same credit now, the highest credit and the highest worth. [bucket]"""
    worth[:] = NEVER_PAID
    top[:] = NEVER_PAID
    low, high = 0.0, 0.0
    for c in range(pulls.size[k]):
        high = max(high, pulls.high_credit[k, c])
    for d in range(holds.size[k]):
        low = min(low, -holds.low[k, d])
    width = max((high - low) / worth.size, 1e-9)
    for c in range(pulls.size[k]):
        if pulls.low[k, c] <= room or pulls.low[k, c] == 0.0:
            for d in range(holds.size[k]):
                if holds.low[k, d] <= used or holds.low[k, d] == 0.0:
                    now = pulls.high_credit[k, c] - holds.low[k, d]
                    b = min(max(int((now - low) / width), 0), worth.size - 1)
                    top[b] = max(top[b], now)
                    worth[b] = max(worth[b], later[c, d])


@kernel
def try_pairs(
    terms: BoundaryTerms,
    base: float,
    pulls: Side,
    holds: Side,
    k: int,
    room: float,
    used: float,
    later: Floats,
    lanes: int,
    lane: Lane,
) -> None:
    """Try every possible pair where the quota of the period follows what crosses the boundary after it."""
    least = lane.low[0]
    for i in range(1, lanes):
        least = min(least, lane.low[i])
    for c in range(pulls.size[k]):
        if pulls.low[k, c] > room and pulls.low[k, c] != 0.0:
            continue
        for d in range(holds.size[k]):
            if holds.low[k, d] <= used or holds.low[k, d] == 0.0:
                try_corners(terms, base, pulls, holds, k, (c, d), least, later[c, d], lanes, lane)


@kernel
def try_corners(
    terms: BoundaryTerms,
    base: float,
    pulls: Side,
    holds: Side,
    k: int,
    pair: tuple[int, int],
    quota: float,
    later: float,
    lanes: int,
    lane: Lane,
) -> None:
    """Try one pair at the ends of its cells; each at its own best end where the quota does not follow the amount held
    exactly, or may reach its floor in between. ``quota`` is the smallest of the lanes. [usd]
    """
    c, d = pair
    into, leaving = terms.pulled_quota[0], terms.held_quota[0]
    lowest = into * pulls.low[k, c] + leaving * holds.most[k, d]
    highest = into * pulls.high[k, c] + leaving * holds.least[k, d]
    tied = holds.least[k, d] == holds.low[k, d] and holds.most[k, d] == holds.high[k, d]
    if (leaving != 0.0 and not tied) or quota + lowest <= max(terms.floor, ROUNDING) * base:
        divide_lanes(terms, base, lowest, highest, lanes, lane)
        pay_lanes(terms, pulls.high_credit[k, c] - holds.low[k, d], later, lanes, lane)
        return
    corners = 4 if leaving != 0.0 else 2
    for corner in range(corners):
        pulled = pulls.high[k, c] if corner % 2 else pulls.low[k, c]
        credit = pulls.high_credit[k, c] if corner % 2 else pulls.low_credit[k, c]
        held = holds.high[k, d] if corner >= 2 else holds.low[k, d]
        moved = into * pulled + leaving * held
        divide_lanes(terms, base, moved, moved, lanes, lane)
        pay_lanes(terms, credit - held, later, lanes, lane)
