"""A company's fiscal year: from which month on, in whole months or whole weeks, and what its periods are called."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.files.toml import Table, check, read_toml, refuse, refuse_all

MONTHS_PER_YEAR: Final = 12
WEEK: Final = timedelta(days=7)
QUARTER_WEEKS: Final = 13
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LETTERS: Final = {1: "M", 3: "Q", 6: "H"}
"""What stands before the number of a period of so many months."""


class Place(NamedTuple):
    """A period of a fiscal year: the calendar year in which that year ends, and the period's number in it, from 0."""

    year: int
    number: int


class FiscalYear(Table):
    """How a company cuts its years into periods.

    first_month : in which the fiscal year begins, 1 to 12; with weeks, it ends at the end of the month before.
    weeks       : weeks of the months of a quarter; left out, periods are whole months. A year has 52 weeks, or 53: then its
                  last month has one more.
    ends_on     : with weeks, the weekday on which every year ends.
    ends        : with weeks, whether the year ends on the last such day of its last month, or on the one nearest to the
                  month's end.
    named_by    : the calendar year that gives its name: the one in which it ends or begins.

    Source: fiscal years of 52 and 53 weeks as US tax law has them (26 CFR 1.441-2: the last such weekday of the month, or
    the one nearest to its end); 4-4-5, 4-5-4 and 5-4-4 as retail calendars cut their quarters.
    """

    first_month: Annotated[int, Field(ge=1, le=MONTHS_PER_YEAR)] = 1
    weeks: Literal["4-4-5", "4-5-4", "5-4-4"] | None = None
    ends_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None = (
        None
    )
    ends: Literal["last", "nearest"] | None = None
    named_by: Literal["end", "start"] = "end"

    @model_validator(mode="after")
    def _weekdays_of_weeks(self) -> Self:
        return refuse_all(self, self._contradictions())

    def _contradictions(self) -> Iterator[PydanticCustomError]:
        for key in ("ends_on", "ends"):
            value = getattr(self, key)
            if value is not None and self.weeks is None:
                yield refuse(
                    "left out", value, "Only years of whole weeks end on a weekday: give weeks.", key=key
                )
        if self.weeks is not None and self.ends_on is None:
            fix = "It is the weekday on which every fiscal year ends."
            yield refuse('a weekday, as "saturday"', None, fix, key="ends_on")

    def first_day(self, year: int) -> date:
        """The first day of the fiscal year that ends in a calendar year."""
        if self.weeks is None:
            return date(year - (self.first_month > 1), self.first_month, 1)
        return self._last_day(year - 1) + timedelta(days=1)

    def starts(self, year: int, months: int) -> list[date]:
        """The first day of every period, of so many months, of the fiscal year that ends in a calendar year."""
        first = self.first_day(year)
        if self.weeks is None:
            index = [first.month - 1 + more for more in range(0, MONTHS_PER_YEAR, months)]
            return [date(first.year + i // MONTHS_PER_YEAR, i % MONTHS_PER_YEAR + 1, 1) for i in index]
        lengths = [int(weeks) for weeks in self.weeks.split("-")]
        weeks = [QUARTER_WEEKS * (month // 3) + sum(lengths[: month % 3]) for month in range(MONTHS_PER_YEAR)]
        return [first + weeks[month] * WEEK for month in range(0, MONTHS_PER_YEAR, months)]

    def start_of(self, place: Place, months: int) -> date:
        """The first day of a period; ``number`` may lie in other years, before or after."""
        years, index = divmod(place.number, MONTHS_PER_YEAR // months)
        return self.starts(place.year + years, months)[index]

    def place(self, day: date, months: int) -> Place:
        """The period that a day lies in."""
        year = day.year + (day.month >= self.first_month > 1)
        while day < self.first_day(year):
            year -= 1
        while day >= self.first_day(year + 1):
            year += 1
        starts = self.starts(year, months)
        return Place(year, sum(first <= day for first in starts) - 1)

    def label(self, place: Place, months: int) -> str:
        """Name of a period: ``FY26 Q3``, ``FY26 M11``; of a year ``FY26``."""
        years, index = divmod(place.number, MONTHS_PER_YEAR // months)
        year = place.year + years
        if self.named_by == "start":
            year -= self.first_month > 1
        name = f"FY{year % 100:02d}"
        return name if months == MONTHS_PER_YEAR else f"{name} {LETTERS[months]}{index + 1}"

    def _last_day(self, year: int) -> date:
        """Of the fiscal year of whole weeks that ends in a calendar year, or some days from it."""
        assert self.ends_on is not None, "checked"
        following = date(year, self.first_month, 1) if self.first_month > 1 else date(year + 1, 1, 1)
        month_end = following - timedelta(days=1)
        back = (month_end.weekday() - WEEKDAYS.index(self.ends_on)) % len(WEEKDAYS)
        last = month_end - timedelta(days=back)
        return last + WEEK if self.ends == "nearest" and back > len(WEEKDAYS) // 2 else last


class PeriodsFile(Table):
    """A calendar file: the length of a period, and the fiscal year.

    period_months : length of a period. [month]
    """

    period_months: Literal[1, 3, 6, 12] = 3
    fiscal_year: FiscalYear | None = None


def read_periods(path: Path) -> PeriodsFile:
    """Read a calendar file.

    Raises: InputError with every problem of the file.
    """
    return check(PeriodsFile, read_toml(path), str(path))
