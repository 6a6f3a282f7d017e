"""A choice of moves made better one move at a time, each priced for the whole horizon.

The chain chooses boundary by boundary from cells; a booking that it wants in both directions, a sum that just misses a
threshold, or a cap that an earlier pull has lowered can leave a move undone or done in vain. Here every move is tried the
other way round, in turn, until none gains: a local search from the chain's choice, so never worse than it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import BoundaryTerms, Column, Flows, fill_column
from sim.measure.gaming.chain import Chain, divide_one
from sim.measure.gaming.early_cap import honest_share, limit_of, share_of
from sim.measure.gaming.moves import EFFECTS, HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN, Moves
from sim.measure.gaming.sums import Effects
from sim.plan.curve import pay_curve

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CENT = 0.01
"""A gain below this is rounding. [usd]"""
MOST_PASSES = 6
MOST_PAIRED = 40
"""Moves of a book in a world up to which pairs of them are tried; with more, sums are so many that one hits. [count]"""


class Moved(NamedTuple):
    """Effects of the chosen moves of one world by the boundary after each period. [effect, period] [usd]"""

    pulled: Floats
    held: Floats


@kernel
def polish_all(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    friction: float,
    passes: int,
    chain: Chain,
    column: Column,
    value: Floats,
    chosen: Bools,
) -> None:
    """Make the choices of every world better in at most so many passes, and fill in what they pay. [world] [usd]"""
    for w in range(value.size):
        fill_column(flows, moves.both, w, column)
        value[w] = polish(terms, column, moves, effects, w, friction, passes, chain, chosen)


@kernel
def polish(
    terms: BoundaryTerms,
    column: Column,
    moves: Moves,
    effects: Effects,
    w: int,
    friction: float,
    passes: int,
    chain: Chain,
    chosen: Bools,
) -> float:
    """Try every move of a world the other way round, and then pairs of them, until none gains; the pay less friction that
    is reached. [usd]
    """
    periods = column.base.size
    moved = Moved(np.zeros((EFFECTS, periods)), np.zeros((EFFECTS, periods)))
    for b in range(periods - 1):
        for item in range(moves.start[w, 2 * b], moves.start[w, 2 * b + 2]):
            if chosen[item]:
                add_move(moves, effects, w, item, b, 1.0, moved)
    best = priced(terms, column, moved, friction, chain)
    for _ in range(passes):
        before = best
        for b in range(periods - 1):
            for item in range(moves.start[w, 2 * b], moves.start[w, 2 * b + 2]):
                other, there = flip(moves, effects, w, item, b, moved, chosen)
                value = priced(terms, column, moved, friction, chain)
                if value > best + CENT:
                    best = value
                else:
                    flip_back(moves, effects, w, (item, b), (other, there), moved, chosen)
        few = moves.start[w, 2 * (periods - 1)] - moves.start[w, 0] <= MOST_PAIRED
        if best == before and few:
            best = try_pairs(terms, column, moves, effects, w, friction, best, chain, moved, chosen)
        if best == before:
            break
    return best


@kernel
def try_pairs(
    terms: BoundaryTerms,
    column: Column,
    moves: Moves,
    effects: Effects,
    w: int,
    friction: float,
    best: float,
    chain: Chain,
    moved: Moved,
    chosen: Bools,
) -> float:
    """Two moves of a boundary, or of neighbouring ones, the other way round; up to the first pair that gains. [usd]"""
    for b in range(column.base.size - 1):
        for item in range(moves.start[w, 2 * b], moves.start[w, 2 * b + 2]):
            one = flip(moves, effects, w, item, b, moved, chosen)
            end = min(2 * b + 4, moves.start.shape[1] - 1)
            for second in range(item + 1, moves.start[w, end]):
                where = b if second < moves.start[w, 2 * b + 2] else b + 1
                two = flip(moves, effects, w, second, where, moved, chosen)
                value = priced(terms, column, moved, friction, chain)
                if value > best + CENT:
                    return value
                flip_back(moves, effects, w, (second, where), two, moved, chosen)
            flip_back(moves, effects, w, (item, b), one, moved, chosen)
    return best


@leaf
def flip(
    moves: Moves, effects: Effects, w: int, item: int, b: int, moved: Moved, chosen: Bools
) -> tuple[int, int]:
    """Make a move that is not made, instead of that of the same booking in the other direction, or leave one that is; the
    move that gave way and its boundary, -1 for none.
    """
    other, there = (-1, 0) if chosen[item] else other_way(moves, w, item, b, chosen)
    add_move(moves, effects, w, item, b, -1.0 if chosen[item] else 1.0, moved)
    chosen[item] = not chosen[item]
    if other >= 0:
        add_move(moves, effects, w, other, there, -1.0, moved)
        chosen[other] = False
    return other, there


@leaf
def flip_back(
    moves: Moves,
    effects: Effects,
    w: int,
    made: tuple[int, int],
    gave_way: tuple[int, int],
    moved: Moved,
    chosen: Bools,
) -> None:
    """Undo a flip."""
    item, b = made
    add_move(moves, effects, w, item, b, -1.0 if chosen[item] else 1.0, moved)
    chosen[item] = not chosen[item]
    other, there = gave_way
    if other >= 0:
        add_move(moves, effects, w, other, there, 1.0, moved)
        chosen[other] = True


@leaf
def add_move(moves: Moves, effects: Effects, w: int, item: int, b: int, sign: float, out: Moved) -> None:
    """Add the effects of a move across boundary ``b``, or take them away."""
    side = out.pulled if item < moves.start[w, 2 * b + 1] else out.held
    for e in range(EFFECTS):
        side[e, b] += sign * effects[e, item]


@leaf
def other_way(moves: Moves, w: int, item: int, b: int, chosen: Bools) -> tuple[int, int]:
    """The chosen move of the same booking in the other direction, and its boundary; -1 where there is none."""
    pulls = item < moves.start[w, 2 * b + 1]
    there = b + 1 if pulls else b - 1
    if there < 0 or 2 * there + 2 >= moves.start.shape[1]:
        return -1, 0
    low = moves.start[w, 2 * there + (1 if pulls else 0)]
    high = moves.start[w, 2 * there + (2 if pulls else 1)]
    for each in range(low, high):
        if chosen[each] and moves.row[each] == moves.row[item]:
            return each, there
    return -1, 0


@leaf
def priced(terms: BoundaryTerms, column: Column, moved: Moved, friction: float, chain: Chain) -> float:
    """Pay over the horizon with these moves, as ``settle`` has it, less their friction. [usd]"""
    periods = column.base.size
    reached, multiple = chain.reached[:periods], chain.multiple[:periods]
    pulled, held = moved.pulled, moved.held
    before, farther, next_farther, amount = 0.0, 0.0, 0.0, 0.0
    for t in range(periods):
        granted_before = before + farther
        farther = next_farther
        own = honest_share(column, t)
        asked = column.ahead[t] + pulled[PULL, t]
        share = 1.0
        if terms.cap < np.inf:
            share = share_of(limit_of(terms, column, granted_before, t), asked)
        credit = share * (column.ahead_credit[t] + pulled[NOW, t]) - own * column.ahead_credit[t]
        credit += column.credit[t] - granted_before + held[NOW, t]
        quota = terms.pulled_quota[0] * (share * asked - own * column.ahead[t]) + held[QUOTA_NOW, t]
        quota += column.quota[t] + terms.pulled_quota[1] * granted_before
        if t > 0:
            credit += held[THEN, t - 1] + (
                pulled[THEN, t - 1] + pulled[PULL, t - 1]
            )  # what it keeps by due date
            quota += held[QUOTA_THEN, t - 1]
        chain.low[0] = chain.high[0] = quota
        divide_one(terms, column.base[t], 0.0, 0.0, 0, chain)
        reached[t] = chain.shift[0] + credit * chain.scale[0]
        before = share * (column.ahead_next[t] + pulled[PULL, t]) - own * column.ahead_next[t]
        next_farther = (share - own) * (column.ahead[t] - column.ahead_next[t])
        amount += pulled[PULL, t] + held[HOLD, t]
    pay_curve(terms.curve.pieces, reached.reshape(1, periods), multiple.reshape(1, periods))
    total = -friction * amount
    for t in range(periods):
        total += terms.bonus[t] * multiple[t]
    return total
