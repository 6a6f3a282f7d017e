"""The best timing of one book under one plan that can be made, with full knowledge of the future, world by world."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.boundary_terms import BoundaryTerms, Column, Flows, fill_column
from sim.measure.gaming.chain import NEVER_PAID, Chain, backward, step, worth_of_granted
from sim.measure.gaming.choices import (
    GRANTED,
    HELD,
    NOTHING,
    PULLED,
    States,
    block_pulled,
    fill_choices,
    is_free,
    keep_state,
    mark,
    one_state,
    sides_of,
    states_memory,
)
from sim.measure.gaming.early_cap import limit_of
from sim.measure.gaming.moves import EFFECTS, Moves
from sim.measure.gaming.polish import MOST_PASSES, polish_all
from sim.measure.gaming.sums import Effects, Sums
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PAIRS = 10
"""Pulled and held cells that are tried together at a boundary. [count]"""


class Timing(NamedTuple):
    """The best timing found. value : pay over the horizon [world] [usd]; chosen : moves made. [item]"""

    value: Floats
    chosen: NDArray[np.bool_]


def best_timing(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    cells: int,
    friction: float = 0.0,
    pairs: int = PAIRS,
    search: bool = True,
) -> Timing:
    """The best choice of moves that the grid knows, with full knowledge of the future.

    cells    : of the grid of sums at each boundary; more are slower and closer. [count]
    pairs    : where quotas move, so many cells of each direction are tried together; 0 for one direction a boundary.
    search   : from the chain's choice on, by single moves and pairs (``sim.measure.gaming.polish``).
    friction : cost to the CSM per usd moved, taken into account by the choice and out of ``value``. [usd/usd]

    Source: METHOD.md, clairvoyant timing as a chain over boundaries.
    """
    worlds, items = flows.base.shape[1], moves.amount.size
    value, chosen = np.empty(worlds), np.zeros(items, dtype=np.bool_)
    split = (cells, 0) if terms.free else (cells // 2, cells // 2)
    sums = choice_memory(moves, split)
    memory = working_memory(flows, sum(split) + 1 + (0 if terms.free else pairs**2))
    find_best(terms, flows, moves, effects, friction, sums, pairs, *memory, chosen)
    passes = MOST_PASSES if search else 0
    polish_all(terms, flows, moves, effects, friction, passes, *memory[1:], value, chosen)
    return Timing(value, chosen)


def choice_memory(moves: Moves, cells: tuple[int, int]) -> tuple[Sums, Sums]:
    """Room for the sums of the two directions at one boundary."""
    items = 2 * int(np.diff(moves.start, axis=1).max(initial=0))
    return _sums(cells[0], items), _sums(cells[1], items)


def _sums(cells: int, items: int) -> Sums:
    cells, items = max(cells, 1), max(items, 1)
    return Sums(np.zeros(cells, np.bool_), np.zeros((EFFECTS, cells)), np.zeros((items, cells), np.int16))


def working_memory(flows: Flows, size: int) -> tuple[States, Chain, Column]:
    """Room for the states of every boundary, for the recursion, and for the periods of one world."""
    edges = flows.base.shape[0] + 1
    rows = (np.zeros(size) for _ in Chain._fields[3:])
    column = Column(*(np.zeros(edges - 1) for _ in Column._fields))
    grids = (np.zeros((edges, size)), np.zeros((edges, size), np.int64), np.zeros((edges, size)))
    return states_memory(edges, size), Chain(*grids, *rows), column


@kernel
def find_best(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    friction: float,
    sums: tuple[Sums, Sums],
    pairs: int,
    states: States,
    chain: Chain,
    column: Column,
    chosen: Bools,
) -> None:
    """Moves that reach the best value on the states or come near, for every world.

    The chain is filled backward from all choices, each granted what an early cap allows where nothing was granted before;
    where more was, the chain works out what is left. Then the boundaries are gone through in time, each choice worth what
    the chain says comes after it: a booking that was pulled across one boundary is no longer there to be held at the next,
    and a cap may have moved, so choices are found again.
    """
    periods, size, free = flows.base.shape[0], states.row.shape[2], is_free(terms)
    cells, nothing = sums[0].known.size, np.zeros(3, np.int64)
    blocked, limits, later = np.zeros(chosen.size, np.bool_), np.empty(periods), np.empty(size)
    index = np.empty(2 * cells + 1 + (cells * cells if pairs > 0 else 0), np.int64)
    taken = states_memory(periods + 1, size)
    one_state(0, states)
    for w in range(flows.base.shape[1]):
        fill_column(flows, moves.both, w, column)
        lowest = 0.0
        for b in range(periods):
            limits[b] = limit_of(terms, column, lowest, b)
            start = moves.start[w, 2 * b : 2 * b + 3] if b < periods - 1 else nothing
            ends = (limits[b], limits[b])
            fill_choices(terms, column, ends, effects, start, b + 1, blocked, free, pairs, sums, states)
            lowest = states.row[b + 1, GRANTED, : states.size[b + 1]].min()
        backward(terms, column, states, friction, chain)
        one_state(0, taken)
        for b in range(periods - 1):
            ends = (limit_of(terms, column, taken.row[b, GRANTED, 0], b), limits[b])
            start = moves.start[w, 2 * b : 2 * b + 3]
            block_pulled(moves, w, b, chosen, blocked)
            fill_choices(terms, column, ends, effects, start, b + 1, blocked, free, pairs, sums, taken)
            foresee(terms, states, chain.value[b + 1], taken, b + 1, cells, friction, index, later)
            best = step(terms, column, taken, b, later, chain)
            mark(taken.cell[b + 1, best], start, free, sums, chosen)
            keep_state(b + 1, best, taken)


@kernel
def foresee(
    terms: BoundaryTerms,
    states: States,
    value: Floats,
    taken: States,
    k: int,
    cells: int,
    friction: float,
    index: IntP,
    out: Floats,
) -> None:
    """What each choice of boundary ``k`` in ``taken`` is worth later, less the friction of its moves: the ``value`` of the
    state of its cell, or under an early cap of what is granted of it among the states with its hold. [state] [usd]

    index : room for the state of every cell.
    """
    index[:] = -1
    for s in range(states.size[k]):
        index[states.cell[k, s] + 1] = s
    for j in range(taken.size[k]):
        row, cell = taken.row[k, :, j], taken.cell[k, j]
        out[j] = NEVER_PAID
        if terms.cap < np.inf:
            held = sides_of(cell, cells)[1]
            cell = cells + held if held >= 0 else NOTHING
        s = index[cell + 1]
        if s >= 0:
            capped = terms.cap < np.inf
            worth = worth_of_granted(states, value, k, s, row[GRANTED]) if capped else value[s]
            out[j] = worth - friction * (row[PULLED] + row[HELD])
