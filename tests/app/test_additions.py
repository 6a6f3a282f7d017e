"""Rules that can be added to a plan: each gives a plan, fields to move it by, and a file that reads the same."""

import pytest

import sim
from sim.app.additions import additions
from sim.app.fields import field_groups
from sim.app.saved import plan_text
from sim.errors import InputError
from sim.plan.plan import Plan, load_plan
from tests.rig.inputs.deals import shipped
from tests.rig.repository import CONFIGS

PLANS = CONFIGS / "plans"


@pytest.mark.parametrize("name", ["base", "late-bands", "library/sourcegraph-ae", "library/gated"])
def test_whatever_is_offered_makes_a_plan_that_can_be_moved(name):
    plan = load_plan(PLANS / f"{name}.toml")
    before = {field.path for group in field_groups(plan) for field in group.fields}
    titles = [each.title for each in additions(plan)]
    assert len(titles) == len(set(titles))
    for each in additions(plan):
        more = plan.altered(each.changes)
        assert more != plan
        assert not before & each.changes.keys()
        shown = {field.path for group in field_groups(more) for field in group.fields}
        assert shown & each.changes.keys(), each.title
        assert each.help.endswith(".")


def test_a_saved_plan_has_the_rule_and_all_else_as_it_was():
    study = sim.load(CONFIGS / "studies" / "quickstart.toml")
    kept = [line for line in (PLANS / "tiers.toml").read_text().splitlines() if line.startswith("# ")]
    for each in additions(study.plans["tiers"]):
        plan = study.plans["tiers"].altered(each.changes, "mine")
        text = plan_text(study, "tiers", plan)
        assert Plan.from_toml(text) == plan
        assert all(line in text for line in kept), each.title


def test_an_accelerator_goes_on_where_the_curve_was():
    plan = shipped("base")
    (added,) = (each for each in additions(plan) if each.title == "Accelerator of renewals")
    faster = plan.altered(added.changes).component[0].curve
    assert [piece.attainment for piece in faster] == ["[0, 1)", "[1, inf)"]
    assert (faster[1].pays, faster[1].slope) == (1.0, 1.5)


def test_a_place_behind_the_last_is_a_new_one_and_no_other():
    plan = shipped("base")
    assert plan.altered({"cap[0].usd": 5_000.0}).cap[0].usd == 5_000.0
    two = plan.altered({"cap[0].usd": 5_000.0, "cap[1].multiple": 2.0, "cap[1].over": "year"})
    assert len(two.cap) == 2
    for path in ("cap[1].usd", "component[1].weight", "component[0].curve[3].attainment"):
        with pytest.raises(InputError):
            plan.altered({path: 1.0})
