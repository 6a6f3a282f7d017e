"""A field for everything in a plan that can be changed: what it spans is allowed, and it says what it is."""

import pytest

import sim
from sim.app.fields import field_groups
from sim.app.scales import number_scale, whole_scale
from sim.errors import InputError
from sim.plan.altered import value_at
from tests.rig.repository import CONFIGS

PLANS = {
    path.relative_to(CONFIGS / "plans").as_posix(): sim.Plan.from_toml(path.read_text())
    for path in sorted((CONFIGS / "plans").rglob("*.toml"))
    if "[[component]]" in path.read_text()
}
FIELDS = {
    name: [field for group in field_groups(plan) for field in group.fields] for name, plan in PLANS.items()
}


def numbers(value, path=""):
    """Every number of a plan's document by its path, found without the models."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from numbers(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value):
            yield from numbers(each, f"{path}[{place}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


@pytest.mark.parametrize("name", PLANS)
def test_every_number_that_a_plan_states_has_a_field(name):
    """But what follows from another, and what cannot be anything else: a salary, an OTE looked up, a single weight,
    where the first tier starts.
    """
    plan = PLANS[name]
    found = {field.path: field.value for field in FIELDS[name]}
    stated = dict(numbers(plan.model_dump(exclude_unset=True)))
    fixed = {path for path in stated if path.endswith(".weight") and len(plan.component) == 1}
    fixed |= {path for path in stated if path.endswith(".tier[0].start")}
    fixed |= {"pay.base_salary"} if plan.pay.ote is not None else set()
    fixed |= {"pay.ote"} if plan.pay.market is not None else set()
    if plan.pay.market is not None and plan.pay.pay_mix is not None:
        fixed |= {"pay.pay_mix"}
    assert {path: value for path, value in stated.items() if path not in fixed and path not in found} == {}
    for path, value in stated.items():
        if path in found:
            assert found[path] == value


@pytest.mark.parametrize("name", PLANS)
def test_a_field_shows_the_plan_and_its_slider_stays_within_the_bounds(name):
    plan = PLANS[name]
    for field in FIELDS[name]:
        assert field.value == value_at(plan, field.path)
        assert field.title
        if field.scale is None:
            assert field.kind in ("choice", "switch")
            continue
        assert field.low is None or field.scale.low >= field.low
        assert field.high is None or field.scale.high <= field.high
        assert field.scale.low <= field.scale.start <= field.scale.high or field.value is not None
        assert 0 < field.scale.step <= field.scale.high - field.scale.low
        assert field.unit, field.path
        assert field.help, field.path


@pytest.mark.parametrize("name", PLANS)
def test_something_of_what_a_field_offers_is_a_plan(name):
    plan = PLANS[name]
    for field in FIELDS[name]:
        if field.shared:
            continue
        if field.kind == "choice":
            offered = list(field.choices)
        elif field.kind == "switch":
            offered = [not field.value]
        else:
            offered = list(field.scale.tried)
        assert any(_allowed(plan, field.path, value) for value in offered), field.path


def _allowed(plan, path, value):
    try:
        return plan.altered({path: value}) is not None
    except InputError:
        return False


def test_titles_and_paths_are_told_apart():
    for fields in FIELDS.values():
        paths = [field.path for field in fields]
        assert len(paths) == len(set(paths))


def test_sliders_stand_at_numbers_that_a_person_would_sign():
    assert number_scale(160_000, 0.01, 1e12)[:3] == (2000.0, 500_000, 2000.0)
    assert number_scale(0.9, 0, 1)[:3] == (0, 1, 0.005)
    assert number_scale(0.08, 0, 1)[:3] == (0, 0.2, 0.001)
    assert number_scale(None, 0, 10)[:] == (0, 2.0, 0.01, 1.0)
    assert whole_scale(180, 1, 3660)[:] == (1, 360, 1, 180)


def test_pay_that_follows_moves_along():
    plan = PLANS["tiers.toml"].altered({"pay.ote": 200_000.0})
    assert plan.pay.base_salary == 200_000 * (1 - 0.375)


def test_a_curve_that_the_file_leaves_out_can_be_changed():
    plan = PLANS["base.toml"].altered({"component[0].curve[0].slope": 0.9})
    assert plan.component[0].curve[0].slope == 0.9


@pytest.mark.parametrize(
    ("measure", "unit"), [("renewal_bookings", "usd/period"), ("renewal_count", "events/period")]
)
def test_a_quota_is_in_the_unit_of_what_it_asks(measure, unit):
    text = f'[[component]]\nmeasure = "{measure}"\nquota = {{ kind = "fixed", amount = 10.0 }}\n'
    plan = sim.Plan.from_toml(f'name = "p"\n[pay]\ntarget_bonus = 1000\n{text}')
    units = {field.path: field.unit for group in field_groups(plan) for field in group.fields}
    assert units["component[0].quota.amount"] == unit
