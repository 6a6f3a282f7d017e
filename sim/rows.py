"""Rows of renewals: some of them by themselves; and of one, the row that each world's amount belongs to, as kernels add it
there.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import stage
from sim.records import Renewals

DayRow: TypeAlias = NDArray[np.int32]
"""Days, periods or rows of one renewal. [world]"""


@stage
def scatter(row: DayRow, amount: NDArray[np.float64], first: int, out: NDArray[np.float64]) -> None:
    """Add the amount of each world to its row, from column ``first`` on."""
    start = np.uint64(first)
    for w in range(row.size):
        # An unsigned index is not checked for being counted from the end.
        out[np.uint64(row[w]), start + np.uint64(w)] += amount[w]


def only(renewals: Renewals, rows: NDArray[Any]) -> Renewals:
    """Some of the renewals. rows : their places, or whether each is among them. [renewal]"""
    return Renewals(
        renewals.account[rows],
        renewals.number[rows],
        renewals.due_day[rows],
        renewals.booked_day[rows],
        renewals.arr[rows],
        renewals.booked_arr[rows],
        {date: day[rows] for date, day in renewals.credit_day.items()},
    )
