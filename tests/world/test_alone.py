"""A segment's draws are its own: whatever is changed of one segment, the others stay, byte for byte."""

from datetime import date

import numpy as np
import pytest
from scipy.stats import chi2

from sim.files.toml import check
from sim.plan.measures import KPIS
from sim.records import NEVER
from sim.world.scenario import Scenario
from sim.world.streams import FIRST_RENEWAL
from sim.world.world import World
from tests.rig.inputs.small_scenarios import LAG, make_scenario

FIRST = {
    "name": "north",
    "csms": 2,
    "arr": {"mean": 30_000.0, "sigma": 0.6, "accounts": 10},
    "term_months": {"6": 0.3, "12": 0.5, "24": 0.2},
    "churn": {"probability": 0.15, "dispersion": 0.1},
    "lag": LAG,
    "expansion": {"events_per_year": 1.5, "size": {"mean": 0.1, "sigma": 0.4}},
    "new_accounts": {"per_year": 3.0, "arr": {"mean": 9_000.0, "sigma": 0.3}},
}
SECOND = {**FIRST, "name": "south", "csms": 1}
CHANGES = {
    "a later last band": {"lag": ({"days": (-30, 0), "share": 0.7}, {"days": (1, 400), "share": 0.3})},
    "an earlier first band": {"lag": ({"days": (-500, 0), "share": 1.0},)},
    "another term": {"term_months": {"1": 0.5, "36": 0.5}},
    "other sizes": {"arr": {"mean": 90_000.0, "sigma": 1.0, "accounts": 25}},
    "more books": {"csms": 4},
    "more churn": {"churn": {"probability": 0.4}},
    "no growth": {"expansion": {"events_per_year": 0.0}},
    "more arrivals": {"new_accounts": {"per_year": 20.0, "arr": {"mean": 5_000.0, "sigma": 0.0}}},
    "other months": {"due": {"quarter_weights": (0.0, 0.0, 0.0, 1.0), "last_month_share": 1.0}},
    "win-backs": {"win_back": ({"days": (300, 700), "probability": 1.0},)},
}


def company(redraw, south):
    document = {"name": "two", "start": date(2026, 1, 1), "periods": 6, "segment": (FIRST, south)}
    document |= {"team": {"turnover_per_year": 0.8}, "book": {"redraw": redraw}}
    return check(Scenario, document, "two.toml")


def told(scenario, csm=1, worlds=5):
    """What happens to one book of the first segment, by account's name, and what plans read of the horizon."""
    world = World(scenario, 17)
    renewals, bridge, activity = world.simulate_all(csm, 3, worlds, ("booking", "cash"), kpis=KPIS)
    paths = {}
    for account in np.unique(renewals.account):
        rows = renewals.account == account
        days = [renewals.due_day[rows], renewals.booked_day[rows], renewals.credit_day["cash"][rows]]
        paths[world.book.accounts[account]] = (*days, renewals.arr[rows], renewals.booked_arr[rows])
    flows = [flow for by_date in activity.flow.values() for flow in by_date.values()]
    numbers = [*activity.number.values(), *activity.kpi.values(), activity.seat, activity.tenure]
    return paths, [*bridge, *flows, *numbers], scenario.calendar


@pytest.mark.parametrize("redraw", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_one_segment_moves_no_byte_of_another(redraw, change):
    paths, read, calendar = told(company(redraw, SECOND))
    others, also, wider = told(company(redraw, {**SECOND, **CHANGES[change]}))
    end = min(calendar.bounds[-1], wider.bounds[-1])
    assert set(paths) <= set(others) or calendar.tail > wider.tail
    for name in set(paths) & set(others):
        due, later = paths[name][0], others[name][0]
        shared = min(len(due), len(later))
        # a wider edge may reach further due dates; what is due inside both spans is the same
        inside = due[:shared] < end
        np.testing.assert_array_equal(inside, later[:shared] < end)
        assert not (due[shared:] < end).any()
        assert not (later[shared:] < end).any()
        for one, other in zip(paths[name], others[name], strict=True):
            np.testing.assert_array_equal(one[:shared][inside], other[:shared][inside])
    for one, other in zip(read, also, strict=True):
        np.testing.assert_allclose(
            one, other, rtol=1e-13, atol=1e-9
        )  # sums from a wider edge end in other bits


def test_the_edge_did_move():
    """Else the test above would show nothing."""
    near = company(False, SECOND).calendar
    assert company(False, {**SECOND, **CHANGES["a later last band"]}).calendar.lead > near.lead
    assert company(False, {**SECOND, **CHANGES["an earlier first band"]}).calendar.tail > near.tail


@pytest.mark.parametrize("redraw", [False, True])
def test_a_wider_edge_of_its_own_adds_history_and_moves_no_due_date(redraw):
    """An account has the due dates it had, and those of the same contract before them; renewals keep their numbers."""
    common = {"term_months": {"12": 0.5, "24": 0.5}, "book": {"redraw": redraw}, "csms": 1}
    near = make_scenario(lag=({"days": (0, 0), "share": 0.999}, {"days": (1, 180), "share": 0.001}), **common)
    far = make_scenario(lag=({"days": (0, 0), "share": 0.999}, {"days": (1, 500), "share": 0.001}), **common)
    assert (near.calendar.lead, far.calendar.lead) == (2, 6)
    one, other = World(near, 3), World(far, 3)
    first, earlier = one.facts(0, 0, 40), other.facts(0, 0, 40)
    np.testing.assert_array_equal(first.arr, earlier.arr)
    np.testing.assert_array_equal(first.term, earlier.term)
    terms = first.number - earlier.number
    assert set(np.unique(terms)) == {0, 1}
    months = np.array(one.book.terms)[first.term] * terms
    gap = first.due_day - earlier.due_day
    assert (abs(gap - months * 30.4375) <= 1.5).all()
    assert (gap[terms == 0] == 0).all()
    assert first.number.max() == FIRST_RENEWAL
    # what is first due when it was is renewed as it was
    same = (terms == 0).all(axis=1)
    before, after = one.simulate(0, 0, 40)[0], other.simulate(0, 0, 40)[0]
    assert same.any() or redraw
    for account in np.flatnonzero(same):
        rows = [r.booked_day[(r.account == account) & (r.number == 0)] for r in (before, after)]
        days = [r.due_day[(r.account == account) & (r.number == 0)] for r in (before, after)]
        on_time = rows[0] == days[0]
        np.testing.assert_array_equal(on_time, rows[1] == days[1])


def test_the_market_is_the_same_path_from_any_edge():
    near, far = make_scenario(periods=5), make_scenario(periods=5, lag=({"days": (0, 700), "share": 1.0},))
    one, other = World(near, 8).market(0, 50), World(far, 8).market(0, 50)
    np.testing.assert_array_equal(one, other[-len(one) :])


@pytest.mark.jit
def test_the_market_is_stationary_on_both_sides_of_the_first_day():
    scenario = make_scenario(market={"persistence": 0.6}, lag=({"days": (0, 400), "share": 1.0},))
    n = 40_000
    market = World(scenario, 4).market(0, n).astype(float)
    assert (abs(market.var(axis=1) - 1.0) < 4 * np.sqrt(2 / n)).all()
    for apart in (1, 2, 4):
        for t in range(len(market) - apart):
            r = np.corrcoef(market[t], market[t + apart])[0, 1]
            assert abs(r - 0.6**apart) < 4 * (1 - 0.6 ** (2 * apart)) / np.sqrt(n)


def test_contracts_of_less_than_a_year_end_in_the_months_that_are_drawn():
    """Every date falls in the last quarter of the year or whole terms from it: where no month of the first term has any
    weight too. Half-year contracts that end in the fourth quarter end in the second as well.
    """
    scenario = make_scenario(
        term_months={"6": 1.0},
        due={"quarter_weights": (0.0, 0.0, 0.0, 1.0), "last_month_share": 0.5},
        arr={"mean": 1.0, "sigma": 0.0, "accounts": 2_000},
        csms=1,
    )
    due = World(scenario, 2).facts(0, 0, 1).due_day[:, 0]
    month = (np.datetime64("2026-01-01") + due).astype("datetime64[M]").astype(int) % 12
    # the book is met half a year before the first day, so the first due dates are the second and, a term on, the fourth
    counts = np.bincount(month, minlength=12)
    assert counts.sum() == counts[[9, 10, 11]].sum() == 2_000
    expected = 2_000 * np.array([0.25, 0.25, 0.5])
    assert ((counts[9:] - expected) ** 2 / expected).sum() < chi2.ppf(0.9999, 2)
    assert (due < NEVER).all()
