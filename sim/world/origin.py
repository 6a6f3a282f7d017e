"""What accounts of a book look like when the study meets them: tables that kernels read, one row a segment."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fiscal_year import MONTHS_PER_YEAR
from sim.world.arr import LognormalArr
from sim.world.laws import spread, upto
from sim.world.scenario import Scenario
from sim.world.segment import Segment
from sim.world.streams import FIRST_RENEWAL

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int32]

GUIDE: Final = 256
"""Cells of the table that says where in a cumulative distribution to start looking."""


class Months(NamedTuple):
    """The months in which a contract can end, in order of the year: [segment, term, month], weights also by draw.

    A contract ends in a month by weight and on a day of it; the study meets the account one or more whole terms earlier,
    at its segment's edge. A wider edge therefore adds renewals before those that there were, which keep their dates and
    their numbers. Contracts of less than a year end several times a year: in the month that is drawn, and a term, two
    terms, ... before and after it.

    upto   : cumulative weights; the last month is at 2, so that no share lies beyond. [draw, segment, term, month]
    guide  : a month at or before the one that a share in this cell falls in. [draw, segment, term, cell]
    start  : first day of the month in which the account is then first due. [day]
    days   : how many days it has. [day]
    number : under which the renewal of that day is drawn.

    Source: assumption. Guide: Chen and Asau, "On generating random variates from an empirical distribution" (1974).
    """

    upto: Singles
    guide: Integers
    start: Integers
    days: Integers
    number: Integers


class Origin(NamedTuple):
    """What contracts that are drawn are drawn from.

    arr_mean  : mean ARR where it is lognormal. [segment, draw | world] [usd/yr]
    arr_sigma : standard deviation of ln ARR. [segment, draw | world]
    term_upto : cumulative mix of the contracts held. [segment, term, draw | world]
    """

    arr_mean: Floats
    arr_sigma: Singles
    term_upto: Singles
    months: Months


def make_origin(scenario: Scenario, terms: tuple[int, ...], draws: int = 1) -> Origin:
    """The tables of a scenario, or of its stack of so many draws; rows of segments whose book is not drawn are there, and
    not read.
    """
    laws = [each.arr if isinstance(each.arr, LognormalArr) else None for each in scenario.segment]
    mixes = [upto([each.term_months.get(str(months), 0.0) for months in terms]) for each in scenario.segment]
    return Origin(
        np.array([spread(0.0 if law is None else law.mean, draws) for law in laws]),
        np.array([spread(0.0 if law is None else law.sigma, draws) for law in laws], dtype=np.float32),
        np.array([spread(mix, draws) for mix in mixes], dtype=np.float32),
        _months(scenario, terms, draws if _due_is_drawn(scenario) else 1),
    )


def _due_is_drawn(scenario: Scenario) -> bool:
    """Whether due dates differ between draws."""
    laws = [segment.due for segment in scenario.segment]
    numbers = (each for law in laws for each in (*law.quarter_weights, law.last_month_share))
    return any(isinstance(number, np.ndarray) for number in numbers)


def _months(scenario: Scenario, terms: tuple[int, ...], draws: int) -> Months:
    calendar, longest = scenario.calendar, max(*terms, MONTHS_PER_YEAR)
    before = calendar.before * calendar.months_per_period
    shape = (len(scenario.segment), len(terms), longest)
    shares = np.full((*shape, draws), 2.0, dtype=np.float32)
    start, days, number = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    for index, segment in enumerate(scenario.segment):
        behind = scenario.lead_of(segment) * calendar.months_per_period
        firsts = [calendar.day(calendar.first_day(month - behind, 1)) for month in range(max(terms) + 1)]
        bounds = np.array(firsts, dtype=np.int32)
        for place, months in enumerate(terms):
            width = max(months, MONTHS_PER_YEAR)
            weight = upto([_month_weight(segment, month + before) for month in range(width)])
            shares[index, place, : width - 1] = spread([each / weight[-1] for each in weight[:-1]], draws)
            earlier, month = np.divmod(np.arange(width) % months + behind, months)
            start[index, place, :width] = bounds[month]
            days[index, place, :width] = np.diff(bounds)[month]
            number[index, place, :width] = FIRST_RENEWAL - earlier
    shares = np.ascontiguousarray(np.moveaxis(shares, -1, 0))
    return Months(shares, _guide(shares), start, days, number)


def _guide(shares: Singles) -> Integers:
    """How many of the cumulative shares lie at or below the start of each cell. [..., cell]"""
    rows = shares.reshape(-1, shares.shape[-1])
    begins = np.ceil(np.minimum(rows * GUIDE, GUIDE)).astype(np.int64)
    counts = np.zeros((len(rows), GUIDE + 1), dtype=np.int32)
    np.add.at(counts, (np.arange(len(rows))[:, None], begins), 1)
    found = np.cumsum(counts[:, :GUIDE], axis=1, dtype=np.int32)
    return found.reshape(*shares.shape[:-1], GUIDE)


def _month_weight(segment: Segment, month: int) -> float:
    """Share of a year's due dates in a month, counted from the first of the fiscal year, or of the horizon."""
    fiscal_month, last = month % MONTHS_PER_YEAR, segment.due.last_month_share
    within = last if fiscal_month % 3 == 2 else (1.0 - last) / 2
    return segment.due.quarter_weights[fiscal_month // 3] * within
