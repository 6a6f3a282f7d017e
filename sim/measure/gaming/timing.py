"""The best timing of one book under one plan that can be made, with full knowledge of the future, world by world."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.chain import NEVER_PAID, Chain, Column, backward, fill_column, step
from sim.measure.gaming.crossing import BoundaryTerms, Flows
from sim.measure.gaming.forward import block_pulled, is_free, mark
from sim.measure.gaming.granted_timing import find_best_granted
from sim.measure.gaming.moves import Moves
from sim.measure.gaming.polish import MOST_PASSES, polish_all
from sim.measure.gaming.reach import Effects, Sums
from sim.measure.gaming.states import HELD, PULLED, ROWS, States, fill_choices, one_state

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
    find = find_best if terms.cap == np.inf else find_best_granted
    find(terms, flows, moves, effects, friction, sums, pairs, *memory, chosen)
    passes = MOST_PASSES if search else 0
    polish_all(terms, flows, moves, effects, friction, passes, *memory[1:], value, chosen)
    return Timing(value, chosen)


def choice_memory(moves: Moves, cells: tuple[int, int]) -> tuple[Sums, Sums]:
    """Room for the sums of the two directions at one boundary."""
    items = 2 * int(np.diff(moves.start, axis=1).max(initial=0))
    return _sums(cells[0], items), _sums(cells[1], items)


def _sums(cells: int, items: int) -> Sums:
    cells, items = max(cells, 1), max(items, 1)
    return Sums(np.zeros(cells, np.bool_), np.zeros((6, cells)), np.zeros((items, cells), np.int16))


def working_memory(flows: Flows, size: int) -> tuple[States, Chain, Column]:
    """Room for the states of every boundary, for the recursion, and for the periods of one world."""
    edges = flows.base.shape[0] + 1
    states = States(
        np.zeros(edges, np.int64),
        np.zeros((edges, ROWS, size)),
        *(np.zeros((edges, size), np.int64) for _ in range(2)),
    )
    rows = (np.zeros(size) for _ in range(9))
    column = Column(*(np.zeros(edges - 1) for _ in Column._fields))
    grids = (np.zeros((edges, size)), np.zeros((edges, size), np.int64), np.zeros((edges, size)))
    return states, Chain(*grids, *rows), column


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

    The chain is filled backward from all choices. Then the boundaries are gone through in time, each choice worth what
    the chain says comes after its cell: a booking that was pulled across one boundary is no longer there to be held at
    the next, so choices are found again without it.
    """
    periods, free = flows.base.shape[0], is_free(terms)
    blocked = np.zeros(chosen.size, np.bool_)
    cells = sums[0].known.size
    worth = np.empty(2 * cells + 1 + (cells * cells if pairs > 0 else 0))
    later, before = np.empty(states.row.shape[2]), np.zeros(ROWS)
    for w in range(flows.base.shape[1]):
        fill_column(flows, moves.both, w, column)
        one_state(0, states)
        one_state(periods, states)
        for b in range(periods - 1):
            fill_choices(
                effects, moves.start[w, 2 * b : 2 * b + 3], b + 1, blocked, free, pairs, sums, states
            )
        backward(terms, column, states, friction, chain)
        before[:] = 0.0
        for b in range(periods - 1):
            worth[:] = NEVER_PAID
            for j in range(states.size[b + 1]):
                worth[states.cell[b + 1, j] + 1] = chain.value[b + 1, j]
            block_pulled(moves, w, b, chosen, blocked)
            start = moves.start[w, 2 * b : 2 * b + 3]
            fill_choices(effects, start, b + 1, blocked, free, pairs, sums, states)
            for j in range(states.size[b + 1]):
                moved = states.row[b + 1, PULLED, j] + states.row[b + 1, HELD, j]
                later[j] = worth[states.cell[b + 1, j] + 1] - friction * moved
            best = step(terms, column, states, b, before, later, chain)
            mark(states.cell[b + 1, best], start, free, sums, chosen)
            for row in range(ROWS):
                before[row] = states.row[b + 1, row, best]
