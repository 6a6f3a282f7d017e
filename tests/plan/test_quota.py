"""What is asked: base quotas, moves, floor and the quota that is moved away."""

from itertools import permutations

import numpy as np
import pytest

from sim.plan.attainment import attain
from sim.plan.base_quota import Quota
from sim.plan.quota import move_quota, ratchet_quota
from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, plan_of, settled

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


def naive_ratchet(base, credit, up, down):
    out = np.empty_like(base)
    for w in range(base.shape[1]):
        level = 1.0
        for t in range(base.shape[0]):
            out[t, w] = level * base[t, w]
            if base[t, w] > 0.0:
                reached = sum(side[t, w] for side in credit) / base[t, w]
                level = level + (up if reached > level else down) * (reached - level)
    return out


def test_a_ratchet_is_the_naive_one():
    rng = np.random.default_rng(2)
    base, credit = rng.uniform(0, 600, (5, 7)), rng.uniform(0, 400, (3, 5, 7))
    base[2, 3] = base[0, 1] = 0.0
    for ratchets in ((0.25, 0.25), (0.5, 0.0), (0.0, 1.0)):
        asked = np.empty_like(base)
        ratchet_quota(base, *credit, ratchets, asked)
        np.testing.assert_allclose(asked, naive_ratchet(base, credit, *ratchets), rtol=1e-12)


def test_half_of_what_was_above_is_asked_from_the_next_quarter_on():
    """Weitzman's q' = q + lambda (y - q): 600 asked and 800 booked ask 700, then 600 booked ask 650; or less far down."""
    plan = plan_of(quota={"kind": "fixed", "amount": 600.0, "ratchet": 0.5})
    book = [Deal(quarter(0), quarter(0), 800.0), Deal(quarter(1), quarter(1), 600.0)]
    statement = settled(plan, CALENDAR, book)
    assert statement.quota[:3, 0].tolist() == pytest.approx([600.0, 700.0, 650.0])
    gentle = {"kind": "fixed", "amount": 600.0, "ratchet": 0.5, "ratchet_down": 0.1}
    assert settled(plan_of(quota=gentle), CALENDAR, book).quota[:3, 0].tolist() == pytest.approx(
        [600.0, 700.0, 690.0]
    )


PUBLISHED = {
    0.25: (0.182, 0.220, 0.273, 0.345, 0.442, 0.575, 0.755, 1.0),
    0.5: (0.045, 0.052, 0.066, 0.094, 0.152, 0.270, 0.510, 1.0),
}
"""What of the slope is left in each of eight quarters, at an interest of 2 % a quarter."""


@pytest.mark.parametrize("ratchet", PUBLISHED)
def test_weitzmans_effective_slope(ratchet):
    """One more dollar in quarter t of a book at quota pays b (1 - sum_k d^k l (1 - l)^(k - 1)) in today's money, and over
    ever longer horizons b / (1 + l / rho): the published .0385 and .0741 at rho = 2 % a quarter.
    """
    rho = 0.02
    d, book = 1.0 / (1.0 + rho), [Deal(quarter(t), quarter(t), 600.0) for t in range(8)]
    plan = plan_of(quota={"kind": "fixed", "amount": 600.0, "ratchet": ratchet})
    base = settled(plan, CALENDAR, book).bonus[:, 0]
    for first in range(8):
        more = [*book, Deal(quarter(first), quarter(first), 1e-4)]
        gained = (settled(plan, CALENDAR, more).bonus[:, 0] - base) / 1e-4
        worth = sum(gained[t] * d ** (t - first) for t in range(first, 8)) / (20.0 / 600.0)
        left = 7 - first
        lost = sum(d**k * ratchet * (1 - ratchet) ** (k - 1) for k in range(1, left + 1))
        assert worth == pytest.approx(1.0 - lost, abs=1e-4)
        assert worth == pytest.approx(PUBLISHED[ratchet][first], abs=6e-4)
    for_ever = 1.0 - sum(d**k * ratchet * (1 - ratchet) ** (k - 1) for k in range(1, 2_000))
    assert for_ever == pytest.approx(1.0 / (1.0 + ratchet / rho), rel=1e-9)
    assert round(1.0 / (1.0 + 0.5 / 0.02), 4) == 0.0385
    assert round(1.0 / (1.0 + 0.25 / 0.02), 4) == 0.0741


def test_only_renewals_ratchet():
    with pytest.raises(ValueError, match="Only renewal_bookings has one"):
        plan_of(measure="grr", quota={"kind": "target", "target": 0.9, "ratchet": 0.5})
    assert Quota(kind="fixed", amount=1.0, ratchet=0.25).ratchets == (0.25, 0.25)
