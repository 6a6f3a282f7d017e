"""Where a quota may come as near to nothing as one likes, no upper end is told, certified or not."""

import json

import pytest

import sim

SCENARIO = """\
name = "few"
start = 2026-01-01
periods = 3
[book]
file = "book.csv"
[dependence]
market = 0.0
skill = 0.0
[[segment]]
name = "s"
term_months = { "60" = 1.0 }
churn = { probability = 0.25 }
"""
BOOK = """\
csm,account,segment,arr,due_date,term_months
kim,a,s,41000,2026-03-02,60
kim,b,s,97000,2026-03-20,60
kim,c,s,38500,2026-05-11,60
kim,d,s,118250,2026-06-19,60
kim,e,s,44750,2026-08-07,60
kim,f,s,302300,2026-08-12,60
"""
PLAN = """\
name = "both-moves"
[pay]
target_bonus = 15_000
[[component]]
[component.quota]
kind = "retention"
rate = 0.92
[component.quota_moves]
early_out_of_due = 0.95
early_into_booked = 0.95
"""
STUDY = """\
name = "few"
seed = 11
worlds = 32
scenario = "scenario.toml"
plans = ["plan.toml"]
baseline = "both-moves"
[gaming]
worlds = 32
training_worlds = 16
curve_worlds = 2
friction = []
movable = []
cells = 32
certify = true
certify_worlds = 8
certify_samples = 8
[gaming.movability]
ready_early = 1.0
holdable = 1.0
"""


@pytest.mark.jit
def test_no_number_stands_for_no_bound(tmp_path):
    for name, text in (("scenario.toml", SCENARIO), ("plan.toml", PLAN), ("study.toml", STUDY)):
        (tmp_path / name).write_text(text)
    (tmp_path / "book.csv").write_text(BOOK)
    result = sim.run(sim.load(tmp_path / "study.toml"), threads=1)
    exposure = result.document["plans"]["both-moves"]["exposure"]
    assert "upper" not in exposure
    assert "certificate" not in exposure
    assert exposure["not_certified"].startswith("Nothing bounds the upper end: a quota of this plan")
    assert "e+" not in json.dumps(exposure)
    from sim.report.written import report_text

    assert "no bound" in report_text(result.document)
