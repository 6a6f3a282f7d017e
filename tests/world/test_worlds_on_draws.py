"""Worlds that live on draws of what is not known are those of the scenarios that the draws make, world for world."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.special import betaincinv, ndtr

from sim.errors import InputError
from sim.measure.response.effort import TASKS
from sim.questions.response.effort_world import with_effort
from sim.questions.stress.move import Change, move_scenario
from sim.world.draws import row_of
from sim.world.frailty import FARTHEST_SCORE, KNOTS, MOST_EXACT, _beta_tables, churn_tables
from sim.world.movable import draw_movable
from sim.world.scenario import load_scenario
from sim.world.shift import Shift, shift_scenario, shift_world
from sim.world.tilting import FARTHEST_STANDING, standings, tilt_places, tilt_standings, tilted
from sim.world.world import World

HEAD = """
name = "rich"
start = 2026-01-01
periods = 6
{book}
[uncertainty]
draws = "posterior.parquet"
[[segment]]
name = "a"
{drawn}
renewed_term_months = {{ "12" = 0.5, "24" = 0.5 }}
churn = {{ probability = 0.15, by_term = {{ "24" = 0.1 }}, dispersion = 0.1 }}
lag = [{{ days = [-90, -1], share = 0.3 }}, {{ days = [0, 0], share = 0.4 }}, {{ days = [1, 60], share = 0.3 }}]
back_dated = 0.3
contraction = {{ probability = 0.15, size = {{ low = 0.1, high = 0.4 }} }}
uplift = {{ probability = 0.5, size = {{ mean = 0.06, sigma = 0.5 }} }}
win_back = [{{ days = [20, 60], probability = 0.1 }}, {{ days = [181, 300], probability = 0.2 }}]
expansion = {{ events_per_year = 1.2, size = {{ mean = 0.2, sigma = 0.5 }} }}
movable = {{ ready_early = 0.3, holdable = 0.2 }}
"""
DRAWN = """
csms = 2
arr = { mean = 50_000, sigma = 0.8, accounts = 7 }
term_months = { "12" = 0.7, "24" = 0.3 }
due = { quarter_weights = [0.2, 0.2, 0.2, 0.4], last_month_share = 0.5 }
new_accounts = { per_year = 3.0, arr = { mean = 20_000, sigma = 0.5 } }
"""
WORLDS, FIRST = 300, 7
pytestmark = pytest.mark.jit
OF_ALL = {
    "churn.probability": (0.10, 0.25, 0.17),
    "churn.by_term.24": (0.05, 0.12, 0.2),
    "churn.dispersion": (0.05, 0.2, 0.1),
    "lag[0].share": (0.1, 0.5, 0.3),
    "lag[1].share": (0.6, 0.1, 0.3),
    "lag[2].share": (0.3, 0.4, 0.4),
    "back_dated": (0.0, 0.5, 1.0),
    "contraction.probability": (0.1, 0.3, 0.2),
    "contraction.size.low": (0.05, 0.2, 0.1),
    "contraction.size.high": (0.3, 0.5, 0.2),
    "uplift.probability": (0.3, 0.6, 0.8),
    "uplift.size.mean": (0.03, 0.1, 0.05),
    "uplift.size.sigma": (0.0, 0.4, 0.9),
    "renewed_term_months.12": (0.2, 0.9, 0.5),
    "renewed_term_months.24": (0.8, 0.1, 0.5),
    "win_back[0].probability": (0.0, 0.2, 0.1),
    "win_back[1].probability": (0.1, 0.3, 0.0),
    "expansion.events_per_year": (0.5, 2.0, 0.0),
    "expansion.size.mean": (0.1, 0.3, 0.2),
    "expansion.size.sigma": (0.1, 0.9, 0.5),
    "notice_days": (30.0, 200.0, 90.0),
    "movable.ready_early": (0.1, 0.5, 0.2),
    "movable.holdable": (0.3, 0.0, 1.0),
}
OF_DRAWN = {
    "arr.mean": (30_000.0, 80_000.0, 5_000.0),
    "arr.sigma": (0.2, 1.2, 0.8),
    "term_months.12": (0.2, 0.9, 0.5),
    "term_months.24": (0.8, 0.1, 0.5),
    "due.quarter_weights[0]": (0.1, 0.4, 0.0),
    "due.quarter_weights[1]": (0.1, 0.2, 0.5),
    "due.quarter_weights[2]": (0.1, 0.2, 0.5),
    "due.quarter_weights[3]": (0.7, 0.2, 0.0),
    "due.last_month_share": (0.1, 0.8, 0.3),
    "new_accounts.arr.mean": (10_000.0, 50_000.0, 1_000.0),
    "new_accounts.arr.sigma": (0.2, 1.0, 0.0),
}
OF_DEPENDENCE = {
    "dependence.market": (0.05, 0.4, 0.1),
    "dependence.skill": (0.0, 0.1, 0.3),
    "dependence.health": (0.5, 0.1, 0.3),
    "dependence.health_persistence": (0.2, 0.9, -0.4),
    "dependence.timing": (0.0, 0.6, -0.5),
    "dependence.amount": (0.6, -0.2, 0.0),
    "dependence.expansion": (0.0, 1.0, 0.4),
    "market.persistence": (0.0, 0.95, 0.5),
}


def written(folder, columns, book=""):
    """A scenario with these draws, and the scenarios that its draws make."""
    pq.write_table(
        pa.table({name: list(values) for name, values in columns.items()}), folder / "posterior.parquet"
    )
    path = folder / "scenario.toml"
    path.write_text(HEAD.format(book=book, drawn="" if "file" in book else DRAWN))
    scenario = load_scenario(path)
    rows = [row_of(scenario, scenario.draws.places, values, "row") for values in scenario.draws.values]
    for row in rows:
        row._origin = path
    return scenario, rows


def everything():
    return {f"segment.a.{key}": values for key, values in (OF_ALL | OF_DRAWN).items()} | OF_DEPENDENCE


def pooled(scenario, parts, draws):
    """Of what each scenario's world gives, the columns that belong to its draws."""
    shape = np.broadcast_shapes(scenario.shape, *(part.shape for part in parts))
    return np.choose(draws, [np.broadcast_to(part, shape) for part in parts])


def assert_pooled(world, parts, ask):
    """What ``ask`` gives of a world on draws is, world for world, what it gives of the worlds of the scenarios."""
    draws = world.draws(FIRST, WORLDS)
    mine, others = ask(world), [ask(part) for part in parts]
    for name, values in mine.items():
        asked = pooled(values, [other[name] for other in others], draws)
        np.testing.assert_array_equal(np.broadcast_to(values, asked.shape), asked, err_msg=name)


def of_path(world):
    path = world.path(0, FIRST, WORLDS)
    return {name: getattr(path, name) for name in path._fields if name != "grown"}


def of_activity(world):
    _, bridge, activity = world.simulate_all(1, FIRST, WORLDS, kpis=("health", "onboarding"))
    flows = {f"{key} {date}": each for key, dates in activity.flow.items() for date, each in dates.items()}
    return flows | dict(activity.kpi) | {"opening": bridge.opening}


def of_movable(world):
    renewals, _ = world.simulate(0, FIRST, WORLDS)
    return draw_movable(world, 0, renewals, FIRST)._asdict()


def of_again(world):
    fresh, _ = world.again(0, FIRST, WORLDS // 3, 5_000, 3)
    return {"due": fresh.due_day[:, ::3], "booked": fresh.booked_arr[:, ::3]}


@pytest.mark.parametrize("held", ["", "[book]\nredraw = false\n"])
def test_worlds_are_those_of_the_scenarios_that_the_draws_make(tmp_path, held):
    scenario, rows = written(tmp_path, everything(), held)
    if held:  # a book that is held is drawn from the scenario's own numbers
        base = scenario.without_draws.segment[0]
        own = {"arr": base.arr, "term_months": base.term_months, "due": base.due}
        rows = [row.with_(segment=(row.segment[0].model_copy(update=own),)) for row in rows]
    world, parts = World(scenario, 3), [World(row, 3) for row in rows]
    for ask in (of_path, of_activity, of_movable):
        assert_pooled(world, parts, ask)


def test_more_accounts_join_in_some_draws(tmp_path):
    """There is room for those of the draw in which most do; the flows are those of each scenario."""
    scenario, rows = written(tmp_path, {"segment.a.new_accounts.per_year": (1.0, 9.0, 0.0)})
    world, parts = World(scenario, 3), [World(row, 3) for row in rows]
    assert len(world.book.accounts) == len(parts[1].book.accounts) > len(parts[0].book.accounts)
    assert_pooled(world, parts, of_activity)


def test_worlds_of_a_book_that_is_read(tmp_path):
    book = "csm,account,segment,arr,due_date,term_months\n" + "".join(
        f"{csm},{csm}{n},a,{1000 + n},{day},{12 + 12 * (n % 2)}\n"
        for csm in "xy"
        for n, day in enumerate(
            ["2025-11-20", "2025-12-15", "2026-01-05", "2026-02-20", "2026-05-01", "2026-11-30"]
        )
    )
    (tmp_path / "book.csv").write_text(book)
    columns = {f"segment.a.{key}": values for key, values in OF_ALL.items()} | OF_DEPENDENCE
    scenario, rows = written(tmp_path, columns, '[book]\nfile = "book.csv"\n')
    world, parts = World(scenario, 3), [World(row, 3) for row in rows]
    for ask in (of_path, of_activity):
        assert_pooled(world, parts, ask)


def test_worlds_do_not_depend_on_their_block(tmp_path):
    scenario, _ = written(tmp_path, everything())
    world = World(scenario, 3)
    whole, part = world.path(0, FIRST, WORLDS), world.path(0, FIRST + 100, 50)
    for name in ("due_day", "booked_arr", "expansion"):
        np.testing.assert_array_equal(getattr(whole, name)[:, 100:150], getattr(part, name))


def test_draws_are_read_by_the_kernels_that_are_compiled_already(tmp_path):
    """What is read-only has a type of its own, for which every kernel of the world is compiled once more."""
    scenario, _ = written(tmp_path, everything())
    world = World(scenario, 3)
    parameters, opened = world._find_parameters(world.draws(FIRST, WORLDS).tobytes())
    assert all(each.flags.writeable for each in (parameters.draw, opened.row))


def test_other_outcomes_of_a_world_are_drawn_under_what_it_takes_to_be_true(tmp_path):
    scenario, rows = written(tmp_path, everything())
    world, parts = World(scenario, 3), [World(row, 3) for row in rows]
    draws = world.draws(FIRST, WORLDS // 3)
    mine, others = of_again(world), [of_again(part) for part in parts]
    for name, values in mine.items():
        np.testing.assert_array_equal(values, pooled(values, [other[name] for other in others], draws))


def test_shifts_and_moves_are_made_in_every_draw(tmp_path):
    scenario, rows = written(tmp_path, everything())
    shifts = {"a": Shift(0.3, 0.2, -0.4, 0.5)}
    assert_pooled(shift_world(scenario, 3, shifts), [shift_world(row, 3, shifts) for row in rows], of_path)
    assert shift_scenario(scenario, {}) is scenario
    for change in (
        {"input": "segment.*.churn", "odds": 1.5},
        {"input": "segment.a.lag[late].share", "times": 2.0},
        {"input": "segment.a.renewed_term_months.24", "set": 0.25},
        {"input": "dependence.market", "add": 0.3},
        {"input": "segment.a.uplift.probability", "at_least": 0.7},
        {"input": "segment.a.notice_days", "times": 1.1},
        {"input": "segment.a.csms", "times": 0.5},
    ):
        moved, each = (move_scenario(one, [Change(**change)], "here").scenario for one in (scenario, rows[1]))
        again = [move_scenario(row, [Change(**change)], "here").scenario for row in rows]
        assert each == again[1]
        assert_pooled(World(moved, 3), [World(row, 3) for row in again], of_path)


def test_effort_of_csms_is_made_in_every_draw(tmp_path):
    scenario, rows = written(tmp_path, everything())
    effort, strength = np.full((1, len(TASKS)), 0.4), np.linspace(0.3, 2.0, len(TASKS))
    changed = with_effort(scenario, effort, strength)[0]
    each = [with_effort(row, effort, strength)[0] for row in rows]
    assert_pooled(World(changed, 3), [World(row, 3) for row in each], of_path)


def test_many_tables_of_frailty_are_those_of_few_but_for_what_no_world_shows():
    means, dispersions = (
        each.ravel() for each in np.meshgrid([0.02, 0.1, 0.3, 0.6], [0.01, 0.05, 0.1, 0.3, 0.6])
    )
    scores = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    weight = np.exp(-(scores**2) / 2.0)
    for mean, dispersion, table in zip(means, dispersions, _beta_tables(means, dispersions), strict=True):
        strength = 1.0 / dispersion - 1.0
        exact = betaincinv(mean * strength, (1.0 - mean) * strength, ndtr(scores))
        found = ndtr(np.interp(scores, np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, len(table)), table))
        assert np.abs(found - exact).max() < (1e-5 if dispersion <= 0.1 else 1e-3)
        assert abs(np.average(found - exact, weights=weight)) < 3e-5


def test_tables_of_more_draws_than_are_made_knot_by_knot_are_interpolated(tmp_path):
    few, _ = written(tmp_path, {"segment.a.churn.probability": np.full(MOST_EXACT // 2, 0.15)})
    table = churn_tables(few.stack, (12, 24), MOST_EXACT // 2)
    assert table.shape == (MOST_EXACT // 2, 1, 2, KNOTS)
    many, _ = written(tmp_path, {"segment.a.churn.probability": np.full(MOST_EXACT, 0.15)})
    assert churn_tables(many.stack, (12, 24), MOST_EXACT).shape[-1] < KNOTS


@pytest.mark.parametrize("r", [0.0, 0.3, -0.8])
def test_tables_of_many_draws_are_those_of_one_but_for_their_steps(r):
    """What is open on the first day: within 0.004 standard deviations where 99.9 % of accounts are, 0.02 beyond."""
    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, 65)
    steps = np.linspace(-FARTHEST_STANDING, FARTHEST_STANDING, 251)
    low, high = np.array([-2.0, -0.5, 1.0, 2.5]), np.array([-1.5, 0.5, 1.0, 3.0])
    found = np.empty((4, 65), dtype=np.float32)
    singles = [each.astype(np.float32) for each in (np.full(4, r), low, high)]
    tilt_standings(steps, *singles, np.float32(0.4), knots, found)
    exact = np.array([standings(r, *ends, 0.4)[::8] for ends in zip(low, high, strict=True)])
    assert np.abs(found - exact)[:, np.abs(knots) < 3.3].max() < 0.004
    assert np.abs(found - exact)[:, np.abs(knots) < 4.8].max() < 0.02


def test_places_of_many_draws_are_those_of_one():
    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, 65)
    at = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, 257)
    p = ndtr(0.5 * at[None, :] + np.array([[-2.0], [-1.0], [0.0]]))
    weight = p * 0.95 + (1.0 - p) * 0.1
    found = np.empty((3, 65), dtype=np.float32)
    tilt_places(at, np.ascontiguousarray(weight.T, dtype=np.float32), knots, found)
    exact = np.array([tilted(at, each)[::8] for each in weight])
    assert np.abs(found - exact)[:, np.abs(knots) < 4.8].max() < 0.002


def test_a_book_with_many_open_renewals_lives_on_many_draws(tmp_path):
    """Means over 1,500 draws that are all the same are those of a scenario without, within four standard errors."""
    rows = "".join(f"x,x{n},a,1000,2026-{1 + n % 3:02d}-{1 + n % 28:02d},12\n" for n in range(30))
    (tmp_path / "book.csv").write_text("csm,account,segment,arr,due_date,term_months\n" + rows)
    columns = {"segment.a.churn.probability": np.full(1_500, 0.15), "dependence.timing": np.full(1_500, 0.3)}
    scenario, _ = written(tmp_path, {k: v[:1] for k, v in columns.items()}, '[book]\nfile = "book.csv"\n')
    pq.write_table(pa.table(columns), tmp_path / "posterior.parquet")
    many = load_scenario(tmp_path / "scenario.toml")
    one, other = World(scenario, 3), World(many, 3)
    assert other._opened.standing.shape[-1] < one._opened.standing.shape[-1]
    mine, theirs = (each.path(0, 0, 1_500) for each in (one, other))
    assert (mine.booked_day != theirs.booked_day).mean() < 0.01
    assert np.abs(mine.booked_arr - theirs.booked_arr).mean() < 0.01 * mine.booked_arr.mean()


def test_more_draws_than_tables_fit_in_memory_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.world.opened.MOST_TABLES", 3)
    (tmp_path / "book.csv").write_text(
        "csm,account,segment,arr,due_date,term_months\nx,x1,a,1000,2026-01-05,12\n"
    )
    scenario, _ = written(
        tmp_path, {"segment.a.churn.probability": [0.1, 0.2]}, '[book]\nfile = "book.csv"\n'
    )
    with pytest.raises(
        InputError, match=r"uncertainty\.draws must be at most 1 draws for a book with 2 kinds"
    ):
        World(scenario, 3)
