"""The most that moves across one boundary can add, by the net amount that crosses it, parts of bookings allowed.

With the moves i of a boundary, s_i the signed amount that one takes across it and c_i what it adds to something, the most
that is added while y crosses is

    f(y) = max  sum of c_i x_i   over 0 <= x_i <= 1 with  sum of s_i x_i = y

Where s_i < 0 take 1 - x_i in its place: then all amounts are positive, and the best is to take moves in falling order of
c_i / s_i. So f is concave, and its largest value on a cell is that at the place of the cell nearest to its peak.

Source: the continuous knapsack (Dantzig 1957, "Discrete-variable extremum problems", Operations Research 5(2)): no set of
whole bookings adds more.
"""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.records import IntP

Floats = NDArray[np.float64]


@kernel
def fill_edges(start: IntP, size: Floats, most: Floats, out: Floats) -> None:
    """Least and most net amount that can cross. start : of each world's items. out : [2, world] [usd]"""
    for w in range(start.size - 1):
        low, high = 0.0, 0.0
        for i in range(start[w], start[w + 1]):
            low += min(size[i], 0.0)
            high += max(size[i], 0.0)
        out[0, w], out[1, w] = low, min(high, most[w])


@kernel
def fill_frontier(start: IntP, size: Floats, gain: Floats, edges: Floats, out: Floats) -> None:
    """The most of a gain on each cell between the edges. edges : [2, world]. out : [cell, world]"""
    cells = out.shape[0]
    for w in range(start.size - 1):
        first, last = start[w], start[w + 1]
        low, base, peak = 0.0, 0.0, 0.0
        density = np.empty(last - first)
        for i in range(first, last):
            s, c = size[i], gain[i]
            if s == 0.0:
                base += max(c, 0.0)
                density[i - first] = 0.0
                continue
            density[i - first] = c / s
            if s < 0.0:
                low += s
                base += c
            if c / s > 0.0:
                peak += abs(s)
        order = np.argsort(-density)
        peak += low
        at, value, next_item = low, base, 0
        width = (edges[1, w] - edges[0, w]) / cells
        for g in range(cells):
            y = min(max(peak, edges[0, w] + g * width), edges[0, w] + (g + 1) * width)
            while next_item < order.size:
                i = first + order[next_item]
                step = abs(size[i])
                if at + step > y:
                    break
                at += step
                value += density[order[next_item]] * step
                next_item += 1
            rest = 0.0
            if next_item < order.size:
                rest = density[order[next_item]] * max(y - at, 0.0)
            out[g, w] = value + rest
