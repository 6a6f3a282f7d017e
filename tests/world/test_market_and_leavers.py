"""A market held at one level or shared by worlds, and accounts that are known to leave."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.records import NEVER
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, make_scenario
from tests.rig.repository import CONFIGS


def arrays(world, csm, first, worlds):
    renewals, bridge = world.simulate(csm, first, worlds)
    return [renewals.due_day, renewals.booked_day, renewals.arr, renewals.booked_arr, *bridge]


def market_of(scenario, worlds, first=0):
    return World(scenario, 5).market(first, worlds)


def test_a_held_market_is_at_its_level_in_every_period_and_world():
    assert (market_of(make_scenario(market={"level": -1.5}), 40) == np.float32(-1.5)).all()


def test_worlds_that_share_a_market_share_it_in_order():
    shared = market_of(make_scenario(market={"shared_by": 3}), 12)
    own = market_of(make_scenario(), 4)
    np.testing.assert_array_equal(shared, np.repeat(own, 3, axis=1))
    np.testing.assert_array_equal(
        market_of(make_scenario(market={"shared_by": 3}), 5, first=7), shared[:, 7:]
    )


def test_sharing_a_market_changes_nothing_where_the_market_does_not_matter():
    plain, shared = (
        make_scenario(dependence=INDEPENDENT, market=market) for market in ({}, {"shared_by": 2})
    )
    for one, other in zip(arrays(World(plain, 5), 1, 0, 30), arrays(World(shared, 5), 1, 0, 30), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.jit
def test_a_better_market_keeps_more():
    kept = []
    for level in (-1.0, 0.0, 1.0):
        world = World(make_scenario(dependence={"market": 0.3}, market={"level": level}), 5)
        renewals, _ = world.simulate(0, 0, 400)
        kept.append(np.mean(renewals.booked_day[renewals.due_day < NEVER] < NEVER))
    assert kept[0] < kept[1] < kept[2]


@pytest.mark.parametrize("redraw", [False, True])
def test_who_leaves_is_lost_at_the_next_due_date_and_nobody_else_changes(redraw):
    name = "all-002-003"
    base = World(make_scenario(book={"redraw": redraw}), 5)
    after = World(make_scenario(book={"redraw": redraw, "leaves": (name,)}), 5)
    place = base.book.accounts.index(name)
    before, then = base.simulate(1, 0, 24)[0], after.simulate(1, 0, 24)[0]
    own = (then.account == place) & (then.number == 0)
    assert (then.booked_day[own] == NEVER).all()
    assert (before.booked_day[own] < NEVER).any()
    others = before.account != place
    for field in ("due_day", "booked_day", "arr", "booked_arr"):
        np.testing.assert_array_equal(getattr(before, field)[others], getattr(then, field)[others])
    for one, other in zip(arrays(base, 0, 0, 12), arrays(after, 0, 0, 12), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_account_of_a_crm_export_can_leave():
    scenario = load_scenario(CONFIGS / "scenarios" / "crm-export.toml")
    name = World(scenario, 5).book.accounts[0]
    leaving = scenario.with_(book=scenario.book.model_copy(update={"leaves": (name,)}))
    renewals = World(leaving, 5).simulate(0, 0, 200)[0]
    first = (renewals.account == 0) & (renewals.number == 0)
    days = renewals.booked_day[first] - renewals.due_day[first]
    assert (days >= 181).all()  # the scenario wins 2 % of the lost back, half a year later at the earliest
    assert (renewals.booked_day[first] == NEVER).mean() > 0.9


def test_a_stranger_cannot_leave():
    scenario = make_scenario(book={"leaves": ("all-009-001", "all-001-001")})
    with pytest.raises(InputError) as error:
        World(scenario, 5)
    assert str(error.value) == (
        "scenario.toml: book.leaves must be accounts of the book ('all-001-001' to 'all-003-012'), "
        "received 'all-009-001'."
    )
