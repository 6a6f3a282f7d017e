"""Worlds that go on from a day: the past is the same in all of them, the future is drawn given it."""

from datetime import timedelta

import numpy as np
import pytest

from sim.records import NEVER, CohortTerms
from sim.world.continued import Continued
from sim.world.known import NO_BOOKINGS, NO_GROWTH, Bookings, Growth, Known, end_of, standing_of
from sim.world.world import World
from tests.rig.inputs.small_scenarios import LAG, make_scenario
from tests.world.test_opened import START

TERMS = (CohortTerms(first=(0, 0, 0, 0)),)


def book_of(folder, *rows):
    path = folder / "book.csv"
    path.write_text("\n".join(["csm,account,segment,arr,due_date,term_months", *rows, ""]))
    return {"file": str(path)}


def due(day):
    return START + timedelta(days=day)


@pytest.fixture
def rich(tmp_path):
    rows = [
        f"kim,{name},all,{1000 * (place + 1)},{due(day)},{term}"
        for place, (name, day, term) in enumerate(
            [("a", -20, 12), ("b", 40, 12), ("c", 130, 24), ("d", 300, 12)]
        )
    ]
    law = {
        "lag": LAG,
        "churn": {"probability": 0.2, "dispersion": 0.15},
        "uplift": {"probability": 0.4, "size": {"low": 0.1, "high": 0.1}},
        "win_back": ({"days": (20, 79), "probability": 0.3},),
        "expansion": {"events_per_year": 1.0, "size": {"mean": 0.2, "sigma": 0.5}},
        "new_accounts": {"per_year": 2.0, "arr": {"mean": 3000, "sigma": 0.5}},
        "term_months": {"12": 1.0},
        "renewed_term_months": {"12": 0.7, "24": 0.3},
    }
    return make_scenario(book=book_of(tmp_path, *rows), start=START, periods=4, **law)


def same(one, other):
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            same(one[key], other[key])
    elif isinstance(one, tuple):
        for each, more in zip(one, other, strict=True):
            same(each, more)
    elif one is not None:
        assert np.array_equal(one, other, equal_nan=True)


def test_where_nothing_is_known_it_is_the_world_to_the_bit(rich):
    nothing = Known(0, NO_BOOKINGS, NO_GROWTH, 0)
    asked = (0, 64, 300, ("booking", "cash"), ("health",), TERMS)
    same(World(rich, 5).simulate_all(*asked), Continued(rich, 5, nothing).simulate_all(*asked))


def test_what_is_known_is_the_same_in_all_worlds_and_the_rest_is_booked_from_the_day_on(rich):
    day = 100
    rows = Bookings(
        account=np.array([0, 1]),
        due_day=np.array([-20, 40]),
        booked_day=np.array([30, 20]),
        arr=np.array([1000.0, 2100.0]),
        booked_arr=np.array([900.0, 2500.0]),
        term=np.array([12, 24]),
        following=np.array([NEVER, NEVER]),
    )
    growth = Growth(np.array([1, 2]), np.array([60, 90]), np.array([100.0, 50.0]), np.array([0, 0]))
    world = Continued(rich, 5, Known(day, rows, growth, day))
    renewals, bridge, activity = world.simulate_all(0, 0, 400, cohorts=TERMS)
    account = renewals.account
    first = [int(np.flatnonzero(account == each)[0]) for each in range(4)]
    for each, booked, arr in ((0, 30, 900.0), (1, 20, 2500.0)):
        assert (renewals.booked_day[first[each]] == booked).all()
        assert (renewals.booked_arr[first[each]] == arr).all()
    known = np.isin(np.arange(len(account)), first[:2])
    assert (renewals.booked_day[~known] >= day).all()
    assert (renewals.due_day[first[0] + 1] == end_of(30, 12, rich.calendar)).all()  # a lapse beyond grace
    assert (renewals.arr[first[2]][renewals.due_day[first[2]] < NEVER] >= 3050.0).all()
    assert np.abs(bridge.closing[:-1] - bridge.opening[1:]).max() == 0.0
    assert (bridge.opening[0] == 9_000.0).all()  # of 10,000 the past-due 1,000 are out
    assert np.allclose(activity.opening, bridge.opening)
    assert (activity.flow["expansion"]["booking"][0] == 100.0).all()


def test_where_accounts_stand(rich):
    """By hand: b was booked for 2,500 on day 20 and grew after that; c grew; d was cancelled in full."""
    rows = Bookings(*(np.array(each) for each in ([1], [40], [20], [2100.0], [2500.0], [24], [NEVER])))
    growth = Growth(
        np.array([1, 1, 2, 3]),
        np.array([10, 30, 35, 36]),
        np.array([100.0, 200.0, 50.0, -4000.0]),
        np.array([0, 0, 0, 2]),
    )
    book = World(rich, 1).book
    found = standing_of(Known(60, rows, growth, 60), book, rich)
    assert found.arr[:4].tolist() == [1000.0, 2700.0, 3050.0, 0.0]
    assert found.due_day[:4].tolist() == [-20, end_of(40, 24, rich.calendar), 130, NEVER]
    assert found.before[:4].tolist() == [0, 1, 0, 0]


@pytest.mark.jit
def test_who_has_renewed_is_less_likely_to_leave(tmp_path):
    """Beta odds: after one kept renewal the mean is E[p(1-p)] / E[1-p]; 4 standard errors (false alarms 6e-5)."""
    mean, dispersion = 0.3, 0.2
    none = dict.fromkeys(("market", "skill", "health", "timing", "amount"), 0.0)
    law = {"churn": {"probability": mean, "dispersion": dispersion}, "lag": ({"days": (0, 0), "share": 1.0},)}
    scenario = make_scenario(
        dependence=none, book=book_of(tmp_path, f"kim,a,all,1000,{due(20)},6"), start=START, periods=4, **law
    )
    rows = Bookings(*(np.array(each) for each in ([0], [20], [20], [1000.0], [1000.0], [6], [NEVER])))
    world = Continued(scenario, 3, Known(60, rows, NO_GROWTH, 60))
    renewals, _ = world.simulate(0, 0, 20_000)
    lost = (renewals.booked_day[1] == NEVER).mean()
    a, b = mean * (1 / dispersion - 1), (1 - mean) * (1 / dispersion - 1)
    expected = a / (a + b + 1)
    assert abs(lost - expected) < 4 * np.sqrt(expected * (1 - expected) / 20_000)
    assert abs(expected - mean) > 8 * np.sqrt(expected * (1 - expected) / 20_000)


@pytest.mark.jit
@pytest.mark.parametrize("shared", [0.0, 0.4])
def test_a_renewal_that_is_still_open_is_likelier_lost(tmp_path, shared):
    """60 days past due, not booked: p / (p + (1 - p) P(later)), by Bayes; once, also where market and skill are learnt from
    it: from a single renewal the normal law of the market is off by a little, and the share by up to 0.02. Without that 4
    standard errors (false alarms 6e-5).
    """
    none = dict.fromkeys(("skill", "health", "timing", "amount"), 0.0) | {"market": shared}
    law = {"churn": {"probability": 0.2}, "lag": LAG}
    scenario = make_scenario(
        dependence=none, book=book_of(tmp_path, f"kim,a,all,1000,{due(20)},12"), start=START, periods=4, **law
    )
    world = Continued(scenario, 3, Known(80, NO_BOOKINGS, NO_GROWTH, 80))
    renewals, _ = world.simulate(0, 0, 20_000)
    kept = renewals.booked_day[0] < NEVER
    later = 0.03 + 0.05 * 31 / 60
    expected = 0.8 * later / (0.2 + 0.8 * later)
    room = 0.02 if shared else 0.0
    assert abs(kept.mean() - expected) < room + 4 * np.sqrt(expected * (1 - expected) / 20_000)
    assert renewals.booked_day[0][kept].min() >= 80
