"""Crediting rules, one at a time, on books small enough to follow."""

import pytest

from sim.frame import make_frame
from sim.ledger import fill_ledger
from sim.plan.settle import compile_plan, settle
from tests.rig.inputs.deals import (
    Deal,
    eight_quarters,
    frame_for,
    in_quarter,
    plan_of,
    renewals,
    settled,
    two_quarters,
)

CALENDAR = eight_quarters()
BANDS = (
    {"through_day": 30, "multiplier": 0.75},
    {"through_day": 90, "multiplier": 0.50},
    {"through_day": 120, "multiplier": 0.25},
)


def quarter(period, day=30):
    return in_quarter(CALENDAR, period, day)


@pytest.mark.parametrize(
    ("days", "credit"), [(1, 75), (30, 75), (31, 50), (90, 50), (91, 25), (120, 25), (121, 0), (180, 0)]
)
def test_late_bands_include_their_last_day_and_past_the_last_earn_nothing(days, credit):
    due = quarter(2)
    statement = settled(plan_of(crediting={"late_bands": BANDS}), CALENDAR, [Deal(due, due + days, 100.0)])
    assert statement.credit_late.sum() == credit
    assert statement.renewed_late.sum() == 100


def test_beyond_the_window_it_is_a_new_logo_and_counted_nowhere():
    plan = plan_of(quota_moves={"late_into_booked": 1.0, "late_out_of_due": 1.0})
    statement = settled(plan, CALENDAR, [Deal(quarter(2), quarter(2) + 181, 100.0)])
    assert statement.renewed_late.sum() == statement.credit.sum() == 0
    assert (statement.quota == 600).all()


@pytest.mark.parametrize(("days", "credit"), [(31, 100), (32, 125), (60, 125), (61, 150), (150, 150)])
def test_early_bands_hold_past_their_last_day(days, credit):
    bands = (
        {"through_day": 31, "multiplier": 1.0},
        {"through_day": 60, "multiplier": 1.25},
        {"through_day": 90, "multiplier": 1.5},
    )
    due = quarter(3, 0)  # the first day of a quarter: any earlier day is in an earlier period
    statement = settled(plan_of(crediting={"early_bands": bands}), CALENDAR, [Deal(due, due - days, 100.0)])
    assert statement.credit_early.sum() == credit


def test_booked_before_the_due_day_in_the_same_period_is_on_time():
    statement = settled(plan_of(), CALENDAR, [Deal(quarter(2, 80), quarter(2, 5), 100.0)])
    assert statement.credit_on_time[2, 0] == 100


def test_late_inside_its_own_period_takes_its_band_and_moves_no_quota():
    plan = plan_of(
        crediting={"late_bands": BANDS}, quota_moves={"late_into_booked": 1.0, "late_out_of_due": 1.0}
    )
    statement = settled(plan, CALENDAR, [Deal(quarter(2, 10), quarter(2, 20), 100.0)])
    assert statement.credit_late[2, 0] == 75
    assert (statement.quota == 600).all()


def test_credit_by_due_date_takes_multipliers_in_the_due_period():
    plan = plan_of(
        crediting={"date": "due", "early_multiplier": 1.25, "late_multiplier": 0.5, "early_cap": 0.0},
        quota_moves={"early_out_of_due": 1.0, "late_into_booked": 1.0},
    )
    book = [Deal(quarter(2), quarter(1), 100.0), Deal(quarter(2), quarter(3), 100.0)]
    statement = settled(plan, CALENDAR, book)
    assert statement.credit_early[:, 0].tolist() == [0, 0, 125, 0, 0, 0, 0, 0]
    assert statement.credit_late[:, 0].tolist() == [0, 0, 50, 0, 0, 0, 0, 0]
    assert (statement.quota == 600).all()


@pytest.mark.parametrize(
    ("paid", "early_row"),
    [(1, {1: 125}), (2, {2: 125}), (3, {3: 125})],
    ids=["ahead of the due period", "in it", "after it"],
)
def test_a_credit_date_decides_the_period_and_the_booked_day_the_row(paid, early_row):
    book = [Deal(quarter(2), quarter(1), 100.0, credit=(("cash", quarter(paid)),))]
    plan = plan_of(
        crediting={"date": "cash", "early_multiplier": 1.25}, quota_moves={"early_out_of_due": 1.0}
    )
    statement = settled(plan, CALENDAR, book)
    assert {t: credit for t, credit in enumerate(statement.credit_early[:, 0]) if credit} == early_row
    assert statement.quota[2, 0] == (500 if paid == 1 else 600)


def test_without_a_credit_date_there_is_no_credit():
    plan = plan_of(crediting={"date": "cash"})
    assert (
        settled(plan, CALENDAR, [Deal(quarter(2), quarter(2), 1.0, credit=(("cash", None),))]).credit.sum()
        == 0
    )


def test_due_periods_share_the_cap_pro_rata():
    book = [Deal(quarter(1), quarter(0), 300.0), Deal(quarter(2), quarter(0), 100.0)]
    plan = plan_of(
        crediting={"early_cap": 0.5, "early_multiplier": 2.0}, quota_moves={"early_out_of_due": 1.0}
    )
    statement = settled(plan, CALENDAR, book)
    # 400 early, 300 may count: three quarters of each; the rest waits at multiplier 1.
    assert statement.credit_early[:3, 0].tolist() == [600, 75, 25]
    assert statement.renewed_early[:3, 0].tolist() == [300, 75, 25]
    assert statement.quota[:3, 0].tolist() == [600, 600 - 225, 600 - 75]


def test_the_adjusted_cap_base_is_what_earlier_early_bookings_left():
    book = [Deal(quarter(1), quarter(0), 300.0), Deal(quarter(2), quarter(1), 300.0)]
    for base, granted in (("original", 300.0), ("adjusted", 150.0)):
        crediting = {"early_cap": 0.5, "early_cap_base": base}
        statement = settled(
            plan_of(crediting=crediting, quota_moves={"early_out_of_due": 1.0}), CALENDAR, book
        )
        assert statement.credit_early[1, 0] == granted


@pytest.mark.parametrize("base", ["original", "adjusted"])
def test_before_the_horizon_quotas_do_not_move_and_the_cap_stands_on_the_base(base):
    book = [Deal(quarter(-1), quarter(-2), 300.0), Deal(quarter(0), quarter(-1), 300.0)]
    crediting = {"early_cap": 0.5, "early_cap_base": base}
    statement = settled(plan_of(crediting=crediting, quota_moves={"early_out_of_due": 1.0}), CALENDAR, book)
    assert statement.quota[0, 0] == 300
    assert statement.credit[0, 0] == 0


def test_an_early_booking_before_the_horizon_lowers_the_quota_of_its_due_period():
    plan = plan_of(quota_moves={"early_out_of_due": 1.0})
    statement = settled(plan, CALENDAR, [Deal(quarter(0), quarter(-1), 100.0)])
    assert statement.quota[0, 0] == 500
    assert statement.credit.sum() == 0


def test_a_late_booking_of_the_edge_counts_in_the_horizon():
    plan = plan_of(quota_moves={"late_into_booked": 1.0})
    statement = settled(plan, CALENDAR, [Deal(quarter(-1), quarter(0), 100.0)])
    assert statement.credit_late[0, 0] == 100
    assert statement.quota[0, 0] == 700


def test_a_frame_made_without_a_plan_is_refused():
    plan = plan_of(crediting={"late_bands": BANDS})
    with pytest.raises(ValueError, match="does not tell apart day 30 and day 31"):
        compile_plan(plan, make_frame(CALENDAR, [()], [(180,)]))
    with pytest.raises(ValueError, match="does not reach day 180"):
        compile_plan(plan_of(), make_frame(CALENDAR, [()], [(90,)]))
    assert compile_plan(plan, frame_for(CALENDAR, plan, plan_of())).components[0].target == 20


def test_target_bonus_from_ote_and_mix():
    pay = {"ote": 160_000.0, "pay_mix": 0.375}
    plan = plan_of().model_copy(update={"pay": type(plan_of().pay).model_validate(pay)})
    assert plan.target_bonus(two_quarters()) == 15_000
    assert plan.pay.base_salary == 100_000


def test_a_deal_cap_limits_each_booking_and_not_their_sum():
    """Of 700 and 300 with at most 500 a deal: 500 + 300 = 800 of 600, so 133 % and 26.7 of 20."""
    book = [Deal(quarter(0), quarter(0), 700.0), Deal(quarter(0), quarter(0), 300.0)]
    statement = settled(plan_of(crediting={"deal_cap": 500.0}), CALENDAR, book)
    assert statement.renewed_on_time[0, 0] == statement.credit[0, 0] == 800
    assert statement.bonus[0, 0] == pytest.approx(20 * 800 / 600)


def test_a_deal_cap_comes_before_multipliers_and_bounds_what_moves_a_quota():
    """700 booked early counts for 500: credit 1.25 x 500, and 500 leave the quota of the due period."""
    rules = {
        "crediting": {"deal_cap": 500.0, "early_multiplier": 1.25},
        "quota_moves": {"early_out_of_due": 1.0},
    }
    statement = settled(plan_of(**rules), CALENDAR, [Deal(quarter(1), quarter(0), 700.0)])
    assert statement.renewed_early[0, 0] == 500
    assert statement.credit[0, 0] == 625
    assert statement.quota[1, 0] == 100


def test_a_deal_cap_leaves_what_is_asked_alone():
    """A retention quota is a rate of the ARR due, however large the deal."""
    plan = plan_of(quota={"kind": "retention", "rate": 0.9}, crediting={"deal_cap": 500.0})
    statement = settled(plan, CALENDAR, [Deal(quarter(0), quarter(0), 1_000.0)])
    assert (statement.quota[0, 0], statement.credit[0, 0]) == (900, 500)


def test_plans_with_and_without_a_deal_cap_read_one_ledger():
    capped, plain = plan_of(crediting={"deal_cap": 500.0}), plan_of()
    frame = frame_for(CALENDAR, capped, plain)
    ledger = fill_ledger(
        renewals([[Deal(quarter(0), quarter(0), 700.0)]]), frame, (*capped.amounts, *plain.amounts)
    )
    assert set(ledger.amount) == {"booking", "booking up to 500.0"}
    credits = [settle(compile_plan(plan, frame), ledger).credit[0, 0] for plan in (capped, plain)]
    assert credits == [500, 700]
