"""The response pass on one book: closed forms of effort and value, signs, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import ttest_rel

import sim
from sim.engine.pool import ALONE, Threads
from sim.errors import InputError
from sim.measure.response.effort import TASKS
from sim.questions.incentive.question import INCENTIVE
from sim.questions.incentive.summary import IncentiveOfPlan
from sim.questions.response.added_value import added_value
from sim.questions.response.company_value import company_parts
from sim.questions.response.crew import crew_of
from sim.questions.response.effort_world import (
    SAVE,
    churn_at_stake,
    odds_of,
    strength_for,
    strengths,
    with_effort,
)
from sim.questions.response.efforts import Efforts
from sim.questions.response.entry import clauses, responses_of_plans
from sim.questions.response.gains import pay_at_effort
from sim.questions.response.question import RESPONSE
from sim.questions.response.respond import respond
from sim.questions.response.segment_books import segment_books
from sim.questions.response.setting import Response
from sim.questions.response.summary import PlanResponse, ResponseOfPlan
from sim.questions.response.tornado import with_ranks
from sim.questions.response.traits import all_traits, central_traits
from sim.summary.facts import Facts
from sim.summary.summary import Summary
from sim.world.shift import shift_odds
from tests.rig.inputs.parts import of, plan_of
from tests.rig.inputs.switches import as_sets
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit


@pytest.fixture(scope="module")
def study():
    loaded = sim.load(CONFIGS / "studies" / "response.toml")
    quick = loaded.asked(Response).model_copy(update={"worlds": 64, "value_worlds": 200, "points": (2.0,)})
    return replace(loaded, sets=loaded.sets[:3]).asking(quick)


@pytest.fixture(scope="module")
def entries(study):
    return {name: each.document() for name, each in responses_of_plans(study, Threads(2)).items()}


def effort(**tasks):
    return np.array([[tasks.get(name, 1.0) for name in TASKS]])


def test_strength_costs_the_points_it_says(study):
    strength = strength_for(np.array([0.08, 0.20]), np.array([3.0, 1.0]), 2.0)
    lost = [shift_odds(p, strength) - p for p in (0.08, 0.20)]
    assert (3 * lost[0] + lost[1]) / 4 == pytest.approx(0.02)
    assert strength_for(np.array([1.0]), np.array([1.0]), 2.0) is None


def test_linear_plan_has_the_closed_form_of_effort(study):
    """Twice the target bonus doubles every gain: e = 2 v(e) / v(1) with v(e) = p (1 - p) at the odds of effort e.

    No substitution, no risk aversion: each task is solved alone. The engine's sizes are drawn, so 2 %.
    """
    asked = study.asked(Response).model_copy(update={"substitution": 0.0, "risk_aversion": 0.0})
    linear = study.sets[0].roles[0].plan
    double = linear.model_copy(update={"pay": linear.pay.model_copy(update={"target_bonus": 40_000.0})})
    efforts = Efforts(study, asked, as_sets(linear=linear, double=double), "linear")
    strength = efforts.saving[2.0]

    def information(e):
        p = shift_odds(0.08, -strength * (e - 1.0))
        return p * (1.0 - p)

    expected = brentq(lambda e: e - 2.0 * information(e) / information(1.0), 0.5, 4.0)
    assert efforts.other_effort("double") is None
    assert efforts.equilibrium("double", 0, efforts.central).effort[SAVE] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("aversion", [0.0, 2.0])
def test_gains_are_the_derivative_of_what_pay_is_worth(study, aversion):
    """Gain of saving against a central difference of certain pay in re-simulated worlds on the same draws, linear plan.

    The two differ by the market factor, which weights accounts at the margin (2 % here), and by simulation error.
    """
    linear = study.sets[0]
    strength, step = strengths(0.2, 1.0), 0.5
    books = segment_books(study, crew_of(linear, "book", 1), 0, ((0,),), 1_000)

    def pay_at(**tasks):
        return pay_at_effort(books, strength, effort(**tasks)[0], aversion, books.switches)

    gain = 0.2 * pay_at().gain[0, SAVE]
    a_year = study.scenario.periods / study.scenario.calendar.years
    certain = [pay_at(save=1.0 + sign * step).certain[0] / a_year for sign in (1, -1)]
    slope = (certain[0] - certain[1]) / (2 * step)
    assert slope == pytest.approx(gain, rel=0.10)
    pay = [
        company_parts(study, linear, effort(save=1.0 + sign * step), strength, 1_000).cost for sign in (1, -1)
    ]
    difference = (pay[0] - pay[1]) / (2 * step) / study.scenario.periods
    error = difference.std(ddof=1) / np.sqrt(1_000)
    assert error < 0.05 * gain  # the test can tell
    if aversion == 0.0:
        assert abs(difference.mean() - gain) < 4 * error + 0.05 * gain


def test_points_lost_are_those_of_the_books(study):
    """Of a drawn company by its means; of a CRM export account by account."""
    churn, arr = churn_at_stake(study.scenario)
    assert len(churn) == 160
    np.testing.assert_allclose(churn, 0.08)
    company = sim.load(CONFIGS / "studies" / "quickstart.toml").scenario
    churn, arr = churn_at_stake(company)
    assert arr.sum() == pytest.approx(
        sum(
            (0.77 + 0.09 / 2 + 0.14 / 3) * each.csms * each.arr.accounts * each.arr.mean
            for each in company.segment
        )
    )
    assert 0.073 > np.average(churn[:3], weights=arr[:3]) > 0.061


def test_signs(entries):
    """A cap takes effort, a cliff adds it and crowds out what nobody pays for; the reference answers itself."""
    linear, capped = entries["retention-linear"], entries["retention-linear-cap-120"]
    cliff = entries["retention-threshold-90"]
    assert linear["net_value"] == 0.0
    assert linear["unique"]
    np.testing.assert_allclose(list(linear["effort"].values()), 1.0, atol=1e-9)
    assert capped["net_value"] < 0.0
    assert cliff["effort"]["save"] > 1.2
    assert cliff["effort"]["unpaid"] < 1.0
    assert "roi" not in linear
    assert linear["csm_gain"] == pytest.approx(0.0, abs=1e-6)
    assert cliff["csm_gain"] < 0.0  # it pays less, asks more and is less certain
    assert cliff["net_value_whole"] == pytest.approx(cliff["net_value"] + cliff["csm_gain"])


def test_threads_change_nothing(study, entries):
    """Plans are answered side by side from one memory: what another has put there is what each would have worked out."""
    again = responses_of_plans(study, ALONE)
    assert {name: each.document() for name, each in again.items()} == entries


def test_value_adds_up_to_the_company(entries, study):
    csm_years = 1 * study.scenario.calendar.years
    for each in entries.values():
        assert each["company"]["net_value"] == pytest.approx(each["net_value"] * csm_years, abs=1e-6)
        low, high = each["net_value_ci95"]
        assert low <= each["net_value"] <= high


def test_plans_are_told_apart_by_paired_differences(study, entries):
    """By an outside test, world by world; of the baseline and a plan alike in all, none is told."""
    responded = respond(study, Threads(2), vary=False)
    worlds = {name: added_value(responded, name) for name in entries}
    level = 0.05 / (len(entries) - 1)
    decided = 0
    for name, each in entries.items():
        others = [other for other in entries if other != name]
        apart = [other for other in others if ttest_rel(worlds[name], worlds[other]).pvalue < level]
        assert {*others} - {*apart} == {*each["not_told_from"]}
        decided += len(apart)
    assert decided > 0
    twin = replace(study.sets[0], name="twin")
    twins = responses_of_plans(replace(study, sets=(study.sets[0], twin)), Threads(2))
    assert twins[study.sets[0].name].not_told_from == ("twin",)


def test_todays_effort_leaves_the_world_as_it_is(study):
    scenario, shifts, lift = with_effort(study.scenario, effort(), strengths(0.3, 1.0))
    assert scenario == study.scenario
    assert set(shifts["book"]) == set(lift) == {0.0}


def test_effort_on_timing_moves_the_bands():
    segment = sim.load(CONFIGS / "studies" / "quickstart.toml").scenario.segment
    scenario = sim.load(CONFIGS / "studies" / "quickstart.toml").scenario
    more = np.repeat(effort(on_time=2.0, early=2.0, late=2.0), len(segment), axis=0)
    moved, _, _ = with_effort(scenario, more, strengths(0.4, 1.0))
    for before, after in zip(segment, moved.segment, strict=True):
        one, other = odds_of(before, 3), odds_of(after, 3)
        assert other.late == pytest.approx(shift_odds(one.late, -0.4))
        assert other.early == pytest.approx(shift_odds(one.early, 0.4))
        assert other.larger == one.larger
        assert other.returning == pytest.approx(shift_odds(one.returning, 0.4))
        assert sum(band.share for band in after.lag) == pytest.approx(1.0)


def test_clauses_are_counted(study):
    assert [clauses(each.roles[0].plan) for each in study.sets[:3]] == [1, 2, 2]


def test_a_reference_must_be_there(study):
    asked = study.asked(Response).model_copy(update={"reference": "nobody"})
    with pytest.raises(InputError, match=r"response\.reference must be a plan of the study"):
        responses_of_plans(study.asking(asked), ALONE)


def test_points_rise():
    with pytest.raises(ValueError, match="ascending"):
        Response(points=(2.0, 1.0))


def test_every_input_has_a_tornado_row(entries, study):
    """What a study may say of the response, but for the number of worlds and books, is varied; so is the on-cost."""
    technical = {"worlds", "books", "value_worlds", "reference"}
    gaming = {"propensity", "discount"}  # rows of their own where exposure was measured
    against_none = {"tooling"}  # the same under every plan but none: it leaves value against the reference
    inputs = set(Response.model_fields) - technical - gaming - against_none | {"on_cost"}
    for each in entries.values():
        assert set(each["tornado"]) == inputs
        for row in each["tornado"].values():
            assert row["low"] <= row["high"]
            assert len(row["net_value"]) == 2
    cliff = entries["retention-threshold-90"]
    for key in ("gross_margin", "lifetime", "effort_limit", "other_strength", "unpaid_value"):
        low, high = cliff["tornado"][key]["net_value"]
        assert low != high, key
    middle = cliff["net_value"]
    assert cliff["tornado"]["on_cost"]["net_value"][0] == pytest.approx(middle)  # the scenario has none
    margin = cliff["tornado"]["gross_margin"]["net_value"]
    assert (margin[0] + margin[1]) / 2 == pytest.approx(middle)  # net value is linear in the margin


def test_variants_are_solved_anew(study):
    """Risk, substitution, limit and strength of other tasks: two values each beside the middle, no set twice."""
    found = all_traits(study.asked(Response))
    assert found[0] == central_traits(study.asked(Response))
    assert len(found) == len(set(found)) == 1 + 2 * 4
    assert {each.effort_limit for each in found} == {2.0, 4.0, 6.0}


def test_places_are_by_net_value_at_each_end():
    rows = {"a": [3.0, 1.0], "b": [2.0, 2.0]}
    responses = {
        name: of(
            PlanResponse,
            {"net_value": sum(ends), "tornado": {"x": {"low": 0, "high": 1, "net_value": tuple(ends)}}},
        )
        for name, ends in rows.items()
    }
    found = with_ranks(responses)
    assert [found[name].rank for name in "ab"] == [1, 1]
    assert found["a"].tornado["x"].rank == (1, 2)
    assert found["b"].tornado["x"].rank == (2, 1)


def test_gaming_propensity_is_a_dial_of_its_own():
    """Half of 1,000 usd taken, with 10 % on-cost, and 1 % off 20,000 moved: 0.5 x (1,100 + 200) = 650 a CSM-year."""
    entry = {
        "cost": {"mean": 100_000.0, "per_csm_year": 50_000.0, "per_csm_year_p50": 50_000.0}
        | dict.fromkeys(("p50", "p90"), 100_000.0),
        "exposure": {"lower": 1_000.0, "p95": 2_000.0, "moved_arr": 20_000.0, "yield": 0.05},
        "incentive": {"save": 0.02, "spread": {}},
        "response": {
            "net_value": 5_000.0,
            "net_value_low": 4_000.0,
            "net_value_high": 6_000.0,
            "net_value_whole": 5_000.0,
            "csm_gain": 0.0,
            "assumed": {"propensity": 0.5, "discount": 0.01},
            "tornado": {},
        },
    }
    summary = Summary(Facts.model_construct(on_cost=0.1), (), [plan_of("a", entry)])
    for question in (INCENTIVE, RESPONSE):
        summary = question.combine(summary)
    found = summary.plans["a"]
    response = found.of(ResponseOfPlan).response
    assert response.gaming_cost == pytest.approx(650.0)
    assert response.net_value_gamed == pytest.approx(4_350.0)
    assert found.of(IncentiveOfPlan).incentive.timing_to_saving == pytest.approx(2.5)
    rows = response.tornado
    assert rows["propensity"].net_value == pytest.approx((5_000.0, 5_000.0 - 1_100.0 - 200.0))
    assert rows["discount_if_all_game"].net_value == pytest.approx((3_900.0, 3_900.0 - 0.05 * 20_000.0))
    assert rows["propensity"].rank == (1, 1)


def test_whoever_holds_accounts_of_another_segment_works_alike_on_them():
    """The cohort's one book has two segments and one CSM: one effort, and the accounts of both answer it."""
    loaded = sim.load(CONFIGS / "studies" / "gaming.toml")
    asked = Response(points=(2.0,), worlds=32, value_worlds=8, risk_aversion=0.0)
    names = ("linear", "threshold-90")
    sets = tuple(each for each in loaded.sets if each.name in names)
    found = respond(replace(loaded, sets=sets, baseline="linear").asking(asked), ALONE, vary=False)
    effort = found.efforts.effort("threshold-90", central_traits(asked))
    assert effort.shape == (2, len(TASKS))
    np.testing.assert_allclose(effort[0], effort[1])
    assert effort[0, SAVE] > 1.1


def test_a_clause_that_never_binds_is_answered_as_today(study):
    """A deal cap of a billion has every switch settled on the whole book, few of them; the reference corrects for that."""
    linear = study.sets[0].roles[0].plan
    one = linear.component[0]
    capped = one.model_copy(update={"crediting": one.crediting.model_copy(update={"deal_cap": 1e9})})
    plans = as_sets(linear=linear, capped=linear.model_copy(update={"component": (capped,)}))
    efforts = Efforts(study, study.asked(Response), plans, "linear")
    found = efforts.equilibrium("capped", 0, efforts.central)
    np.testing.assert_allclose(found.effort, 1.0, atol=1e-6)


def test_what_is_known_is_not_worked_out_again(study):
    """Another question of the same case returns the same value, and a case with the same worlds is the same case."""
    linear = study.sets[0].roles[0].plan
    efforts = Efforts(study, study.asked(Response), as_sets(linear=linear), "linear")
    central = efforts.central
    costs = efforts.costs("linear", 0, central)
    known = len(efforts.known)
    assert efforts.costs("linear", 0, central)[0] is costs[0]
    other = central._replace(other_strength=2.0)
    today = effort()[0]
    assert efforts.pay_at("linear", 0, other, today) is efforts.pay_at("linear", 0, central, today)
    assert len(efforts.known) == known
