"""A plan that is saved is the plan that was settled, in the words of the file that it came from."""

import re

import pytest

import sim
from sim.app.saved import file_name, plan_text
from sim.plan.plan import Plan
from tests.rig.repository import CONFIGS

CURVE = "component[0].curve[1].attainment"


@pytest.fixture(scope="module")
def quickstart():
    return sim.load(CONFIGS / "studies" / "quickstart.toml")


@pytest.mark.parametrize(
    ("base", "changes"),
    [
        ("tiers", {CURVE: 0.85, "component[0].quota.rate": 0.9}),
        ("tiers", {"pay.ote": 170_000, "component[0].crediting.early_cap": 0.5}),
        ("late-bands", {"component[0].crediting.late_bands[1].multiplier": 0.4}),
        ("base", {"component[0].curve[0].slope": 0.95}),
        ("early-relief-provision", {"component[0].crediting.early_cap": None}),
    ],
)
def test_a_saved_plan_reads_as_what_was_settled(quickstart, base, changes):
    plan = quickstart.plans[base].altered(changes, "mine")
    assert Plan.from_toml(plan_text(quickstart, base, plan)) == plan


def own_text(name):
    """The text of a shipped plan without its first line, which names the schema beside it and nothing elsewhere."""
    text = (CONFIGS / "plans" / f"{name}.toml").read_text()
    return re.sub(r"\A#:schema .*\n", "", text)


def test_comments_and_spelling_stay(quickstart):
    before = own_text("tiers").splitlines()
    plan = quickstart.plans["tiers"].altered({CURVE: 0.85}, "mine")
    after = plan_text(quickstart, "tiers", plan).splitlines()
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert changed == [
        ('name = "tiers"', 'name = "mine"'),
        ('attainment = "[0, 0.90)"', 'attainment = "[0, 0.85)"'),
        ('attainment = "[0.90, 1.00)"', 'attainment = "[0.85, 1)"'),
    ]


def test_a_plan_of_the_study_saved_unchanged_is_its_file(quickstart):
    for path in sorted((CONFIGS / "plans").glob("*.toml")):
        name = path.stem
        if name in {each.name for each in quickstart.sets}:
            assert plan_text(quickstart, name, quickstart.plans[name]) == own_text(name)


def test_file_names_are_names_of_files():
    assert file_name("a/../b c") == "a-..-b-c.toml"
    assert file_name("...") == "plan.toml"


@pytest.mark.jit
def test_the_page_saves_under_a_name_that_a_plan_can_have(asking):
    asked = {"variant": {"plan": "capped", "changes": {"component[0].quota.rate": 0.8}}, "name": "mine"}
    told = asking.client.post("/api/save", json=asked).json()
    assert told["file"] == "mine.toml"
    plan = Plan.from_toml(told["text"])
    assert (plan.name, plan.component[0].quota.rate) == ("mine", 0.8)
    wrong = asking.client.post(
        "/api/save", json={**asked, "variant": {"plan": "capped", "changes": {"pay.x": 1}}}
    )
    assert "pay.x" in wrong.json()["refused"][0]["sentence"]
