"""The way from one plan to another: clauses in order of settlement, and plans between that read nothing new."""

from datetime import date
from itertools import permutations

import pytest

import sim
from sim.calendar import Calendar
from sim.plan.clauses import steps_between
from tests.rig.repository import CONFIGS

CALENDAR = Calendar(date(2026, 1, 1), 8)


def shipped():
    texts = [path.read_text() for path in sorted((CONFIGS / "plans").rglob("*.toml"))]
    return [sim.Plan.from_toml(text) for text in texts if "[[component]]" in text]


def test_a_plan_against_itself_has_no_clause():
    for plan in shipped():
        assert steps_between(plan, plan, CALENDAR).clauses == ()


def test_between_any_two_shipped_plans_there_is_a_way():
    """Of every ordered pair: each step changes one clause, and the last one would arrive."""
    plans = shipped()
    several = 0
    for before, after in list(permutations(plans, 2))[::7]:
        found = steps_between(before, after, CALENDAR)
        assert len(found.forward) == len(found.backward) == max(len(found.clauses) - 1, 0)
        if found.forward:
            for nearly, missing in (
                (found.forward[-1], found.clauses[-1]),
                (found.backward[-1], found.clauses[0]),
            ):
                left = steps_between(nearly, after, CALENDAR).clauses
                assert left
                assert all(clause.path.startswith(missing.path) for clause in left)
            several += 1
    assert several > 100


@pytest.mark.parametrize(
    ("changes", "paths", "words"),
    [
        (
            {"component.renewals.curve[1].attainment": 0.85, "component.renewals.quota.rate": 0.9},
            ["component.renewals.quota", "component.renewals.curve"],
            "quota of renewals",
        ),
        ({"pay.ote": 200_000.0, "pay.pay_mix": 0.5}, ["pay"], "pay"),
        (
            {
                "component.renewals.crediting.early_cap": 0.2,
                "component.renewals.crediting.early_multiplier": 1.5,
            },
            ["component.renewals.crediting.early_multiplier", "component.renewals.crediting.early_cap"],
            "early_multiplier of renewals",
        ),
    ],
)
def test_clauses_are_named_by_their_paths_and_for_people(changes, paths, words):
    plan = sim.Plan.from_toml((CONFIGS / "plans" / "tiers.toml").read_text())
    found = steps_between(plan, plan.altered(changes), CALENDAR).clauses
    assert [clause.path for clause in found] == paths
    assert found[0].words == words
