"""Switches of plans that read the whole book: the same as settling the book lived through again, whatever is read."""

import numpy as np
import pytest

import sim
from sim.ledger import fill_ledger
from sim.measure.incentive.switch import ARMS, GROWN, KEPT, LOST, Step, pair_pay, total_pay
from sim.measure.response.effort import TASKS
from sim.plan.plan import load_plan
from sim.plan.settle import settle
from sim.questions.incentive.around import holding
from sim.questions.incentive.book_sight import see_book
from sim.questions.incentive.scene import make_scene, open_book, reads_beyond, whole_book
from sim.questions.incentive.switched_book import passes, pick, scene_pay
from sim.questions.response.crew import Crew
from sim.questions.response.gains import pay_at_effort
from sim.questions.response.segment_books import segment_books
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
PLANS = CONFIGS / "plans"
STEP = Step(30, 10_000.0)
EVERY = tuple(range(len(ARMS)))
WHOLE = ("deal-cap", "library/commission-clawback", "library/posthog-2025-11", "roles/csm-retention")


@pytest.fixture(scope="module")
def study():
    return sim.load(PLANS.parent / "studies" / "quickstart.toml")


def opened(study, *names):
    plans = [load_plan(PLANS / f"{name}.toml") for name in names]
    scene = make_scene(study, holding(plans), STEP)
    book = open_book(scene, 0, 0, 8)
    return scene, book, pick(scene, book, 24)


def test_each_world_occurs_once_in_a_pass():
    world = np.array([3, 1, 3, 0, 1, 3])
    found = list(passes(world))
    assert sorted(np.concatenate(found).tolist()) == [0, 1, 2, 3, 4, 5]
    for chosen in found:
        assert len(set(world[chosen])) == len(chosen)
    assert len(found) == 3
    assert list(passes(world[:0])) == []


def test_plans_on_bookings_are_paid_alike_on_the_whole_book(study):
    """The quick way of plans that read bookings alone, against the book lived through again."""
    scene, book, picked = opened(study, "base", "tiers", "late-quota-add", "early-relief-provision")
    assert not scene.reads
    quick = pair_pay(
        book.renewals,
        book.kept,
        book.ledger,
        scene.frame,
        scene.dates,
        scene.plans,
        STEP,
        picked.pairs,
        EVERY,
    )
    reading = scene._replace(reads=frozenset({"flow"}))
    whole = scene_pay(reading, open_book(reading, 0, 0, 8), STEP, picked.pairs, EVERY)
    np.testing.assert_allclose(whole, quick, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("name", WHOLE)
def test_keeping_what_is_kept_changes_nothing(study, name):
    scene, book, picked = opened(study, name)
    assert scene.reads
    pay = scene_pay(scene, book, STEP, picked.pairs, (KEPT,))
    now = total_pay(scene.plans, whole_book(scene, 0, 0, 8)[2])[0]
    row, world = picked.pairs
    same = book.renewals.booked_arr[row, world] > 0.0
    assert same.any()
    np.testing.assert_allclose(pay[0, KEPT, same], now[world[same]], rtol=1e-9)


def test_a_switch_is_the_book_lived_through_again(study):
    """One renewal lost by hand, in all worlds: renewals, bridge and activity of that course of events, settled."""
    scene, book, _ = opened(study, "roles/csm-retention")
    renewals, kept = book.renewals, book.kept
    row = int(np.argmax((kept.booked_arr > 0.0).sum(axis=1)))
    worlds = np.arange(8)
    pay = scene_pay(scene, book, STEP, (np.full(8, row), worlds), (LOST, GROWN))
    path = scene.world.path(0, 0, 8, with_grown=True)
    place = next(
        each
        for each in range(len(path.due_day))
        if np.array_equal(path.due_day[each], renewals.due_day[row])
        and np.array_equal(path.arr[each], renewals.arr[row])
    )
    day, arr = path.booked_day.copy(), path.booked_arr.copy()
    day[place], arr[place] = 1 << 30, 0.0
    lost = path._replace(booked_day=day, booked_arr=arr)
    again, bridge, activity = scene.world.read_path(0, 0, lost, cohorts=scene.cohorts)
    activity = activity._replace(kpi=book.ledger.activity.kpi)  # health is not what is booked
    ledger = fill_ledger(again, scene.frame, scene.amounts)._replace(activity=activity)
    np.testing.assert_allclose(pay[0, LOST], settle(scene.plans[0], ledger).bonus.sum(axis=0), rtol=1e-9)
    assert (bridge.closing[-1] <= whole_book(scene, 0, 0, 8)[1].closing[-1] + 1e-6).all()


def test_a_deal_cap_pays_a_large_save_as_one_at_the_cap(study):
    """Linear pay on one retention quota: what a save pays is capped with the deal, and retention pays for saves at all."""
    capped, base = load_plan(PLANS / "deal-cap.toml"), load_plan(PLANS / "base.toml")
    one = capped.component[0]
    low = one.model_copy(update={"crediting": one.crediting.model_copy(update={"deal_cap": 50_000.0})})
    plans = [capped.model_copy(update={"component": (low,)}), base, load_plan(PLANS / f"{WHOLE[-1]}.toml")]
    scene = make_scene(study, holding(plans), STEP)
    book = open_book(scene, 0, 0, 8)
    picked = pick(scene, book, 400)
    pay = scene_pay(scene, book, STEP, picked.pairs, (LOST, KEPT))
    saved, size = pay[:, KEPT] - pay[:, LOST], book.kept.booked_arr[picked.pairs]
    paid = saved[1] > 0.0
    expected = np.minimum(size, 50_000.0) / size
    np.testing.assert_allclose(saved[0][paid] / saved[1][paid], expected[paid], rtol=1e-6)
    assert (expected[paid] < 0.9).any()
    assert saved[2].mean() > 0.0


def test_effort_and_incentives_of_a_retention_plan(study):
    plan = load_plan(PLANS / "roles" / "csm-retention.toml")
    assert reads_beyond(plan)
    crew = Crew(tuple(holding([plan])), np.ones(1), np.ones(1))
    books = segment_books(study, crew, 0, ((0,), (), ()), 8)
    found = pay_at_effort(books, np.full(len(TASKS), 0.2), np.ones(len(TASKS)), 2.0, books.switches)
    assert found.gain[0, 0] > 0.0
    assert found.certain[0] > 0.0
    seen = see_book(make_scene(study, holding([plan]), STEP), 0, 8, [(0,)])
    assert seen.paid[0].strength.paid[0].sum() > 0.0
    assert np.isnan(seen.paid[0].linear).all()
