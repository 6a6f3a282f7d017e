"""New accounts: a Poisson stream into every book, signed, onboarded, and renewed like the others."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import DAYS_PER_YEAR, Calendar
from sim.records import NEVER
from sim.world.laws import Times, spread, squared, upto
from sim.world.scenario import Scenario
from sim.world.streams import ARRIVAL, Key, uniforms

Floats = NDArray[np.float64]


class Arrivals(NamedTuple):
    """What arrives, and signs what. [segment, draw | world], the mix [segment, term, draw | world]

    per_year : into each book. [1/yr]
    mean, sigma, half_variance : of the ARR: mean [usd/yr], and standard deviation and half the variance of its logarithm.
    upto     : cumulative mix of the terms signed. [share]
    """

    per_year: Floats
    mean: Floats
    sigma: Floats
    half_variance: Floats
    upto: Floats


def make_arrivals(scenario: Scenario, terms: tuple[int, ...], draws: int = 1) -> Arrivals:
    """Of every segment. scenario : or its stack of so many draws."""
    laws = [segment.new_accounts for segment in scenario.segment]
    mixes = [segment.renewed_term_months or segment.term_months for segment in scenario.segment]
    sums = [upto([mix.get(str(months), 0.0) for months in terms]) for mix in mixes]
    by_law = (
        [law.per_year for law in laws],
        [law.arr.mean for law in laws],
        [law.arr.sigma for law in laws],
        [squared(law.arr.sigma) / 2 for law in laws],
        sums,
    )
    return Arrivals(*(np.array([spread(each, draws) for each in values]) for values in by_law))


def most_arrivals(per_year: float | Floats, calendar: Calendar, opening_period: int) -> int:
    """Accounts to make room for in one book from a due period on: six standard deviations above the mean, so that one world
    in a billion would need more; arrivals beyond are not signed. per_year : or by draw. [1/yr]
    """
    days = float(calendar.bounds[-1] - calendar.bounds[opening_period])
    mean = float(np.max(per_year)) * days / DAYS_PER_YEAR
    return int(np.ceil(mean + 6.0 * np.sqrt(mean) + 3.0)) if mean > 0.0 else 0


def draw_arrivals(
    arrivals: Arrivals,
    segment: int,
    calendar: Calendar,
    opening_day: int,
    times: Times,
    key: Key,
    ids: NDArray[np.uint64],
    worlds: NDArray[np.uint64],
) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """ARR [usd/yr], first due day [day], term index and first active due period of each new account, [account, world].

    The j-th identity is the book's j-th arrival after ``opening_day``. An account that does not arrive inside the span
    is never due and never active, and has no ARR. arrivals : by world.

    Source: Poisson arrivals with lognormal ARR (assumption).
    """
    from scipy.special import ndtri

    wait, size, term_share, _ = uniforms(key, ARRIVAL, 0, ids, worlds).astype(np.float64)
    per_year, mean, sigma, half_variance, upto = (each[segment] for each in arrivals)
    with np.errstate(divide="ignore"):  # nobody arrives in a draw in which nobody does
        day = opening_day + np.cumsum(-np.log(wait) * DAYS_PER_YEAR / per_year, axis=0)
    inside = day < calendar.bounds[-1]
    day = np.where(inside, day, opening_day).astype(np.int64)
    term = np.minimum((term_share >= upto[:, None, :]).sum(axis=0), len(upto) - 1)
    due = np.where(inside, times.advance[term, day - times.first], NEVER)
    arr = np.where(inside, mean * np.exp(sigma * ndtri(size) - half_variance), 0.0)
    active = np.where(inside, times.period[day - times.first], calendar.span)
    return arr, due.astype(np.int32), term.astype(np.int32), active.astype(np.int32)
