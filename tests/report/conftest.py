"""Real results of a small company, of cost alone and with every measure, and the same with names that try to do harm."""

import copy

import pytest

import sim
from tests.rig.inputs.harm import HARM
from tests.rig.inputs.small_study import write_study


@pytest.fixture(scope="session")
def document(tmp_path_factory):
    path = write_study(tmp_path_factory.mktemp("reported") / "small")
    return sim.run(sim.load(path), threads=2, worlds=128).document


ASKED = """
[gaming]
worlds = 6
training_worlds = 8
curve_worlds = 4
cells = 16
friction = [0.02, 0.10]
movable = [0.5, 1.0]

[incentive]
worlds = 32

[response]
worlds = 16
value_worlds = 64
points = [1.0, 2.0]
"""


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """The same company, with everything a study can ask."""
    path = write_study(tmp_path_factory.mktemp("asked") / "small")
    scenario = path.parent / "scenario.toml"
    movable = "movable = { ready_early = 0.3, holdable = 0.2 }\nexpansion = {"
    scenario.write_text(scenario.read_text().replace("expansion = {", movable))
    path.write_text(path.read_text() + ASKED)
    return sim.run(sim.load(path), threads=2, worlds=64).document


FORECAST = """
[forecast]
levels = [-1.0, 0.0, 1.0]
paid_after = 1

[[forecast.hire]]
starts = 2026-07-01
csms = 1
"""
LIMITS = """
[limits]
cost_p90 = 1.0
cost_rise = 0.05
"""
MARKET = "[dependence]\nmarket = 0.2\n\n[employer]"


@pytest.fixture(scope="session")
def forecast(tmp_path_factory):
    """The same company with a market, and the board's forecast of its cost."""
    path = write_study(tmp_path_factory.mktemp("forecast") / "small")
    scenario = path.parent / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("[employer]", MARKET))
    path.write_text(path.read_text() + FORECAST)
    return sim.run(sim.load(path), threads=2, worlds=64).document


@pytest.fixture(scope="session")
def stressed(tmp_path_factory):
    """The same company under three stresses, with the tornado and the reverse stress."""
    from sim.study.stress import stress

    path = write_study(tmp_path_factory.mktemp("stressed") / "small")
    path.write_text(path.read_text() + LIMITS)
    study = sim.load(path).altered(worlds=32)
    return stress(study, threads=2, only=("recession", "price-increase", "slow-procurement")).document


@pytest.fixture(scope="session")
def harmful(asked):
    """Plans named by each of ``HARM``, with the same in every free text, account and CSM."""
    base = copy.deepcopy(asked["plans"]["today"])
    move = base["leak"]["moves"][0]
    base["leak"] |= {"csm": HARM["script"], "moves": [move | {"account": text} for text in HARM.values()]}
    found = copy.deepcopy(asked)
    for plan in found["plans"].values():
        plan["leak"]["gain"] = 0.0  # the schedule shown is one of those with harmful names
    for text in HARM.values():
        plan = copy.deepcopy(base) | {"title": text, "not_modelled": [text]}
        plan["lints"] = [
            {
                "name": text,
                "severity": "major",
                "clause": text,
                "number": 1.0,
                "unit": "",
                "short": text,
                "sentence": text,
                "source": text,
            }
        ]
        found["plans"][text] = plan
    found["study"]["title"] = HARM["closing"]
    found["study"]["scenario"] = HARM["script"]
    found["assumptions"] = {text: f"assumption {text}" for text in HARM.values()}
    return found
