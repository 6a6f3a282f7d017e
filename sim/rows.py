"""Rows of one renewal, world by world: kernels find the row that each world's amount belongs to, and add it there."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import stage

DayRow: TypeAlias = NDArray[np.int32]
"""Days, periods or rows of one renewal. [world]"""


@stage
def scatter(row: DayRow, amount: NDArray[np.float64], first: int, out: NDArray[np.float64]) -> None:
    """Add the amount of each world to its row, from column ``first`` on."""
    start = np.uint64(first)
    for w in range(row.size):
        # An unsigned index is not checked for being counted from the end.
        out[np.uint64(row[w]), start + np.uint64(w)] += amount[w]
