"""Deals of simulated books by type, term and size: against the flows of the bridge, and a slow twin, deal by deal."""

from itertools import pairwise

import numpy as np
import pytest

from sim.deal_sums import of_smaller, scaled_deals
from sim.engine.territories import add_activities
from sim.plan.deals import TYPES
from sim.records import NEVER, DealSum, DealTerms
from sim.world.activity import notice_days
from sim.world.world import World
from tests.rig.inputs.small_scenarios import make_scenario
from tests.world.test_followed import BACK, GROW, JOIN, LATE, OFTEN, SHRINK

LAW = {
    "csms": 2,
    "arr": {"mean": 30_000.0, "sigma": 0.7, "accounts": 5},
    "churn": {"probability": 0.25},
    "lag": LATE,
    "contraction": SHRINK,
    "uplift": GROW,
    "win_back": BACK,
    "expansion": OFTEN,
    "term_months": {"6": 0.3, "12": 0.4, "24": 0.3},
    "renewed_term_months": {"3": 0.4, "24": 0.6},
    "new_accounts": JOIN,
}
WINDOW = 180


@pytest.fixture(scope="module")
def world():
    return World(make_scenario(**LAW), 4)


def summed(world, asked, csm=0, first=0, worlds=64):
    return world.simulate_all(csm, first, worlds, deals=tuple(asked))[2]


ALWAYS = {"late_window_days": 3660}
"""Nobody returns as a new customer: then types of deals are flows of the bridge."""


@pytest.mark.jit
@pytest.mark.parametrize(
    ("type_", "date", "sign"),
    [
        ("uplift", "due", 1),
        ("uplift", "booking", 1),
        ("contraction", "due", -1),
        ("contraction", "booking", -1),
        ("contraction", "notice", -1),
        ("churn", "due", -1),
        ("churn", "notice", -1),
        ("expansion", "booking", 1),
        ("new", "due", 1),
    ],
)
def test_all_deals_of_a_type_are_a_flow_of_the_bridge(world, type_, date, sign):
    terms = DealTerms(type_, date, **ALWAYS)
    for csm in (0, 1):
        activity = summed(world, [terms], csm)
        np.testing.assert_allclose(activity.deals[terms].arr, sign * activity.flow[type_][date], atol=1e-6)
        assert activity.flow[type_][date].sum() > 0.0


def test_renewals_are_counted_as_bookings(world):
    terms = DealTerms("renewal", "booking", **ALWAYS)
    activity = summed(world, [terms])
    np.testing.assert_array_equal(activity.deals[terms].number, activity.number["renewal"])


@pytest.mark.jit
@pytest.mark.parametrize("type_", [each for each in TYPES if each != "credit"])
def test_classes_that_cover_everything_add_up(world, type_):
    """Three terms by three sizes: each deal is in one of the nine."""
    whole = DealTerms(type_, "due")
    months, sizes = (0, 6, 24, NEVER), (0.0, 8_000.0, 30_000.0, np.inf)
    parts = [
        whole._replace(from_months=m[0], below_months=m[1], from_size=s[0], below_size=s[1])
        for m in pairwise(months)
        for s in pairwise(sizes)
    ]
    activity = summed(world, [whole, *parts])
    for field in (0, 1):
        total = sum(activity.deals[part][field] for part in parts)
        np.testing.assert_allclose(total, activity.deals[whole][field], atol=1e-6)
    assert sum(activity.deals[part].number.any() for part in parts) >= 4


def deals_in(world, csm, number):
    """(type, days by date, term, size, ARR) of every deal of a book in one world, from its path alone."""
    path, held = world.path(csm, number, 1, with_grown=True), world._held(csm, number, 1)
    longest = world.parameters(world.draws(number, 1)).notice
    notice = notice_days(held, longest, world.key, number, path)
    months, billing = world.book.terms, world.scenario.billing
    bounds = world.calendar.bounds
    for a in range(len(held.identity)):
        arrival = bool(held.arrival[a])
        term = months[int(held.term[a, 0])]
        signed_from = [(-NEVER, term)]
        if arrival:
            if held.active[a, 0] >= world.calendar.span:
                continue
            yield "new", middle_of(bounds, int(held.active[a, 0]), billing), term, float(held.arr[a, 0]), 1
        for row in range(held.slot[a], held.slot[a + 1]):
            due, booked = int(path.due_day[row, 0]), int(path.booked_day[row, 0])
            if due == NEVER:
                break
            before, after = float(path.arr[row, 0]), float(path.booked_arr[row, 0])
            told = due - int(notice[row, 0])
            returned = booked != NEVER and booked - due > WINDOW
            if booked == NEVER or returned:
                yield "churn", {"due": due, "notice": told}, term, before, -before
            if booked == NEVER:
                break
            start = max(due, booked)
            days = {"due": start, "booking": booked, "service_start": start, "notice": told}
            days |= {"invoice": start + billing.invoice_days}
            days |= {"cash": start + billing.invoice_days + billing.payment_days}
            term = months[int(path.term[row, 0])]
            signed_from.append((start, term))
            if returned:
                yield "won_back", days, term, after, after
                continue
            yield "renewal", days, term, after, min(before, after)
            if after > before:
                yield "uplift", days, term, after, after - before
            if after < before:
                yield "contraction", days, term, after, after - before
        for period, grown in enumerate(path.grown[a, :, 0].tolist()):
            if grown > 0.0:
                last = int(bounds[period + 1]) - 1
                in_force = [signed for start, signed in signed_from if start <= last][-1]
                yield "expansion", middle_of(bounds, period, billing), in_force, grown, grown


def middle_of(bounds, period, billing):
    day = int(bounds[period]) + (int(bounds[period + 1]) - int(bounds[period])) // 2
    paid = day + billing.invoice_days
    return {"due": day, "booking": day, "invoice": paid, "cash": paid + billing.payment_days}


CLASSES = [
    (0, NEVER, 0.0, np.inf),
    (24, NEVER, 0.0, np.inf),
    (0, 24, 5_000.0, 40_000.0),
    (3, 4, 0.0, 20_000.0),
]
DATES = {"renewal": ("due", "booking", "cash"), "expansion": ("booking", "cash"), "churn": ("due", "notice")}


def test_sums_are_those_of_the_slow_twin(world):
    of = {"uplift": "renewal", "won_back": "renewal", "new": "expansion", "contraction": "churn"}
    asked = [
        DealTerms(type_, date, *limits)
        for type_ in ("new", "renewal", "uplift", "expansion", "won_back", "contraction", "churn")
        for date in DATES[of.get(type_, type_)]
        for limits in CLASSES
    ]
    bounds = world.calendar.bounds[world.calendar.lead :][: world.calendar.periods + 1]
    seen = set()
    for csm, number in ((0, 0), (1, 1), (0, 7), (1, 12)):
        found = summed(world, asked, csm, number, 1).deals
        deals = list(deals_in(world, csm, number))
        for terms in asked:
            wanted = np.zeros((2, world.calendar.periods))
            for type_, days, months, size, arr in deals:
                inside = terms.from_months <= months < terms.below_months
                inside &= terms.from_size <= size < terms.below_size
                period = int(np.searchsorted(bounds, days.get(terms.date, NEVER), side="right")) - 1
                if type_ == terms.type and inside and 0 <= period < world.calendar.periods:
                    wanted[:, period] += (arr if type_ != "new" else size, 1)
                    seen.add((type_, terms.from_months))
            np.testing.assert_allclose(np.array(found[terms])[:, :, 0], wanted, atol=1e-6, err_msg=f"{terms}")
    assert len(seen) >= 20


def test_books_of_a_pod_add_up(world):
    terms = DealTerms("uplift", "booking", from_months=24)
    one, other = (summed(world, [terms], csm) for csm in (0, 1))
    both = add_activities(one, other).deals[terms]
    np.testing.assert_array_equal(both.arr, one.deals[terms].arr + other.deals[terms].arr)


def test_accounts_that_grow_reach_another_size():
    """Of deals a tenth larger, those from 11,000 on are those that were 10,000."""
    large, factor = DealTerms("expansion", "booking", from_size=11_000.0), 1.1
    before = of_smaller(large, factor)
    assert before.from_size == pytest.approx(10_000.0)
    grown = {large: np.ones((2, 1, 1)), before: np.full((2, 1, 1), 5.0)}
    found = scaled_deals({terms: DealSum(*each) for terms, each in grown.items()}, factor)
    assert found[large].arr[0, 0] == pytest.approx(5.5)
    assert found[large].number[0, 0] == 5.0
