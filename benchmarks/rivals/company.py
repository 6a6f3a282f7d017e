"""What the rivals are given: the book as a CRM export would list it, and the scenario's assumptions as plain numbers."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.calendar import add_months
from sim.world.scenario import Scenario
from sim.world.segment import LognormalSize, Segment
from sim.world.world import World

NEVER = 1 << 30


class Law(NamedTuple):
    """How the accounts of one segment behave; scores are on the standard normal scale.

    band_score, band_first, band_days : upper score, first day and number of days of each lag band, latest first.
    contraction, uplift : score below which a kept renewal shrinks, above which it grows.
    uplift_mu, uplift_sigma, expansion_mu, expansion_sigma : of the logarithm of the share of ARR.
    term_upto : cumulative mix of the terms signed.
    win_back, win_back_first, win_back_days : probability that a lost account returns, and when. [day]
    rate      : expansions per account and period.
    """

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
    """The book and the calendar.

    start                         : first account of each CSM, and of the one after the last. [csm + 1]
    segment                       : index into ``laws``. [csm]
    skill                         : standard normal. [csm]
    arr, due_day, term            : of the contract held, term as an index. [account] [usd/yr], [day]
    churn_score                   : normal score of the probability to leave, by term held. [account, term]
    lead, periods, span           : due periods before the horizon, in it, and in all.
    first_day, period_of, advance : calendar tables: period of a day, and the day a contract of a term ends.
    """

    start: np.ndarray
    segment: np.ndarray
    skill: np.ndarray
    arr: np.ndarray
    due_day: np.ndarray
    term: np.ndarray
    churn_score: np.ndarray
    laws: tuple[Law, ...]
    dials: Dials
    lead: int
    periods: int
    span: int
    first_day: int
    period_of: np.ndarray
    advance: np.ndarray


def company_of(scenario: Scenario, seed: int) -> Company:
    """The company of a scenario and a seed: its book, once drawn, is data like a CRM export."""
    world, calendar = World(scenario, seed), scenario.calendar
    book = world.book
    facts = [world.facts(csm, 0, 1) for csm in range(len(book.csms))]
    first_day = int(calendar.bounds[0])
    days = np.arange(first_day, int(calendar.bounds[-1]))
    return Company(
        start=np.asarray(book.csm_start),
        segment=np.asarray(book.segment)[np.asarray(book.csm_start)[:-1]],
        skill=np.array(
            [world.seat(csm, 0, 1).skill[0, 0] for csm in range(len(book.csms))], dtype=np.float64
        ),
        arr=np.concatenate([fact.arr[:, 0] for fact in facts]),
        due_day=np.concatenate([fact.due_day[:, 0] for fact in facts]).astype(np.int64),
        term=np.concatenate([fact.term[:, 0] for fact in facts]).astype(np.int64),
        churn_score=np.concatenate([fact.churn[:, :, 0] for fact in facts]).astype(np.float64),
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
    return Law(
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
