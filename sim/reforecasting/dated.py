"""Dates of a history as days of the study."""

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.files.cells import Dates
from sim.records import NEVER

Days = NDArray[np.int64]


def days(when: Dates, calendar: Calendar) -> Days:
    """Days from the start of the horizon; ``NEVER`` where there is no date. [day]"""
    found = (when - np.datetime64(calendar.start, "D")).astype(np.int64)
    return np.where(np.isnat(when), NEVER, found)
