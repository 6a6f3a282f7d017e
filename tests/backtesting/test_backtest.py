"""A forecast of a past day: right where the world is ours, refuted by a recession, and blind to what came after."""

import json
from datetime import date

import jsonschema
import numpy as np
import pytest

from sim.backtesting.actual import Horizon, actual_outcome
from sim.backtesting.backtest import Asked, backtest_history
from sim.backtesting.outcome import Outcome
from sim.backtesting.source import given
from sim.engine.pool import Threads
from sim.errors import InputError
from sim.plan.plan import load_plan
from sim.questions.backtest.summary import backtest_schema
from sim.replay.as_of import as_of
from sim.replay.open_contracts import day_book
from sim.world.scenario import load_scenario
from sim.world.world import World
from tests.backtesting.made import CUT, PLAN, START, YEAR, chance, company, made, recession
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit

MADE = 16
"""Histories that are made: each is one world, forecast by the scenario that it was made from."""
FALSE_ALARM = 0.001


@pytest.fixture(scope="module")
def scenario():
    return company()


@pytest.fixture(scope="module")
def plan():
    return load_plan(PLAN)


@pytest.fixture(scope="module")
def histories(tmp_path_factory, scenario):
    """As many worlds of one seed, each as the files of a company that lived in it."""
    folder, world = tmp_path_factory.mktemp("made"), World(scenario, 11)
    return [made(world, number, folder / f"{number}") for number in range(MADE)]


@pytest.fixture(scope="module")
def tested(histories, scenario, plan):
    asked = Asked(CUT, worlds=127)
    return [backtest_history(each, plan, given(scenario), asked) for each in histories]


def test_percentiles_are_uniform_where_the_world_is_ours(tested):
    """Of renewed ARR, GRR, attainment and cost over the horizon, by chi-square over five bins: one in a thousand right
    forecasts fails each.
    """
    for what in ("cost", "renewed", "grr", "attainment"):
        pits = [each.cuts[0].row(what).pit for each in tested]
        assert chance(pits) > FALSE_ALARM, (what, sorted(pits))


def test_nine_tenths_of_what_happens_is_inside_and_no_more_is_refuted_than_chance_allows(tested):
    inside = [row.inside for each in tested for row in each.cuts[0].rows if row.csm is not None]
    assert np.mean(inside) == pytest.approx(0.9, abs=0.06)
    assert sum(each.p < 0.01 for each in tested) <= 3  # of 16 at 1 % each: more with a chance of 0.00002


def test_the_forecast_is_nearer_than_the_naive_ones(tested):
    ours, theirs = (
        np.mean([getattr(skill, name) for each in tested for skill in each.skills if skill.what == "renewed"])
        for name in ("crps", "crps_naive")
    )
    assert ours < theirs


def test_a_recession_in_the_held_out_year_is_clearly_refuted(tmp_path, plan):
    """Half of what is due in a year is lost. Of right forecasts one in a hundred is refuted."""
    larger = company(12)
    history = made(World(larger, 11), 1, tmp_path / "made")
    calm, bad = (
        backtest_history(each, plan, given(larger), Asked(YEAR, worlds=500))
        for each in (history, recession(history, 0.5, YEAR))
    )
    assert calm.p > 0.05
    assert bad.p < 0.001
    assert bad.cuts[0].row("grr").pit < 0.01
    assert "The forecast is refuted, by" in bad.verdict


def test_what_comes_after_the_cut_changes_no_number_of_the_forecast(histories, scenario, plan):
    asked = Asked(CUT, worlds=64)
    one = backtest_history(histories[0], plan, given(scenario), asked)
    other = backtest_history(recession(histories[0], 0.4), plan, given(scenario), asked)
    for before, after in zip(one.cuts[0].rows, other.cuts[0].rows, strict=True):
        assert (before.p5, before.p50, before.p95) == (after.p5, after.p50, after.p95)
    assert any(
        before.actual != after.actual
        for before, after in zip(one.cuts[0].rows, other.cuts[0].rows, strict=True)
    )


def test_no_number_depends_on_the_threads(histories, scenario, plan):
    one, other = (
        backtest_history(
            histories[1], plan, given(scenario), Asked(CUT, worlds=600, workers=Threads(threads))
        )
        for threads in (1, 3)
    )
    assert one == other


def test_what_happened_is_what_the_simulation_settled(tmp_path, scenario, plan):
    """A history from the first day on, settled as a history, has the numbers of its world."""
    world, number = World(scenario, 5), 3
    history = made(world, number, tmp_path / "made")
    found = actual_outcome(history, plan, Horizon(START, 10))
    for csm, name in enumerate(world.book.csms):
        _, bridge = world.simulate(csm, number, 1)
        assert found.books[name].opening[:6] == pytest.approx(bridge.kept.opening[:6])
        assert found.books[name].gross[:6] == pytest.approx(bridge.kept.gross[:6])


def test_rolling_cuts_and_what_outside_tools_read(histories, scenario, plan):
    found = backtest_history(
        histories[2], plan, given(scenario), Asked(date(2024, 1, 1), every=1, periods=1, worlds=64)
    )
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    jsonschema.validate(document, backtest_schema())
    assert {"cuts", "coverage90", "verdict"} <= document.keys()
    assert [each["cut"] for each in document["cuts"]] == [
        *("2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01", "2025-04-01"),
    ]
    assert [each["apart"] for each in document["cuts"]] == [True, False, False, False, True, False]
    for cut in document["cuts"]:
        kinds = {(row["what"], "csm" in row) for row in cut["rows"]}
        assert kinds == {
            (what, csm) for what in ("cost", "renewed", "grr", "attainment") for csm in (True, False)
        }
        for row in cut["rows"]:
            assert {"what", "period", "actual", "p5", "p50", "p95", "pit", "crps"} <= row.keys()
            assert "crps_naive" in row or cut["cut"] < "2024-04-01"
            assert 0.0 <= row["pit"] <= 1.0
            assert row["p5"] <= row["p50"] <= row["p95"]
    assert 0.0 <= document["coverage90"] <= 1.0
    assert "Cost was inside the 90 % range" in document["verdict"]


def test_the_book_of_the_day_has_what_was_in_force(histories, plan):
    known = as_of(histories[0], CUT)
    book = day_book(known, CUT)
    found = actual_outcome(histories[0], plan, Horizon(CUT, 2))
    held = dict.fromkeys(found.csms, 0.0)
    for each in book.contracts:
        held[each.csm] = held.get(each.csm, 0.0) + each.in_force * (each.due >= CUT)
    for csm in found.csms:
        assert found.books[csm].opening[0, 0] == pytest.approx(held[csm], rel=0.2)
    assert isinstance(found, Outcome)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(date(2025, 1, 31), worlds=64), "--start"),
        (Asked(date(2026, 1, 1), worlds=64), "tells of"),
        (Asked(CUT, periods=9, worlds=64), "at most 2"),
    ],
)
def test_a_day_that_nothing_follows_is_refused(histories, scenario, plan, asked, says):
    with pytest.raises(InputError, match=says):
        backtest_history(histories[0], plan, given(scenario), asked)


def test_a_segment_that_the_scenario_does_not_know_is_refused(histories, plan):
    other = load_scenario(CONFIGS / "scenarios" / "company.toml")
    segments = tuple(each for each in other.segment if each.name != "mid-market")
    with pytest.raises(InputError, match="one of the segments of the scenario"):
        backtest_history(histories[0], plan, given(other.with_(segment=segments)), Asked(CUT, worlds=64))
