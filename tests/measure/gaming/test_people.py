"""The best timing of whoever has a target and quotas of their own, against trying everything."""

import numpy as np
import pytest

from sim.records import Agreed, OwnPay, OwnQuota
from tests.rig.inputs.small_books import CALENDAR, every_profile, find, frame_for, paid, random_book

CLOSE = 1e-9
HORIZON = slice(CALENDAR.lead, CALENDAR.lead + CALENDAR.periods)


def agreed_with(targets, quotas):
    """Whoever has these targets and quotas in the periods of the horizon, and those of the first and last beyond it."""

    def over_reach(amounts):
        found = np.full(CALENDAR.reach, float(amounts[-1]))
        found[: CALENDAR.lead] = amounts[0]
        found[HORIZON] = amounts
        return found

    nothing, plans = np.zeros(CALENDAR.reach), np.ones(CALENDAR.reach)
    quota = OwnQuota(over_reach(quotas), nothing)
    return Agreed(OwnPay(over_reach(targets), nothing), OwnPay(nothing, plans), {"": quota})


SAME = agreed_with([20_000] * 3, [477_000] * 3)
RISING = agreed_with([5_000, 20_000, 60_000], [477_000] * 3)
SEASONAL = agreed_with([20_000] * 3, [300_000, 477_000, 700_000])
BOTH = agreed_with([40_000, 8_000, 20_000], [600_000, 350_000, 520_000])


def asking_persons(plan):
    """The plan with a quota of each one's own."""
    component = plan.lead
    quota = type(component.quota)(kind="person")
    return plan.model_copy(update={"component": (component.model_copy(update={"quota": quota}),)})


@pytest.fixture(scope="module")
def persons(plans):
    return [asking_persons(plan) for plan in plans]


@pytest.mark.parametrize("agreed", [RISING, SEASONAL, BOTH], ids=["targets", "quotas", "both"])
@pytest.mark.parametrize("seed", range(3))
def test_the_bracket_holds_everything_that_can_be_done(persons, frame, agreed, seed):
    """Every combination of dates, settled on the person's own terms; where no cap couples boundaries the choice is best."""
    book = random_book(seed, per_period=2)
    profiles = every_profile(book, frame)
    missed = []
    for plan in persons:
        found = find(plan, frame, book, agreed=agreed)
        best = paid(plan, frame, profiles, agreed).max()
        slack = CLOSE * max(best, 1.0)
        reached = max(found.lower[0], found.honest[0])
        assert reached <= best + slack, plan.name
        assert best <= found.upper[0] + slack, plan.name
        if "cap" not in plan.name and "provision" not in plan.name and best - reached > 1e-6:
            missed.append(plan.name)
    assert len(missed) <= 0.1 * len(persons), missed


def test_whose_terms_are_the_plans_is_bounded_as_the_plan(plans, frame):
    """A target and quotas of one's own that are the plan's give the bracket of the plan to the bit."""
    book = random_book(7)
    for plan in plans:
        quota = plan.lead.quota
        if quota.kind != "fixed" or quota.amount is None or quota.amounts is not None:
            continue
        terms = agreed_with([plan.target_bonus(CALENDAR)] * 3, [quota.amount] * 3)
        mine, plans_own = find(asking_persons(plan), frame, book, agreed=terms), find(plan, frame, book)
        assert mine.upper[0] == plans_own.upper[0], plan.name
        assert mine.lower[0] == plans_own.lower[0], plan.name


def test_linear_pay_is_moved_to_where_a_dollar_earns_most():
    """By hand: rates of pay are target over quota, 2, 4 and 12 cents; each booking goes to the best period it can reach."""
    from tests.rig.inputs.deals import plan_of

    plan = asking_persons(plan_of())
    frame = frame_for([plan])
    book = random_book(2)
    terms = agreed_with([10_000, 20_000, 60_000], [500_000] * 3)
    found, profiles = find(plan, frame, book, agreed=terms), every_profile(book, frame)
    rates = np.array([0.02, 0.04, 0.12])
    bounds = CALENDAR.bounds[CALENDAR.lead : CALENDAR.lead + CALENDAR.periods + 1]
    booked = profiles.booked_day
    period = np.searchsorted(bounds, booked, side="right") - 1
    inside = (period >= 0) & (period < 3) & (booked < bounds[-1])
    counted = np.where(inside & (booked - profiles.due_day <= 180), profiles.booked_arr, 0.0)
    by_hand = (counted * rates[np.clip(period, 0, 2)]).sum(axis=0)
    np.testing.assert_allclose(paid(plan, frame, profiles, terms), by_hand)
    assert found.lower[0] == pytest.approx(by_hand.max())
    assert found.upper[0] == pytest.approx(by_hand.max())
