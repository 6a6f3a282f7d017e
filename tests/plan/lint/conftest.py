"""A plan written as the rules that differ from linear pay on a fixed quota, and its faults by kind."""

from types import SimpleNamespace

import pytest

from sim.files.toml import check
from sim.plan.lint import lint
from sim.plan.lint.fault import subjects
from sim.plan.lint.table import QUARTERS
from sim.plan.plan import Plan


def make_plan(*, crediting=None, moves=None, curve=None, quota=None, pay=None):
    component = {"quota": quota or {"kind": "fixed", "amount": 600_000.0}}
    component |= {"crediting": crediting} if crediting else {}
    component |= {"quota_moves": moves} if moves else {}
    if curve:
        keys = ("attainment", "pays", "slope")
        component["curve"] = tuple(dict(zip(keys, piece, strict=True)) for piece in curve)
    document = {"name": "plan", "title": "A plan", "pay": pay or {"target_bonus": 20_000.0}}
    return check(Plan, document | {"component": (component,)}, "plan.toml")


@pytest.fixture(scope="session")
def subject():
    """What is looked at in a plan given by its rules."""
    return lambda **rules: next(subjects(make_plan(**rules), QUARTERS))


@pytest.fixture
def faults():
    """Lint a plan given by its rules: an object that maps names of faults to the faults found, in order."""

    def find(calendar=QUARTERS, **rules):
        found = {}
        for fault in lint(make_plan(**rules), calendar):
            found.setdefault(fault.name.replace(" ", "_"), []).append(fault)
        return SimpleNamespace(**found)

    return find


@pytest.fixture
def names():
    """The names of the faults of a plan given by its rules."""

    def find(**rules):
        return [fault.name for fault in lint(make_plan(**rules))]

    return find
