"""Switch contrasts: the same as settling a book in which that one renewal was otherwise, and derivatives of expected pay."""

import numpy as np
import pytest

from sim.ledger import fill_ledger
from sim.measure.incentive.switch import (
    AHEAD,
    ARMS,
    BEHIND,
    GROWN,
    KEPT,
    LOST,
    ON_DUE_DAY,
    Step,
    arm_bookings,
    due_period,
    next_save,
    switch_pay,
)
from sim.plan.settle import settle
from sim.questions.incentive.around import holding
from sim.questions.incentive.scene import facts_of, make_scene, open_book
from sim.records import NEVER
from sim.world.scenario import load_scenario
from sim.world.shift import Shift, shift_world
from tests.rig.inputs.switches import Asked, honest, shipped
from tests.rig.repository import CONFIGS

STEP = Step(days_late=30, expansion=10_000.0)


@pytest.fixture(scope="module")
def company():
    """One enterprise book of the shipped company under every shipped plan."""
    scenario = load_scenario(CONFIGS / "scenarios" / "company.toml")
    scene = make_scene(Asked(scenario), holding(shipped()), STEP)
    return scene, open_book(scene, 0, 0, 6)


def changed(renewals, scene, row, day, arr):
    """The book with one renewal booked on another day at another size, in all worlds; the slow way."""
    booked_day, booked_arr = renewals.booked_day.copy(), renewals.booked_arr.copy()
    booked_day[row], booked_arr[row] = day, arr
    dates = scene.dates.credit_day(renewals.due_day, booked_day)
    return renewals._replace(booked_day=booked_day, booked_arr=booked_arr, credit_day=dates)


def test_a_switch_pays_what_a_full_settlement_of_the_changed_book_pays(company):
    scene, opened = company
    whole, _ = scene.world.simulate(0, 0, 6, tuple(scene.dates.later))
    inside = np.flatnonzero((due_period(whole.due_day, scene.frame.calendar) >= 0).any(axis=1))
    renewals, kept, ledger = opened.renewals, opened.kept, opened.ledger
    pay = switch_pay(renewals, kept, ledger, scene.frame, scene.dates, scene.plans, STEP)
    bookings = arm_bookings(renewals, kept, scene.frame.calendar, STEP, slice(0, len(inside)))
    for row in range(0, len(inside), 5):
        for arm in range(len(ARMS)):
            day, arr = bookings[arm]
            book = changed(whole, scene, inside[row], day[row], arr[row])
            full = fill_ledger(book, scene.frame, tuple(scene.dates.later))
            for position, plan in enumerate(scene.plans):
                expected = settle(plan, full).bonus.sum(axis=0)
                np.testing.assert_allclose(pay[position, arm, row], expected, rtol=1e-9, atol=1e-6)


def test_keeping_what_is_kept_changes_nothing(company):
    scene, book = company
    renewals, ledger = book.renewals, book.ledger
    pay = switch_pay(renewals, book.kept, ledger, scene.frame, scene.dates, scene.plans, STEP, (KEPT,))
    booked = renewals.booked_day < NEVER
    for position, plan in enumerate(scene.plans):
        now = np.broadcast_to(settle(plan, ledger).bonus.sum(axis=0), booked.shape)
        np.testing.assert_allclose(pay[position, KEPT][booked], now[booked], rtol=1e-9)


def test_arms_book_where_they_say(company):
    scene, book = company
    renewals, kept = book.renewals, book.kept
    calendar = scene.frame.calendar
    rows = slice(0, len(renewals.account))
    bookings = arm_bookings(renewals, kept, calendar, STEP, rows)
    due = renewals.due_day
    reached = due_period(due, calendar) > 0
    assert (bookings[LOST][0] == NEVER).all()
    assert (bookings[LOST][1] == 0).all()
    assert (bookings[ON_DUE_DAY][0][reached] == due[reached]).all()
    assert (bookings[BEHIND][0][reached] == due[reached] + 30).all()
    before = due_period(bookings[AHEAD][0], calendar)
    assert (before[reached] == due_period(due, calendar)[reached] - 1).all()
    assert (due[reached] - bookings[AHEAD][0][reached]).min() >= 89
    np.testing.assert_allclose(bookings[GROWN][1], kept.booked_arr + 10_000)


def test_the_lost_would_have_been_kept_on_the_same_draws(company):
    """Where nobody parts before, a lost renewal's booking is drawn; it is not everywhere on its due day at its old ARR."""
    _, book = company
    renewals, kept = book.renewals, book.kept
    lost = (renewals.booked_day == NEVER) & (renewals.due_day < NEVER)
    assert lost.sum() > 10
    moved = (kept.booked_day != renewals.due_day) | (kept.booked_arr != renewals.arr)
    assert moved[lost].mean() > 0.3
    assert (kept.booked_day[lost] < NEVER).all()


def test_one_more_average_account_by_hand():
    """Linear pay: one more renewal of a size pays target bonus over quota times the size, in every quarter."""
    scene = make_scene(Asked(honest()), holding(shipped("retention-linear")), STEP)
    ledger = open_book(scene, 0, 0, 4).ledger
    size = np.full((8, 4), 24_000.0)
    paid = next_save(ledger, scene.frame, scene.dates, scene.plans, size)[0]
    quota = settle(scene.plans[0], ledger).base_quota
    np.testing.assert_allclose(paid, 20_000 * 24_000 / quota, rtol=1e-9)


@pytest.mark.jit
def test_switch_contrasts_are_the_derivative_of_expected_pay():
    """dE[W] per unit of log odds of churn = -sum p (1 - p) E[D], against central differences on the same draws.

    Every shipped curve, independent renewals. Within 4.5 standard errors of the two together and the curvature that a
    step of 0.2 leaves (17 plans: a false alarm once in 8,000 seeds; the seed is fixed).
    """
    worlds, step = 6_000, 0.2
    scenario = honest(market=0.0)
    scene = make_scene(Asked(scenario), holding(shipped()), STEP)
    contrasts = np.zeros((len(scene.plans), worlds))
    for first in range(0, worlds, 1_000):
        book = open_book(scene, 0, first, 1_000)
        cells = (scene.frame, scene.dates, scene.plans)
        pay = switch_pay(book.renewals, book.kept, book.ledger, *cells, STEP, (KEPT, LOST))
        contrasts[:, first : first + 1_000] = (book.at_risk * (pay[:, KEPT] - pay[:, LOST])).sum(axis=1)
    ledgers = []
    for sign in (-1, 1):
        world = shift_world(scenario, 7, {"book": Shift(churn=sign * step)})
        renewals, _ = world.simulate(0, 0, worlds)
        ledgers.append(fill_ledger(renewals, scene.frame, ("booking",)))
    for position, plan in enumerate(scene.plans):
        less, more = (settle(plan, each).bonus.sum(axis=0) for each in ledgers)
        differences = (less - more) / (2 * step)
        gap = contrasts[position] - differences
        error = gap.std(ddof=1) / np.sqrt(worlds)
        curvature = 0.02 * abs(contrasts[position].mean())
        assert abs(gap.mean()) < 4.5 * error + curvature, shipped()[position].name
        assert error < 0.05 * contrasts[position].mean()  # the test can tell


def test_facts_count_only_what_lies_in_the_horizon(company):
    scene, book = company
    renewals, kept, weight = book.renewals, book.kept, book.at_risk
    statement = settle(scene.plans[0], book.ledger)
    facts = facts_of(scene, book, statement.base_quota, statement.attainment)
    calendar = scene.frame.calendar
    last = int(calendar.bounds[calendar.lead + calendar.periods])
    assert facts.counted.any()
    assert ((renewals.due_day >= 0) & (renewals.due_day < last))[facts.counted].all()
    assert ((kept.booked_day >= 0) & (kept.booked_day < last))[facts.counted].all()
    late = facts.counted & facts.late
    assert (renewals.due_day[late] + 30 < last).all()
    assert (renewals.due_day[facts.early & facts.counted] >= calendar.bounds[calendar.lead + 1]).all()
    assert ((weight > 0) & (weight <= 0.25)).all()
