"""What renewals say of market and skill: likelihoods against counted worlds, the normal law against weighted draws."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.records import NEVER
from sim.world.evidence import Evidence, amounts_of, log_likelihood, odds_of, seen_of, shared_of
from sim.world.known import NO_GROWTH, Bookings, Known, standing_of
from sim.world.laws import make_loadings
from sim.world.learnt import _count, learn, outwards
from sim.world.opened import NOTHING, asked_of
from sim.world.seen import pieces_of, prior_of
from sim.world.world import World
from tests.rig.inputs.small_scenarios import LAG, make_scenario
from tests.world.test_continued import book_of, due
from tests.world.test_opened import START

DEPENDENCE = {"market": 0.3, "skill": 0.1, "health": 0.2, "timing": 0.5, "amount": 0.4}
LAW = {
    "lag": LAG,
    "churn": {"probability": 0.2, "dispersion": 0.15},
    "contraction": {"probability": 0.2, "size": {"low": 0.3, "high": 0.3}},
    "uplift": {"probability": 0.4, "size": {"low": 0.1, "high": 0.1}},
    "win_back": ({"days": (20, 79), "probability": 0.3},),
}
DRAWS = 400_000


def scenario_of(folder, *rows, **more):
    return make_scenario(
        dependence=DEPENDENCE, book=book_of(folder, *rows), start=START, periods=4, **{**LAW, **more}
    )


def lived(c, rng, before=()):
    """Renewals at a given part of the latent that is shared: odds, lag in days (NEVER where lost), ratio. Plain numpy."""
    m, d = 0.2, 0.15
    p = rng.beta(m * (1 / d - 1), (1 - m) * (1 / d - 1), DRAWS)
    for kept in before:
        again = rng.random(DRAWS) >= p
        p = rng.choice(p[again if kept else ~again], DRAWS)
    g = c + np.sqrt(1.0 - 0.4) * rng.standard_normal(DRAWS)
    lost = ndtr(g) < p
    s = ndtri(np.clip((ndtr(g) - p) / (1 - p), 1e-15, 1 - 1e-15))
    early = ndtr(0.5 * s + np.sqrt(0.75) * rng.standard_normal(DRAWS))
    size = ndtr(0.4 * s + np.sqrt(0.84) * rng.standard_normal(DRAWS))
    bands = sorted(LAG, key=lambda band: band["days"], reverse=True)
    which = np.minimum(np.searchsorted(np.cumsum([band["share"] for band in bands]), early), len(bands) - 1)
    first, last = np.array([band["days"] for band in bands])[which].T
    lag = np.where(lost, NEVER, first + np.floor((last - first + 1) * rng.random(DRAWS)))
    back = lost & (rng.random(DRAWS) < 0.3)
    lag = np.where(back, 20 + np.floor(60 * rng.random(DRAWS)), lag)
    return lost, lag, np.where(lost, 1.0, np.where(size < 0.2, 0.7, np.where(size > 0.6, 1.1, 1.0)))


CASES = {
    "lost": (None, 1.0, (), lambda lost, lag, ratio: lost),
    "late": (60, 1.0, (), lambda lost, lag, ratio: ~lost & (lag > 30) & (lag < 91) & (ratio == 1.0)),
    "early and more": (
        -60,
        1.1,
        (),
        lambda lost, lag, ratio: ~lost & (lag < -30) & (lag > -91) & (ratio > 1),
    ),
    "less, and kept before": (
        0,
        0.7,
        (True,),
        lambda lost, lag, ratio: ~lost & (lag <= 0) & (lag > -31) & (ratio < 1.0),
    ),
    "open": ("open", 1.0, (), lambda lost, lag, ratio: lag >= 40),
}


@pytest.mark.parametrize("name", CASES)
def test_the_likelihood_is_how_often_it_happens(tmp_path, name):
    """Log ratios of three values of c, within four standard errors of those counted (false alarms 1e-4 a case)."""
    lag, ratio, before, happens = CASES[name]
    scenario = scenario_of(tmp_path, f"kim,a,all,1000,{due(20)},12")
    segment, shared = scenario.segment[0], shared_of(make_loadings(scenario))
    seen = None if lag == "open" else seen_of(segment, lag, ratio)
    asked = asked_of(segment, -40) if lag == "open" else NOTHING
    outcomes = tuple((0, kept) for kept in before)
    odds = odds_of(segment, (12,), np.nan)
    table = log_likelihood(Evidence(odds, 0, outcomes, seen, asked, NOTHING, amounts_of(segment)), shared)
    rng, values = np.random.default_rng(5), (-0.8, 0.0, 0.8)
    counts = np.array([happens(*lived(c, rng, before)).sum() for c in values], dtype=float)
    told = np.interp(values, shared.values, table)
    for one, other in ((0, 1), (1, 2)):
        error = np.sqrt(1 / counts[one] + 1 / counts[other])
        gap = (told[other] - told[one]) - np.log(counts[other] / counts[one])
        assert abs(gap) < 4 * error + 2e-3, name


@pytest.fixture
def year(tmp_path):
    """Two books of which half has come due: a bad first quarter."""
    rng, rows = np.random.default_rng(2), []
    for csm in range(2):
        rows += [f"csm-{csm},{csm}-{a},all,1000,{due(int(rng.integers(5, 300)))},12" for a in range(20)]
    scenario = scenario_of(tmp_path, *rows)
    book = World(scenario, 1).book
    days = book.given["due_day"].astype(int)
    booked = np.flatnonzero(days < 120)[::2]
    known = Bookings(
        booked, days[booked], days[booked] + 45, np.full(len(booked), 1000.0), np.full(len(booked), 700.0),
        np.full(len(booked), 12), np.full(len(booked), NEVER),
    )  # fmt: skip
    return scenario, book, Known(170, known, NO_GROWTH, 170)


def test_the_normal_law_is_near_the_posterior(year):
    """Mean and spread of market and skills against prior draws weighted by the likelihood (effective draws: thousands)."""
    scenario, book, known = year
    load = make_loadings(scenario)
    shared, prior = shared_of(load), prior_of(book, scenario)
    pieces = pieces_of(known, standing_of(known, book, scenario), book, scenario)
    found, counted = learn(pieces, shared, prior), _count(pieces, shared, prior)
    rng, calendar, phi = np.random.default_rng(9), scenario.calendar, scenario.market.persistence
    market, skill = np.zeros((calendar.span, 300_000)), rng.standard_normal((2, 300_000))
    for place, period in enumerate(outwards(calendar.lead, calendar.span)):
        inner = market[period - 1 if period > calendar.lead else period + 1] if place else 0.0
        step = rng.standard_normal(300_000)
        market[period] = phi * inner + np.sqrt(1 - phi**2) * step if place else step
    total = np.zeros(300_000)
    for kind, csm, period, number in zip(*counted[:4], strict=True):
        c = shared.market * market[period] + shared.skill * skill[csm]
        total += number * np.interp(c, shared.values, counted.table[kind])
    weight = np.exp(total - total.max())
    weight /= weight.sum()
    assert 1.0 / (weight**2).sum() > 2000
    truth = (market * weight).sum(axis=1)
    assert np.abs(found.market - truth).max() < 0.1
    spread = np.sqrt(((market - truth[:, None]) ** 2 * weight).sum(axis=1))
    assert np.abs(np.sqrt((found.factor**2).sum(axis=1)) - spread).max() < 0.06
    assert np.abs(found.skill - (skill * weight).sum(axis=1)).max() < 0.1
    assert found.market[calendar.lead] < -0.8


def test_where_nothing_is_known_draws_are_those_of_the_prior(year):
    """To rounding: the law of the prior, drawn from the same steps, is the path that a world draws."""
    scenario, book, known = year
    ahead = known._replace(day=0, open_on=0, bookings=known.bookings._replace(**{
        name: each[:0] for name, each in known.bookings._asdict().items() if each is not None and name != "credit_day"
    }))  # fmt: skip
    pieces = pieces_of(ahead, standing_of(ahead, book, scenario), book, scenario)
    assert learn(pieces, shared_of(make_loadings(scenario)), prior_of(book, scenario)) is None


def test_a_skill_that_is_given_stays(tmp_path):
    path = tmp_path / "book.csv"
    rows = [f"kim,{a},all,1000,{due(10 + a)},12,1.5" for a in range(12)]
    path.write_text("\n".join(["csm,account,segment,arr,due_date,term_months,skill", *rows, ""]))
    scenario = make_scenario(dependence=DEPENDENCE, book={"file": str(path)}, start=START, periods=4, **LAW)
    book, load = World(scenario, 1).book, make_loadings(scenario)
    known = Known(150, Bookings(*(np.zeros(0, dtype=np.int64) for _ in range(7))), NO_GROWTH, 150)
    pieces = pieces_of(known, standing_of(known, book, scenario), book, scenario)
    found = learn(pieces, shared_of(load), prior_of(book, scenario))
    assert found.skill[0] == pytest.approx(1.5, abs=1e-6)
    assert found.spread[0] < 1e-5
    assert found.market[scenario.calendar.lead] < -0.3
