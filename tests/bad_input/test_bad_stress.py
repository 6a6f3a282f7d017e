"""Broken limits, stresses and ranges, and what is said about each, word for word."""

from pathlib import Path

import pytest

from tests.rig.inputs.valid_files import VALID

RUN = ("stress", "study.toml", "--threads", "1", "--out", "out")
OWN = """\
name = "mine"
title = "Mine"
why = "To see"
source = "assumption"

[[change]]
input = "segment.*.churn"
times = 2.0
"""
TABLES = {
    "limit without meaning": (
        "[limits]\ncost_p95 = 1.0",
        (
            "study.toml: limits.cost_p95 must be one of ['cost_of_arr', 'cost_p90', 'cost_rise', 'exposure', 'low_pay', "
            "'pay_cut', 'payee_cut', 'prob_over_budget', 'variable_of_arr'], received 'cost_p95'. Did you mean 'cost_p90'?"
        ),
    ),
    "share above one": (
        "[limits]\nlow_pay = { below = 0.5, share = 2.0 }",
        "study.toml: limits.low_pay.share must be at most 1, received 2.0. A share: 2 % is 0.02, and 1 is 100 %.",
    ),
    "stress that is not shipped": (
        '[stress]\ncases = ["recesion"]',
        (
            "study.toml: stress.cases[0] must be one of ['recession', 'whale-leaves', 'q4-concentration', 'early-signers', "
            "'csms-game', 'hiring-freeze', 'price-increase', 'slow-procurement', 'correlation-doubles'], "
            "received 'recesion'."
        ),
    ),
    "range the wrong way round": (
        '[[stress.range]]\ninput = "team.cover"\ntimes = [2.0, 0.5]\nsource = "s"',
        "study.toml: stress.range[0].times must be below 1, then above it, received [2.0, 0.5].",
    ),
    "range with two ways": (
        '[[stress.range]]\ninput = "team.cover"\ntimes = [0.5, 2.0]\nadd = [-0.1, 0.1]\nsource = "s"',
        "study.toml: stress.range[0] must be a range with one of ['times', 'odds', 'add'], received ['times', 'add'].",
    ),
    "range that leads nowhere": (
        '[[stress.range]]\ninput = "team.covver"\ntimes = [0.5, 2.0]\nsource = "s"',
        (
            "study.toml: stress.range[0].input must be one of ['cover', 'turnover_per_year', 'vacancy_days'], received "
            "'covver'. Did you mean 'cover'?"
        ),
    ),
    "break of a limit that is not there": (
        '[stress]\nbreaks = "cost_p90"',
        "study.toml: stress.breaks must be one of ['budget'], received 'cost_p90'. A limit must stand in [limits].",
    ),
    "break that cannot be searched": (
        '[limits]\nexposure = 0.1\n[stress]\nbreaks = "exposure"',
        "study.toml: stress.breaks must be none of ['pay_cut', 'exposure'], received 'exposure'. Ask for another limit.",
    ),
    "one input twice": (
        '[stress]\npair = ["team.cover", "team.cover"]',
        "study.toml: stress.pair must be two different inputs, received ['team.cover', 'team.cover'].",
    ),
    "file that is not there": (
        '[stress]\nfiles = ["mien.toml"]',
        "study.toml: stress.files[0] must be an existing file, received nothing at mien.toml.",
    ),
}
FILES = {
    "no operation": ("times = 2.0", "", ("mine.toml: change[0] must be a move with one of ['times', 'odds', 'add', "
                     "'set', 'at_least'], received nothing.")),
    "two operations": ("times = 2.0", "times = 2.0\nadd = 1.0", ("mine.toml: change[0] must be a move with one of "
                       "['times', 'odds', 'add', 'set', 'at_least'], received ['times', 'add'].")),
    "nothing happens": ('[[change]]\ninput = "segment.*.churn"\ntimes = 2.0\n', "",
                        ("mine.toml: change must be present, received nothing. A stress needs "
                        "[[change]], [lose] or csms_game.")),
    "no reason": ('why = "To see"\n', "", "mine.toml: why must be present, received nothing. Add 'why'."),
    "a shipped name": ('"mine"', '"recession"', ("study.toml: stress.files[0] must be stresses of different names, "
                       "received 'recession'. Rename it; shipped stresses have names of their own.")),
    "a path that leads nowhere": ("*.churn", "*.chrun", ("mine.toml: change[0].input must be one of ['arr', 'back_dated', "
                                  "'churn', 'contraction', 'csms', 'due', 'expansion', 'grace_days', 'lag', 'movable', "
                                  "'name', 'new_accounts', 'notice_days', 'renewed_term_months', 'term_months', 'uplift', "
                                  "'win_back'], received 'chrun'. Did you mean 'churn'?")),
}  # fmt: skip


@pytest.mark.parametrize(("table", "said"), TABLES.values(), ids=TABLES)
def test_tables(folder, refused, table, said):
    Path("study.toml").write_text(f"{VALID['study.toml']}\n{table}\n")
    assert refused(RUN) == [said]


@pytest.mark.parametrize(("old", "new", "said"), FILES.values(), ids=FILES)
def test_stress_files(folder, refused, old, new, said):
    Path("study.toml").write_text(f'{VALID["study.toml"]}\n[stress]\nfiles = ["mine.toml"]\n')
    assert old in OWN
    Path("mine.toml").write_text(OWN.replace(old, new))
    assert refused(RUN) == [said]


def test_options(folder, refused):
    (said,) = refused((*RUN, "--only", "recesion"))
    assert said.endswith("received 'recesion'. Did you mean 'recession'?")
    (said,) = refused((*RUN, "--worlds", "1"))
    assert said == "--worlds must be between 2 and 10,000,000, received 1."
    (said,) = refused(("stress", "study.toml", "--out", "plan.toml"))
    assert said.startswith("--out plan.toml must be a new, empty or unchanged earlier result directory")


def test_what_a_stress_makes_of_a_scenario_must_be_one(folder, refused):
    Path("study.toml").write_text(f'{VALID["study.toml"]}\n[stress]\nfiles = ["mine.toml"]\n')
    path = "segment.*.win_back[0].days[0]"
    Path("mine.toml").write_text(OWN.replace("segment.*.churn", path).replace("times = 2.0", "add = 300.0"))
    assert refused(RUN) == [
        (
            "mine.toml makes scenario.toml: segment[0].win_back[0].days must be [first, last] in order from 1 "
            "to 730 days, received [481, 365]."
        )
    ]
