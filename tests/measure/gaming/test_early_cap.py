"""Moves under an early cap, which grants a booking in part: the bracket against every timing of small books."""

from datetime import date

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.ledger import fill_ledger
from sim.measure.gaming.boundary import honest_flows
from sim.plan.plan import Plan
from sim.plan.settle import compile_plan
from tests.rig.inputs.small_books import (
    CALENDAR,
    Book,
    every_profile,
    find,
    frame_for,
    paid,
    random_book,
    renewals_of,
)

CLOSE = 1e-9
LINEAR = ({"attainment": "[0, inf)", "slope": 1.0},)
DOUBLE = (
    {"attainment": "[0, 0.8)"},
    {"attainment": "[0.8, 1.0)", "pays": 0.8, "slope": 1.0},
    {"attainment": "[1.0, inf)", "pays": 1.0, "slope": 2.0},
)
TIERS = (
    {"attainment": "[0, 0.95)"},
    {"attainment": "[0.95, 1.05]", "pays": 1.0},
    {"attainment": "(1.05, inf)", "pays": 1.4},
)
BANDS = (
    {"through_day": 40, "multiplier": 1.0},
    {"through_day": 100, "multiplier": 1.4},
)


def capped(name, quota, curve, moves, **crediting):
    """A plan of one bonus on renewal bookings with an early cap."""
    quota = {"kind": "fixed", "amount": quota} if quota > 1.0 else {"kind": "retention", "rate": quota}
    component = {
        "name": "renewals",
        "measure": "renewal_bookings",
        "quota": quota,
        "crediting": {"late_multiplier": 0.7, **crediting},
        "quota_moves": moves,
        "curve": curve,
    }
    pay = {"target_bonus": 20_000.0}
    return Plan.model_validate({"name": name, "pay": pay, "component": (component,)})


RELIEF = {"early_out_of_due": 1.0, "floor": 0.02}
PARTLY = {"early_out_of_due": 0.8, "early_into_booked": 0.4, "floor": 0.1}
BOTH = {"early_out_of_due": 1.0, "late_into_booked": 1.0, "late_out_of_due": 0.4, "floor": 0.2}
ADJUSTED = {"early_cap_base": "adjusted"}
PLANS = [
    capped("relief", 477_000.0, LINEAR, RELIEF, early_cap=0.45),
    capped("relief-adjusted", 477_000.0, LINEAR, RELIEF, early_cap=0.45, **ADJUSTED),
    capped("double", 477_000.0, DOUBLE, RELIEF, early_cap=0.6),
    capped("double-adjusted", 477_000.0, DOUBLE, RELIEF, early_cap=0.6, **ADJUSTED),
    capped("multiplier", 477_000.0, LINEAR, {}, early_cap=0.4, early_multiplier=1.3),
    capped("bands", 477_000.0, LINEAR, RELIEF, early_cap=0.5, early_bands=BANDS, **ADJUSTED),
    capped("bands-tiers", 477_000.0, TIERS, {}, early_cap=0.3, early_bands=BANDS),
    capped("worth-less", 477_000.0, LINEAR, RELIEF, early_cap=0.2, early_multiplier=0.6, **ADJUSTED),
    capped("into", 477_000.0, DOUBLE, PARTLY, early_cap=0.35),
    capped("into-adjusted", 477_000.0, LINEAR, PARTLY, early_cap=0.5, **ADJUSTED),
    capped("late", 477_000.0, LINEAR, BOTH, early_cap=0.5, **ADJUSTED),
    capped("late-tiers", 477_000.0, TIERS, BOTH, early_cap=0.5),
    capped("retention", 0.9, TIERS, RELIEF, early_cap=0.25, **ADJUSTED),
    capped("tight", 0.9, LINEAR, RELIEF, early_cap=0.02),
]
BOOKS = 10
NEAR = 0.10
"""Part of a plan's exposure over all small books that may be missed: one step of tiers in one of ten books is 0.08."""


def some_book(seed):
    """A random book; in every other one a renewal of the third quarter is booked in the first."""
    book = random_book(100 + seed)
    if seed % 2 == 0:
        return book
    renewals, last = book.renewals, len(book.renewals.due_day) - 1
    booked, kept = renewals.booked_day.copy(), renewals.booked_arr.copy()
    booked[last], kept[last] = CALENDAR.bounds[CALENDAR.lead] + 40, renewals.arr[last]
    moved = renewals._replace(booked_day=booked, booked_arr=kept, credit_day={"booking": booked})
    return book._replace(renewals=moved)


@pytest.fixture(scope="module")
def tried():
    """For every plan and book, in which some book early and late of themselves: best of all timings, and what was found."""
    frame = frame_for(PLANS)
    found = {}
    for seed in range(BOOKS):
        book = some_book(seed)
        profiles = every_profile(book, frame)
        for plan in PLANS:
            found[plan.name, seed] = (paid(plan, frame, profiles).max(), find(plan, frame, book))
    return found


def test_some_book_early_of_themselves_and_wait():
    """Else the books would not try what is asked of them."""
    frame = frame_for(PLANS)
    ledgers = [fill_ledger(some_book(seed).renewals, frame, ("booking",)) for seed in range(BOOKS)]
    flows = [honest_flows(compile_plan(PLANS[-1], frame), ledger) for ledger in ledgers]
    assert sum(each.ahead.sum() > 0.0 for each in flows) >= 4
    assert sum((each.ahead - each.ahead_next).sum() > 0.0 for each in flows) >= 4
    assert sum((each.ahead - each.granted_into).sum() > 1.0 for each in flows) >= 2


def test_the_bracket_holds_everything_that_can_be_done(tried):
    for (name, seed), (best, found) in tried.items():
        slack = CLOSE * max(best, 1.0)
        assert found.honest[0] <= best + slack, (name, seed)
        assert found.lower[0] <= best + slack, (name, seed)
        assert best <= found.upper[0] + slack, (name, seed)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_the_choice_is_nearly_the_best_one(tried, plan):
    mine = [each for (name, _), each in tried.items() if name == plan.name]
    exposure = sum(best - found.honest[0] for best, found in mine)
    missed = sum(best - max(found.lower[0], found.honest[0]) for best, found in mine)
    assert missed <= NEAR * exposure + 1.0


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_the_choice_pays_what_settle_pays(tried, plan):
    for (name, seed), (_, found) in tried.items():
        if name == plan.name:
            assert found.claimed == pytest.approx(found.lower, rel=1e-9), seed


def two_quarters(*renewals):
    """A book due in the middle of one of two quarters: quarter, booked quarter, amount, whether ready to be pulled."""
    calendar = Calendar(date(2026, 1, 1), 2)
    bounds = calendar.bounds[calendar.lead :]
    quarter, booked_in, amount, ready = (np.array(each) for each in zip(*renewals, strict=True))
    due = bounds[quarter] + 45
    booked = np.where(booked_in < quarter, bounds[1] - 20, due)
    arr = amount.astype(float)[:, np.newaxis]
    flags = ready[:, np.newaxis].astype(bool)
    columns = (each[:, np.newaxis] for each in (due, booked))
    return calendar, Book(renewals_of(*columns, arr, arr), flags, np.zeros_like(flags))


def test_a_booking_larger_than_the_room_is_pulled_and_granted_in_part():
    """By hand: cap 0.4 x 500 = 200. Of 350 pulled 200 count, 150 wait: 700 / 500 and 300 / 300, 1.4 + 1.0 of target;
    the 150 pulled instead would make 650 / 500 and 350 / 350.
    """
    plan = capped("provision", 500_000.0, LINEAR, {"early_out_of_due": 1.0}, early_cap=0.4)
    calendar, book = two_quarters(
        (0, 0, 250_000, 0), (0, 0, 250_000, 0), (1, 1, 350_000, 1), (1, 1, 150_000, 1)
    )
    found = find(plan, frame_for([plan], calendar), book)
    assert found.honest[0] == pytest.approx(40_000)
    assert found.lower[0] == pytest.approx(48_000)
    assert found.upper[0] == pytest.approx(48_000, rel=1e-6)


@pytest.mark.parametrize("curve", [LINEAR, DOUBLE], ids=["linear", "double"])
def test_pulls_share_the_cap_with_what_comes_early_of_itself(curve):
    """By hand: cap 0.25 x 400 = 100 at 1.5. Of itself 120 come early, 100 of them count: 550 / 400 and 300 / 400. Pulling
    the other 80 halves the share granted, and nothing else: 550 / 400 and 300 / 400 again.
    """
    plan = capped("shared", 400_000.0, curve, {}, early_cap=0.25, early_multiplier=1.5)
    calendar, book = two_quarters(
        (0, 0, 400_000, 0), (1, 0, 120_000, 0), (1, 1, 80_000, 1), (1, 1, 200_000, 0)
    )
    found = find(plan, frame_for([plan], calendar), book)
    first, second = (1.375, 0.75) if curve is LINEAR else (1.75, 0.0)
    assert found.honest[0] == pytest.approx(20_000 * (first + second))
    assert found.lower[0] == pytest.approx(found.honest[0])
    assert found.upper[0] == pytest.approx(found.honest[0], rel=0.003)


def test_more_credit_for_early_bookings_by_due_date_is_taken():
    """The credit comes with the due period and nothing is lost there: every booking that can be pulled is worth pulling."""
    plan = capped("due", 477_000.0, LINEAR, {}, date="due", early_multiplier=1.2)
    frame = frame_for([plan])
    for seed in range(3):
        book = random_book(seed)
        found = find(plan, frame, book)
        best = paid(plan, frame, every_profile(book, frame)).max()
        assert best > found.honest[0] + 1_000
        assert found.lower[0] == pytest.approx(best, rel=1e-9)
        assert found.claimed == pytest.approx(found.lower, rel=1e-9)
