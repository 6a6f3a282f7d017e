"""Every field of every statement agrees with exact arithmetic, on random deals under random plans."""

from datetime import date

import numpy as np
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.ledger import fill_ledger
from sim.plan.settle import compile_plan, settle, settle_on
from sim.plan.worksheet import Worksheet
from tests.rig.examples import examples
from tests.rig.inputs.deals import frame_for, plan_of, renewals
from tests.rig.inputs.drawn_deals import CURVES, creditings, deals, moves
from tests.rig.twins.settlement import settle_exactly


@st.composite
def plans(draw):
    quota = draw(
        st.sampled_from(
            [
                {"kind": "fixed", "amount": 600.0},
                {"kind": "fixed", "amount": 90.0},
                {"kind": "retention", "rate": 0.95},
                {"kind": "retention", "rate": 1.0},
                {"kind": "fixed", "amount": 600.0, "ratchet": 0.25},
                {"kind": "retention", "rate": 0.95, "ratchet": 0.5, "ratchet_down": 0.0},
            ]
        )
    )
    return plan_of(
        quota=quota,
        crediting=draw(creditings()),
        quota_moves={
            "early_out_of_due": draw(moves),
            "early_into_booked": draw(moves),
            "late_into_booked": draw(moves),
            "late_out_of_due": draw(moves),
            "floor": draw(st.sampled_from([0.0, 0.0, 0.2, 1.0])),
            "carry": draw(st.sampled_from(["recovered", "shortfall"])),
        },
        curve=tuple(
            {"attainment": interval, "pays": pays, "slope": slope}
            for interval, pays, slope in draw(st.sampled_from(CURVES))
        ),
    )


calendars = st.builds(
    Calendar,
    st.sampled_from([date(2026, 1, 1), date(2025, 11, 15)]),
    periods=st.integers(1, 4),
    lead=st.integers(0, 2),
    tail=st.integers(0, 1),
    months_per_period=st.sampled_from([1, 3]),
)


def assert_equals_exact(statement, world, expected):
    for field, by_period in expected.items():
        actual = getattr(statement, field)[:, world]
        if field == "quota_exhausted":
            assert actual.tolist() == by_period, field
        else:
            wanted = np.array([float(each) for each in by_period])
            np.testing.assert_allclose(actual, wanted, rtol=1e-9, atol=1e-9, err_msg=field)


@examples(150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_settle_agrees_with_exact_arithmetic(data):
    calendar = data.draw(calendars)
    plan = data.draw(plans())
    book = st.lists(deals(calendar), min_size=0, max_size=12)
    worlds = [data.draw(book) for _ in range(data.draw(st.integers(1, 3)))]
    frame = frame_for(calendar, plan)
    statement = settle(compile_plan(plan, frame), fill_ledger(renewals(worlds), frame, plan.amounts))
    for world, each in enumerate(worlds):
        assert_equals_exact(statement, world, settle_exactly(plan, calendar, each))


@examples(40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_plans_settled_together_agree_with_exact_arithmetic(data):
    """In one frame with the union of all bands, on one Ledger, with everything shared that can be."""
    calendar = data.draw(calendars)
    chosen = data.draw(st.lists(plans(), min_size=2, max_size=5))
    world = data.draw(st.lists(deals(calendar), min_size=1, max_size=12))
    frame = frame_for(calendar, *chosen)
    ledger = fill_ledger(renewals([world]), frame, [name for plan in chosen for name in plan.amounts])
    sheet = Worksheet(ledger)
    statements = [settle_on(sheet, compile_plan(plan, frame)).statement for plan in chosen]
    for plan, statement in zip(chosen, statements, strict=True):
        assert_equals_exact(statement, 0, settle_exactly(plan, calendar, world))
