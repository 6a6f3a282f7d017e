"""The days on which forecasts are made, and how far the history tells what followed."""

from datetime import date
from typing import Final

import numpy as np

from sim.calendar import Calendar
from sim.errors import InputError, Problem
from sim.replay.history_files import HistoryFiles

YEAR: Final = 12
"""[month]"""


def told_until(history: HistoryFiles) -> date:
    """The last day on which something happened that the history tells: a booking, growth, a reading, a transfer."""
    deals, (_, expansions, readings) = history.deals, history.book_events
    days = [deals.closing, *deals.credit_date.values()][:1]
    days += [each.date for each in (expansions, readings) if each is not None and each.date is not None]
    if expansions is not None and expansions.newcomers is not None:
        days.append(expansions.newcomers.date)
    if history.transfers is not None:
        days.append(history.transfers.date)
    there = np.concatenate([each[~np.isnat(each)] for each in days])
    if not there.size:
        fix = "A history without a booking tells nothing that a forecast could be held against."
        raise InputError([Problem(str(history.deals.path), "deals of which some are booked", "none", fix)])
    last: date = there.max().item()
    return last


def cuts_of(
    cut: date, calendar: Calendar, every: int | None, periods: int | None, until: date
) -> list[tuple[date, int]]:
    """Each first day of a forecast, and the periods of its horizon: as many as are asked, a year where nobody asks, and no
    more than the history tells of (but for a month at its end, in which nothing may have happened).

    calendar : that starts at the cut.
    every    : periods from one cut to the next; one cut where left out. [period]

    Raises: InputError where not one period after the cut is told of.
    """
    asked = periods or max(YEAR // calendar.months_per_period, 1)
    told = 0
    while told < 400 and _nearly(until, calendar.first_day(told + 1)):
        told += 1
    if told == 0:
        first = calendar.first_day(1)
        fix = f"It tells of {until} last; choose a --cut whose first period ends by then."
        allowed = f"before a period that the history tells of, such as the one that ends before {first}"
        raise InputError([Problem("--cut", allowed, str(cut), fix)])
    if periods is not None and periods > told:
        fix = f"The history tells of {until} last: so many periods follow the cut."
        raise InputError([Problem("--periods", f"at most {told}", str(periods), fix)])
    if every is None:
        return [(cut, min(asked, told))]
    length = min(asked, told)
    starts = range(0, told - length + 1, every)
    return [(calendar.first_day(start), length) for start in starts]


def _nearly(until: date, beyond: date) -> bool:
    """Whether a history that tells of a day last covers all before ``beyond``."""
    return (beyond - until).days <= 31
