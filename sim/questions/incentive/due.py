"""What is due of a book in each period, and what is kept of it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import Renewals

Floats = NDArray[np.float64]


class Due(NamedTuple):
    """ARR and number of the renewals due in each period, and what was booked of them. [period, world] [usd/yr]"""

    arr: Floats
    number: Floats
    kept: Floats


def due_in_periods(renewals: Renewals, periods: int, period: NDArray[np.int64]) -> Due:
    """The renewals of a book by the period they are due in. period : [renewal, world]"""
    due = Due(*np.zeros((3, periods, renewals.arr.shape[1])))
    for place in range(periods):
        inside = period == place
        due.arr[place] = np.where(inside, renewals.arr, 0.0).sum(axis=0)
        due.number[place] = (inside & (renewals.arr > 0.0)).sum(axis=0)
        due.kept[place] = np.where(inside, renewals.booked_arr, 0.0).sum(axis=0)
    return due
