"""Variable pay against none: what is left undone, in closed form, and what that is worth, by hand."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.pool import Threads
from sim.measure.response.effort import TASKS
from sim.measure.value import gross_value
from sim.questions.response.added_value import valuation_of
from sim.questions.response.effort_world import SAVE, UNPAID
from sim.questions.response.no_pay import against_no_pay, without_pay
from sim.questions.response.respond import respond
from sim.questions.response.setting import Response
from sim.questions.response.traits import central_traits
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit


@pytest.fixture(scope="module")
def found():
    loaded = sim.load(CONFIGS / "studies" / "response.toml")
    asked = {"worlds": 32, "value_worlds": 400, "points": (3.0,), "other_strength": 0.0, "substitution": 0.0}
    quick = loaded.asked(Response).model_copy(update=asked | {"tooling": 700.0})
    return respond(replace(loaded, sets=loaded.sets[:2]).asking(quick), Threads(2), vary=False)


@pytest.fixture(scope="module")
def cases(found):
    return without_pay(found)


def test_for_nothing_nobody_saves_and_what_nobody_pays_for_is_done_as_ever(found, cases):
    """Without substitution each task is alone: (0 + motive) / own, 0 for what is paid today and 1 for what is not."""
    ((_, effort),) = cases.values()
    assert effort[0, SAVE] == pytest.approx(0.0, abs=1e-9)
    assert effort[0, UNPAID] == pytest.approx(1.0)
    assert effort.shape == (1, len(TASKS))


def test_that_costs_the_points_of_retention_it_says(found, cases):
    """Three points of gross retention, of renewals that are booked at their old size on average times (1 + growth)."""
    ((none, _),) = cases.values()
    fewer = (found.today.kept - none.kept) / found.today.due
    growth = found.today.kept.sum() / found.today.due.sum() / (1.0 - lost(found))
    assert fewer.mean() == pytest.approx(0.03 * growth, abs=4 * fewer.std() / np.sqrt(len(fewer)))


def lost(found):
    (segment,) = found.efforts.study.scenario.segment
    return segment.churn.probability


def test_net_value_by_hand(found, cases):
    """Gross value at the plan's efforts less that for nothing, less variable pay with on-cost and 700 of tools."""
    traits = central_traits(found.efforts.asked)
    ((none, _),) = cases.values()
    years = found.csm_years
    for name, role_set in found.efforts.sets.items():
        own, terms = found.parts[name][traits], valuation_of(found)
        worlds = len(own.cost)
        salaries = role_set.roles[0].plan.pay.base_salary * years * (1.0 + terms.on_cost)
        paid = (own.cost - salaries).mean() / years + 700.0
        more = (gross_value(own, terms.worth) - gross_value(none, terms.worth)[:worlds]).mean() / years
        entry = against_no_pay(found, name, cases).document()
        assert entry["gain"] == pytest.approx(more)
        assert entry["variable"] == pytest.approx(paid)
        assert entry["net_value"] == pytest.approx(more - paid)
        assert entry["roi"] == pytest.approx((more - paid) / paid)
        assert entry["net_value_low"] == entry["net_value_high"] == entry["net_value"]
