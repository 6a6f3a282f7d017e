"""The bound where quotas move: pulls and holds across one boundary together, every pair of cells a state.

Pulling lowers the quota of the next period while holding raises its credit, so neither direction alone is enough. In a
cell the amount pulled is known up to its ends, and attainment is monotone in it, (c - x) / (q - r x) as well as
(c + m x) / (q + r x): so one of the two ends pays most, and both are tried. Only where the quota reaches its floor in
between are credit and quota each taken at their own best end.
"""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import BoundaryTerms, Column
from sim.measure.gaming.chain import NEVER_PAID, UNBOUNDED, Floats
from sim.measure.gaming.early_cap import Early, early_of
from sim.measure.gaming.sides import Side, left_to_hold, may_follow, pulled_credit, pulled_quota, room_after
from sim.plan.curve import pay_curve

BUCKETS_PER_CELL = 4
"""Buckets of credit now, for each cell: pairs with about the same credit now differ in nothing else that counts."""


class Lane(NamedTuple):
    """Working memory over (held cell, end of the pulled cell). [lane]

    now, later : choices to be tried on every lane: their credit, and their worth afterwards. [choice] [usd]
    penalty : taken off what a pair is worth from its boundary on, ``UNBOUNDED`` where it is not considered.
              [boundary, pulled cell, held cell] [usd]
    """

    credit: Floats
    low: Floats
    high: Floats
    scale: Floats
    shift: Floats
    reached: Floats
    multiple: Floats
    best: Floats
    now: Floats
    later: Floats
    penalty: Floats


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
        later, base = value[(t + 1) % 2], column.base[t]
        early = early_of(column, t, t < periods - 1)
        for c in range(pulls.size[t]):
            lanes = arrive_pairs(terms, column, pulls, holds, t, c, lane)
            lane.best[:lanes] = NEVER_PAID
            room, used = room_after(terms, column, pulls, t, c), left_to_hold(column, pulls, t, c)
            if moves_now:
                try_pairs(terms, base, early, pulls, holds, t + 1, room, used, later, lanes, lane)
            else:
                divide_lanes(terms, base, 0.0, 0.0, lanes, lane)
                fill_buckets(early, pulls, holds, t + 1, room, used, later, top, worth)
                most, count = NEVER_PAID, 0
                for b in range(buckets - 1, -1, -1):
                    if worth[b] > most:  # else another has more credit now and is worth as much
                        most = worth[b]
                        lane.now[count], lane.later[count] = top[b], most
                        count += 1
                pay_lanes(terms.curve.pieces, terms.bonus[t], count, lanes, lane)
            for d in range(holds.size[t]):
                value[t % 2, c, d] = max(lane.best[2 * d], lane.best[2 * d + 1]) - lane.penalty[t, c, d]
    out[0] = value[0, 0, 0]


@kernel
def arrive_pairs(
    terms: BoundaryTerms, column: Column, pulls: Side, holds: Side, t: int, c: int, lane: Lane
) -> int:
    """Credit and quota of period ``t`` for one pulled cell, both its ends, and every held cell; number of lanes."""
    leaving, follow = terms.pulled_quota[1], terms.held_quota[1]
    least, most = pulls.low[t, c] + column.far_less[t], pulls.high[t, c] + column.far_more[t]
    credit, quota = column.credit[t], column.quota[t]
    for d in range(holds.size[t]):
        for end in range(2):
            pulled = most if end else least
            at = 2 * d + end
            lane.credit[at] = credit + holds.high_credit[t, d] - pulled
            kept = quota + leaving * pulled
            lane.low[at] = kept + follow * holds.least[t, d]
            lane.high[at] = kept + follow * holds.most[t, d]
        low, high = 2 * d, 2 * d + 1
        if min(lane.low[low], lane.low[high]) <= max(
            terms.floor * column.base[t], terms.rounding * column.base[t]
        ):
            # the quota may reach its floor inside the cell: each at its own best end
            lane.low[low] = lane.low[high] = min(lane.low[low], lane.low[high])
            lane.high[low] = lane.high[high] = max(lane.high[low], lane.high[high])
            lane.credit[high] = lane.credit[low]
    lanes: int = 2 * holds.size[t]
    return lanes


@kernel
def divide_lanes(terms: BoundaryTerms, base: float, low: float, high: float, lanes: int, lane: Lane) -> None:
    """Attainment as ``shift + credit x scale`` where ``low`` to ``high`` is added to the quota. [lane]"""
    for i in range(lanes):
        least = max(lane.low[i] + low, terms.floor * base)
        most = max(lane.high[i] + high, terms.floor * base)
        nothing = terms.rounding * (base + abs(lane.low[i]))
        gone, surely = least <= nothing, most <= nothing
        exhausted = 1.0 / base if base > 0.0 else 0.0
        lane.scale[i] = (exhausted if surely else UNBOUNDED) if gone else 1.0 / least
        lane.shift[i] = 1.0 if surely else 0.0


@kernel
def pay_lanes(pieces: Floats, bonus: float, choices: int, lanes: int, lane: Lane) -> None:
    """Try the first ``choices`` on every lane, and keep what pays most."""
    reached, multiple = lane.reached[:lanes], lane.multiple[:lanes]
    attainment, paid = reached.reshape(1, lanes), multiple.reshape(1, lanes)
    shift, credit, scale, best = lane.shift, lane.credit, lane.scale, lane.best
    for j in range(choices):
        now, later = lane.now[j], lane.later[j]
        for i in range(lanes):
            reached[i] = shift[i] + (credit[i] + now) * scale[i]
        pay_curve(pieces, attainment, paid)
        for i in range(lanes):
            pay = bonus * multiple[i] + later
            best[i] = pay if pay > best[i] else best[i]


@kernel
def fill_buckets(
    early: Early,
    pulls: Side,
    holds: Side,
    k: int,
    room: tuple[float, float],
    used: float,
    later: Floats,
    top: Floats,
    worth: Floats,
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
        if may_follow(early, room, pulls.low[k, c], pulls.high[k, c]):
            most = pulls.high_credit[k, c]
            credit = pulled_credit(early, room, pulls.dearest[k], pulls.high[k, c], most)
            for d in range(holds.size[k]):
                considered = later[c, d] > -UNBOUNDED / 2.0
                if considered and (holds.low[k, d] <= used or holds.low[k, d] == 0.0):
                    now = credit - holds.low[k, d]
                    b = min(max(int((now - low) / width), 0), worth.size - 1)
                    top[b] = max(top[b], now)
                    worth[b] = max(worth[b], later[c, d])


@kernel
def try_pairs(
    terms: BoundaryTerms,
    base: float,
    early: Early,
    pulls: Side,
    holds: Side,
    k: int,
    room: tuple[float, float],
    used: float,
    later: Floats,
    lanes: int,
    lane: Lane,
) -> None:
    """Try every possible pair where the quota of the period follows what crosses the boundary after it."""
    leaving = terms.held_quota[0]
    least = lane.low[0]
    for i in range(1, lanes):
        least = min(least, lane.low[i])
    for c in range(pulls.size[k]):
        if not may_follow(early, room, pulls.low[k, c], pulls.high[k, c]):
            continue
        if leaving == 0.0:
            try_row(terms, base, early, room, pulls, holds, k, c, least, used, later, lanes, lane)
            continue
        for d in range(holds.size[k]):
            considered = later[c, d] > -UNBOUNDED / 2.0
            if considered and (holds.low[k, d] <= used or holds.low[k, d] == 0.0):
                try_corners(
                    terms, base, early, room, pulls, holds, k, (c, d), least, later[c, d], lanes, lane
                )


@leaf
def pulled_end(early: Early, room: tuple[float, float], pulls: Side, k: int, c: int, upper: bool) -> float:
    """The most credit that a pulled cell brings to the period before it, at either of its ends. [usd]"""
    granted = pulls.high[k, c] if upper else pulls.low[k, c]
    in_full = pulls.high_credit[k, c] if upper else pulls.low_credit[k, c]
    return pulled_credit(early, room, pulls.dearest[k], granted, in_full)


@kernel
def try_row(
    terms: BoundaryTerms,
    base: float,
    early: Early,
    room: tuple[float, float],
    pulls: Side,
    holds: Side,
    k: int,
    c: int,
    quota: float,
    used: float,
    later: Floats,
    lanes: int,
    lane: Lane,
) -> None:
    """Try one pulled cell, at both its ends, with every held cell, where holding moves no quota of the period.

    Holding less is then better unless more is worth more later. ``quota`` is the smallest of the lanes. [usd]
    """
    low, high = pulled_quota(terms.pulled_quota[0], early, room, pulls.low[k, c], pulls.high[k, c])
    # what else is early shares the cap, and more of one is less of the other: credit and quota each at its own best end
    exact = early[2] <= 0.0 and quota + low > max(terms.floor, terms.rounding) * base
    for end in range(2 if exact else 1):
        upper = end == 1 or not exact
        credit = pulled_end(early, room, pulls, k, c, upper)
        divide_lanes(terms, base, high if end == 1 else low, high if upper else low, lanes, lane)
        most, count = -UNBOUNDED / 2.0, 0
        for d in range(holds.size[k]):
            if later[c, d] > most and (holds.low[k, d] <= used or holds.low[k, d] == 0.0):
                most = later[c, d]
                lane.now[count], lane.later[count] = credit - holds.low[k, d], most
                count += 1
        pay_lanes(terms.curve.pieces, terms.bonus[k - 1], count, lanes, lane)


@kernel
def try_corners(
    terms: BoundaryTerms,
    base: float,
    early: Early,
    room: tuple[float, float],
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
    leaving = terms.held_quota[0]
    low, high = pulled_quota(terms.pulled_quota[0], early, room, pulls.low[k, c], pulls.high[k, c])
    lowest, highest = low + leaving * holds.most[k, d], high + leaving * holds.least[k, d]
    tied = holds.least[k, d] == holds.low[k, d] and holds.most[k, d] == holds.high[k, d]
    apart = early[2] > 0.0 or (leaving != 0.0 and not tied)
    if apart or quota + lowest <= max(terms.floor, terms.rounding) * base:
        divide_lanes(terms, base, lowest, highest, lanes, lane)
        credit = pulled_end(early, room, pulls, k, c, True)
        lane.now[0], lane.later[0] = credit - holds.low[k, d], later
        pay_lanes(terms.curve.pieces, terms.bonus[k - 1], 1, lanes, lane)
        return
    corners = 4 if leaving != 0.0 else 2
    for corner in range(corners):
        upper = corner % 2 == 1
        credit = pulled_end(early, room, pulls, k, c, upper)
        held = holds.high[k, d] if corner >= 2 else holds.low[k, d]
        moved = (high if upper else low) + leaving * held
        divide_lanes(terms, base, moved, moved, lanes, lane)
        lane.now[0], lane.later[0] = credit - held, later
        pay_lanes(terms.curve.pieces, terms.bonus[k - 1], 1, lanes, lane)
