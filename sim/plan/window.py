"""Measurement: over which periods a component is measured, and when what it pays is trued up and paid out."""

from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from sim.calendar import Calendar
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.kernel import kernel
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW, IntP

Measurement: TypeAlias = Literal[
    "period", "half_year_to_date", "year_to_date", "trailing_half_year", "trailing_year"
]
Frequency: TypeAlias = Literal["every_period", "quarterly", "half_yearly", "annually"]

MONTHS_TO_DATE: Final = {"half_year_to_date": 6, "year_to_date": MONTHS_PER_YEAR}
MONTHS_TRAILING: Final = {"trailing_half_year": 6, "trailing_year": MONTHS_PER_YEAR}
MONTHS_BETWEEN_PAYMENTS: Final = {
    "every_period": 1,
    "quarterly": 3,
    "half_yearly": 6,
    "annually": MONTHS_PER_YEAR,
}


class Window(NamedTuple):
    """The periods that a measure is read over, for each period at whose end it is read.

    first   : first period of the window; the last is the period itself. [period]
    length  : number of periods in it. [period]
    whole   : number of periods in it once it is over, of a window to date also beyond the horizon. [period]
    to_date : it grows from a fixed start, and pay is trued up: what the whole window has earned less what was earned
              before. Else every period is paid for itself.
    single  : every window is one period.
    closes  : the window ends with this period, the next one starts anew. [period] of bool
    """

    first: IntP
    length: IntP
    whole: IntP
    to_date: bool
    single: bool
    closes: IntP


def window_of(measurement: Measurement, calendar: Calendar) -> Window:
    """The windows of each period of the horizon.

    Years and half-years count from the first day of the company's fiscal year, without one from that of the horizon
    (assumption). A window that would start before the horizon starts with it (assumption).
    """
    period = np.arange(calendar.periods)
    if measurement in MONTHS_TRAILING:
        first = np.maximum(period - periods_in(MONTHS_TRAILING[measurement], calendar) + 1, 0)
        whole = period - first + 1
    else:
        length = periods_in(MONTHS_TO_DATE.get(measurement, 1), calendar)
        begins = period - (period + calendar.before) % length
        first = np.maximum(begins, 0)
        whole = begins + length - first
    to_date = measurement in MONTHS_TO_DATE
    following = np.append(first[1:], calendar.periods)
    closes = (following > period) if to_date else np.ones(calendar.periods, dtype=np.bool_)
    single = bool((first == period).all())
    return Window(first, period - first + 1, whole, to_date, single, closes.astype(np.int64))


def periods_in(months: int, calendar: Calendar) -> int:
    """Number of periods in so many months, at least one. [period]"""
    return max(1, months // calendar.months_per_period)


def over(window: Window, flow: FloatPW, sheet: Worksheet) -> FloatPW:
    """The sum of a flow over each window; in a window of one period the flow itself. [period, world]"""
    if window.single:
        return flow
    total = sheet.zeros(*flow.shape)
    add_window(window.first, flow, total)
    return total


def at_start(window: Window, stock: FloatPW) -> FloatPW:
    """A stock at the start of each window. [period, world]"""
    return stock if window.single else stock[window.first]


@kernel
def add_window(first: IntP, flow: FloatPW, out: FloatPW) -> None:
    """Add the periods of each window."""
    for t in range(out.shape[0]):
        total = out[t]
        for s in range(first[t], t + 1):
            source = flow[s]
            for w in range(total.size):
                total[w] += source[w]


def true_up(window: Window, earned: FloatPW, sheet: Worksheet) -> FloatPW:
    """What each period adds to what its window has earned to date; may be negative. [period, world] [usd]

    Source: year-to-date measurement with true-up, as in payment = earned to date - paid to date.
    """
    if not window.to_date or window.single:
        return earned
    added = sheet.empty(*earned.shape)
    subtract_before(window.first, earned, added)
    return added


@kernel
def subtract_before(first: IntP, earned: FloatPW, added: FloatPW) -> None:
    """What each period has earned, less what the period before had earned of the same window."""
    for t in range(earned.shape[0]):
        before = earned[t - 1] if first[t] < t else earned[t]
        share = 1.0 if first[t] < t else 0.0
        for w in range(earned.shape[1]):
            added[t, w] = earned[t, w] - share * before[w]
