"""Effort by quarter of a plan measured to date: steady under linear pay, spread at a threshold; a ratchet's closed form."""

from datetime import date

import numpy as np
import pytest

import sim
from sim.calendar import Calendar
from sim.files.toml import check
from sim.ledger import fill_ledger
from sim.measure.incentive.switch import Dates
from sim.plan.plan import Plan
from sim.plan.settle import compile_plan, settle
from sim.questions.response.efforts import Efforts
from sim.questions.response.paced import paces
from sim.questions.response.setting import Response
from tests.rig.inputs.deals import frame_for
from tests.rig.inputs.roles import write_roles
from tests.rig.inputs.switches import as_sets

pytestmark = pytest.mark.jit
ASKED = Response(points=(2.0,), worlds=48, value_worlds=8, books=1)
ALL_OR_NOTHING = (
    {"attainment": "[0, 1.0)", "pays": 0.0},
    {"attainment": "[1.0, inf)", "pays": 1.0},
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return sim.load(write_roles(tmp_path_factory.mktemp("roles") / "study"))


def plan_of(name, **component):
    one = {"quota": {"kind": "retention", "rate": 0.85}} | component
    pay = {"target_bonus": 10_000.0, "base_salary": 60_000.0}
    return check(Plan, {"name": name, "pay": pay, "component": (one,)}, "plan.toml")


def paced(study, **plans):
    efforts = Efforts(study, ASKED, as_sets(linear=plan_of("linear"), **plans), "linear")
    return {name: paces(efforts, name) for name in efforts.sets}


def test_pace_by_quarter(study):
    year = {"measurement": "year_to_date"}
    found = paced(
        study, steady=plan_of("steady", **year), cliff=plan_of("cliff", curve=ALL_OR_NOTHING, **year)
    )
    assert found["linear"] is None
    assert [each.period for each in found["steady"]] == [1, 2, 3, 4]
    for each in found["steady"]:
        assert each.pace == pytest.approx(1.0, abs=0.12)
        assert each.spurt_share == 0.0
    last = found["cliff"][-1]
    assert last.idle_share > 0.3
    assert last.ahead < 0.3 < last.behind  # who is there coasts, who may still come there works
    assert max(each.middle for each in found["cliff"]) > 1.3


@pytest.mark.parametrize("ratchet", [0.25, 0.40])
def test_a_ratchet_leaves_less_of_a_dollar_the_more_quarters_are_left(ratchet):
    """Every quarter at quota: one more dollar in quarter t is asked back, lambda of it in the next, and of what is then left
    again. With quotas of q' = q + lambda (y - q) it earns 1 - lambda sum_{j=1}^{n} d^j (1 - lambda)^{j - 1}, n quarters
    being left and d = 1 / 1.02 the discount (Weitzman 1980).
    """
    asked = plan_of("ratchet", quota={"kind": "retention", "rate": 1.0, "ratchet": ratchet})
    frame = frame_for(Calendar(date(2026, 1, 1), 8), asked)
    plan = compile_plan(asked, frame)
    bounds = frame.calendar.bounds[frame.calendar.lead : frame.calendar.lead + 8].astype(np.int32)
    dates = Dates({"booking": 0})
    due, arr = np.repeat(bounds[:, None], 9, 1), np.full((8, 9), 1e6)
    more = arr.copy()
    more[np.arange(8), np.arange(8)] += 1.0  # world t books one dollar more in quarter t; the last world none
    ledger = booked(due, arr, more, frame, dates)
    pay = settle(plan, ledger).bonus
    quarter = np.arange(8)
    worth = ((pay[:, :8] - pay[:, 8:]) / 1.02 ** quarter[:, None]).sum(axis=0) * 1.02**quarter
    rate = 10_000.0 / 1e6
    left, discount = 7 - quarter, 1.0 / 1.02
    expected = [
        1.0 - ratchet * sum(discount**j * (1.0 - ratchet) ** (j - 1) for j in range(1, n + 1)) for n in left
    ]
    np.testing.assert_allclose(worth / rate, expected, rtol=1e-3)
    assert (np.diff(worth) > 0.0).all()


def booked(due, arr, more, frame, dates):
    from sim.records import Renewals

    none = np.zeros(len(due), dtype=np.int64)
    row = Renewals(none, none, due, due, arr, more, dates.credit_day(due, due))
    return fill_ledger(row, frame, tuple(dates.later))
