"""Keyed draws: nothing depends on blocks, on neighbours, or on what else is in the company."""

import numpy as np
import pytest

from sim.records import NEVER
from sim.world.book import make_book
from sim.world.scenario import load_scenario
from sim.world.segment import Expansion
from sim.world.streams import identities, make_key
from sim.world.world import World
from tests.rig.inputs.small_scenarios import LAG, make_scenario
from tests.rig.repository import CONFIGS


def arrays(world, csm, first, count):
    renewals, bridge = world.simulate(csm, first, count, ("booking", "cash"))
    assert bridge.kept is not None
    return [
        renewals.due_day,
        renewals.booked_day,
        renewals.arr,
        renewals.booked_arr,
        renewals.credit_day["cash"],
        *bridge[:-1],
        *bridge.kept,
    ]


@pytest.mark.parametrize("redraw", [False, True])
def test_blocks_do_not_matter(rich, redraw):
    scenario = rich.model_copy(update={"book": rich.book.model_copy(update={"redraw": redraw})})
    whole = arrays(World(scenario, 3), 1, 0, 7)
    parts = [arrays(World(scenario, 3), 1, 0, 3), arrays(World(scenario, 3), 1, 3, 4)]
    for one, first, second in zip(whole, *parts, strict=True):
        np.testing.assert_array_equal(one, np.concatenate([first, second], axis=-1))


@pytest.mark.jit
def test_tiles_of_lanes_do_not_matter(rich):
    whole = arrays(World(rich, 3), 0, 0, 300)
    late = arrays(World(rich, 3), 0, 250, 50)
    for one, other in zip(whole, late, strict=True):
        np.testing.assert_array_equal(one[..., 250:], other)


def test_other_csms_and_accounts_change_no_draw():
    small = make_scenario(lag=LAG, csms=2, arr={"listed": ({"arr": 10.0, "accounts": 4},)})
    wide = make_scenario(
        lag=LAG, csms=3, arr={"listed": ({"arr": 10.0, "accounts": 4}, {"arr": 9.0, "accounts": 2})}
    )
    one, other = World(small, 1).simulate(1, 0, 5)[0], World(wide, 1).simulate(1, 0, 5)[0]
    for account in range(4):
        mine = one.account - World(small, 1).book.csm_start[1] == account
        theirs = other.account - World(wide, 1).book.csm_start[1] == account
        np.testing.assert_array_equal(one.booked_day[mine], other.booked_day[theirs])


def test_a_seed_changes_everything(rich):
    one, other = World(rich, 1).simulate(0, 0, 5)[0], World(rich, 2).simulate(0, 0, 5)[0]
    assert not np.array_equal(one.arr[:, :1], other.arr[: len(one.arr), :1]) or len(one.arr) != len(other.arr)


def test_neighbouring_seeds_have_unrelated_keys():
    keys = np.array([int(make_key(seed).k0) for seed in range(2_000)])
    assert len(set(keys.tolist())) == 2_000
    assert abs(np.corrcoef(keys[1:], keys[:-1])[0, 1]) < 4.4 / np.sqrt(2_000)


def test_identities_tell_kinds_and_names_apart():
    assert len({*identities("csm", ["a", "b"]).tolist(), *identities("account", ["a", "b"]).tolist()}) == 4


@pytest.mark.parametrize("csm", [0, 2])
def test_bridge_adds_up_on_every_path(rich, csm):
    _renewals, b = World(rich, 5).simulate(csm, 0, 6)
    flows = b.expansion + b.uplift + b.won_back - b.contraction - b.churn - b.lapsed
    np.testing.assert_allclose(b.opening + flows, b.closing, rtol=1e-12)
    np.testing.assert_array_equal(b.opening[1:], b.closing[:-1])
    assert min(part.min() for part in (*b[:-1], *b.kept)) >= 0.0


def test_closing_arr_is_what_the_contracts_in_force_say(rich):
    still = rich.segment[0].model_copy(update={"expansion": Expansion()})
    scenario = rich.model_copy(update={"segment": (still,)})
    renewals, b = World(scenario, 5).simulate(1, 0, 6)
    calendar = scenario.calendar
    end = calendar.bounds[calendar.lead + calendar.periods]
    in_force = np.zeros(6)
    for account in np.unique(renewals.account):
        rows = np.flatnonzero(renewals.account == account)
        for w in range(6):
            met = [row for row in rows if renewals.due_day[row, w] < end]
            if not met:
                in_force[w] += renewals.arr[rows[0], w]
            elif renewals.booked_day[met[-1], w] < end:
                in_force[w] += renewals.booked_arr[met[-1], w]
    np.testing.assert_allclose(b.closing[-1], in_force)


def test_every_due_renewal_appears_once_and_in_order(rich):
    renewals, _ = World(rich, 5).simulate(0, 0, 6)
    for account in np.unique(renewals.account):
        rows = renewals.account == account
        due = renewals.due_day[rows].astype(np.int64)
        reached = due < NEVER
        assert (np.diff(due, axis=0)[reached[1:]] > 0).all()
        assert (reached[:-1] | ~reached[1:]).all()
        lost = renewals.booked_day[rows] == NEVER
        assert not (reached[1:] & lost[:-1]).any()


def test_cash_follows_the_start_of_service(rich):
    renewals, _ = World(rich, 5).simulate(0, 0, 6, ("booking", "service_start", "invoice", "cash"))
    signed = renewals.booked_day < NEVER
    start = np.maximum(renewals.due_day, renewals.booked_day)[signed]
    np.testing.assert_array_equal(renewals.credit_day["service_start"][signed], start)
    np.testing.assert_array_equal(renewals.credit_day["cash"][signed], start + 30)
    assert (renewals.credit_day["cash"][~signed] == NEVER).all()


def test_a_real_book_is_met_at_the_start_of_the_horizon():
    scenario = load_scenario(CONFIGS / "scenarios" / "honest-book.toml")
    book = make_book(scenario)
    assert (len(book.csms), len(book.accounts)) == (1, 160)
    assert (book.opening_period == scenario.calendar.lead).all()
    renewals, bridge = World(scenario, 1).simulate(0, 0, 4)
    np.testing.assert_allclose(bridge.opening[0], book.given["arr"].sum())
    per_quarter = [(renewals.due_day[:, 0] // 91 == quarter).sum() for quarter in range(8)]
    assert sum(per_quarter) == 160
    assert (renewals.due_day < NEVER).all()
