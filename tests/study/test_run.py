"""A run: the same bits however it is split, worlds that do not depend on how many there are, and sums that add up."""

import json

import numpy as np
import pytest

import sim
from sim.engine.setting import prepare
from sim.errors import InputError
from sim.ledger import fill_ledger
from sim.plan.settle import settle


@pytest.fixture(scope="module")
def reference(result):
    return fingerprint(result)


def fingerprint(result):
    totals = result.totals
    arrays = [totals.variable, totals.attainment, *totals.retention, totals.marks, totals.bins]
    arrays += [*totals.features, *totals.pay, *totals.reached]
    return [array.tobytes() for array in arrays], result.to_json()


@pytest.mark.parametrize(("threads", "block"), [(1, 512), (2, 64), (3, 192), (1, 64)])
def test_threads_and_blocks_change_no_bit(study, reference, threads, block):
    assert fingerprint(sim.run(study, threads=threads, block=block)) == reference


def test_fewer_worlds_are_the_first_worlds(study, result):
    fewer = sim.run(study, worlds=100)
    assert (fewer.totals.variable == result.totals.variable[:, :, :100]).all()
    assert (fewer.totals.retention.gross == result.totals.retention.gross[:100]).all()


def test_another_seed_gives_other_worlds(study, result):
    other = sim.run(study, seed=12, worlds=100)
    assert not (other.totals.variable == result.totals.variable[:, :, :100]).any(axis=(0, 1)).all()


def test_totals_equal_books_settled_one_by_one(study, result):
    """The run against its definition: for each plan, the sum over CSMs of settled books."""
    setting = prepare(study)
    worlds = 70
    expected = np.zeros((3, 4, worlds))
    horizon_pay = np.zeros((3, 3, worlds))
    for csm in range(3):
        renewals, _ = setting.world.simulate(csm, 0, worlds, setting.dates)
        ledger = fill_ledger(renewals, setting.frame, setting.dates)
        for index, terms in enumerate(setting.plans):
            bonus = settle(terms, ledger).bonus
            expected[index] += bonus
            horizon_pay[index, csm] = bonus.sum(axis=0)
    fewer = sim.run(study, worlds=worlds)
    np.testing.assert_allclose(fewer.totals.variable, expected, rtol=1e-12)
    np.testing.assert_allclose(fewer.totals.pay.mean, horizon_pay.mean(axis=2), rtol=1e-12)
    np.testing.assert_allclose(fewer.totals.pay.sd, horizon_pay.std(axis=2, ddof=1), rtol=1e-9)


def test_adding_a_plan_changes_no_world(path, result):
    text = path.read_text()
    path.write_text(text.replace(', "plans/capped.toml"', ""))
    fewer = sim.run(sim.load(path))
    assert (fewer.totals.variable == result.totals.variable[:2]).all()


def test_progress_reports_every_block_in_order(study):
    seen = []
    sim.run(study, block=128, threads=2, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(128, 500), (256, 500), (384, 500), (500, 500)]


def test_an_error_in_the_callback_stops_the_run(study):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.run(study, block=64, progress=stop)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"threads": 0}, "--threads must be between 1 and 1,024, received 0."),
        ({"block": 100}, "--block must be a positive multiple of 64, received 100."),
        ({"block": 0}, "--block must be a positive multiple of 64, received 0."),
    ],
)
def test_options_out_of_bounds(study, options, sentence):
    with pytest.raises(InputError) as error:
        sim.run(study, **options)
    assert str(error.value) == sentence


def test_one_world_short_of_a_tile_and_two_worlds(study):
    for worlds in (2, 63, 65):
        json.loads(sim.run(study, worlds=worlds).to_json())


def test_more_books_than_memory_holds(study, monkeypatch):
    monkeypatch.setattr("sim.engine.setting.MOST_BOOKS", 8)
    with pytest.raises(InputError) as error:
        sim.run(study)
    assert str(error.value) == f"{study.path}: plans must be at most 2 plans for 3 CSMs, received 3."


def test_a_single_period_does_not_vary(path):
    scenario = path.parent / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("periods = 4", "periods = 1"))
    plans = sim.run(sim.load(path), worlds=64).document["plans"]
    assert not any("volatility" in plan["pay"] for plan in plans.values())
    assert all("gini" in plan["pay"] for plan in plans.values())
