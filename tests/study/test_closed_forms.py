"""A whole run against numbers that can be worked out: nothing between the study file and the summary may bend them."""

import pytest

import sim
from tests.rig.repository import CONFIGS

PLAN = """\
name = "linear"
title = "Linear"
[pay]
target_bonus = 20
[[component]]
[component.quota]
kind = "retention"
rate = 0.9
"""

STUDY = """\
name = "closed-form"
seed = 7
worlds = 20_000
scenario = "{scenario}"
plans = ["linear.toml"]
baseline = "linear"
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("closed")
    (folder / "linear.toml").write_text(PLAN)
    scenario = (CONFIGS / "scenarios/honest-book.toml").as_posix()
    (folder / "study.toml").write_text(STUDY.format(scenario=scenario))
    return sim.run(sim.load(folder / "study.toml")).document["plans"]["linear"]


def test_linear_pay_on_the_honest_book(plan):
    """Each renewal is kept with probability 0.92, and one in five of the kept grows by 20 % on average: a quarter is
    expected to book 0.92 x 1.04 of what is due, against a quota of 0.9 of it, for 20 a quarter at target, 8 times."""
    expected = 8 * 20 * 0.92 * 1.04 / 0.9
    parts = plan["cost_parts"]
    assert abs(parts["variable"] - expected) < 4 * parts["variable_se"]
    assert parts["variable_se"] < 0.001 * expected


def test_rates_on_the_honest_book(plan):
    retention = plan["retention"]
    assert abs(retention["gross_renewal_rate"] - 0.92) < 4 * retention["gross_renewal_rate_se"]
    assert abs(retention["net_renewal_rate"] - 0.92 * 1.04) < 4 * retention["net_renewal_rate_se"]
    assert retention["on_time_rate"] == retention["gross_renewal_rate"]
