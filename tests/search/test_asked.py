"""The ``[search]`` table: what is asked is read as people write it, and what is wrong is told with its key, all at once."""

import pytest

import sim
from sim.errors import InputError
from sim.questions.search.measure import bound_of, measure_of, objective_of
from sim.questions.search.setting import Search, Vary
from tests.rig.inputs.small_study import write_study

SEARCH = """
[search]
plan = "plans/capped.toml"
objectives = ["cost.mean", "max: pay.share_at_target"]
keep = ["cost.p90 <= 0.6M", "lint.major = 0"]
[search.vary]
"component.renewals.quota.rate" = { from = 0.80, to = 1.00, step = 0.05 }
"component.renewals.curve[1].attainment" = { choices = [1.0, 1.1] }
"""


def study_with(tmp_path, text):
    path = write_study(tmp_path / "study")
    path.write_text(path.read_text() + text)
    return path


def test_what_is_asked_is_read_as_people_write_it():
    assert objective_of("cost.mean").sign == 1.0
    assert objective_of("max: pay.share_at_target").sign == -1.0
    bound = bound_of("cost.p90 ≤ $16.5M")
    assert (bound.measure.path, bound.sense, bound.limit, bound.measure.unit) == (
        "cost.p90",
        "<=",
        16.5e6,
        "usd",
    )
    assert bound_of("pay.share_at_target >= 60%").limit == pytest.approx(0.6)
    assert bound_of("cost.p90 <= 1_500,000").limit == 1.5e6
    assert measure_of("net_value") == measure_of("response.net_value")
    assert measure_of("cost_by_period[1].p90").unit == "usd"


def test_how_far_beyond_a_bound_is_a_share_of_its_limit():
    assert bound_of("cost.p90 <= 100").beyond(110.0) == pytest.approx(0.1)
    assert bound_of("cost.p90 <= 100").beyond(90.0) == 0.0
    assert bound_of("pay.share_at_target >= 50%").beyond(0.4) == pytest.approx(0.2)
    assert bound_of("lint.major = 0").beyond(2.0) == 2.0


def test_values_are_those_that_a_person_would_sign():
    share = Vary.model_validate({"from": 0.8, "to": 1.0})
    assert share.values[:3] == (0.8, 0.81, 0.82)
    assert len(share.values) == 21
    money = Vary.model_validate({"from": 10_000, "to": 20_000, "step": 300})
    assert money.values[:3] == (10_000, 10_300, 10_600)
    assert money.signed(10_300) == (10_500, 10_000)
    days = Vary.model_validate({"from": 30, "to": 180, "step": 30})
    assert days.values == (30, 60, 90, 120, 150, 180)
    fine = Vary.model_validate({"from": 0.9, "to": 0.92, "step": 0.004})
    assert fine.values == (0.9, 0.904, 0.908, 0.912, 0.916, 0.92)
    assert fine.signed(0.908) == (0.91, 0.9)
    assert Vary.model_validate({"choices": ("due", "booking")}).signed("due") == ("due",)


def test_the_table_is_read_and_results_carry_it(tmp_path):
    study = sim.load(study_with(tmp_path, SEARCH))
    asked = study.asked(Search)
    assert (asked.plan, asked.combinations) == ("capped", 10)
    written = study.asks["search"]
    assert written["plan"] == "capped"
    assert written["vary"]["component.renewals.quota.rate"] == {"from": 0.8, "to": 1.0, "step": 0.05}


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    text = (
        SEARCH.replace("cost.mean", "cost.men")
        .replace("<= 0.6M", "< 0.6M")
        .replace("renewals.quota.rate", "renewal.quota.rate")
        .replace("choices = [1.0, 1.1]", 'choices = ["soon"]')
    )
    path = study_with(tmp_path, text)
    with pytest.raises(InputError) as refused:
        sim.load(path)
    told = [str(each) for each in refused.value.problems]
    wheres = [each.where.removeprefix(f"{path}: search.") for each in refused.value.problems]
    assert wheres[:3] == ["objectives[0]", "keep[0]", 'vary."component.renewal.quota.rate"']
    assert wheres[3].startswith('vary."component.renewals.curve[1].attainment"')
    assert "Did you mean 'mean'?" in told[0]
    assert "Did you mean 'renewals'?" in told[2]


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("{ from = 1.0, to = 0.8 }", "above 1, where it starts"),
        ("{ from = 0.8 }", "a table with from and to, or with choices"),
        ("{ from = 0.8, to = 1.0, choices = [1] }", "either choices, or from and to"),
        ("{ from = 0.8, to = 1.0, step = 0.5 }", "at most 0.2, the range"),
        ("{ from = 0.8, to = 1.0, step = 0.00001 }", "at most 1,000 values"),
    ],
)
def test_ranges_that_are_none(tmp_path, vary, said):
    path = study_with(tmp_path, SEARCH.replace("{ choices = [1.0, 1.1] }", vary))
    with pytest.raises(InputError, match=said):
        sim.load(path)


def test_fresh_worlds_are_enough_for_errors_between_parts(tmp_path):
    """With one part alone a search would have divided by zero."""
    path = study_with(tmp_path, SEARCH.replace("[search.vary]", "fresh_worlds = 511\n[search.vary]"))
    with pytest.raises(InputError, match="fresh_worlds must be at least 512, received 511"):
        sim.load(path)


def test_a_plan_that_is_not_of_the_study(tmp_path):
    path = study_with(tmp_path, SEARCH.replace("plans/capped.toml", "cappd"))
    with pytest.raises(InputError, match="Did you mean 'capped'"):
        sim.load(path)
