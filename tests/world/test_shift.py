"""Other odds on the same draws: nothing shifted changes nothing, and what is shifted keeps every key."""

from math import exp, log

import numpy as np
import pytest

from sim.records import NEVER
from sim.world.scenario import load_scenario
from sim.world.segment import Change, UniformSize
from sim.world.shift import NO_SHIFT, Shift, shift_odds, shift_scenario, shift_world
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, LAG, make_scenario
from tests.rig.repository import CONFIGS


def arrays(world, csm=1, worlds=40):
    renewals, bridge = world.simulate(csm, 0, worlds)
    kept = bridge.kept
    return [renewals.due_day, renewals.booked_day, renewals.arr, renewals.booked_arr, *bridge[:-1], *kept]


def test_no_shift_is_the_same_scenario_and_the_same_bytes(rich):
    assert shift_scenario(rich, {}) is rich
    assert shift_scenario(rich, {"all": NO_SHIFT, "nobody": Shift(1.0)}) is rich
    same = arrays(shift_world(rich, 5, {"all": NO_SHIFT}))
    assert [array.tobytes() for array in same] == [array.tobytes() for array in arrays(World(rich, 5))]


def test_odds_by_hand():
    assert shift_odds(0.2, log(2.0)) == pytest.approx(1.0 / 3.0)  # odds 1 to 4 become 2 to 4
    assert shift_odds(0.0, 3.0) == 0.0
    assert shift_odds(1.0, -3.0) == 1.0


def test_every_law_moves_by_its_own_shift(rich):
    moved = shift_scenario(rich, {"all": Shift(churn=log(2.0), uplift=log(1.5), expansion=log(3.0))})
    before, after = rich.segment[0], moved.segment[0]
    assert after.churn.probability == pytest.approx(2 * 0.15 / (0.85 + 2 * 0.15))
    assert after.churn.by_term["24"] == pytest.approx(2 * 0.1 / (0.9 + 2 * 0.1))
    assert after.uplift.size.mean == pytest.approx(1.5 * 0.06)
    assert after.expansion.events_per_year == pytest.approx(3 * 1.2)
    kept = {"churn", "uplift", "expansion"}
    assert after.model_dump(exclude=kept) == before.model_dump(exclude=kept)
    assert moved.folder == rich.folder


def test_more_renewals_are_signed_for_years():
    """Twice the odds: 3 to 7 become 6 to 7; two- and three-year contracts keep their proportion."""
    terms = {"12": 0.7, "24": 0.1, "36": 0.2}
    plain = make_scenario(term_months={"12": 1.0}, renewed_term_months=terms)
    moved = shift_scenario(plain, {"all": Shift(multi_year=log(2.0))}).segment[0]
    assert moved.term_months == {"12": 1.0}
    assert moved.renewed_term_months == pytest.approx({"12": 7 / 13, "24": 2 / 13, "36": 4 / 13})
    as_held = make_scenario(term_months=terms)
    moved = shift_scenario(as_held, {"all": Shift(multi_year=log(2.0))}).segment[0]
    assert moved.renewed_term_months["12"] == pytest.approx(7 / 13)
    never = make_scenario(term_months={"12": 1.0})
    assert shift_scenario(never, {"all": Shift(multi_year=5.0)}).segment[0].renewed_term_months == {}


def test_a_uniform_uplift_keeps_its_shape():
    scenario = make_scenario(
        uplift=Change(probability=0.5, size=UniformSize(low=0.02, high=0.1)).model_dump()
    )
    size = shift_scenario(scenario, {"all": Shift(uplift=log(2.0))}).segment[0].uplift.size
    assert (size.low, size.high) == pytest.approx((0.04, 0.2))


def test_shifts_add_up():
    assert Shift(0.1, 0.2, 0.3) + Shift(churn=-0.1, expansion=0.1) == Shift(0.0, 0.2, 0.4)


@pytest.mark.jit
def test_keys_stay_so_that_more_churn_only_loses_more(rich):
    """First renewals: whoever is lost at the lower odds is lost at the higher ones; the others book on the same day."""
    base, worse = World(rich, 8), shift_world(rich, 8, {"all": Shift(churn=0.8)})
    for csm in range(3):
        one, other = base.simulate(csm, 0, 200)[0], worse.simulate(csm, 0, 200)[0]
        first = one.number == 0
        assert (one.due_day[first] == other.due_day[first]).all()
        kept, lasting = one.booked_day[first] < NEVER, other.booked_day[first] < NEVER
        assert not (lasting & ~kept).any()
        assert (kept & ~lasting).any()
    independent = make_scenario(lag=LAG, dependence=INDEPENDENT)
    one = World(independent, 8).simulate(0, 0, 200)[0]
    other = shift_world(independent, 8, {"all": Shift(churn=0.8)}).simulate(0, 0, 200)[0]
    both = (one.number == 0)[:, None] & (one.booked_day < NEVER) & (other.booked_day < NEVER)
    assert (one.booked_day[both] == other.booked_day[both]).all()


@pytest.mark.jit
def test_simulated_churn_has_the_shifted_odds():
    """Equal independent accounts; false alarm 1 in 16,000 (4 standard errors)."""
    scenario = make_scenario(dependence=INDEPENDENT, arr={"listed": ({"arr": 1.0, "accounts": 50},)})
    renewals, _ = shift_world(scenario, 2, {"all": Shift(churn=0.5)}).simulate(0, 0, 2000)
    first = (renewals.number == 0)[:, None] & (renewals.due_day < NEVER)
    lost = (renewals.booked_day[first] == NEVER).mean()
    odds = 0.12 / 0.88 * exp(0.5)
    expected = odds / (1 + odds)
    assert lost == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / first.sum()))


def test_churn_probabilities_of_a_crm_export_are_shifted_too(tmp_path):
    rows = ["csm,account,segment,arr,due_date,term_months,churn_probability"]
    rows += [f"ann,a{i},all,1000,2026-05-01,12,{'0.0' if i else '0.25'}" for i in range(2)]
    (tmp_path / "book.csv").write_text("\n".join(rows) + "\n")
    scenario = make_scenario(book={"file": "book.csv"})
    scenario._origin = tmp_path / "scenario.toml"
    world = shift_world(scenario, 1, {"all": Shift(churn=log(3.0))})
    assert world.book.given["churn_probability"].tolist() == pytest.approx([0.5, 0.0])
    untouched = shift_world(scenario, 1, {"other": Shift(churn=9.0)})
    assert untouched.book.given["churn_probability"].tolist() == [0.25, 0.0]


@pytest.mark.jit
def test_every_shipped_scenario_can_be_shifted():
    for path in sorted((CONFIGS / "scenarios").glob("*.toml")):
        scenario = load_scenario(path)
        shifts = {segment.name: Shift(0.3, -0.2, 0.1) for segment in scenario.segment}
        world = shift_world(scenario, 1, shifts)
        assert np.isfinite(world.simulate(0, 0, 2)[1].closing).all()
