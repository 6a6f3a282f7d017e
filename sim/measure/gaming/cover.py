"""What no set of moves across one boundary exceeds: for each cell of sums, intervals that hold every set in the cell.

Intervals are split at cell edges as they are carried along, so that their width never grows beyond a cell.

Source: as ``sums``; the upper boundary of all sums is the continuous knapsack.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.choices import CREDIT_NOW, CREDIT_THEN, HELD, PULLED, States, one_state
from sim.measure.gaming.moves import NOW, PULL, QUOTA_NOW, THEN
from sim.measure.gaming.sums import Effects, Floats, cell_of, grid_of
from sim.records import IntP


class Cover(NamedTuple):
    """What every set of moves in a cell lies between.

    known     : whether there can be one. [cell]
    low, high : of the key. [cell] [usd]
    score     : largest score. [cell] [usd]
    least, most : of the quota that follows. [cell] [usd]
    """

    known: NDArray[np.bool_]
    low: Floats
    high: Floats
    score: Floats
    least: Floats
    most: Floats


def cover_memory(cells: int) -> Cover:
    """Room for the cells of one boundary."""
    return Cover(np.zeros(cells, np.bool_), *(np.zeros(cells) for _ in range(5)))


@kernel
def cover(
    effects: Effects,
    span: tuple[int, int],
    rows: tuple[int, int],
    follows: int,
    grid: tuple[float, float],
    out: Cover,
) -> None:
    """Bounds on key, score and following quota (effect ``follows``) of every set of items, by cell of the key."""
    first, last = span
    key, score = rows
    origin, width = grid
    cells = out.known.size
    out.known[:] = False
    start = cell_of(0.0, origin, width, cells)
    out.known[start] = True
    out.low[start] = out.high[start] = out.score[start] = out.least[start] = out.most[start] = 0.0
    known = np.empty(cells, dtype=np.bool_)
    old = np.empty((5, cells))
    for item in range(first, last):
        step, gain, quota = effects[key, item], effects[score, item], effects[follows, item]
        for c in range(cells):
            known[c] = out.known[c]
            old[0, c], old[1, c], old[2, c] = out.low[c], out.high[c], out.score[c]
            old[3, c], old[4, c] = out.least[c], out.most[c]
        for c in range(cells):
            if known[c]:
                low, high = old[0, c] + step, old[1, c] + step
                at, end = cell_of(low, origin, width, cells), cell_of(high, origin, width, cells)
                for into in range(at, end + 1):
                    begin = low if into == at else origin + into * width
                    stop = high if into == end else origin + (into + 1) * width
                    if not out.known[into]:
                        out.known[into] = True
                        out.low[into], out.high[into] = begin, stop
                        out.score[into] = old[2, c] + gain
                        out.least[into], out.most[into] = old[3, c] + quota, old[4, c] + quota
                    else:
                        out.low[into] = min(out.low[into], begin)
                        out.high[into] = max(out.high[into], stop)
                        out.score[into] = max(out.score[into], old[2, c] + gain)
                        out.least[into] = min(out.least[into], old[3, c] + quota)
                        out.most[into] = max(out.most[into], old[4, c] + quota)


@kernel
def most_score(
    effects: Effects, span: tuple[int, int], rows: tuple[int, int], order: IntP, at: Floats, out: Floats
) -> None:
    """The largest score of any divisible choice of items whose key is ``at`` or more, for ascending ``at``. [cell] [usd]

    The upper boundary of all sums: from the smallest key, items are added (or given back) in falling order of score
    per key, as in the continuous knapsack. ``order`` is that order of the items of the span.

    Source: Dantzig (1957), "Discrete-variable extremum problems", Operations Research 5(2).
    """
    first, last = span
    key, score = rows
    x, y = 0.0, 0.0
    for item in range(first, last):
        if effects[key, item] < 0.0:
            x += effects[key, item]
            y += effects[score, item]
        elif effects[key, item] == 0.0:
            y += max(effects[score, item], 0.0)
    # from the smallest key to the right: a curve that first may rise, then falls
    k = 0
    for c in range(at.size):
        while k < order.size:
            step = abs(effects[key, order[k]])
            slope = effects[score, order[k]] / effects[key, order[k]]
            if x + step > at[c] and slope <= 0.0:
                break
            x += step
            y += slope * step
            k += 1
        rest = 0.0
        if k < order.size and at[c] > x:
            rest = (at[c] - x) * (effects[score, order[k]] / effects[key, order[k]])
        out[c] = y + rest


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
