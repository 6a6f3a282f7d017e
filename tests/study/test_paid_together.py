"""Incentive and response of role sets and plans on the company: switches against whole settlement; who works on what."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.pool import ALONE
from sim.engine.setting import prepare
from sim.engine.simulate import simulate
from sim.engine.territories import add_ledgers
from sim.files.toml import check
from sim.measure.incentive.switch import ARMS, GROWN, KEPT, LOST, Step, pair_pay, total_pay
from sim.measure.response.effort import TASKS
from sim.plan.plan import Plan
from sim.plan.role_set import Role, RoleSet
from sim.questions.incentive.around import holding
from sim.questions.incentive.measured import rewards_of_plans
from sim.questions.incentive.scene import beside_book, make_scene, open_book, total_paid, whole_book
from sim.questions.incentive.setting import Incentive
from sim.questions.incentive.switched_book import pick, scene_pay
from sim.questions.response import segment_books
from sim.questions.response.added_value import added_value
from sim.questions.response.crew import Crew, crew_of
from sim.questions.response.effort_world import EXPAND, GROW, KPI, ONBOARD, SAVE, with_log_odds
from sim.questions.response.efforts import Efforts
from sim.questions.response.entry import csm_numbers
from sim.questions.response.respond import respond
from sim.questions.response.setting import Response
from tests.rig.inputs.roles import write_roles
from tests.rig.inputs.switches import as_sets

pytestmark = pytest.mark.jit
STEP = Step(30, 10_000.0)
TEAM = {
    "measure": "team_attainment",
    "team_measure": "grr",
    "quota": {"kind": "target", "target": 1.0, "floor": 0.0},
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return sim.load(write_roles(tmp_path_factory.mktemp("roles") / "study"))


def plan_on(name="team", bonus=10_000.0, **component):
    pay = {"target_bonus": bonus, "base_salary": 60_000.0}
    return check(Plan, {"name": name, "pay": pay, "component": (component,)}, "plan.toml")


def test_everybody_is_paid_as_in_a_run(study):
    """Payees of every role on all that they are paid on, once each: what the engine pays them in the same worlds."""
    run = simulate(prepare(study), 0, 8).variable.sum(axis=1)
    place = 0
    for each in study.sets:
        scene = make_scene(study, each.roles, STEP)
        for role, territory in enumerate(scene.territories):
            paid = np.zeros(8)
            for csm in territory.last.tolist():
                ledger = whole_book(scene, csm, 0, 8)[2]
                paid += total_paid(scene, beside_book(scene, csm, 0, 8), ledger)[role]
            np.testing.assert_allclose(paid, run[place][:8], rtol=1e-9)
            place += 1
    assert place > len(study.sets)


@pytest.mark.parametrize("measure", ["grr", "nrr", "arr_growth"])
def test_a_switch_moves_the_company_by_what_it_moves_the_book(study, measure):
    """One renewal lost by hand in all worlds; the books of all CSMs added up anew, and settled."""
    team = plan_on(**TEAM | {"team_measure": measure})
    scene = make_scene(study, holding([team]), STEP)
    book = open_book(scene, 2, 0, 8)
    row = int(np.argmax((book.kept.booked_arr > 0.0).sum(axis=1)))
    pairs = np.full(8, row), np.arange(8)
    pay = scene_pay(scene, book, STEP, pairs, (LOST, KEPT))
    path = scene.world.path(2, 0, 8, with_grown=True)
    same = [
        np.array_equal(path.due_day[each], book.renewals.due_day[row]) for each in range(len(path.due_day))
    ]
    same = [k and np.array_equal(path.arr[each], book.renewals.arr[row]) for each, k in enumerate(same)]
    day, arr = path.booked_day.copy(), path.booked_arr.copy()
    day[same.index(True)], arr[same.index(True)] = 1 << 30, 0.0
    lost = path._replace(booked_day=day, booked_arr=arr)
    activities = [
        scene.world.read_path(csm, 0, lost, cohorts=scene.cohorts)[2]
        if csm == 2
        else whole_book(scene, csm, 0, 8)[2].activity
        for csm in range(len(scene.world.book.csms))
    ]
    ledger = book.ledger._replace(activity=activities[2], company=summed(activities))
    np.testing.assert_allclose(pay[0, LOST], total_pay(scene.plans, ledger)[0], rtol=1e-9)
    if measure == "grr":
        assert (pay[0, KEPT] > pay[0, LOST]).all()


def summed(activities):
    from functools import reduce

    from sim.engine.territories import add_activities

    return reduce(add_activities, [each._replace(kpi={}) for each in activities])


def test_a_csm_s_share_of_a_team_measure(study):
    """Linear pay on gross retention: a saved dollar pays the bonus over what is held, of the team or of the book, so the
    team's pays as much less as the company is larger than the book. Later periods see a smaller book: 10 %.
    """
    own = plan_on(
        "own", **{key: value for key, value in TEAM.items() if key != "team_measure"} | {"measure": "grr"}
    )
    scene = make_scene(study, holding([plan_on(**TEAM), own]), STEP)
    book = open_book(scene, 0, 0, 16)
    picked = pick(scene, book, 100)
    pay = scene_pay(scene, book, STEP, picked.pairs, (LOST, KEPT))
    team, alone = (pay[:, KEPT] - pay[:, LOST]).sum(axis=1)
    held = book.ledger.activity.opening[0].mean()
    company = held + book.beside.company.opening[0].mean()
    assert team / alone == pytest.approx(held / company, rel=0.10)
    assert team / alone < 0.3


def test_a_manager_is_paid_on_all_their_books(study):
    """A role of bookings alone: the quick way of switches on the pooled Ledger, against the pooled book settled again."""
    managed = study.sets[1]
    scene = make_scene(study, managed.roles, STEP)
    assert not scene.reads
    assert scene.territories[1].books_with(0) > 1
    book = open_book(scene, 0, 0, 6)
    picked = pick(scene, book, 12)
    quick = scene_pay(scene, book, STEP, picked.pairs, tuple(range(len(ARMS))))
    reading = scene._replace(reads=frozenset({"flow"}), arounds={})
    whole = scene_pay(reading, open_book(reading, 0, 0, 6), STEP, picked.pairs, tuple(range(len(ARMS))))
    np.testing.assert_allclose(quick, whole, rtol=1e-9, atol=1e-6)
    ((_, _, others),) = (group for group in book.beside.groups if group[2] is not None)
    pooled = add_ledgers(book.ledger, others)
    cells = (scene.frame, scene.dates, scene.plans[1:], STEP, picked.pairs, (GROWN,))
    by_hand = pair_pay(book.renewals, book.kept, pooled, *cells)
    np.testing.assert_allclose(quick[1, GROWN], by_hand[0, GROWN], rtol=1e-9)


def test_rewards_of_a_role_set_are_those_of_its_roles_together(study):
    asked = Incentive(worlds=8, books=7)
    found = rewards_of_plans(study.asking(asked), ALONE)
    for each in study.sets:
        part = found[each.name]
        if each.plain:
            assert part.incentive_by_role is None
            continue
        assert set(part.incentive_by_role) == {role.name for role in each.roles}
        by_role = part.incentive_by_role.values()
        assert part.incentive.save == pytest.approx(sum(role.save or 0.0 for role in by_role))
        assert part.incentive.risk_premium is None  # of nobody: each bears their own
        assert all(role.pay.per_csm_year > 0.0 for role in by_role)


def crew(*roles):
    return crew_of(RoleSet(None, "set", "set", roles, False, ()), "smb", 6)


def role(name, plan, books=1, share=1.0, holds_book=False):
    return Role(name, plan, None, books=books, salary_share=share, holds_book=holds_book)


def test_work_is_shared_by_those_who_are_paid_for_it():
    """A CSM of one book, a seller of two for half of the time: 1 to 1/4; and where nobody is paid, by time too."""
    both = crew(role("csm", None, holds_book=True), role("seller", None, books=2, share=0.5))
    np.testing.assert_allclose(both.time, [0.8, 0.2])
    gain = np.array([[100.0, 0.0, 2.0, 0.0], [100.0, 50.0, 100.0, 0.0]])
    np.testing.assert_allclose(both.shares(gain), [[0.8, 0.0, 0.0, 0.8], [0.2, 1.0, 1.0, 0.2]])
    np.testing.assert_allclose(Crew(both.roles[:1], np.ones(1), np.ones(1)).shares(gain[:1]), 1.0)
    assert both.of_book(np.array([3.0, 4.0])) == 5.0


def test_each_payee_works_on_what_they_are_paid_for(study, monkeypatch):
    """Sellers on expansion alone and CSMs on company growth and adoption, held against CSMs who renew: less is saved,
    expansion is worked on, and every number is there.
    """
    monkeypatch.setattr(segment_books, "WHOLE_SWITCHES", 64)
    asked = Response(points=(2.0,), worlds=32, value_worlds=16, books=1)
    found = respond(study.asking(asked), ALONE, vary=False)
    sold = found.efforts.mean(found.efforts.effort("sold", found.efforts.central))
    assert sold[SAVE] < 0.5
    managed = found.efforts.answers("managed", found.efforts.central)[0].reshape(2, len(TASKS))
    assert (managed[:, SAVE] > 0.0).all()
    value = {each.name: added_value(found, each.name) for each in study.sets}
    assert value[study.baseline] == pytest.approx(0.0, abs=1e-6)
    numbers = csm_numbers(found, "sold", float(value["sold"].mean()))
    assert np.isfinite([*value["sold"], *numbers.values()]).all()
    at = {name: found.efforts.salary(name) for name in value}
    assert at["managed"] == pytest.approx(
        80_000.0 + 120_000.0 * 3 / 7
    )  # 5 books: 3 + 2, and 2: three managers
    assert at["sold"] == pytest.approx(100_000.0 + 0.25 * 90_000.0 * 3 / 7)


def test_tasks_beside_renewals_are_answered(study):
    """Twice the pay for expansion in the term asks more of it; a KPI that is paid raises its readings and no renewal."""
    seller = plan_on("grow", measure="expansion_bookings", quota={"kind": "fixed", "amount": 20_000.0})
    adoption = plan_on("adopt", measure="adoption", quota={"kind": "target", "target": 0.5})
    asked = Response(points=(2.0,), worlds=32, value_worlds=8, risk_aversion=0.0, substitution=0.0)
    double = plan_on(
        "twice", bonus=20_000.0, measure="expansion_bookings", quota=dict(seller.component[0].quota)
    )
    efforts = Efforts(study, asked, as_sets(grow=seller, adopt=adoption, twice=double), "grow")
    assert efforts.beside == (GROW, KPI)
    twice, other = (efforts.equilibrium(name, 0, efforts.central).effort for name in ("twice", "adopt"))
    assert twice[GROW] > 1.3
    assert other[KPI] > 1.0
    assert other[GROW] < 0.1
    assert other[ONBOARD] == twice[SAVE] == 1.0 or other[SAVE] <= 1.0
    raised = with_log_odds(study.scenario, np.eye(len(TASKS))[[KPI, KPI]])
    scene = make_scene(study, holding([adoption]), STEP, raised.shifts, raised.lift)
    plain = make_scene(study, holding([adoption]), STEP)
    (before, _, one), (after, _, more) = (whole_book(each, 0, 0, 8) for each in (plain, scene))
    np.testing.assert_array_equal(before.booked_arr, after.booked_arr)
    assert (more.activity.kpi["adoption"] > one.activity.kpi["adoption"]).all()
    assert more.activity.kpi["adoption"].max() <= 1.0


def test_a_linear_commission_on_expansion_gains_its_rate(study):
    """Of one more log odd of the rate of expansion a commission of 10 % gains 10 % of the ARR that it moves."""
    commission = plan_on(
        "rate", measure="expansion_bookings", pay_kind="commission", commission={"rate": 0.1}
    )
    asked = Response(points=(2.0,), worlds=64, value_worlds=8, risk_aversion=0.0)
    efforts = Efforts(study, asked, as_sets(rate=commission), "rate")
    at = efforts.pay_on_book("rate", 0, efforts.central, np.ones(len(TASKS)))
    assert at.gain[0, GROW] == pytest.approx(0.1 * at.arr[GROW], rel=1e-6)
    assert at.arr[GROW] > 0.0
    assert at.gain[0, EXPAND] == 0.0


def test_contrasts_beside_renewals(study):
    """A commission of 10 % pays 10 cents for a dollar grown in the term; a KPI that is read better pays; onboarding in time
    pays whom it is asked of; nobody is paid for what their plan does not read.
    """
    target = {"kind": "target", "target": 0.8, "floor": 0.0}
    plans = {
        "rate": plan_on(
            "rate", measure="expansion_bookings", pay_kind="commission", commission={"rate": 0.1}
        ),
        "adopt": plan_on("adopt", measure="adoption", quota={"kind": "target", "target": 0.5}),
        "onboard": plan_on("onboard", measure="onboarding", quota=target),
        "renew": plan_on("renew", quota={"kind": "retention", "rate": 0.9}),
    }
    asked = replace(study, sets=tuple(as_sets(**plans)), baseline="renew").asking(
        Incentive(worlds=48, books=7)
    )
    found = {name: part.incentive for name, part in rewards_of_plans(asked, ALONE).items()}
    assert found["rate"].grow == pytest.approx(0.1, rel=1e-6)
    assert found["rate"].grow_se < 1e-6
    assert found["adopt"].kpi > 0.0
    assert found["onboard"].onboard > 0.0
    for name, reads in (("rate", {"grow"}), ("adopt", {"kpi"}), ("onboard", {"onboard"}), ("renew", set())):
        told = {key for key in ("grow", "onboard", "kpi") if getattr(found[name], key) is not None}
        assert told == reads
