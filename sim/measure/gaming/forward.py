"""From boundary to boundary in time: choices found again without what was moved before, and the one worth most taken."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary import BoundaryTerms
from sim.measure.gaming.chain import NEVER_PAID, Chain, Column, step
from sim.measure.gaming.moves import Moves
from sim.measure.gaming.reach import Effects, Sums, trace
from sim.measure.gaming.states import HELD, NOTHING, PULLED, ROWS, States, reach_both, reach_free
from sim.records import IntP

Bools = NDArray[np.bool_]


@leaf
def is_free(terms: BoundaryTerms) -> bool:
    """Whether nothing but credit moves: no quota follows, and no cap couples the boundaries."""
    pulled, held = terms.pulled_quota, terms.held_quota
    still = pulled[0] == 0.0 and pulled[1] == 0.0 and held[0] == 0.0 and held[1] == 0.0
    return still and terms.cap == np.inf


@kernel
def fill_choices(
    terms: BoundaryTerms,
    effects: Effects,
    start: IntP,
    k: int,
    blocked: Bools,
    sums: tuple[Sums, Sums],
    pairs: int,
    states: States,
) -> None:
    """The choices at one boundary, in both directions at once where only credit moves."""
    if is_free(terms):
        reach_free(effects, start, k, blocked, sums, states)
    else:
        reach_both(effects, start, k, blocked, sums, pairs, states)


@kernel
def forward(
    terms: BoundaryTerms,
    column: Column,
    moves: Moves,
    effects: Effects,
    w: int,
    friction: float,
    sums: tuple[Sums, Sums],
    pairs: int,
    states: States,
    chain: Chain,
    blocked: Bools,
    chosen: Bools,
) -> None:
    """Go through the boundaries in order, each choice worth what the chain says comes after its cell.

    A booking that was pulled across one boundary is no longer there to be held at the next: choices are found again
    without it.
    """
    periods = column.base.size
    cells = sums[0].known.size
    cells = 2 * cells + 1 + (cells * cells if pairs > 0 else 0)
    worth, later = np.empty(cells), np.empty(cells)
    before = np.zeros(ROWS)
    for b in range(periods - 1):
        start = moves.start[w, 2 * b : 2 * b + 3]
        worth[:] = NEVER_PAID
        for j in range(states.size[b + 1]):
            worth[states.cell[b + 1, j] + 1] = chain.value[b + 1, j]
        block_pulled(moves, w, b, chosen, blocked)
        fill_choices(terms, effects, start, b + 1, blocked, sums, pairs, states)
        for j in range(states.size[b + 1]):
            moved = states.row[b + 1, PULLED, j] + states.row[b + 1, HELD, j]
            later[j] = worth[states.cell[b + 1, j] + 1] - friction * moved
        best = step(terms, column, states, b, before, later, chain)
        mark(states.cell[b + 1, best], start, is_free(terms), sums, chosen)
        before[:] = states.row[b + 1, :, best]


@kernel
def block_pulled(moves: Moves, w: int, b: int, chosen: Bools, blocked: Bools) -> None:
    """Bookings pulled across the boundary before cannot be held at boundary ``b``."""
    for held in range(moves.start[w, 2 * b + 1], moves.start[w, 2 * b + 2]):
        blocked[held] = False
        if b > 0:
            for pulled in range(moves.start[w, 2 * b - 2], moves.start[w, 2 * b - 1]):
                if chosen[pulled] and moves.row[pulled] == moves.row[held]:
                    blocked[held] = True


@kernel
def mark(cell: int, start: IntP, free: bool, sums: tuple[Sums, Sums], chosen: Bools) -> None:
    """Mark the moves of the state that was chosen."""
    cells = sums[0].known.size
    if cell == NOTHING:
        return
    if free:
        trace(sums[0].before, cell, (start[0], start[2]), chosen)
        return
    pulled, held = cell, cell - cells
    if cell >= 2 * cells:
        pulled, held = (cell - 2 * cells) // cells, (cell - 2 * cells) % cells
    if 0 <= pulled < cells:
        trace(sums[0].before, pulled, (start[0], start[1]), chosen)
    if 0 <= held < cells:
        trace(sums[1].before, held, (start[1], start[2]), chosen)
