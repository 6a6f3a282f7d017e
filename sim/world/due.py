"""When a drawn account is first due: a place in the cycle of its contract, whatever the edge at which the study meets it."""

import numpy as np
from numpy.typing import NDArray

from sim.calendar import MONTHS_PER_YEAR, add_months
from sim.world.scenario import Scenario
from sim.world.segment import Segment
from sim.world.streams import FIRST_RENEWAL

Integers = NDArray[np.int64]
Singles = NDArray[np.float32]


def draw_due(
    scenario: Scenario, segment: Segment, terms: tuple[int, ...], term: Integers, shares: Singles
) -> tuple[Integers, Integers]:
    """First due day [day], and the number under which its renewal is drawn. Both like ``term``, [account, world].

    A contract ends in a month by weight and on a day of it; the study meets the account one or more whole terms earlier,
    at its segment's edge. A wider edge therefore adds renewals before those that there were, which keep their dates and
    their numbers. Contracts of less than a year end several times a year: in the month that is drawn, and a term, two
    terms, ... before and after it.

    term   : index into ``terms`` of the contract held. [account, world]
    shares : two uniforms, of the month and of the day. [2, account, world]

    Source: assumption.
    """
    calendar = scenario.calendar
    behind = scenario.lead_of(segment) * calendar.months_per_period
    starts = [calendar.day(add_months(calendar.start, month - behind)) for month in range(max(terms) + 1)]
    bounds = np.array(starts, dtype=np.int64)
    due, number = np.empty(term.shape, dtype=np.int64), np.empty(term.shape, dtype=np.int64)
    for index, months in enumerate(terms):
        mine = term == index
        weight = [_month_weight(segment, month) for month in range(max(months, MONTHS_PER_YEAR))]
        upto = np.cumsum(weight)
        drawn = np.searchsorted(upto / upto[-1], shares[0][mine], side="right")
        earlier, month = np.divmod(np.minimum(drawn, len(weight) - 1) % months + behind, months)
        length = bounds[month + 1] - bounds[month]
        due[mine] = bounds[month] + (shares[1][mine].astype(np.float64) * length).astype(np.int64)
        number[mine] = FIRST_RENEWAL - earlier
    return due, number


def _month_weight(segment: Segment, month: int) -> float:
    """Share of a year's due dates in a month, counted from the first of the horizon."""
    fiscal_month, last = month % MONTHS_PER_YEAR, segment.due.last_month_share
    within = last if fiscal_month % 3 == 2 else (1.0 - last) / 2
    return segment.due.quarter_weights[fiscal_month // 3] * within
