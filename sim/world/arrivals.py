"""New accounts: a Poisson stream into every book, signed, onboarded, and renewed like the others."""

import numpy as np
from numpy.typing import NDArray

from sim.calendar import DAYS_PER_YEAR, Calendar
from sim.records import NEVER
from sim.world.laws import Times
from sim.world.segment import NewAccounts, Segment
from sim.world.streams import ARRIVAL, Key, uniforms

Floats = NDArray[np.float64]


def most_arrivals(law: NewAccounts, calendar: Calendar, opening_period: int) -> int:
    """Accounts to make room for in one book from a due period on: six standard deviations above the mean, so that one world
    in a billion would need more; arrivals beyond are not signed.
    """
    days = float(calendar.bounds[-1] - calendar.bounds[opening_period])
    mean = law.per_year * days / DAYS_PER_YEAR
    return int(np.ceil(mean + 6.0 * np.sqrt(mean) + 3.0)) if mean > 0.0 else 0


def draw_arrivals(
    segment: Segment,
    calendar: Calendar,
    opening_day: int,
    terms: tuple[int, ...],
    times: Times,
    key: Key,
    ids: NDArray[np.uint64],
    worlds: NDArray[np.uint64],
) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """ARR [usd/yr], first due day [day], term index and first active due period of each new account, [account, world].

    The j-th identity is the book's j-th arrival after ``opening_day``. An account that does not arrive inside the span
    is never due and never active, and has no ARR.

    Source: Poisson arrivals with lognormal ARR (assumption).
    """
    from scipy.special import ndtri

    wait, size, term_share, _ = uniforms(key, ARRIVAL, 0, ids, worlds).astype(np.float64)
    law = segment.new_accounts
    day = opening_day + np.cumsum(-np.log(wait) * DAYS_PER_YEAR / law.per_year, axis=0)
    inside = day < calendar.bounds[-1]
    day = np.where(inside, day, opening_day).astype(np.int64)
    mix = segment.renewed_term_months or segment.term_months
    upto = np.cumsum([mix.get(str(months), 0.0) for months in terms])
    term = np.minimum(np.searchsorted(upto, term_share, side="right"), len(terms) - 1)
    due = np.where(inside, times.advance[term, day - times.first], NEVER)
    arr = np.where(inside, law.arr.mean * np.exp(law.arr.sigma * ndtri(size) - law.arr.sigma**2 / 2), 0.0)
    active = np.where(inside, times.period[day - times.first], calendar.span)
    return arr, due.astype(np.int32), term.astype(np.int32), active.astype(np.int32)
