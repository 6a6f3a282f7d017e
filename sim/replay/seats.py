"""Who holds the seat of each book when: share of each period, and periods since the takeover."""

from datetime import date
from typing import Final

import numpy as np

from sim.calendar import Calendar
from sim.files.people import People
from sim.records import Activity, FloatPW
from sim.world.team import SETTLED_PERIODS

DAY: Final = np.timedelta64(1, "D")


def with_seat(activity: Activity, csm: str, people: People, calendar: Calendar) -> Activity:
    """The activity of a book with what the people file says of its CSM."""
    seat, tenure = seat_of(csm, people, calendar)
    return activity._replace(seat=seat, tenure=tenure)


def seat_of(csm: str, people: People, calendar: Calendar) -> tuple[FloatPW, FloatPW]:
    """Share of each period in the seat, and periods from the takeover to the end of each. [period, world of one]

    Days are counted: who begins in the middle of a quarter holds half of it, and is half a period in the seat at its end.
    Whoever was there before anything is known is no newcomer.
    """
    bounds = calendar.bounds[calendar.lead : calendar.lead + calendar.periods + 1]
    ends = np.arange(1, calendar.periods + 1)
    seat = np.zeros(calendar.periods)
    tenure = np.zeros(calendar.periods)
    own = [entry for entry, name in enumerate(people.csm) if name == csm]
    for entry in sorted(own, key=lambda each: _day(people, each, calendar)[0]):
        first, beyond = _day(people, entry, calendar)
        days = np.minimum(bounds[1:], beyond) - np.maximum(bounds[:-1], first)
        seat += np.maximum(days, 0) / np.diff(bounds)
        since = ends - _position(people.first[entry].item(), calendar)
        tenure = np.where(since > 0.0, since, tenure)
    return seat[:, np.newaxis], tenure[:, np.newaxis]


def present(people: People, calendar: Calendar) -> list[str]:
    """The people who hold a seat on some day of the horizon, in file order."""
    names = dict.fromkeys(people.csm)
    return [csm for csm in names if seat_of(csm, people, calendar)[0].any()]


def _day(people: People, entry: int, calendar: Calendar) -> tuple[float, float]:
    """First day in the seat and the day after the last. [day]"""
    first, last = people.first[entry], people.last[entry]
    start = np.datetime64(calendar.start, "D")
    return (
        -np.inf if np.isnat(first) else float((first - start) / DAY),
        np.inf if np.isnat(last) else float((last - start) / DAY) + 1.0,
    )


def _position(first: date | None, calendar: Calendar) -> float:
    """Periods from the start of the horizon to a day, counted in days inside its period. [period]"""
    if first is None:
        return -SETTLED_PERIODS
    period = int(calendar.position(np.array(first, dtype="datetime64[D]")))
    begins, ends = calendar.first_day(period), calendar.first_day(period + 1)
    return period + (first - begins).days / (ends - begins).days
