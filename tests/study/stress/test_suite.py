"""Stresses against answers known in algebra, against whole runs of the moved scenario, and against the gaming engine."""

import numpy as np
import pytest

import sim
from sim.engine.company_cost import cost_by_world
from sim.engine.pool import ALONE, Threads
from sim.errors import InputError
from sim.questions.gaming.measured import expose
from sim.questions.gaming.setting import Gaming
from sim.questions.stress.case import BASE, Case
from sim.questions.stress.move import Change
from sim.questions.stress.outcome import TRAINING_WORLDS, accounts_that_leave, gains_of
from sim.questions.stress.setting import Stress
from sim.questions.stress.suite import cases_of, prepared, stressed
from sim.world.book_source import Loss
from sim.world.world import World
from tests.rig.inputs.small_stress import write_plain

SALARIES = 4 * 40_000 * 0.5
"""Four CSMs, half a year. [usd]"""


def case(*changes, name="x", **rest):
    return Case(name=name, title="T", why="W", source="assumption", change=changes, **rest)


def plain(tmp_path, **rest):
    return sim.load(write_plain(tmp_path, **rest))


def held(tmp_path):
    """The same on one drawn book, held in all worlds."""
    path = write_plain(tmp_path)
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(scenario.read_text() + "\n[book]\nredraw = false\n")
    return sim.load(path)


def entries(study, *cases):
    found = stressed(study, cases, workers=Threads(2))
    return {name: each.document()["plans"] for name, each in found.items() if each.plans}


def test_twice_the_arr_pays_twice_where_pay_is_per_dollar(tmp_path):
    found = entries(plain(tmp_path), case(Change(input="segment.*.arr", times=2.0)))
    before, after = found[BASE]["per-dollar"], found["x"]["per-dollar"]
    assert after["pay_change_share"] == pytest.approx(1.0, abs=1e-12)
    assert after["pay_change_share_se"] == pytest.approx(0.0, abs=1e-12)
    assert after["change"] == pytest.approx(before["mean"] - 1.2 * SALARIES, rel=1e-12)
    assert found["x"]["salary"]["change"] == 0.0


def test_on_cost_is_on_all_pay(tmp_path):
    found = entries(plain(tmp_path), case(Change(input="employer.on_cost", add=0.12)))
    for name in ("per-dollar", "salary"):
        assert found["x"][name]["change_share"] == pytest.approx(0.1, rel=1e-12)
        assert found["x"][name]["mean"] == pytest.approx(1.1 * found[BASE][name]["mean"], rel=1e-12)


@pytest.mark.jit
def test_a_stress_is_a_run_of_the_moved_scenario(tmp_path):
    study = plain(tmp_path)
    asked = case(Change(input="segment.*.churn", odds=2.0), Change(input="segment.*.lag[late]", times=2.0))
    found = entries(study, asked)["x"]["per-dollar"]
    moved = prepared(study, asked).scene.study
    cost = cost_by_world(moved, sim.run(moved, threads=1).totals, 0).sum(axis=0)
    before = cost_by_world(study, sim.run(study, threads=1).totals, 0).sum(axis=0)
    assert found["mean"] == pytest.approx(cost.mean(), rel=1e-12)
    assert found["change"] == pytest.approx((cost - before).mean(), rel=1e-9)
    assert found["change_se"] == pytest.approx((cost - before).std(ddof=1) / 16.0, rel=1e-9)
    assert found["p90"] == pytest.approx(np.quantile(cost, 0.9), rel=1e-12)
    assert found["prob_over_budget"] == np.mean(cost > 300_000)


def test_threads_change_nothing(tmp_path):
    study = plain(tmp_path)
    cases = cases_of(study)
    assert stressed(study, cases, ALONE) == stressed(study, cases, Threads(3))


@pytest.mark.parametrize(
    ("loss", "count"), [(Loss(), 1), (Loss(largest=2), 2), (Loss(largest=2, of="book"), 8)]
)
def test_the_largest_accounts_leave(tmp_path, loss, count):
    study = held(tmp_path)
    left = accounts_that_leave(study.scenario, study.seed, loss)
    assert len(set(left)) == count
    world = World(study.scenario, study.seed)
    facts = {}
    for csm in range(4):
        mine = world.book.accounts_of(csm)
        here = world.facts(csm, 0, 1)
        for name, arr, due in zip(world.book.accounts[mine], here.arr[:, 0], here.due_day[:, 0], strict=True):
            if 0 <= due < 181:
                facts[name] = arr
    assert set(left) <= set(facts)
    largest = sorted(facts, key=lambda name: -facts[name])
    if loss.of == "company":
        assert list(left) == largest[:count]
    else:
        assert all(sum(name.startswith(f"all-{csm:03d}-") for name in left) == 2 for csm in range(1, 5))


def test_what_leaves_is_not_paid_for(tmp_path):
    """Per-dollar pay falls by what the account would have booked in the horizon, world by world, and by no more."""
    study = held(tmp_path)
    asked = case(name="gone", lose=Loss())
    scene = prepared(study, asked).scene
    (left,) = prepared(study, asked).left
    world = World(study.scenario, study.seed)
    csm = int(left.split("-")[1]) - 1
    renewals, _ = world.simulate(csm, 0, 256)
    mine = renewals.account == world.book.accounts.index(left)
    inside = (renewals.booked_day >= 0) & (renewals.booked_day < 181) & mine[:, None]
    missed = np.where(inside, renewals.booked_arr, 0.0).sum(axis=0) * 10_000 / 100_000
    found = entries(study, asked)["gone"]["per-dollar"]
    assert scene.study.scenario.book.leaves == (left,)
    assert found["change"] == pytest.approx(-1.2 * missed.mean(), rel=1e-9)


@pytest.mark.parametrize("loss", [Loss(), Loss(largest=3), Loss(largest=2, of="book")])
def test_the_largest_accounts_of_each_drawn_book_are_not_paid_for(tmp_path, loss):
    """Per-dollar pay falls by what the largest accounts of each world would have booked in the horizon, by no more."""
    study, worlds = plain(tmp_path), 256
    asked = case(name="gone", lose=loss)
    world = World(study.scenario, study.seed)
    facts = [world.facts(csm, 0, worlds) for csm in range(4)]
    arr = np.array([np.where((each.due_day >= 0) & (each.due_day < 181), each.arr, 0.0) for each in facts])
    booked = np.zeros((4, 12, worlds))
    for csm in range(4):
        renewals, _ = world.simulate(csm, 0, worlds)
        inside = (renewals.booked_day >= 0) & (renewals.booked_day < 181)
        for row, account in enumerate(renewals.account - 12 * csm):
            booked[csm, account] += np.where(inside[row], renewals.booked_arr[row], 0.0)
    missed = np.zeros(worlds)
    for w in range(worlds):
        groups = [(csm,) for csm in range(4)] if loss.of == "book" else [tuple(range(4))]
        for group in groups:
            due = [(arr[csm, account, w], booked[csm, account, w]) for csm in group for account in range(12)]
            missed[w] += sum(paid for size, paid in sorted(due, reverse=True)[: loss.largest] if size > 0.0)
    found = stressed(study, (asked,), ALONE)["gone"].document()
    assert found["leave_in_each_world"] == {"largest": loss.largest, "of": loss.of}
    expected = -1.2 * missed.mean() * 10_000 / 100_000
    assert found["plans"]["per-dollar"]["change"] == pytest.approx(expected, rel=1e-9)


def test_the_largest_account_does_not_depend_on_the_block(tmp_path):
    study = plain(tmp_path)
    book = study.scenario.book.model_copy(update={"lose": Loss(largest=2)})
    world = World(study.scenario.with_(book=book), study.seed)
    whole, part = world.facts(1, 0, 60), world.facts(1, 40, 20)
    np.testing.assert_array_equal(whole.churn[..., 40:], part.churn)
    assert 0 < np.isinf(whole.churn).any(axis=(0, 1)).sum() < 60


def test_choosing_dates_gains_nothing_where_pay_is_linear_and_quotas_equal(tmp_path):
    asked = case(Change(input="segment.*.movable.ready_early", set=0.5), csms_game=1.0)
    found = entries(plain(tmp_path, rest="[stress]\ngaming_worlds = 8"), asked)["x"]
    for name in ("per-dollar", "salary"):
        assert found[name]["change"] == pytest.approx(0.0, abs=0.01)
        assert found[name]["worlds"] == 8


@pytest.mark.jit
def test_choosing_dates_gains_what_the_gaming_engine_says(tmp_path):
    study = plain(tmp_path)
    text = (tmp_path / "per-dollar.toml").read_text()
    curve = '[[component.curve]]\nattainment = "{}"\npays = {}\n'
    (tmp_path / "per-dollar.toml").write_text(
        text + curve.format("[0, 1)", 0.0) + curve.format("[1, inf)", 1.0)
    )
    study = sim.load(tmp_path / "study.toml")
    asked = case(Change(input="segment.*.movable.ready_early", set=0.5), csms_game=0.5)
    moved = prepared(study, asked).scene.study
    gains = gains_of(moved, 16, workers=Threads(2))
    setting = Gaming(worlds=16, training_worlds=TRAINING_WORLDS, curve_worlds=2, friction=(), movable=())
    plans = [each.roles[0].plan for each in moved.sets]
    there = expose(moved.scenario, moved.seed, plans, setting, 16, ALONE)["per-dollar"]
    np.testing.assert_allclose(
        gains["per-dollar"].lower, (there.policy - there.honest).sum(axis=0), rtol=1e-9, atol=1e-6
    )
    assert gains["per-dollar"].lower.mean() > 0.0
    assert (gains["per-dollar"].upper >= (there.best - there.honest).sum(axis=0) - 1e-6).all()
    study = study.without(Stress)
    entry = entries(study, asked)["x"]["per-dollar"]
    few = gains_of(moved, 48, workers=Threads(2))["per-dollar"]
    assert entry["change"] == pytest.approx(0.5 * 1.2 * few.lower.mean(), rel=1e-9)


def test_stresses_that_change_nothing_say_so(tmp_path):
    study = plain(tmp_path)
    assert stressed(study, (case(Change(input="segment.*.win_back", times=2.0)),), ALONE)["x"].not_measured


def test_what_moved_is_told(tmp_path):
    found = stressed(plain(tmp_path), (case(Change(input="segment.*.churn", times=9.0)),), ALONE)["x"]
    assert found.document()["moves"] == [
        {"input": "segment.all.churn.probability", "from": 0.2, "to": 1.0, "held": True}
    ]


def test_the_holders_of_a_role_set_choose_dates_like_those_of_its_plan(tmp_path):
    """A set of nobody but the CSMs: its pay is that of the plan, and its gain is within the ends of the plan's."""
    write_plain(tmp_path)
    (tmp_path / "set.toml").write_text(
        'name = "set"\n[[role]]\nname = "csm"\nplan = "per-dollar.toml"\nholds_book = true\n'
    )
    study = tmp_path / "study.toml"
    study.write_text(study.read_text().replace('"salary.toml"', '"set.toml"'))
    loaded = sim.load(study)
    found = entries(loaded, case(Change(input="segment.*.movable.ready_early", set=0.5), csms_game=1.0))
    ends = {name: found["x"][name] for name in ("set", "per-dollar")}
    assert ends["set"]["exposure_share"] <= ends["per-dollar"]["exposure_share_upper"] + 1e-9
    assert ends["per-dollar"]["exposure_share"] <= ends["set"]["exposure_share_upper"] + 1e-9
    assert found[BASE]["set"]["mean"] == found[BASE]["per-dollar"]["mean"]


def test_only_stresses_that_are_there(tmp_path):
    with pytest.raises(InputError) as error:
        cases_of(plain(tmp_path), ("recesion",))
    assert str(error.value).startswith("--only must be one of ['recession', ")
    assert str(error.value).endswith("received 'recesion'. Did you mean 'recession'?")
