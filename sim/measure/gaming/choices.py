"""The choices at one boundary as states: sets of moves that can be made, with their effects on the periods on either side.

Under an early cap a state says what the cap grants of its pulls; without one, all of them are granted.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import BoundaryTerms, Column
from sim.measure.gaming.early_cap import honest_share, share_of
from sim.measure.gaming.moves import HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN, Moves
from sim.measure.gaming.sums import Effects, Sums, grid_of, reach, trace
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CREDIT_NOW, CREDIT_THEN, LOW_NOW, HIGH_NOW, LOW_THEN, HIGH_THEN, PULLED, HELD, GRANTED, PULL_CREDIT = range(
    10
)
"""Rows of a state: credit of the earlier and later period, the ends of the quota of each, amounts moved, what is granted
more than of its own accord, and the credit of what was pulled if it were granted in full."""
ROWS = 10
NOTHING = -1
"""The cell of the state in which nothing crosses."""


class States(NamedTuple):
    """The states of all boundaries of one book in one world; entry 0 and the last are the edges, which nothing crosses.

    size  : number of states. [boundary]
    row   : their effects. [boundary, row, state] [usd]
    cell  : where the state comes from: cells of pulls, then of holds, then pairs of the two. [boundary, state]
    first : the first state with the same hold: those after it pull more and more. [boundary, state]
    limit : most that is granted early in the period before; infinite without a cap. [boundary] [usd]
    """

    size: IntP
    row: NDArray[np.float64]
    cell: IntP
    first: IntP
    limit: Floats


@kernel
def states_memory(edges: int, size: int) -> States:
    """Room for so many states at each of ``edges`` boundaries."""
    cell, first = np.zeros((edges, size), np.int64), np.zeros((edges, size), np.int64)
    return States(
        np.zeros(edges, np.int64), np.zeros((edges, ROWS, size)), cell, first, np.full(edges, np.inf)
    )


@kernel
def one_state(k: int, out: States) -> None:
    """Begin boundary ``k`` with the state in which nothing crosses."""
    out.size[k] = 1
    out.row[k, :, 0] = 0.0
    out.cell[k, 0] = NOTHING
    out.first[k, 0] = 0


@leaf
def is_free(terms: BoundaryTerms) -> bool:
    """Whether nothing but credit moves: no quota follows, and no cap couples the boundaries."""
    pulled, held = terms.pulled_quota, terms.held_quota
    still = pulled[0] == 0.0 and pulled[1] == 0.0 and held[0] == 0.0 and held[1] == 0.0
    return still and terms.cap == np.inf


@kernel
def fill_choices(
    terms: BoundaryTerms,
    column: Column,
    limits: tuple[float, float],
    effects: Effects,
    start: IntP,
    k: int,
    blocked: Bools,
    free: bool,
    pairs: int,
    sums: tuple[Sums, Sums],
    out: States,
) -> None:
    """The choices at one boundary: pulls, holds and some pairs of the two, in rows of the same hold.

    limits : the most that is granted in the period before, and the one that the cells of what is pulled reach up to: what
             goes beyond it is in the last cell. [usd]
    free   : only credit moves. Of all sets in both directions with about the same credit now, the one with most credit
             then: they stand for the pulls, and there are no holds.
    pairs  : at most so many cells of each direction, evenly spread, the largest among them, are paired. [count]
    """
    pulls, holds = sums
    cells, middle = pulls.known.size, start[2] if free else start[1]
    key, score = (NOW, THEN) if free else (PULL, NOW)
    room = max(limits[1] - column.ahead[k - 1], 0.0)
    origin, width = grid_of(effects, start[0], middle, key, cells)
    beyond = cells > 1 and width * cells > room
    if beyond:
        width = max(room / (cells - 1), 1e-9)
    reach(effects, (start[0], middle), (key, score), (origin, width), blocked, beyond, pulls)
    grid = grid_of(effects, middle, start[2], HOLD, holds.known.size)
    reach(effects, (middle, start[2]), (HOLD, THEN), grid, blocked, False, holds)
    pulls_left, holds_left = count_known(pulls.known), count_known(holds.known)
    pull_step, hold_step = spacing(pulls_left, pairs), spacing(holds_left, pairs)
    nothing = np.zeros(effects.shape[0])
    out.size[k], out.limit[k] = 0, limits[0]
    for d in range(-1, holds.known.size):
        if d >= 0 and (not holds.known[d] or holds.total[HOLD, d] == 0.0):
            continue
        first, held = out.size[k], holds.total[:, d] if d >= 0 else nothing
        put_state(terms, column, limits[0], nothing, held, cells + d if d >= 0 else NOTHING, k, out)
        holds_left -= 1 if d > 0 else 0
        if d < 0 or (pairs > 0 and d > 0 and holds_left % hold_step == 0):
            left = pulls_left
            for c in range(cells):
                left -= 1 if c > 0 and pulls.known[c] else 0
                moves = pulls.known[c] and pulls.total[PULL, c] + pulls.total[HOLD, c] > 0.0
                if moves and (d < 0 or (c > 0 and left % pull_step == 0)):
                    cell = c if d < 0 else 2 * cells + c * cells + d
                    put_state(terms, column, limits[0], pulls.total[:, c], held, cell, k, out)
        out.first[k, first : out.size[k]] = first


@kernel
def put_state(
    terms: BoundaryTerms,
    column: Column,
    limit: float,
    pulled: Floats,
    held: Floats,
    cell: int,
    k: int,
    out: States,
) -> None:
    """Add a pull and a hold across boundary ``k`` as a state, with what is granted of it under a ``limit``.

    pulled, held : effects in full. [effect] [usd]
    """
    t, s = k - 1, out.size[k]
    out.size[k] = s + 1
    out.cell[k, s] = cell
    row = out.row[k, :, s]
    own, asked = honest_share(column, t), column.ahead[t] + pulled[PULL]
    share = share_of(limit, asked)
    granted = share * (column.ahead_next[t] + pulled[PULL]) - own * column.ahead_next[t]
    credit = share * (column.ahead_credit[t] + pulled[NOW]) - own * column.ahead_credit[t]
    into = terms.pulled_quota[0] * (share * asked - own * column.ahead[t])
    row[CREDIT_NOW] = credit + held[NOW]
    row[CREDIT_THEN] = pulled[THEN] + (pulled[PULL] - granted) + held[THEN]
    row[LOW_NOW] = row[HIGH_NOW] = into + held[QUOTA_NOW]
    row[LOW_THEN] = row[HIGH_THEN] = terms.pulled_quota[1] * granted + held[QUOTA_THEN]
    row[PULLED], row[HELD] = pulled[PULL], pulled[HOLD] + held[HOLD]
    row[GRANTED], row[PULL_CREDIT] = granted, pulled[NOW]


@kernel
def keep_state(k: int, s: int, out: States) -> None:
    """Leave one state at boundary ``k``, the one that was chosen."""
    out.size[k] = 1
    out.row[k, :, 0] = out.row[k, :, s]


@leaf
def spacing(known: int, most: int) -> int:
    """Every how many of so many known cells is taken, so that at most ``most`` are."""
    return max((known + most - 1) // max(most, 1), 1)


@kernel
def count_known(known: Bools) -> int:
    """How many cells but the first are known. [count]"""
    count = 0
    for c in range(1, known.size):
        count += 1 if known[c] else 0
    return count


@leaf
def sides_of(cell: int, cells: int) -> tuple[int, int]:
    """The pulled and the held cell of a state's cell; -1 where there is none."""
    if cell < cells:
        return cell, -1
    if cell < 2 * cells:
        return -1, cell - cells
    return (cell - 2 * cells) // cells, (cell - 2 * cells) % cells


@kernel
def mark(cell: int, start: IntP, free: bool, sums: tuple[Sums, Sums], chosen: Bools) -> None:
    """Mark the moves of the state that was chosen."""
    pulled, held = sides_of(cell, sums[0].known.size)
    if pulled >= 0:
        trace(sums[0].before, pulled, (start[0], start[2] if free else start[1]), chosen)
    if held >= 0:
        trace(sums[1].before, held, (start[1], start[2]), chosen)


@kernel
def block_pulled(moves: Moves, w: int, b: int, chosen: Bools, blocked: Bools) -> None:
    """Bookings pulled across the boundary before cannot be held at boundary ``b``."""
    for held in range(moves.start[w, 2 * b + 1], moves.start[w, 2 * b + 2]):
        blocked[held] = False
        if b > 0:
            for pulled in range(moves.start[w, 2 * b - 2], moves.start[w, 2 * b - 1]):
                if chosen[pulled] and moves.row[pulled] == moves.row[held]:
                    blocked[held] = True
