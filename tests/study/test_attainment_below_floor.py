"""Attainment of a target measure below its floor is negative, in the mean and in every percentile alike."""

import pytest

import sim
from tests.rig.readers.texts import by_name

pytestmark = pytest.mark.jit

SCENARIO = """\
name = "one"
start = 2026-01-01
periods = 1
book = { file = "book.csv" }
dependence = { market = 0.0, skill = 0.0, health = 0.0, timing = 0.0, amount = 0.0, expansion = 0.0 }
[[segment]]
name = "gone"
term_months = { "36" = 1.0 }
churn = { probability = 1.0 }
[[segment]]
name = "stays"
term_months = { "36" = 1.0 }
churn = { probability = 0.0 }
"""
BOOK = """\
csm,account,segment,arr,due_date,term_months
ada,a,gone,300000,2026-02-10,36
ada,b,stays,100000,2026-02-20,36
"""
PLAN = """\
name = "nrr"
pay = { target_bonus = 10_000 }
[[component]]
measure = "nrr"
quota = { kind = "target", target = 0.95, floor = 0.85 }
"""


def test_three_quarters_lost_is_600_percent_below_the_floor(tmp_path):
    """NRR is 0.25: (0.25 - 0.85) / (0.95 - 0.85) = -6."""
    (tmp_path / "scenario.toml").write_text(SCENARIO)
    (tmp_path / "book.csv").write_text(BOOK)
    (tmp_path / "plan.toml").write_text(PLAN)
    (tmp_path / "study.toml").write_text(
        'name = "one"\nseed = 4\nworlds = 64\nscenario = "scenario.toml"\nplans = ["plan.toml"]\nbaseline = "nrr"\n'
    )
    document = sim.run(sim.load(tmp_path / "study.toml")).document
    attainment = document["plans"]["nrr"]["pay"]["attainment"]
    assert attainment["mean"] == pytest.approx(-6.0)
    for level in ("p5", "p10", "p25", "p50", "p75", "p90", "p95"):
        assert abs(attainment[level] + 6.0) <= 7.0 / 2048
    assert document["plans"]["nrr"]["pay"]["per_period"]["p50"] == 0.0
    shown = by_name(document)["pay"]
    row = dict(zip([column.key for column in shown.columns], shown.rows[0], strict=True))
    assert row["attains"] == attainment["p50"]
