"""Signs and orders of published field results, on the honest book: what CSMs do when the plan changes.

Only signs and orders: none of these studies' data are public, and nothing here replicates them.
"""

import numpy as np
import pytest

import sim
from sim.files.toml import check
from sim.measure.incentive.switch import AHEAD, ON_DUE_DAY, Step, switch_pay
from sim.plan.plan import Plan
from sim.questions.incentive.around import holding
from sim.questions.incentive.scene import make_scene, open_book
from sim.questions.response.effort_world import SAVE, UNPAID
from sim.questions.response.efforts import Efforts
from sim.questions.response.setting import Response
from tests.rig.inputs.switches import as_sets
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
LINEAR = ({"attainment": "[0, inf)", "slope": 1.0},)


def plan(name="other", curve=LINEAR, ratchet=0.0, **component):
    quota = {"kind": "retention", "rate": 0.90, "ratchet": ratchet}
    one = {"quota": quota, "curve": curve} | component
    if one.get("pay_kind") == "commission":
        del one["curve"], one["quota"]
    pay = {"target_bonus": 20_000.0, "base_salary": 80_000.0}
    if one.get("pay_kind") == "commission":
        del pay["target_bonus"]
    return check(Plan, {"name": name, "pay": pay, "component": (one,)}, "plan.toml")


def above(threshold, **rest):
    """Nothing below a threshold, linear or what ``rest`` says from there."""
    return (
        {"attainment": f"[0, {threshold})", "pays": 0.0},
        {"attainment": f"[{threshold}, inf)", "pays": threshold, "slope": 1.0} | rest,
    )


CAPPED = ({"attainment": "[0, 0.8)", "slope": 1.0}, {"attainment": "[0.8, inf)", "pays": 0.8})


@pytest.fixture(scope="module")
def study():
    loaded = sim.load(CONFIGS / "studies" / "response.toml")
    return loaded.asking(loaded.asked(Response).model_copy(update={"worlds": 128, "points": (2.0,)}))


def efforts(study, today, then):
    """Efforts under a plan, today's plan being answered with 1. [task]"""
    solver = Efforts(study, study.asked(Response), as_sets(today=today, then=then), "today")
    return solver.equilibrium("then", 0, solver.central).effort


def test_csms_give_up_far_below_a_threshold(study):
    """Chung, Steenburgh & Sudhir (2014), Marketing Science 33(2): those far from quota stop trying. Median attainment is
    109 %: at 90 % the cliff adds effort, at 160 % it is out of reach.
    """
    near, far = (efforts(study, plan("today"), plan(curve=above(at))) for at in (0.9, 1.6))
    assert near[SAVE] > 1.2
    assert far[SAVE] < 0.2


def test_effort_stops_at_a_cap(study):
    """Misra & Nair (2011), Quantitative Marketing and Economics 9: a cap below what is reached anyway ends effort."""
    assert efforts(study, plan("today"), plan(curve=CAPPED))[SAVE] < 0.2


def test_a_ratchet_makes_csms_hold_back(study):
    """Weitzman (1980): what is achieved now is asked later; the more it is, the less is done."""
    some, much = (efforts(study, plan("today"), plan(ratchet=share)) for share in (0.25, 0.5))
    assert 0.2 < some[SAVE] < 0.8
    assert much[SAVE] < some[SAVE]
    assert some[UNPAID] > 1.0  # and there is time for other work


def test_bonus_moves_dates_and_commission_neglects_what_is_not_paid(study):
    """Kishore, Rao, Narasimhan & John (2013), Journal of Marketing Research 50: from a bonus at quota to a commission of the
    same pay, effort on what is paid rises, timing games end, and unpaid work is neglected more. The quota is one that most
    reach (75 %, the median being 109 %): a bonus that most books hang on asks more effort than a commission does.
    """
    bonus = plan("bonus", curve=above(0.75, pays=1.0, slope=0.0))
    scene = make_scene(study, holding([bonus]), Step(30, 0.0))
    book = open_book(scene, 0, 0, 128)
    renewals = book.renewals
    paid = float(np.mean([each.bonus.sum(axis=0).mean() for each in settled(scene, book.ledger)]))
    rate = paid / float(np.where(renewals.due_day < 730, renewals.booked_arr, 0.0).sum(axis=0).mean())
    commission = plan("commission", pay_kind="commission", commission={"rate": rate})
    found = efforts(study, bonus, commission)
    assert found[SAVE] > 1.1
    assert found[UNPAID] < 0.95
    assert moved(study, bonus) > 0.005
    assert moved(study, commission) < 1e-9


def settled(scene, ledger):
    from sim.plan.settle import settle_on
    from sim.plan.worksheet import Worksheet

    sheet = Worksheet(ledger)
    return [settle_on(sheet, plan).statement for plan in scene.plans]


def moved(study, one):
    """What booking one quarter early instead of on time changes pay by, whichever way. [usd/usd]"""
    scene = make_scene(study, holding([one]), Step(30, 0.0))
    book = open_book(scene, 0, 0, 32)
    renewals, kept = book.renewals, book.kept
    arms = (ON_DUE_DAY, AHEAD)
    pay = switch_pay(renewals, kept, book.ledger, scene.frame, scene.dates, scene.plans, scene.step, arms)[0]
    inside = (renewals.due_day >= 91) & (renewals.due_day < 730)
    gain = np.abs(pay[AHEAD] - pay[ON_DUE_DAY])[inside]
    return float(gain.sum() / kept.booked_arr[inside].sum())
