"""Inputs of the response that cannot matter: where everything is on time and nothing grows, only saving can be worked on."""

import pytest
from scipy.optimize import brentq

import sim
from sim.engine.pool import ALONE
from sim.questions.response.effort_world import SAVE
from sim.questions.response.respond import respond
from sim.questions.response.tornado import tornado
from sim.questions.response.traits import central_traits
from sim.world.shift import shift_odds

pytestmark = pytest.mark.jit
CHURN, PART = 0.12, 0.5
SCENARIO = f"""\
name = "still"
start = 2026-01-01
periods = 4
[dependence]
market = 0.0
skill = 0.0
health = 0.0
[[segment]]
name = "s"
csms = 1
arr = {{ mean = 80_000, sigma = 0.3, accounts = 24 }}
term_months = {{ "12" = 1.0 }}
churn = {{ probability = {CHURN} }}
"""
PLAN = """\
name = "{name}"
[pay]
target_bonus = {bonus}
base_salary = 80_000
[[component]]
[component.quota]
kind = "fixed"
amount = 400_000
"""
STUDY = """\
name = "still"
seed = 5
worlds = 256
scenario = "scenario.toml"
plans = ["whole.toml", "part.toml"]
baseline = "whole"
[response]
points = [1.0, 2.0]
substitution = 0.2
risk_aversion = 0.0
worlds = 64
value_worlds = 256
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("still")
    (folder / "scenario.toml").write_text(SCENARIO)
    for name, bonus in (("whole", 20_000.0), ("part", PART * 20_000.0)):
        (folder / f"{name}.toml").write_text(PLAN.format(name=name, bonus=bonus))
    (folder / "study.toml").write_text(STUDY)
    return respond(sim.load(folder / "study.toml"), ALONE)


def test_effort_is_the_closed_form(found):
    """Half the pay a dollar, linear. In units of what a unit of effort gains at today's plan, two tasks with substitution s:
    cross = s / (1 + s), own = 1 - cross for both, motive 1 for unpaid work u; v(e) = p (1 - p) at the odds of effort e.
    """
    central = central_traits(found.efforts.asked)
    strength = found.efforts.saving[central.points]
    cross = 0.2 / 1.2
    own = 1.0 - cross

    def information(e):
        p = shift_odds(CHURN, -strength * (e - 1.0))
        return p * (1.0 - p)

    def excess(e):
        gain, unpaid = PART * information(e) / information(1.0), (1.0 - cross * e) / own
        return own * e + cross * unpaid - gain

    effort = found.efforts.effort("part", central)[0]
    assert effort[SAVE] == pytest.approx(brentq(excess, 0.01, 2.0), abs=0.005)


@pytest.mark.parametrize("name", ["whole", "part"])
def test_rows_that_cannot_matter_are_the_answer(found, name):
    rows = tornado(found, name)
    told = rows["points"].net_value
    central = central_traits(found.efforts.asked)
    own = told[found.efforts.asked.points.index(central.points)]
    for key in ("other_strength", "effort_limit"):
        assert rows[key].net_value == (own, own), key
    assert (len(set(told)) == 2) == (
        name == "part"
    )  # what can matter does; the reference is measured against itself
