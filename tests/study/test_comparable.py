"""Plans that say what a payee earns in all beside plans that do not: refused, or scaled to one size."""

import json

import pytest

import sim
from sim.errors import InputError
from sim.report.written import report_text
from tests.rig.inputs.small_study import write_study
from tests.rig.readers.texts import by_name

OTHER = """\
name = "published"

[about]
not_modelled = ["salaries, which nobody printed"]

[pay]
{pay}

[[component]]
quota = {{ kind = "retention", rate = 0.9 }}
{rest}
"""
COMMISSION = "pay_kind = 'commission'\ncommission = { rate = 0.01 }\n"


def study_with(folder, pay, rest="", normalise=""):
    path = write_study(folder / "small")
    (path.parent / "plans" / "published.toml").write_text(OTHER.format(pay=pay, rest=rest))
    text = path.read_text().replace('"plans/capped.toml"', '"plans/published.toml"')
    path.write_text(normalise + text)
    return path


def test_a_plan_without_a_salary_is_not_held_against_plans_with_one(tmp_path):
    path = study_with(tmp_path, "target_bonus = 4_000")
    with pytest.raises(InputError) as raised:
        sim.load(path)
    (problem,) = raised.value.problems
    assert str(problem) == (
        f"{path.parent / 'plans' / 'published.toml'}: pay must be with a salary beside plans that have one, received "
        "target_bonus alone. Its cost would be held against that of plans whose salaries count: add base_salary (or ote "
        'with pay_mix; pay_mix = 1 where there is no salary), or write normalise = "variable" in study.toml.'
    )


def test_plans_that_all_lack_a_salary_are_compared_and_the_report_says_so(tmp_path):
    path = study_with(tmp_path, "target_bonus = 4_000")
    for plan in (path.parent / "plans").glob("*.toml"):
        plan.write_text(plan.read_text().replace("base_salary = 80_000\n", ""))
    document = sim.run(sim.load(path), worlds=64, threads=1).document
    assert "variable pay alone x 1.1 (on-cost); no plan gives a salary" in " ".join(
        report_text(document).split()
    )


def test_a_plan_that_is_all_variable_says_so_with_its_pay_mix(tmp_path):
    sim.load(study_with(tmp_path, "ote = 100_000\npay_mix = 1.0"))


def test_one_size_by_variable_pay_leaves_only_the_rules(tmp_path):
    """The published plan pays by today's rules, at two fifths of its target: scaled, it costs what today's costs."""
    path = study_with(tmp_path, "target_bonus = 4_000", normalise='normalise = "variable"\n')
    study = sim.load(path)
    assert study.normalised.factors == {"today": 1.0, "multiplier": 1.0, "published": 2.5}
    document = sim.run(study, worlds=64, threads=1).document
    assert document["order"]["same"] == ["published"]
    assert document["plans"]["published"]["cost"]["mean"] == pytest.approx(
        document["plans"]["today"]["cost"]["mean"]
    )
    said = "Pay of every plan is scaled to the target variable pay of today, $40.0K a year, and its salary"
    assert said in " ".join(report_text(document).split())
    assert said in by_name(document)["cost"].note
    assert said in by_name(document)["normalised"].note
    assert "Not modelled of published: salaries, which nobody printed." in by_name(document)["cost"].note


def test_one_size_by_earnings_keeps_each_plan_s_mix(tmp_path):
    """120,000 a year today; 60,000 with half of it variable, doubled: 60,000 of bonus and as much salary."""
    path = study_with(tmp_path, "ote = 60_000\npay_mix = 0.5", normalise='normalise = "ote"\n')
    study = sim.load(path)
    plan = study.sets[2].roles[0].plan
    assert (plan.pay.ote, plan.pay.base_salary, plan.pay.pay_mix) == pytest.approx((120_000, 60_000, 0.5))
    assert plan.target_bonus(study.scenario.calendar) == pytest.approx(15_000)
    assert study.normalised.told == {
        "by": "ote",
        "ote": 120_000,
        "variable": 40_000,
        "factors": {"today": 1.0, "multiplier": 1.0, "published": 2.0},
    }


def test_caps_and_draws_in_usd_go_with_the_target(tmp_path):
    rest = "\n[[cap]]\nusd = 6_000\n\n[draw]\nusd = 1_000\nrecoverable = false\n"
    path = study_with(tmp_path, "target_bonus = 4_000", rest, normalise='normalise = "variable"\n')
    plan = sim.load(path).sets[2].roles[0].plan
    assert (plan.cap[0].usd, plan.draw.usd) == (15_000, 2_500)


@pytest.mark.parametrize(
    ("by", "pay", "rest", "sentence"),
    [
        (
            "ote",
            "target_bonus = 4_000",
            "",
            "pay must be with a salary under normalise = 'ote', received target_bonus alone.",
        ),
        (
            "variable",
            "base_salary = 9_000",
            COMMISSION,
            "component[0].pay_kind must be 'bonus' under normalise",
        ),
        ("ote", "base_salary = 9_000", COMMISSION, "component[0].pay_kind must be 'bonus' under normalise"),
        ("sise", "target_bonus = 4_000", "", "normalise must be"),
    ],
)
def test_what_cannot_be_scaled_is_refused_in_a_sentence(tmp_path, by, pay, rest, sentence):
    with pytest.raises(InputError) as raised:
        sim.load(study_with(tmp_path, pay, rest, normalise=f'normalise = "{by}"\n'))
    assert sentence in str(raised.value)


def test_a_scaled_study_runs_again_from_its_result(tmp_path):
    path = study_with(tmp_path, "target_bonus = 4_000", normalise='normalise = "variable"\n')
    first = sim.run(sim.load(path), worlds=32, threads=1)
    first.write(tmp_path / "result")
    again = sim.run(sim.load(tmp_path / "result" / "study.toml"), threads=1)
    assert json.loads(again.to_json()) == json.loads(first.to_json())


@pytest.mark.parametrize("by", ["ote", "variable"])
def test_kept_worlds_refuse_a_plan_of_another_size_and_settle_those_that_fit(tmp_path, by):
    """A foreign plan stands in no file of the study, so that nobody scaled it; one of the study's, changed, still fits."""
    study = sim.load(study_with(tmp_path, "ote = 60_000\npay_mix = 0.5", normalise=f'normalise = "{by}"\n'))
    worlds = sim.simulate(study, worlds=64, threads=1)
    text = study.plans["published"].to_toml()
    foreign = sim.Plan.from_toml(text.replace('name = "published"', 'name = "foreign"')).altered(
        {"pay.ote": 60_000, "pay.pay_mix": 0.5}
    )
    with pytest.raises(InputError, match="plan foreign: pay must be of the") as raised:
        worlds.compare([foreign])
    assert "Name its file among the study's plans" in str(raised.value)
    rate = study.plans["published"].altered({"component[0].quota.rate": 0.8}, name="easier")
    assert worlds.compare([rate, "published"]).loc["easier", "cost_mean"] > 0.0
    size = {"pay.ote": study.plans["published"].pay.ote, "pay.pay_mix": study.plans["published"].pay.pay_mix}
    assert "foreign" in worlds.compare([foreign.altered(size)]).index
