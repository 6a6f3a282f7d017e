"""The example of a package that adds to csmsim: each kind works, and what cannot be used is refused."""

import json
import os
import subprocess
import sys
import tomllib

import numpy as np
import pytest

from tests.rig.repository import ROOT

EXAMPLE = ROOT / "docs" / "extension"
PLAN = {
    "name": "spiffed",
    "pay": {"target_bonus": 10_000.0},
    "component": [
        {
            "name": "renewals",
            "weight": 0.5,
            "quota": {"kind": "retention", "rate": 0.9},
            "curve": [{"attainment": "[0, inf)", "slope": 1.0}],
        },
        {
            "name": "health",
            "weight": 0.3,
            "measure": "lowest_health",
            "measurement": "year_to_date",
            "quota": {"kind": "target", "floor": 40.0, "target": 80.0},
            "curve": [{"attainment": "[0, inf)", "slope": 1.0}],
        },
        {
            "name": "returned",
            "weight": 0.2,
            "measure": "won_back_bookings",
            "quota": {"kind": "fixed", "amount": 5_000.0},
            "curve": [{"attainment": "[0, 1)", "slope": 1.0}, {"attainment": "[1, inf)", "pays": 1.0}],
        },
    ],
    "spiff": [{"component": "renewals", "at": 1.0, "usd": 500.0}],
}


def installed(folder, groups):
    """A package as pip leaves it: its entry points and its name."""
    about = folder / "csmsim_example-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: csmsim-example\nVersion: 1.0\n")
    lines = [
        line
        for group, points in groups.items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return os.pathsep.join([str(folder), str(EXAMPLE), str(ROOT)])


@pytest.fixture
def example(tmp_path):
    declared = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]["entry-points"]
    return installed(tmp_path / "site", declared)


def answered(path, code):
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.jit
def test_a_rule_measures_and_a_question_of_another_package(example):
    code = f"""
import json, sim
plan = {PLAN!r}
bare = {{**plan, "name": "bare", "spiff": []}}
study = sim.Study("configs/scenarios/smb.toml", [bare, plan], worlds=64, regret={{"quantile": 0.5}})
result = sim.run(study, threads=1)
from sim.engine.company_cost import costs_of
from sim.report.reported import reported
from sim.report.written import report_text
plans = result.document["plans"]
bare, spiffed = costs_of(study, result.totals)
spiffs = (spiffed - bare) / 500.0 / (1.0 + study.scenario.employer.on_cost)
print(json.dumps({{
    "regret": [plans[name]["regret"] for name in ("bare", "spiffed")],
    "spiffs": list(spiffs),
    "most": 10 * study.scenario.periods,
    "packages": study.extensions,
    "text": report_text(result.document),
    "page": " ".join(section.finding for section in reported(result.document).sections),
}}))
"""
    found = answered(example, code)
    assert found["packages"] == ["csmsim-example 1.0"]
    assert found["regret"][0] == 0.0
    assert found["regret"][1] > 0.0
    paid = np.array(found["spiffs"])  # how often, in each world
    np.testing.assert_allclose(paid, np.round(paid), atol=1e-6)
    assert paid.max() <= found["most"]
    assert paid.mean() > 1.0
    assert "Above the cheapest plan of the world" in found["text"]
    assert "bare has the least regret." in found["page"]


def test_keys_of_another_package_are_explained(example):
    code = """
import json
from sim.reference.keys import explained
print(json.dumps([explained("plan", "spiff"), explained("study", "regret")]))
"""
    rule, question = answered(example, code)
    assert "Extra pay for a good period." in rule
    assert "quantile" in question


def test_a_stress_of_another_package(example):
    code = """
import json
from sim.questions.stress.case import shipped_cases
from sim.questions.stress.setting import Stress
cases = Stress(cases=("recession", "summer-freeze")).cases
print(json.dumps([[each.name for each in shipped_cases(cases)], list(Stress().cases)]))
"""
    named, usual = answered(example, code)
    assert named == ["recession", "summer-freeze"]
    assert "summer-freeze" not in usual


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"csmsim.rules": {"cap": "csmsim_example.rule:Spiff"}}, "of a name that nothing else has"),
        ({"csmsim.rules": {"spiff": "csmsim_example.rule:Nothing"}}, "which imports"),
        (
            {"csmsim.measures": {"grr": "csmsim_example.measure:WON_BACK_BOOKINGS"}},
            "of a name that nothing else",
        ),
        ({"csmsim.questions": {"sorrow": "csmsim_example.question:REGRET"}}, "a table whose key is 'sorrow'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_package(tmp_path, groups, said):
    code = """
import json
from sim.cli import command
import contextlib, io
heard = io.StringIO()
with contextlib.redirect_stderr(heard):
    code = command(["lint", "configs/studies/quickstart.toml"])
print(json.dumps([code, heard.getvalue()]))
"""
    code, heard = answered(installed(tmp_path / "site", groups), code)
    assert code == 2
    assert said in heard
    assert "csmsim-example 1.0" in heard
