"""Which sums can be moved across one boundary: on a grid of cells, the reachable ones and an interval that covers all.

For each cell a set of moves whose sum lies in it (a choice that can be made: the lower bound), and the smallest and
largest sum that any set in the cell can have (the upper bound). Intervals are split at cell edges as they are
carried along, so that their width never grows beyond a cell.

Source: subset sums on a grid, the dynamic programme behind the fully polynomial scheme for the knapsack problem
(Ibarra and Kim 1975, "Fast approximation algorithms for the knapsack and sum of subset problems", JACM 22(4)).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.moves import EFFECTS

Floats = NDArray[np.float64]
Effects = NDArray[np.float64]
"""[effect, item] [usd]"""


class Sums(NamedTuple):
    """One chosen set of moves a cell.

    known  : whether there is one. [cell]
    total  : its effects. [effect, cell] [usd]
    before : the cell it came from when the item was added to it, -1 where the item is not in it. [item, cell]
    """

    known: NDArray[np.bool_]
    total: Floats
    before: NDArray[np.int16]


@leaf
def cell_of(key: float, origin: float, width: float, cells: int) -> int:
    """The cell of a sum; rounding at the ends stays inside."""
    return min(max(int((key - origin) / width), 0), cells - 1)


@kernel
def grid_of(effects: Effects, first: int, last: int, key: int, cells: int) -> tuple[float, float]:
    """Origin and cell width that hold every sum of the keys of a range of items. [usd]"""
    low, high = 0.0, 0.0
    for item in range(first, last):
        low += min(effects[key, item], 0.0)
        high += max(effects[key, item], 0.0)
    return low, max((high - low) / cells, 1e-9)


@kernel
def reach(
    effects: Effects,
    span: tuple[int, int],
    rows: tuple[int, int],
    grid: tuple[float, float],
    blocked: NDArray[np.bool_],
    beyond: bool,
    out: Sums,
) -> None:
    """For each cell of the key, the set of items found with the largest score; blocked items are in none.

    beyond : the last cell holds every larger sum too: there the set with most score per key, and of these the smallest.

    span : first item and the one after the last.   rows : effect that is the key, and the one that is the score.
    Cells are gone through against the direction in which the item moves a sum, so that it is added once.
    """
    first, last = span
    key, score = rows
    origin, width = grid
    known, total = out.known, out.total
    cells = known.size
    known[:] = False
    start = cell_of(0.0, origin, width, cells)
    known[start] = True
    total[:, start] = 0.0
    for item in range(first, last):
        before = out.before[item - first]
        before[:] = -1
        if blocked[item]:
            continue
        step, gain = effects[key, item], effects[score, item]
        for n in range(cells):
            c = cells - 1 - n if step > 0.0 else n
            if known[c]:
                at = cell_of(total[key, c] + step, origin, width, cells)
                better = not known[at] or total[score, c] + gain > total[score, at]
                if beyond and known[at] and at == cells - 1:
                    more = (total[score, c] + gain) * total[key, at] - total[score, at] * (
                        total[key, c] + step
                    )
                    same = abs(more) <= 1e-12 * abs(total[score, at] * total[key, at])
                    better = total[key, c] + step < total[key, at] if same else more > 0.0
                if better:
                    known[at] = True
                    before[at] = c
                    for e in range(EFFECTS):
                        total[e, at] = total[e, c] + effects[e, item]


@kernel
def trace(before: NDArray[np.int16], cell: int, span: tuple[int, int], chosen: NDArray[np.bool_]) -> None:
    """Mark the items of the set that stands in a cell."""
    first, last = span
    for item in range(last - 1, first - 1, -1):
        if before[item - first, cell] >= 0:
            chosen[item] = True
            cell = before[item - first, cell]
