"""Settlements of several components under every rule agree with exact arithmetic, on random books and plans."""

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.ledger import fill_ledger
from sim.plan.plan import load_plan
from sim.plan.settle import compile_plan, settle_on
from sim.plan.worksheet import Worksheet
from tests.rig.examples import examples
from tests.rig.inputs.activity import beside
from tests.rig.inputs.deals import frame_for, renewals, shipped_plans
from tests.rig.inputs.drawn_deals import deals
from tests.rig.inputs.drawn_plans import activities, agreements, calendars, plans
from tests.rig.twins.plan import settle_plan_exactly


def assert_same(actual, wanted, name):
    np.testing.assert_allclose(actual, [float(each) for each in wanted], rtol=1e-9, atol=1e-9, err_msg=name)


def assert_agrees(plan, calendar, worlds, books, company, agreed=None):
    frame = frame_for(calendar, plan)
    ledger = fill_ledger(renewals(worlds), frame, plan.amounts)
    activity = beside(*books)
    activity = activity._replace(deals=activity.deals.summed_for(plan))
    company_of_each = beside(*[company] * len(worlds))
    ledger = ledger._replace(activity=activity, company=company_of_each, agreed=agreed)
    found = settle_on(Worksheet(ledger), compile_plan(plan, frame))
    for w, (each, book) in enumerate(zip(worlds, books, strict=True)):
        wanted = settle_plan_exactly(plan, calendar, each, book, company, agreed)
        for name, readings in wanted["measured"].items():
            measured = found.component[name].measured
            for place, field in enumerate(measured._fields):
                actual = np.zeros(len(readings)) if measured[place] is None else measured[place][:, w]
                assert_same(actual, [reading[place] for reading in readings], f"{name} {field}")
        assert set(found.component) == set(wanted["component"])
        for name, pay in wanted["component"].items():
            assert_same(found.component[name].pay[:, w], pay, f"{name} pay")
        for field in ("earned", "accrued", "paid", "owed", "held", "recoverable"):
            assert_same(getattr(found, field)[:, w], wanted[field], field)
        assert_same(found.statement.bonus[:, w], wanted["paid"], "bonus")


@pytest.mark.jit
@examples(200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_settlements_agree_with_exact_arithmetic(data):
    calendar = data.draw(calendars)
    plan = data.draw(plans())
    size = data.draw(st.integers(1, 2))
    worlds = [data.draw(st.lists(deals(calendar), max_size=6)) for _ in range(size)]
    books = [data.draw(activities(calendar.periods)) for _ in range(size)]
    agreed = data.draw(agreements(calendar, books[0] if size == 1 and data.draw(st.booleans()) else None))
    assert_agrees(plan, calendar, worlds, books, data.draw(activities(calendar.periods)), agreed)


@pytest.mark.jit
@pytest.mark.parametrize("path", shipped_plans(), ids=lambda path: path.stem)
@examples(3, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_shipped_plans_agree_with_exact_arithmetic(path, data):
    calendar = Calendar(date(2026, 1, 1), periods=6)
    worlds = [data.draw(st.lists(deals(calendar), max_size=6))]
    books = [data.draw(activities(calendar.periods))]
    assert_agrees(load_plan(path), calendar, worlds, books, data.draw(activities(calendar.periods)))
