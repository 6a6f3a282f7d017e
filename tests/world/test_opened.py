"""A book read from a file is open on its first day: renewals are drawn as what is left of a world that does not know it."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal

from sim.records import NEVER
from sim.world.opened import asked_of
from sim.world.segment import Segment
from sim.world.tilting import standings
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, LAG, make_scenario

START = date(2026, 1, 1)
DEPENDENT = {"market": 0.1, "skill": 0.1, "health": 0.3, "timing": 0.5, "amount": 0.4}
LAW = {
    "lag": LAG,
    "churn": {"probability": 0.2, "dispersion": 0.15},
    "contraction": {"probability": 0.2, "size": {"low": 0.3, "high": 0.3}},
    "uplift": {"probability": 0.4, "size": {"low": 0.1, "high": 0.1}},
    "win_back": ({"days": (20, 79), "probability": 0.3}, {"days": (181, 300), "probability": 0.2}),
    "grace_days": 10,
}
DUE = {
    "past and nearly forgotten": -120,
    "past": -25,
    "on the first day": 0,
    "soon": 14,
    "in spring": 75,
    "in autumn": 250,
}


def opened(folder, due, dependence, worlds, term=12, more=None):
    """The first two renewals of one account due ``due`` days after the start, in so many worlds."""
    path = folder / "book.csv"
    when = START + timedelta(days=due)
    path.write_text(
        f"csm,account,segment,arr,due_date,term_months\nkim,a,all,1000,{when},{term}\nkim,b,all,1000,2026-12-20,12\n"
    )
    law = {**LAW, **(more or {})}
    scenario = make_scenario(dependence=dependence, book={"file": str(path)}, start=START, **law)
    renewals, _ = World(scenario, 31).simulate(0, 0, worlds)
    return renewals, scenario


def unaware(scenario, due, dependence, draws, rng):
    """What becomes of the account in a world that does not know that it is open, where it turns out to be: is it lost,
    days from due to booking, ARR over what it was, is a second renewal lost, and the market. Plain numpy.
    """
    segment = scenario.segment[0]
    m, d = segment.churn.probability, segment.churn.dispersion
    p = rng.beta(m * (1 / d - 1), (1 - m) * (1 / d - 1), draws) if d else np.full(draws, m)
    loads = [dependence[each] for each in ("market", "skill", "health")]
    parts = rng.standard_normal((4, draws))
    g = np.sqrt([*loads, 1 - sum(loads)]) @ parts
    lost = ndtr(g) < p
    s = ndtri(np.clip((ndtr(g) - p) / (1 - p), 1e-15, 1 - 1e-15))
    r, a = dependence["timing"], dependence["amount"]
    early = ndtr(r * s + np.sqrt(1 - r * r) * rng.standard_normal(draws))
    size = ndtr(a * s + np.sqrt(1 - a * a) * rng.standard_normal(draws))
    bands = sorted(segment.lag, key=lambda band: band.days, reverse=True)
    which = np.minimum(np.searchsorted(np.cumsum([band.share for band in bands]), early), len(bands) - 1)
    first, last = np.array([band.days for band in bands])[which].T
    days = np.where(lost, 1 << 20, first + np.floor((last - first + 1) * rng.random(draws)))
    back, upto = rng.random(draws), 0.0
    for tier in segment.win_back:
        inside = lost & (back >= upto) & (back < upto + tier.probability)
        days[inside] = tier.days[0] + np.floor(rng.random(inside.sum()) * (tier.days[1] - tier.days[0] + 1))
        upto += tier.probability
    factor = np.where(size < 0.2, 0.7, np.where(size > 0.6, 1.1, 1.0))
    factor[lost] = 1.0
    again = rng.random(draws) < p
    here = due + days >= 0
    return tuple(each[here] for each in (lost, days, factor, again, parts[0]))


def close(one, other):
    """Whether two samples have the same mean, within 4 standard errors of their difference."""
    error = np.sqrt(one.var() / one.size + other.var() / other.size)
    assert abs(one.mean() - other.mean()) < 4 * error + 1e-12, (one.mean(), other.mean(), error)


@pytest.mark.jit
@pytest.mark.parametrize("dependence", [{**INDEPENDENT}, DEPENDENT, {**DEPENDENT, "timing": -0.6}], ids=str)
@pytest.mark.parametrize("due", DUE.values(), ids=DUE)
def test_first_renewals_are_those_of_a_world_that_happens_to_be_open(tmp_path, due, dependence):
    n = 40_000
    renewals, scenario = opened(tmp_path, due, dependence, n)
    _, days, factor, _, _ = unaware(scenario, due, dependence, 600_000, np.random.default_rng(7))
    row = np.flatnonzero((renewals.account == 0) & (renewals.number == 0))[0]
    booked = renewals.booked_day[row].astype(np.int64)
    gone = booked == NEVER
    assert booked.min() >= 0
    close(gone, days > 10_000)
    lag = booked[~gone] - due
    for first, last in [band["days"] for band in LAG] + [(181, 400)]:
        close((lag >= first) & (lag <= last), ((days >= first) & (days <= last))[days < 10_000])
    close(lag, days[days < 10_000])
    ratio = renewals.booked_arr[row, ~gone] / renewals.arr[row, ~gone]
    there = days < 10_000
    for size in (0.7, 1.1):
        close(abs(ratio - size) < 1e-6, factor[there] == size)
    close(ratio * lag, (factor * days)[there])  # how amount and timing go together


@pytest.mark.jit
def test_what_being_open_says_of_an_account_stays_with_it(tmp_path):
    """Who is past due is more often one of those that leave, and later renewals know it. Half-year contracts."""
    due, n = -25, 40_000
    renewals, scenario = opened(
        tmp_path, due, INDEPENDENT, n, term=6, more={"term_months": {"6": 1.0}, "win_back": ()}
    )
    lost, _, _, again, _ = unaware(scenario, due, INDEPENDENT, 1_000_000, np.random.default_rng(8))
    rows = [np.flatnonzero((renewals.account == 0) & (renewals.number == number))[0] for number in (0, 1)]
    kept = renewals.booked_day[rows[0]] < NEVER
    assert (renewals.due_day[rows[1], kept] < NEVER).all()
    close(renewals.booked_day[rows[1], kept] == NEVER, again[~lost])
    unweighted = 0.2 * 0.8 * (1 - 0.15) / 0.8  # E[p (1 - p)] / E[1 - p] of the Beta, whoever is open
    assert abs(again[~lost].mean() - unweighted) < 0.01


@pytest.mark.jit
def test_the_market_is_not_told_by_one_account(tmp_path):
    """What is left out, and how much it is: given the market an account that is past due, and so has come late, would be
    lost a little less often in bad markets than here, as that it is open is partly the market's doing.
    """
    due, n = -25, 40_000
    dependence = {**DEPENDENT, "market": 0.3}
    renewals, scenario = opened(tmp_path, due, dependence, n)
    _, days, _, _, market = unaware(scenario, due, dependence, 1_000_000, np.random.default_rng(9))
    world = World(scenario, 31)
    row = np.flatnonzero((renewals.account == 0) & (renewals.number == 0))[0]
    own = world.market(0, n)[scenario.calendar.lead - 1]
    for good in (True, False):
        here = (renewals.booked_day[row] == NEVER)[(own > 0) == good].mean()
        there = (days > 10_000)[(market > 0) == good].mean()
        assert abs(here - there) < 0.04


def test_an_account_due_after_all_its_early_bands_is_asked_nothing(tmp_path):
    one, scenario = opened(tmp_path, 250, DEPENDENT, 50)
    assert World(scenario, 31)._kind.tolist() == [0, 0]
    assert asked_of(scenario.segment[0], 180).late_enough == 1.0
    assert asked_of(scenario.segment[0], 179).late_enough == pytest.approx(1 - 0.05 / 90)
    assert (one.booked_day >= 0).all()


def test_what_is_asked_by_hand():
    """Due 10 days ago: of 40 % within 0 to 19 days half are left, of 30 % beyond all; the 30 % before it are not. Of those
    who come back within 1 to 20 days (a tenth) nine in twenty have.
    """
    bands = (
        {"days": (-9, -1), "share": 0.3},
        {"days": (0, 19), "share": 0.4},
        {"days": (20, 90), "share": 0.3},
    )
    segment = Segment(
        name="s", churn={"probability": 0.1}, lag=bands, win_back=({"days": (1, 20), "probability": 0.1},)
    )
    asked = asked_of(segment, -10)
    assert asked.late_enough == pytest.approx(0.3 + 0.4 / 2)
    assert (ndtr(asked.low), ndtr(asked.high), asked.partly) == pytest.approx((0.3, 0.7, 0.5))
    assert asked.returned == pytest.approx(0.1 * 9 / 20)
    assert asked.earliest == 10


@pytest.mark.parametrize("r", [0.0, 0.5, -0.8])
def test_standings_are_quantiles_of_the_bivariate_normal(r):
    """P(S <= s and late enough) over P(late enough): a timing score below -0.4, or half of those up to 0.3."""
    low, high, partly = -0.4, 0.3, 0.5
    both = multivariate_normal(cov=[[1.0, r], [r, 1.0]])
    found = standings(r, low, high, partly)
    knots = np.linspace(-5.5, 5.5, len(found))
    every = ndtr(low) + partly * (ndtr(high) - ndtr(low))
    for knot in range(100, len(found) - 100, 30):
        s = found[knot]
        below = partly * both.cdf([s, high]) + (1 - partly) * both.cdf([s, low])
        assert below / every == pytest.approx(ndtr(knots[knot]), rel=2e-4)


@pytest.mark.jit
def test_who_leaves_and_who_stays_do_so_on_the_first_day_too(tmp_path):
    stays, _ = opened(tmp_path, -25, DEPENDENT, 4_000, more={"churn": {"probability": 0.0}})
    first = (stays.account == 0) & (stays.number == 0)
    assert (stays.booked_day[first] < NEVER).all()
    gone, scenario = opened(tmp_path, -25, DEPENDENT, 10, more={"win_back": ()})
    book = scenario.book.model_copy(update={"leaves": ("a",)})
    gone = World(scenario.with_(book=book), 31).simulate(0, 0, 4_000)[0]
    assert (gone.booked_day[(gone.account == 0) & (gone.number == 0)] == NEVER).all()
