"""Thresholds and targets that a scenario hardly ever meets, or always, against books whose attainment is known."""

import json

import pytest

import sim
from sim.cli import command
from sim.engine.setting import prepare
from sim.questions.lint.reach import WORLDS, attainments, reach_faults
from tests.rig.inputs.small_stress import SCENARIO, write_plain

RETENTION = """\
name = "per-dollar"

[pay]
target_bonus = 10_000
base_salary = 40_000

[[component]]
quota = { kind = "retention", rate = %s }

[[component.curve]]
attainment = "[0, %s)"

[[component.curve]]
attainment = "[%s, inf)"
pays = 1.0
"""
KPI = '[[component]]\nname = "well"\nmeasure = "adoption"\nweight = 0.5\nquota = { kind = "target", target = 60 }\n'


def study_of(folder, rate, threshold, extra=""):
    path = write_plain(folder)
    scenario = SCENARIO.replace("csms = 4", "csms = 30").replace("accounts = 12", "accounts = 40")
    (folder / "scenario.toml").write_text(scenario)
    (folder / "per-dollar.toml").write_text(RETENTION % (rate, threshold, threshold) + extra)
    return sim.load(path)


def faults_of(study):
    return reach_faults(study, prepare(study)).get("per-dollar", ())


@pytest.mark.jit
def test_a_threshold_that_nobody_reaches(tmp_path):
    """A fifth churns and renewals grow by 5 %: about 84 % of what is due is booked; 250 % of it is out of reach."""
    (fault,) = faults_of(study_of(tmp_path, 1.0, 2.5))
    assert (fault.name, fault.clause) == ("out of reach", "component[0].curve")
    assert fault.number < 0.05
    assert "pays nothing below 250 % attainment, reached in" in fault.sentence
    assert faults_of(study_of(tmp_path / "fit", 0.85, 0.9)) == ()


@pytest.mark.jit
def test_the_share_is_counted(tmp_path):
    study = study_of(tmp_path, 1.0, 2.5)
    setting = prepare(study)
    (values,) = attainments(setting)[0].values()
    assert values.size == 24 * 2 * WORLDS
    (fault,) = faults_of(study)
    assert fault.number == pytest.approx((values >= 2.5).mean())


@pytest.mark.jit
def test_a_target_that_everybody_meets(tmp_path):
    (fault,) = faults_of(study_of(tmp_path, 0.02, 0.9))
    assert fault.name == "always met"
    assert fault.number > 0.995


@pytest.mark.jit
def test_a_kpi_asked_on_another_scale(tmp_path):
    """Adoption is read from 0 to 1 and asked at 60: the target is never met."""
    text = RETENTION.replace("quota = {", "weight = 0.5\nquota = {")
    study_of(tmp_path, 0.85, 0.9)
    (tmp_path / "per-dollar.toml").write_text(text % (0.85, 0.9, 0.9) + KPI)
    study = sim.load(tmp_path / "study.toml")
    (fault,) = faults_of(study)
    assert (fault.clause, fault.number) == ("component[1].quota", 0.0)
    assert "median attainment 0.9 %" in fault.sentence


@pytest.mark.jit
def test_run_and_lint_tell_the_same(tmp_path, capsys):
    study = study_of(tmp_path, 1.0, 2.5)
    told = sim.run(study, worlds=8, threads=1).document["plans"]["per-dollar"]["lints"]
    assert command(["lint", str(study.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plans"]["per-dollar"]["lints"] == told
    assert [fault["name"] for fault in told][-1] == "out of reach"
    assert command(["lint", str(study.path), "--strict"]) == 1
    assert "out of reach" in capsys.readouterr().out


def test_a_plan_whose_attainment_never_changes_is_left_alone(tmp_path):
    """Everybody renews everything on time: always at target, by design."""
    path = write_plain(tmp_path)
    still = SCENARIO.replace("probability = 0.2", "probability = 0.0").replace(
        "probability = 0.5", "probability = 0.0"
    )
    (tmp_path / "scenario.toml").write_text(still.replace("lag = [", "# lag = ["))
    (tmp_path / "per-dollar.toml").write_text(RETENTION % (1.0, 0.9, 0.9))
    assert faults_of(sim.load(path)) == ()
