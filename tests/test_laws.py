"""What holds for every plan in ``configs/plans`` that is one bonus on renewal bookings, whatever its crediting, quota and
curve. A new plan is tested here by being there; ``test_plan_laws.py`` has what holds for all plans.
"""

import math

import numpy as np
import pytest

from sim.files.toml import check
from sim.ledger import fill_ledger
from sim.plan.plan import Plan, load_plan
from sim.plan.settle import compile_plan, settle, settle_on
from sim.plan.split import split_bonus
from sim.plan.worksheet import Worksheet
from tests.rig.inputs.deals import (
    PLANS,
    RENEWALS,
    Deal,
    eight_quarters,
    frame_for,
    in_quarter,
    random_book,
    renewals,
    settled,
    shipped_plans,
)

FILES = [path for path in shipped_plans() if load_plan(path).on_renewals_alone]
every_plan = pytest.mark.parametrize("path", FILES, ids=[str(each.relative_to(PLANS)) for each in FILES])
CALENDAR = eight_quarters()


def with_rules(plan, **tables):
    """The plan with keys of its component's tables replaced."""
    document = plan.model_dump(exclude_none=True)
    component = document["component"][0]
    for table, keys in tables.items():
        component[table] = {**component[table], **keys}
    return check(Plan, document, "plan.toml")


def assert_same(left, right, **tolerance):
    for name, one, other in zip(left._fields, left, right, strict=True):
        np.testing.assert_allclose(one, other, err_msg=name, **tolerance)


def assert_identical(left, right):
    for name, one, other in zip(left._fields, left, right, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


@every_plan
def test_permuting_renewals_changes_nothing(path):
    book = random_book(1)
    shuffled = [book[i] for i in np.random.default_rng(2).permutation(RENEWALS)]
    plan = load_plan(path)
    assert_same(settled(plan, CALENDAR, book), settled(plan, CALENDAR, shuffled), rtol=1e-12)


@every_plan
def test_doubling_arr_and_quotas_changes_no_attainment_and_no_bonus(path):
    book, plan = random_book(3), load_plan(path)
    doubled = [deal._replace(arr=2 * deal.arr, booked_arr=2 * deal.booked_arr) for deal in book]
    quota = plan.component[0].quota
    twice = with_rules(plan, quota={"amount": 2 * quota.amount}) if quota.kind == "fixed" else plan
    before, after = settled(plan, CALENDAR, book), settled(twice, CALENDAR, doubled)
    np.testing.assert_allclose(after.credit, 2 * before.credit, rtol=1e-12)
    np.testing.assert_allclose(after.attainment, before.attainment, rtol=1e-12)
    np.testing.assert_allclose(after.bonus, before.bonus, rtol=1e-12)


@every_plan
def test_credit_is_conserved_where_multipliers_are_1(path):
    plan = load_plan(path)
    crediting = plan.component[0].crediting
    plain = {
        side: tuple({"through_day": band.through_day, "multiplier": 1.0} for band in bands)
        for side in ("early_bands", "late_bands")
        if (bands := getattr(crediting, side)) is not None
    } | {
        side: 1.0 for side in ("early_multiplier", "late_multiplier") if getattr(crediting, side) is not None
    }
    book = random_book(4, within=True)
    statement = settled(with_rules(plan, crediting=plain), CALENDAR, book)
    booked = sum(deal.booked_arr for deal in book)
    assert statement.credit.sum() == pytest.approx(booked, rel=1e-12)
    counted = statement.renewed_early + statement.renewed_late + statement.renewed_on_time
    np.testing.assert_allclose(counted, statement.credit, rtol=1e-12)


@every_plan
def test_what_is_counted_does_not_depend_on_multipliers(path):
    statement = settled(load_plan(path), CALENDAR, book := random_book(5, within=True))
    counted = statement.renewed_early + statement.renewed_late + statement.renewed_on_time
    assert counted.sum() == pytest.approx(sum(deal.booked_arr for deal in book), rel=1e-12)


@every_plan
def test_a_book_on_time_at_quota_pays_target_and_moves_nothing(path):
    plan = load_plan(path)
    quota = plan.component[0].quota
    book = [
        Deal(
            in_quarter(CALENDAR, t), in_quarter(CALENDAR, t), 600_000.0, quota.amount or 600_000 * quota.rate
        )
        for t in range(CALENDAR.periods)
    ]
    statement = settled(plan, CALENDAR, book)
    np.testing.assert_array_equal(statement.quota, statement.base_quota)
    np.testing.assert_allclose(statement.attainment, 1.0, rtol=1e-12)
    np.testing.assert_allclose(statement.bonus, plan.target_bonus(CALENDAR), rtol=1e-12)
    np.testing.assert_array_equal(statement.credit, statement.credit_on_time)
    assert not statement.quota_exhausted.any()


@every_plan
def test_no_bonus_is_negative_or_above_the_cap(path):
    plan = load_plan(path)
    worlds = [random_book(seed) for seed in range(6, 12)]
    statement = settled(plan, CALENDAR, *worlds)
    curve = plan.component[0].curve
    cap = max(piece.pays for piece in curve) if curve[-1].slope == 0 else math.inf
    assert (statement.bonus >= 0).all()
    assert (statement.bonus <= cap * plan.target_bonus(CALENDAR)).all()
    assert np.isfinite(statement.bonus).all()


@every_plan
def test_the_split_adds_up_to_the_bonus_where_there_is_credit(path):
    statement = settled(load_plan(path), CALENDAR, random_book(12), [])
    parts = sum(split_bonus(statement))
    credited = statement.credit > 0
    np.testing.assert_allclose(parts[credited], statement.bonus[credited], rtol=1e-12)
    assert (parts[~credited] == 0).all()


@every_plan
def test_blocks_of_worlds_concatenate(path):
    plan = load_plan(path)
    worlds = [random_book(seed) for seed in range(20, 27)]
    whole = settled(plan, CALENDAR, *worlds)
    parts = settled(plan, CALENDAR, *worlds[:3]), settled(plan, CALENDAR, *worlds[3:])
    joined = type(whole)(*(np.concatenate(pair, axis=1) for pair in zip(*parts, strict=True)))
    assert_identical(whole, joined)


@every_plan
def test_settling_beside_other_plans_changes_nothing(path):
    """In one frame, bit for bit; between frames, whose cells differ, but for the order of summation."""
    plans = [load_plan(each) for each in FILES]
    chosen = FILES.index(path)
    frame = frame_for(CALENDAR, *plans)
    ledger = fill_ledger(
        renewals([random_book(30), random_book(31)]), frame, [name for plan in plans for name in plan.amounts]
    )
    rules = [compile_plan(plan, frame) for plan in plans]
    sheet = Worksheet(ledger)
    together = [settle_on(sheet, each).statement for each in rules][chosen]
    assert_identical(together, settle(rules[chosen], ledger))
    assert_same(together, settled(plans[chosen], CALENDAR, random_book(30), random_book(31)), rtol=1e-11)


@every_plan
def test_settling_leaves_the_ledger_as_it_was(path):
    plan = load_plan(path)
    frame = frame_for(CALENDAR, plan)
    book = renewals([random_book(40)])
    ledger, untouched = (fill_ledger(book, frame, plan.amounts) for _ in range(2))
    settle(compile_plan(plan, frame), ledger)
    np.testing.assert_array_equal(ledger.renewable, untouched.renewable)
    np.testing.assert_array_equal(ledger.unbooked, untouched.unbooked)
    for date, amount in ledger.amount.items():
        np.testing.assert_array_equal(amount, untouched.amount[date])
