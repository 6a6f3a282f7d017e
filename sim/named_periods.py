"""The parts of a company's year that a people file calls by name, as periods of the calendar."""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from sim.calendar import Calendar
from sim.errors import Problem, shown
from sim.files.people import People, in_short
from sim.fiscal_year import Place

LENGTHS: Final = (1, 3, 6, 12)
"""Of what has a name in a fiscal year. [month]"""
NO_YEAR: Final = "Without a fiscal year periods count from the first day."


class Named(NamedTuple):
    """A part of the company's year that has a name. months : its length. periods : it touches, counted in ``reach``."""

    months: int
    periods: tuple[int, ...]


def unnamed_periods(people: People, calendar: Calendar) -> Iterator[Problem]:
    """Rows about a period that has no such name in the calendar."""
    names = names_of(calendar)
    for entry, label in enumerate(people.label):
        if label and in_short(label) not in names:
            allowed = f"month, quarter, half-year, year, or the name of a period such as {calendar.label(0)}"
            fix = "" if calendar.fiscal_year else NO_YEAR
            yield Problem(
                f"{people.path}, row {people.row[entry]}, column period", allowed, shown(label), fix
            )


@cache
def names_of(calendar: Calendar) -> dict[str, Named]:
    """The names of the periods of a calendar and of the other parts of its years, in short."""
    months, found = calendar.months_per_period, dict[str, Named]()
    if calendar.fiscal_year is None:
        return {
            in_short(label): Named(months, (calendar.lead + period,))
            for period, label in enumerate(calendar.labels)
        }
    first = calendar.fiscal_year.place(calendar.start, months)
    for at in range(calendar.reach):
        begins = (first.number + at - calendar.lead) * months
        for length in LENGTHS:
            parts = range(begins // length, (begins + months - 1) // length + 1)
            for part in parts:
                label = in_short(calendar.fiscal_year.label(Place(first.year, part), length))
                before = found.get(label, Named(length, ()))
                found[label] = Named(length, (*before.periods, at))
    return found
