"""What the rivals are given: who holds how many accounts, and the scenario's assumptions as plain numbers and tables."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import beta

from sim.calendar import add_months
from sim.world.arr import LognormalArr
from sim.world.book import make_book
from sim.world.scenario import Scenario
from sim.world.segment import LognormalSize, Segment

NEVER = 1 << 30
KNOTS, FARTHEST_SCORE = 2001, 5.0
"""Places at which churn probabilities are tabulated, evenly spaced on the normal scale."""


class Law(NamedTuple):
    """How the accounts of one segment look and behave; scores are on the standard normal scale.

    arr_mu, arr_sigma : of the logarithm of ARR.
    held_upto   : cumulative mix of the terms held.
    month_upto  : cumulative weights of the months in which the contract held can end. [term, month]
    churn_score : score of the probability to leave by the account's place among the segment's. [term, knot]
    band_score, band_first, band_days : upper score, first day and number of days of each lag band, latest first.
    contraction, uplift : score below which a kept renewal shrinks, above which it grows.
    uplift_mu, uplift_sigma, expansion_mu, expansion_sigma : of the logarithm of the share of ARR.
    term_upto : cumulative mix of the terms signed.
    win_back, win_back_first, win_back_days : probability that a lost account returns, and when. [day]
    rate      : expansions per account and period.
    """

    arr_mu: float
    arr_sigma: float
    held_upto: np.ndarray
    month_upto: np.ndarray
    churn_score: np.ndarray
    band_score: np.ndarray
    band_first: np.ndarray
    band_days: np.ndarray
    contraction: float
    contraction_low: float
    contraction_width: float
    uplift: float
    uplift_mu: float
    uplift_sigma: float
    term_upto: np.ndarray
    win_back: float
    win_back_first: int
    win_back_days: int
    grace_days: int
    rate: float
    expansion_mu: float
    expansion_sigma: float


class Dials(NamedTuple):
    """Correlations: loadings of the latent, persistences, couplings of timing and amount, sensitivities of expansion."""

    market: float
    skill: float
    health: float
    noise: float
    market_persistence: float
    health_persistence: float
    timing: float
    amount: float
    grow_market: float
    grow_skill: float
    grow_health: float


class Company(NamedTuple):
    """The books and the calendar. Skills, contracts held and probabilities to leave differ between worlds.

    start                         : first account of each CSM, and of the one after the last. [csm + 1]
    segment                       : index into ``laws``. [csm]
    month_start                   : first day of each month from the edge on. [month] [day]
    lead, periods, span           : due periods before the horizon, in it, and in all.
    first_day, period_of, advance : calendar tables: period of a day, and the day a contract of a term ends.
    """

    start: np.ndarray
    segment: np.ndarray
    month_start: np.ndarray
    laws: tuple[Law, ...]
    dials: Dials
    lead: int
    periods: int
    span: int
    first_day: int
    period_of: np.ndarray
    advance: np.ndarray


def company_of(scenario: Scenario) -> Company:
    """The company of a scenario."""
    book, calendar = make_book(scenario), scenario.calendar
    opening = add_months(calendar.start, -calendar.lead * calendar.months_per_period)
    first_day = int(calendar.bounds[0])
    days = np.arange(first_day, int(calendar.bounds[-1]))
    return Company(
        start=np.asarray(book.csm_start),
        segment=np.asarray(book.segment)[np.asarray(book.csm_start)[:-1]],
        month_start=np.array(
            [(add_months(opening, month) - calendar.start).days for month in range(max(book.terms) + 1)]
        ),
        laws=tuple(_law(segment, book.terms, scenario) for segment in scenario.segment),
        dials=_dials(scenario),
        lead=calendar.lead,
        periods=calendar.periods,
        span=calendar.span,
        first_day=first_day,
        period_of=np.searchsorted(calendar.bounds, days, side="right") - 1,
        advance=np.array(
            [[_ends(calendar.start, int(day), months) for day in days] for months in book.terms]
        ),
    )


def _ends(start: date, day: int, months: int) -> int:
    begins = start + timedelta(days=day)
    month = add_months(begins.replace(day=1), months)
    length = (add_months(month, 1) - month).days
    return (month - start).days + min(begins.day, length) - 1


def _law(segment: Segment, terms: tuple[int, ...], scenario: Scenario) -> Law:
    bands = sorted(segment.lag, key=lambda band: -band.days[0])
    upto = np.cumsum([band.share for band in bands])
    assert isinstance(segment.uplift.size, LognormalSize)
    assert len(segment.win_back) == 1
    back = segment.win_back[0]
    uplift, growth = segment.uplift.size, segment.expansion.size
    assert isinstance(segment.arr, LognormalArr)
    return Law(
        arr_mu=float(np.log(segment.arr.mean) - segment.arr.sigma**2 / 2),
        arr_sigma=segment.arr.sigma,
        held_upto=np.cumsum([segment.term_months.get(str(months), 0.0) for months in terms])[:-1],
        month_upto=np.array([_months(segment, scenario, months, max(terms)) for months in terms]),
        churn_score=np.array([_churn(segment, months) for months in terms]),
        band_score=ndtri(np.minimum(upto[:-1], 1.0)),
        band_first=np.array([band.days[0] for band in bands]),
        band_days=np.array([band.days[1] - band.days[0] + 1 for band in bands]),
        contraction=float(ndtri(segment.contraction.probability)),
        contraction_low=segment.contraction.size.low,
        contraction_width=segment.contraction.size.high - segment.contraction.size.low,
        uplift=float(ndtri(1.0 - segment.uplift.probability)),
        uplift_mu=float(np.log(uplift.mean) - uplift.sigma**2 / 2),
        uplift_sigma=uplift.sigma,
        term_upto=np.cumsum([segment.term_months.get(str(months), 0.0) for months in terms])[:-1],
        win_back=back.probability,
        win_back_first=back.days[0],
        win_back_days=back.days[1] - back.days[0] + 1,
        grace_days=segment.grace_days,
        rate=segment.expansion.events_per_year * scenario.period_months / 12,
        expansion_mu=float(np.log(growth.mean) - growth.sigma**2 / 2),
        expansion_sigma=growth.sigma,
    )


def _months(segment: Segment, scenario: Scenario, months: int, longest: int) -> np.ndarray:
    """Cumulative weights of the months in which a contract of so many months can end."""
    calendar, last = scenario.calendar, segment.due.last_month_share
    weights = []
    for ahead in range(months):
        fiscal = (ahead - calendar.lead * calendar.months_per_period) % 12
        within = last if fiscal % 3 == 2 else (1.0 - last) / 2
        weights.append(segment.due.quarter_weights[fiscal // 3] * within)
    upto = np.full(longest, 1.0)
    upto[:months] = np.cumsum(weights) / np.sum(weights)
    return upto


def _churn(segment: Segment, months: int) -> np.ndarray:
    churn = segment.churn
    mean, strength = churn.by_term.get(str(months), churn.probability), 1.0 / churn.dispersion - 1.0
    places = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    return ndtri(np.maximum(beta.ppf(ndtr(places), mean * strength, (1.0 - mean) * strength), 1e-12))


def _dials(scenario: Scenario) -> Dials:
    d = scenario.dependence
    shared = d.market + d.skill + d.health
    return Dials(
        market=d.market**0.5,
        skill=d.skill**0.5,
        health=d.health**0.5,
        noise=(1.0 - shared) ** 0.5,
        market_persistence=scenario.market.persistence,
        health_persistence=d.health_persistence,
        timing=d.timing,
        amount=d.amount,
        grow_market=d.expansion * (d.market / shared) ** 0.5,
        grow_skill=d.expansion * (d.skill / shared) ** 0.5,
        grow_health=d.expansion * (d.health / shared) ** 0.5,
    )
