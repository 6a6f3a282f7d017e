"""Fiscal quarters with real calendar dates, seen from the days that renewals and bookings fall on."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fiscal_year import LETTERS, MONTHS_PER_YEAR, FiscalYear, Place
from sim.records import IntP

DAYS_PER_YEAR = 365.25
FEWEST_DAYS: Final = 28
"""Of a month, be it of four weeks. [day]"""


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months; the day of month must exist in every month (at most 28)."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    return date(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1, day.day)


class StartFault(NamedTuple):
    """Why periods cannot begin on a day: which days they may begin on, and what is known besides."""

    allowed: str
    fix: str


def start_fault(start: date, months: int, fiscal_year: FiscalYear | None) -> StartFault | None:
    """Why a horizon of periods of so many months cannot start on a day; None where it can."""
    if fiscal_year is None:
        return StartFault("on day 1 to 28 of a month", "") if start.day > FEWEST_DAYS else None
    place = fiscal_year.place(start, months)
    first, following = (
        fiscal_year.start_of(place._replace(number=place.number + more), months) for more in (0, 1)
    )
    if first == start:
        return None
    return StartFault(f"{first} or {following}", f"{fiscal_year.label(place, months)} begins on {first}.")


class PeriodTable(NamedTuple):
    """Lookup from day to due period for kernels: ``period[clamp(day - first)]``.

    One extra day at each end carries the answers for days outside: -1 before the edges, ``span`` after them.
    """

    first: int
    period: IntP


@dataclass(frozen=True)
class Calendar:
    """The periods of a study. Day 0 is the first day of the horizon.

    ``periods`` quota periods make the horizon. ``lead`` periods before it and ``tail`` periods after it are its edges:
    renewals due there are simulated too, so that the first and last periods carry their share of late and early
    bookings, but only the horizon pays. Arrays over *due periods* have ``span`` entries, the horizon starting at
    index ``lead``; arrays over *periods* have ``periods`` entries.

    fiscal_year : how periods lie in the company's years, and what they are called; without one, years begin with the
                  horizon. ``start`` must be the first day of one of its periods.
    """

    start: date
    periods: int
    lead: int = 2
    tail: int = 1
    months_per_period: int = 3
    fiscal_year: FiscalYear | None = None

    @property
    def span(self) -> int:
        """Number of due periods, edges included."""
        return self.lead + self.periods + self.tail

    @property
    def reach(self) -> int:
        """Number of due periods and of those of a year after them: as far as what is asked in a year reaches."""
        return self.span + self.periods_of_year

    @property
    def years(self) -> float:
        """Length of the horizon. [yr]"""
        return self.periods * self.months_per_period / MONTHS_PER_YEAR

    @cached_property
    def bounds(self) -> IntP:
        """First day of every due period and of the one after the last. [day], ``span + 1`` entries."""
        starts = [self.first_day(period - self.lead) for period in range(self.span + 1)]
        return np.array([self.day(day) for day in starts], dtype=np.int64)

    @cached_property
    def _place(self) -> Place:
        """Where the first period of the horizon lies in the company's years."""
        return (
            Place(0, 0)
            if self.fiscal_year is None
            else self.fiscal_year.place(self.start, self.months_per_period)
        )

    @property
    def periods_of_year(self) -> int:
        """Number of periods in a year, at least one. [period]"""
        return max(MONTHS_PER_YEAR // self.months_per_period, 1)

    @property
    def before(self) -> int:
        """Periods of the first year that lie before the horizon. [period]"""
        return self._place.number

    @property
    def years_of_periods(self) -> list[tuple[int, int]]:
        """The first period of each year in the horizon, and the one after its last; the first and the last year may be
        shorter. [period]
        """
        ends = range(
            self.periods_of_year - self.before, self.periods + self.periods_of_year, self.periods_of_year
        )
        return list(pairwise([0, *(min(end, self.periods) for end in ends)]))

    def first_day(self, period: int, months: int | None = None) -> date:
        """The first day of a period, counted from the start of the horizon and negative before it.

        months : of periods of another length. [month]
        """
        months = months or self.months_per_period
        if self.fiscal_year is None:
            return add_months(self.start, period * months)
        first = self._place.number * self.months_per_period // months
        return self.fiscal_year.start_of(Place(self._place.year, first + period), months)

    def position(self, day: NDArray[np.datetime64]) -> IntP:
        """Periods from the start of the horizon to each date, negative before it; any number before ``NaT``. [period]"""
        there = day[~np.isnat(day)]
        if not there.size:
            return np.zeros(day.shape, dtype=np.int64)
        shortest = FEWEST_DAYS * self.months_per_period
        least, most = (self.day(end.item()) // shortest for end in (there.min(), there.max()))
        first, beyond = min(least, 0) - 1, max(most, 0) + 2
        starts = np.array(
            [self.first_day(period) for period in range(first, beyond + 1)], dtype="datetime64[D]"
        )
        found: IntP = np.searchsorted(starts, day, side="right") - 1 + first
        return found

    @property
    def end(self) -> int:
        """First day after the horizon. [day]"""
        return int(self.bounds[self.lead + self.periods])

    @cached_property
    def table(self) -> PeriodTable:
        """Day to due period, as the lookup that kernels use."""
        first = int(self.bounds[0]) - 1
        days = np.arange(first, int(self.bounds[-1]) + 1)
        return PeriodTable(first, np.searchsorted(self.bounds, days, side="right") - 1)

    def day(self, when: date) -> int:
        """Days from the start of the horizon. [day]"""
        return (when - self.start).days

    def date(self, day: int) -> date:
        """The calendar date of a day."""
        return self.start + timedelta(days=int(day))

    def label(self, period: int) -> str:
        """Name of a period of the horizon: by the company's fiscal year, ``FY26 Q3``; without one as in the founding
        tables, ``Q1`` for period 0.
        """
        if self.fiscal_year is None:
            return f"{LETTERS.get(self.months_per_period, 'Y')}{period + 1}"
        place = self._place._replace(number=self._place.number + period)
        return self.fiscal_year.label(place, self.months_per_period)

    @property
    def labels(self) -> list[str]:
        """The names of all periods of the horizon."""
        return [self.label(period) for period in range(self.periods)]
