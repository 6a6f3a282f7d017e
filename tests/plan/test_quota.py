"""What is asked: base quotas, moves, floor and the quota that is moved away."""

from itertools import permutations

import numpy as np
import pytest
from deals import Deal, eight_quarters, in_quarter, plan_of, settled

from sim.plan.attainment import attain
from sim.plan.quota import move_quota

CALENDAR = eight_quarters()


def quarter(period, day=30):
    return in_quarter(CALENDAR, period, day)


def test_a_retention_quota_follows_what_is_due_and_not_what_is_booked():
    plan = plan_of(quota={"kind": "retention", "rate": 0.9})
    book = [Deal(quarter(1), quarter(1), 1000.0, 2000.0), Deal(quarter(1), None, 500.0)]
    assert settled(plan, CALENDAR, book).base_quota[:, 0].tolist() == [0, 1350, 0, 0, 0, 0, 0, 0]


def test_recovered_and_shortfall_differ_by_what_never_came_back():
    book = [Deal(quarter(1), quarter(2), 100.0, 90.0), Deal(quarter(1), None, 50.0)]
    moves = {"late_into_booked": 1.0, "late_out_of_due": 1.0}
    recovered = settled(plan_of(quota_moves=moves), CALENDAR, book).quota
    shortfall = settled(plan_of(quota_moves=moves | {"carry": "shortfall"}), CALENDAR, book).quota
    assert recovered[:4, 0].tolist() == [600, 510, 690, 600]
    assert shortfall[:4, 0].tolist() == [600, 450, 750, 600]


def test_a_shortfall_before_the_horizon_enters_its_first_period():
    plan = plan_of(quota_moves={"late_into_booked": 1.0, "carry": "shortfall"})
    assert settled(plan, CALENDAR, [Deal(quarter(-1), None, 80.0)]).quota[:2, 0].tolist() == [680, 600]


@pytest.mark.parametrize(("floor", "quota", "attainment"), [(0.0, 0.0, 1.5), (0.25, 150.0, 2.0)])
def test_a_quota_that_is_moved_away_is_counted_and_a_floor_prevents_it(floor, quota, attainment):
    book = [Deal(quarter(1), quarter(0), 600.0), Deal(quarter(1), quarter(1), 300.0)]
    plan = plan_of(quota_moves={"early_out_of_due": 1.0, "floor": floor})
    statement = settled(plan, CALENDAR, book)
    assert statement.quota[1, 0] == quota
    assert statement.attainment[1, 0] == attainment
    assert statement.quota_exhausted[1, 0] == (floor == 0)


def test_nothing_asked_is_attained():
    statement = settled(plan_of(quota={"kind": "retention", "rate": 0.9}), CALENDAR, [])
    assert (statement.attainment == 1).all()
    assert statement.quota_exhausted.all()
    assert (statement.bonus == 20).all()


@pytest.mark.parametrize("longest_ahead", [0.1, 0.2, 0.3])
def test_the_order_of_a_sum_never_leaves_a_crumb_of_quota(longest_ahead):
    """All of a quota of 100 % is pulled forward, one part two quarters: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1."""
    due = quarter(2)
    book = [Deal(due, quarter(0 if arr == longest_ahead else 1), arr) for arr in (0.1, 0.2, 0.3)]
    plan = plan_of(quota={"kind": "retention", "rate": 1.0}, quota_moves={"early_out_of_due": 1.0})
    for order in permutations(book):
        statement = settled(plan, CALENDAR, order)
        assert statement.quota[2, 0] == 0
        assert statement.attainment[2, 0] == 1


def naive_quota(base, moves, follow, floor):
    out = np.empty_like(base)
    early_out, early_in, late_out, late_in = moves
    for t, w in np.ndindex(base.shape):
        quota = base[t, w] - follow[0] * early_out[t, w] + follow[1] * early_in[t, w]
        quota = quota - follow[2] * late_out[t, w] + follow[3] * late_in[t, w]
        out[t, w] = max(quota, floor * base[t, w])
    return out


def test_quota_moves_are_the_naive_ones():
    base, *moves = np.random.default_rng(1).uniform(0, 600, (5, 4, 7))
    follow, quota = (1.0, 0.25, 0.5, 1.0), np.empty_like(base)
    move_quota(base, *moves, follow, 0.1, quota)
    np.testing.assert_allclose(quota, naive_quota(base, moves, follow, 0.1), rtol=1e-12)


def test_attainment_is_credit_over_quota_also_where_there_is_none():
    credit = (
        np.array([[10.0, 0.0, 5.0, 5.0]]),
        np.array([[20.0, 0.0, 0.0, 0.0]]),
        np.array([[30.0, 0, 0, 0]]),
    )
    base, quota = np.array([[100.0, 50.0, 50.0, 0.0]]), np.array([[120.0, -10.0, 0.0, 0.0]])
    total, attainment, exhausted = np.empty((1, 4)), np.empty((1, 4)), np.empty((1, 4), dtype=np.bool_)
    attain(*credit, base, quota, total, attainment, exhausted)
    assert total[0].tolist() == [60, 0, 5, 5]
    assert attainment[0].tolist() == [0.5, 1 + 10 / 50, 1 + 5 / 50, 1]
    assert exhausted[0].tolist() == [False, True, True, True]
