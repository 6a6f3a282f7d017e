"""What a study's ``[incentive]`` and ``[response]`` get wrong is said when it is loaded, before anything is simulated."""

import pytest

import sim
from sim.errors import InputError
from sim.plan.plan import load_plan
from sim.questions.response.checks import pays_for_renewals
from sim.report.reported import reported
from tests.rig.inputs.small_study import write_study
from tests.rig.repository import CONFIGS

COMPANY = """\
name = "growth"
[pay]
target_bonus = 10_000
base_salary = 80_000
[[component]]
measure = "company_arr_growth"
quota = { kind = "target", target = 0.1 }
"""
FLAT = '[[component.curve]]\nattainment = "[0, inf)"\npays = 1.0\n'


@pytest.fixture
def path(tmp_path):
    return write_study(tmp_path / "small")


def said(path, more, **changed):
    """The problems of the study with ``more`` at its end and some of its text changed."""
    text = path.read_text()
    for old, new in changed.values():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text + more)
    with pytest.raises(InputError) as raised:
        sim.load(path)
    return [str(problem) for problem in raised.value.problems]


def only(path, plan):
    """The study with this one plan."""
    (path.parent / "plans" / "growth.toml").write_text(plan)
    plans = ('"plans/today.toml", "plans/multiplier.toml", "plans/capped.toml"', '"plans/growth.toml"')
    return {"plans": plans, "baseline": ('"today"', '"growth"')}


def test_nothing_that_can_be_measured(path):
    (problem,) = said(path, "[incentive]\n", **only(path, COMPANY))
    assert "incentive must be absent, or beside a plan of one CSM a book" in problem
    assert "Growth pays on company_arr_growth, which one CSM's renewal hardly moves." in problem


def test_a_reference_that_cannot_be_measured_is_named_with_the_reason(path):
    problems = said(path, "[response]\n", **only(path, COMPANY))
    assert len(problems) == 1
    assert "response.reference must be a plan of the study of one CSM a book" in problems[0]
    assert "growth pays on company_arr_growth" in problems[0]


def test_a_reference_that_pays_for_nothing(path):
    capped = path.parent / "plans" / "capped.toml"
    text = capped.read_text()
    capped.write_text(text[: text.index("[[component.curve]]")] + FLAT)
    (problem,) = said(path, '[response]\nreference = "capped"\n')
    assert "response.reference must be a plan that pays for renewals, received 'capped'" in problem
    assert "Effort is calibrated to what it pays today." in problem


def test_points_that_cannot_be_lost(path):
    """At 95 % churn everywhere no more than 5 points of retention are there."""
    scenario = path.parent / "scenario.toml"
    text = scenario.read_text()
    scenario.write_text(
        text.replace("probability = 0.15", "probability = 0.95").replace(
            "probability = 0.05", "probability = 0.95"
        )
    )
    (problem,) = said(path, "[response]\npoints = [2.0, 6.0]\n")
    assert "response.points must be below 5, received 6" in problem


def test_plans_that_are_left_out_get_a_sentence(path):
    (path.parent / "plans" / "growth.toml").write_text(COMPANY)
    path.write_text(
        path.read_text().replace('"plans/capped.toml"', '"plans/capped.toml", "plans/growth.toml"')
        + "[incentive]\nworlds = 2\nbooks = 1\n"
    )
    document = sim.run(sim.load(path), threads=1).document
    found = document["plans"]
    reason = "growth pays on company_arr_growth, which one CSM's renewal hardly moves"
    assert found["growth"]["behaviour_not_measured"] == reason
    assert "incentive" not in found["growth"]
    assert "incentive" in found["today"]
    assert "behaviour_not_measured" not in found["today"]
    (card,) = (each for each in reported(document).tables if each.name == "card")
    assert f"Not measured: {reason}." in card.note


@pytest.mark.parametrize(
    ("name", "pays"),
    [
        ("base", True),
        ("threshold-90", True),
        ("library/fixed-pay", False),
        ("library/commission", True),
        ("roles/csm-retention", True),
    ],
)
def test_what_pays_for_renewals(name, pays):
    assert pays_for_renewals(load_plan(CONFIGS / "plans" / f"{name}.toml")) is pays
