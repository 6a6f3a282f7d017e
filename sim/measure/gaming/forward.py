"""What a choice at one boundary leaves for the next: bookings marked as moved, and those no longer there to be held."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.crossing import BoundaryTerms
from sim.measure.gaming.moves import Moves
from sim.measure.gaming.reach import Sums, trace
from sim.measure.gaming.states import NOTHING
from sim.records import IntP

Bools = NDArray[np.bool_]


@leaf
def is_free(terms: BoundaryTerms) -> bool:
    """Whether nothing but credit moves: no quota follows, and no cap couples the boundaries."""
    pulled, held = terms.pulled_quota, terms.held_quota
    still = pulled[0] == 0.0 and pulled[1] == 0.0 and held[0] == 0.0 and held[1] == 0.0
    return still and terms.cap == np.inf


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
