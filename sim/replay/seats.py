"""Who holds the seat of each book when: share of each period, and periods since the takeover."""

import numpy as np

from sim.agreed import since_of, stints
from sim.calendar import Calendar
from sim.files.people import People
from sim.records import Activity, FloatPW
from sim.world.team import SETTLED_PERIODS


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
    ends, lengths = np.arange(1, calendar.periods + 1), np.diff(bounds)
    seat = np.zeros(calendar.periods)
    tenure = np.zeros(calendar.periods)
    for days in stints(csm, people, calendar):
        seat += (
            np.maximum(np.minimum(bounds[1:], days.beyond) - np.maximum(bounds[:-1], days.first), 0.0)
            / lengths
        )
        known = since_of(days.first, calendar)
        since = ends + SETTLED_PERIODS if known is None else ends - known
        tenure = np.where(since > 0.0, since, tenure)
    return seat[:, np.newaxis], tenure[:, np.newaxis]


def present(people: People, calendar: Calendar) -> list[str]:
    """The people who hold a seat on some day of the horizon, in file order."""
    names = dict.fromkeys(people.csm)
    return [csm for csm in names if seat_of(csm, people, calendar)[0].any()]
