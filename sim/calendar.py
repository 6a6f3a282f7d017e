"""Fiscal quarters with real calendar dates, seen from the days that renewals and bookings fall on."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.records import IntP

MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 365.25


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months; the day of month must exist in every month (at most 28)."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    return date(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1, day.day)


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
    """

    start: date
    periods: int
    lead: int = 2
    tail: int = 1
    months_per_period: int = 3

    @property
    def span(self) -> int:
        """Number of due periods, edges included."""
        return self.lead + self.periods + self.tail

    @property
    def years(self) -> float:
        """Length of the horizon. [yr]"""
        return self.periods * self.months_per_period / MONTHS_PER_YEAR

    @cached_property
    def bounds(self) -> IntP:
        """First day of every due period and of the one after the last. [day], ``span + 1`` entries."""
        first = -self.lead * self.months_per_period
        starts = [add_months(self.start, first + k * self.months_per_period) for k in range(self.span + 1)]
        return np.array([(day - self.start).days for day in starts], dtype=np.int64)

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
        """Name of a period of the horizon as in the founding tables: ``Q1`` for period 0."""
        return f"Q{period + 1}"

    @property
    def labels(self) -> list[str]:
        """The names of all periods of the horizon."""
        return [self.label(period) for period in range(self.periods)]
