"""The readings of KPIs that a history has of the periods that have ended."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.files.book_events import Readings
from sim.files.cells import Integers
from sim.plan.plan import Plan, kpis_of
from sim.reforecasting.dated import days


def readings_of(
    told: Readings | None, plans: Sequence[Plan], calendar: Calendar, today: int
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """By CSM and KPI, the last reading of each period that has ended. [period]"""
    found: dict[str, dict[str, NDArray[np.float64]]] = {}
    asked = kpis_of(plans)
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1]
    ended = int(np.searchsorted(bounds[1:], today, side="right"))
    if told is None or not asked or not ended:
        return found
    when: Integers = np.arange(len(told.kpi)) if told.date is None else days(told.date, calendar)
    for row in np.argsort(when, kind="stable").tolist():
        if told.date is None:
            assert told.period is not None, "one of the two columns is there"
            period = int(told.period[row])
        else:
            period = int(np.searchsorted(bounds, when[row], side="right")) - 1
        if told.kpi[row] in asked and 0 <= period < ended:
            own = found.setdefault(told.csm[row], {})
            own.setdefault(told.kpi[row], np.full(ended, np.nan))[period] = told.value[row]
    return found
