"""Limits: what passes, fails and cannot be decided, against counts and algebra."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.pool import ALONE, Threads
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.errors import InputError
from sim.measure.estimate import Centre, share_of
from sim.questions.stress.case import BASE, Case
from sim.questions.stress.entry import Outcome, pay_cut_of
from sim.questions.stress.limits import Limits, LowPay, judge, judge_ends, worst
from sim.questions.stress.move import Change
from sim.questions.stress.suite import stressed
from tests.rig.inputs.small_stress import write_plain

LIMITS = """
[limits]
cost_p90 = 1.0
prob_over_budget = 0.1
cost_rise = 0.05
variable_of_arr = 0.11
cost_of_arr = 0.5
low_pay = { below = 0.5, share = 0.2 }
pay_cut = { by = 0.2, share = 0.5 }
"""


def case(*changes):
    return Case(name="x", title="T", why="W", source="assumption", change=changes)


def judged(tmp_path, *changes, rest=LIMITS, budget=300_000):
    study = sim.load(write_plain(tmp_path, budget=budget, rest=rest))
    found = stressed(study, (case(*changes),), workers=Threads(2))
    return study, {
        name: {plan: each["limits"] for plan, each in found[name].document()["plans"].items()}
        for name in (BASE, "x")
    }


@pytest.mark.parametrize(
    ("value", "interval", "verdict"),
    [
        (0.9, (0.8, 0.99), "pass"),
        (0.9, (0.8, 1.0), "pass"),
        (0.9, (0.8, 1.01), "undecided"),
        (1.1, (0.99, 1.2), "undecided"),
        (1.1, (1.01, 1.2), "fail"),
        (0.1, None, "undecided"),
    ],
)
def test_a_verdict_is_what_the_interval_allows(value, interval, verdict):
    assert judge(value, interval, 1.0).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        ((0.10, 0.08, 0.12), (0.17, 0.15, 0.19), "pass"),
        ((0.16, 0.14, 0.18), (0.25, 0.23, 0.27), "undecided"),  # the lower end alone would pass
        ((0.18, 0.16, 0.20), (0.19, 0.17, 0.21), "undecided"),
        ((0.24, 0.22, 0.26), (0.25, 0.23, 0.27), "fail"),
        ((0.24, 0.22, 0.26), None, "fail"),
        ((0.10, 0.08, 0.12), None, "undecided"),
    ],
)
def test_between_two_ends_only_the_far_one_passes_and_only_the_near_one_fails(low, high, verdict):
    ends = [None if each is None else Centre(each[0], 0.01, each[1:]) for each in (low, high)]
    found = judge_ends(*ends, 0.20)
    assert found.verdict == verdict
    assert found.value == low[0]
    assert found.upper == (None if high is None else high[0])


@pytest.mark.parametrize(("most", "verdict"), [(0.25, "fail"), (0.32, "pass")])
def test_a_booking_granted_in_part_counts_against_the_limit_on_exposure(tmp_path, most, verdict):
    """By hand: of the 250 due next, 0.6 x 250 = 150 are granted early and 100 wait: 400 / 250 + 100 / 100 of target instead
    of 250 / 250 + 250 / 250, 30 % more. The booking does not fit under the cap as a whole.
    """
    (tmp_path / "scenario.toml").write_text(ONE_BOOK)
    (tmp_path / "book.csv").write_text(BOOK)
    (tmp_path / "capped.toml").write_text(CAPPED)
    (tmp_path / "study.toml").write_text(
        'name = "one"\nseed = 1\nworlds = 64\nscenario = "scenario.toml"\nplans = ["capped.toml"]\n'
        f'baseline = "capped"\n[limits]\nexposure = {most}\n'
    )
    ready = Change(input="segment.*.movable.ready_early", at_least=1.0)
    game = Case(name="dates", title="T", why="W", source="assumption", csms_game=1.0, change=(ready,))
    found = stressed(sim.load(tmp_path / "study.toml"), (game,), workers=ALONE)["dates"].plans["capped"]
    assert found.exposure_share == pytest.approx(0.30, rel=1e-6)
    assert found.exposure_share_upper == pytest.approx(0.30, rel=1e-3)
    assert found.limits["exposure"].verdict == verdict


ONE_BOOK = """\
name = "one"
start = 2026-01-01
periods = 2
[book]
file = "book.csv"
[market]
persistence = 0.0
[dependence]
market = 0.0
skill = 0.0
health = 0.0
timing = 0.0
amount = 0.0
expansion = 0.0
[[segment]]
name = "s"
term_months = { "60" = 1.0 }
churn = { probability = 0.0 }
"""
BOOK = """\
csm,account,segment,arr,due_date,term_months
robin,a,s,250000,2026-02-20,60
robin,b,s,250000,2026-05-20,60
"""
CAPPED = """\
name = "capped"
[pay]
target_bonus = 10_000
[[component]]
[component.quota]
kind = "fixed"
amount = 250_000
[component.crediting]
early_cap = 0.6
[component.quota_moves]
early_out_of_due = 1.0
"""


def test_the_worst_verdict():
    assert worst(["pass", "undecided", "fail"]) == "fail"
    assert worst(["pass", "undecided"]) == "undecided"
    assert worst(["pass"]) == "pass"
    assert worst([]) is None


def test_limits_of_a_salary_are_known(tmp_path):
    """Four CSMs on 40,000 and twice 10,000 for half a year: 160,000, with on-cost 192,000 in every world."""
    _, found = judged(tmp_path, Change(input="employer.on_cost", add=0.12))
    salary, stress = found[BASE]["salary"], found["x"]["salary"]
    assert salary["cost_p90"]["value"] == pytest.approx(192_000 / 300_000)
    assert salary["cost_p90"]["low"] == salary["cost_p90"]["high"] == salary["cost_p90"]["value"]
    assert stress["cost_rise"] == {
        "value": pytest.approx(0.1), "low": pytest.approx(0.1), "high": pytest.approx(0.1), "most": 0.05, "verdict": "fail"
    }  # fmt: skip
    assert salary["prob_over_budget"]["verdict"] == "pass"
    assert salary["low_pay"]["value"] == 0.0
    assert stress["pay_cut"] == {"value": 0.0, "low": 0.0, "high": 0.0, "most": 0.5, "verdict": "pass"}
    assert "cost_rise" not in salary


@pytest.mark.jit
def test_limits_are_counts_over_worlds(tmp_path):
    study, found = judged(tmp_path, Change(input="segment.*.churn", odds=3.0))
    totals = sim.run(study, threads=1).totals
    variable = totals.variable[0].sum(axis=0)
    cost = 1.2 * (variable + 80_000)
    kept = totals.retentions[0].kept
    here = found[BASE]["per-dollar"]
    assert here["cost_p90"]["value"] == pytest.approx(np.quantile(cost, 0.9) / 300_000)
    assert here["variable_of_arr"]["value"] == pytest.approx(1.2 * variable.mean() / kept.mean())
    assert here["cost_of_arr"]["value"] == pytest.approx(cost.mean() / kept.mean())
    over = share_of(int((cost > 300_000).sum()), 256)
    assert (here["prob_over_budget"]["low"], here["prob_over_budget"]["high"]) == over.ci95
    bins = totals.marks[0][:, 0].sum()
    assert here["low_pay"]["value"] >= bins / (256 * 4 * 2)


@pytest.mark.jit
def test_low_pay_is_the_share_of_periods_below_the_mark(tmp_path):
    from sim.engine.setting import prepare
    from sim.ledger import fill_ledger
    from sim.plan.settle import settle

    study, found = judged(tmp_path, Change(input="segment.*.churn", odds=3.0))
    setting = prepare(study)
    low = []
    for csm in range(4):
        renewals, _ = setting.world.simulate(csm, 0, 256, setting.dates)
        low.append(
            settle(setting.plans[0], fill_ledger(renewals, setting.frame, setting.dates)).bonus < 5_000
        )
    share = np.mean(low, axis=(0, 1))
    here = found[BASE]["per-dollar"]["low_pay"]
    assert here["value"] == pytest.approx(share.mean())
    half = 1.9693 * share.std(ddof=1) / 16.0
    assert (here["low"], here["high"]) == pytest.approx((share.mean() - half, share.mean() + half), rel=1e-3)


def test_every_csm_loses_the_same_part_where_all_arr_shrinks(tmp_path):
    _, found = judged(tmp_path, Change(input="segment.*.arr", times=0.5))
    cut = found["x"]["per-dollar"]["pay_cut"]
    assert (cut["value"], cut["low"], cut["high"], cut["verdict"]) == (1.0, 1.0, 1.0, "fail")
    assert found["x"]["salary"]["pay_cut"]["verdict"] == "pass"


def test_who_clearly_loses_is_told_by_the_spread_of_differences(tmp_path):
    """As worlds settled one by one have it: pay without and with the stress go together, and the share that may lose is
    narrower than with two independent errors.
    """
    study = sim.load(write_plain(tmp_path, budget=300_000, rest=LIMITS))
    segments = tuple(
        each.model_copy(
            update={"churn": each.churn.model_copy(update={"probability": 1.5 * each.churn.probability})}
        )
        for each in study.scenario.segment
    )
    stressed_study = replace(study, scenario=study.scenario.with_(segment=segments))
    setting = [prepare(each) for each in (study, stressed_study)]
    totals = [totals_of(each, 256, ALONE) for each in setting]
    pay = [each.first_pay[0] for each in totals]
    gap = pay[1] - 0.9 * pay[0]
    error = gap.std(axis=1, ddof=1) / 16.0
    outcomes = [Outcome(each, of, None) for each, of in zip((study, stressed_study), totals, strict=True)]
    value, surely, perhaps = pay_cut_of(outcomes[1], outcomes[0], 0, 0.1)
    assert value == np.mean(gap.mean(axis=1) < 0.0)
    assert surely == np.mean(gap.mean(axis=1) + 1.96 * error < 0.0)
    assert perhaps == np.mean(gap.mean(axis=1) - 1.96 * error < 0.0)
    apart = np.hypot(pay[1].std(axis=1, ddof=1), 0.9 * pay[0].std(axis=1, ddof=1)) / 16.0
    assert (error < 0.9 * apart).all()


def test_a_seat_that_stands_open_is_nobodys_low_pay(tmp_path):
    _, found = judged(tmp_path, Change(input="team.turnover_per_year", at_least=2.0))
    assert "low_pay" not in found["x"]["per-dollar"]
    assert "pay_cut" not in found["x"]["per-dollar"]


def test_what_is_allowed():
    assert Limits(cost_p90=1.1, low_pay=LowPay(below=0.5, share=0.2)).most == {
        "cost_p90": 1.1,
        "low_pay": 0.2,
    }


def test_limits_need_what_they_speak_of(tmp_path):
    path = write_plain(tmp_path, rest=LIMITS)
    path.write_text(path.read_text().replace("budget = 300000.0\n", ""))
    with pytest.raises(InputError) as error:
        sim.load(path)
    assert str(error.value).splitlines() == [
        f"{path}: limits.cost_p90 must be absent, received 1.0. Without a budget there is nothing to keep.",
        f"{path}: limits.prob_over_budget must be absent, received 0.1. Without a budget there is nothing to keep.",
    ]
