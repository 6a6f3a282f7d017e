"""The states of a boundary: what may have crossed it, each with its effects on the periods on either side.

A lower bound takes choices that can be made; an upper bound takes, for every cell of sums, the best end of what any
choice in the cell could have, so that no behaviour does better.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.moves import HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN
from sim.measure.gaming.reach import Cover, Effects, Sums, cover, grid_of, most_score, reach
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CREDIT_NOW, CREDIT_THEN, LOW_NOW, HIGH_NOW, LOW_THEN, HIGH_THEN, PULLED, HELD, GRANTED, PULL_CREDIT = range(
    10
)
"""Rows of a state: credit of the earlier and later period, the ends of the quota of each, and amounts moved; under an
early cap also what is granted more than of its own accord, and the credit of what was pulled if it were granted in full."""
ROWS = 10
NOTHING = -1
"""The cell of the state in which nothing crosses."""


class States(NamedTuple):
    """The states of all boundaries of one book in one world; entry 0 and the last are the edges, which nothing crosses.

    size  : number of states. [boundary]
    row   : their effects. [boundary, row, state] [usd]
    cell  : where the state comes from; holds come after the pulls. [boundary, state]
    first : under an early cap, the first state with the same hold: those after it pull more and more. [boundary, state]
    """

    size: IntP
    row: NDArray[np.float64]
    cell: IntP
    first: IntP


@kernel
def one_state(k: int, out: States) -> None:
    """Begin boundary ``k`` with the state in which nothing crosses."""
    out.size[k] = 1
    out.row[k, :, 0] = 0.0
    out.cell[k, 0] = NOTHING
    out.first[k, 0] = 0


@kernel
def add_choices(total: Floats, known: NDArray[np.bool_], first_cell: int, k: int, out: States) -> None:
    """Add every chosen set of moves as a state; nothing is left to bounds."""
    for c in range(known.size):
        if known[c]:
            s = out.size[k]
            out.size[k] = s + 1
            out.cell[k, s] = first_cell + c
            out.row[k, CREDIT_NOW, s], out.row[k, CREDIT_THEN, s] = total[NOW, c], total[THEN, c]
            out.row[k, LOW_NOW, s] = out.row[k, HIGH_NOW, s] = total[QUOTA_NOW, c]
            out.row[k, LOW_THEN, s] = out.row[k, HIGH_THEN, s] = total[QUOTA_THEN, c]
            out.row[k, PULLED, s], out.row[k, HELD, s] = total[PULL, c], total[HOLD, c]


@kernel
def fill_choices(
    effects: Effects,
    start: IntP,
    k: int,
    blocked: Bools,
    free: bool,
    pairs: int,
    sums: tuple[Sums, Sums],
    out: States,
) -> None:
    """The choices at one boundary.

    free  : only credit moves. Of all sets in both directions with about the same credit now, the one with most credit
            then. Otherwise pulls only and holds only, by the amount that moves, and some pairs of the two.
    pairs : at most so many cells of each direction, evenly spread, are paired. [count]
    """
    one_state(k, out)
    cells = sums[0].known.size
    for side in range(1 if free else 2):
        found = sums[0] if side == 0 else sums[1]
        span = (start[0], start[2]) if free else (start[side], start[side + 1])
        key = NOW if free else (PULL if side == 0 else HOLD)
        score = THEN if free or side == 1 else NOW
        grid = grid_of(effects, span[0], span[1], key, cells)
        reach(effects, span, (key, score), grid, blocked, False, found)
        add_choices(found.total, found.known, side * cells, k, out)
    if pairs > 0 and not free:
        add_pairs(sums[0], sums[1], pairs, k, out)


@kernel
def add_pairs(pulled: Sums, held: Sums, pairs: int, k: int, out: States) -> None:
    """Add pairs of a cell pulled and a cell held, the largest of each among them."""
    cells = pulled.known.size
    c_step, d_step = spacing(pulled.known, pairs), spacing(held.known, pairs)
    c_seen = 0
    for c in range(cells - 1, 0, -1):
        if pulled.known[c]:
            if c_seen % c_step == 0:
                d_seen = 0
                for d in range(cells - 1, 0, -1):
                    if held.known[d]:
                        if d_seen % d_step == 0:
                            cell = 2 * cells + c * cells + d
                            add_pair(pulled.total[:, c], held.total[:, d], cell, k, out)
                        d_seen += 1
            c_seen += 1


@kernel
def spacing(known: Bools, most: int) -> int:
    """Every how many of the known cells is taken, so that at most ``most`` are."""
    count = 0
    for c in range(1, known.size):
        count += 1 if known[c] else 0
    return max((count + most - 1) // most, 1)


@kernel
def add_pair(pulled: Floats, held: Floats, cell: int, k: int, out: States) -> None:
    """Add a pull and a hold across the same boundary as one state."""
    s = out.size[k]
    out.size[k] = s + 1
    out.cell[k, s] = cell
    row = out.row[k]
    row[CREDIT_NOW, s], row[CREDIT_THEN, s] = pulled[NOW] + held[NOW], pulled[THEN] + held[THEN]
    row[LOW_NOW, s] = row[HIGH_NOW, s] = pulled[QUOTA_NOW] + held[QUOTA_NOW]
    row[LOW_THEN, s] = row[HIGH_THEN, s] = pulled[QUOTA_THEN] + held[QUOTA_THEN]
    row[PULLED, s], row[HELD, s] = pulled[PULL], held[HOLD]


@kernel
def cover_free(effects: Effects, start: IntP, k: int, found: Cover, out: States) -> None:
    """States that no set of moves exceeds where only credit moves, both directions at once."""
    span, rows = (start[0], start[2]), (NOW, THEN)
    cells = found.known.size
    cover(effects, span, rows, QUOTA_NOW, grid_of(effects, span[0], span[1], NOW, cells), found)
    one_state(k, out)
    low, best = np.empty(cells), np.empty(cells)
    dearest = max(largest_ratio(effects, (start[0], start[1]), NOW, PULL), 1e-9)
    for c in range(cells):
        if found.known[c]:
            s = out.size[k]
            out.size[k] = s + 1
            out.row[k, :, s] = 0.0
            out.cell[k, s] = c
            out.row[k, CREDIT_NOW, s], out.row[k, CREDIT_THEN, s] = found.high[c], found.score[c]
            low[s - 1] = found.low[c]
            out.row[k, PULLED, s] = max(found.low[c], 0.0) / dearest
            out.row[k, HELD, s] = max(-found.high[c], 0.0)
    count = out.size[k] - 1
    order = falling_slopes(effects, span, rows)
    most_score(effects, span, rows, order, low[:count], best[:count])
    for s in range(count):
        out.row[k, CREDIT_THEN, s + 1] = min(out.row[k, CREDIT_THEN, s + 1], best[s])


@kernel
def falling_slopes(effects: Effects, span: tuple[int, int], rows: tuple[int, int]) -> IntP:
    """Items whose key is not zero, in falling order of score per key; sorted by insertion, they are few."""
    first, last = span
    key, score = rows
    items = np.empty(last - first, dtype=np.int64)
    n = 0
    for item in range(first, last):
        if effects[key, item] != 0.0:
            slope = effects[score, item] / effects[key, item]
            at = n
            while at > 0 and effects[score, items[at - 1]] / effects[key, items[at - 1]] < slope:
                items[at] = items[at - 1]
                at -= 1
            items[at] = item
            n += 1
    return items[:n]


@kernel
def fill_whole(grid: tuple[float, float], out: Cover) -> None:
    """Cover every amount from nothing to all of it."""
    origin, width = grid
    for c in range(out.known.size):
        out.known[c] = True
        out.low[c], out.high[c] = origin + c * width, origin + (c + 1) * width


@kernel
def largest_ratio(effects: Effects, span: tuple[int, int], above: int, below: int) -> float:
    """The largest effect per usd moved of a range of items. [usd/usd]"""
    largest = 0.0
    for item in range(span[0], span[1]):
        largest = max(largest, effects[above, item] / effects[below, item])
    return largest
