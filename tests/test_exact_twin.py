"""Every field of every statement agrees with exact arithmetic, on random deals under random plans."""

from datetime import date

import numpy as np
from deals import DATES, Deal, frame_for, plan_of, renewals
from exact import settle_exactly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.ledger import fill_ledger
from sim.plan.settle import settle, settle_each, terms

CURVES = (
    (("[0, inf)", 0.0, 1.0),),
    (
        ("[0, 0.90)", 0.0, 0.0),
        ("[0.90, 1.00)", 0.5, 0.0),
        ("[1.00, 1.15]", 1.0, 0.0),
        ("(1.15, inf)", 1.5, 0.0),
    ),
    (("[0, 0.5]", 0.0, 0.0), ("(0.5, 1.0)", 0.25, 1.5), ("[1.0, 1.5)", 1.0, 2.0), ("[1.5, inf)", 2.0, 0.0)),
)
multipliers = st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0, 1.25, 2.0])
moves = st.sampled_from([0.0, 0.0, 0.5, 0.9, 1.0])


@st.composite
def bands(draw, largest):
    days = draw(st.lists(st.integers(1, largest), min_size=1, max_size=3, unique=True))
    return tuple({"through_day": day, "multiplier": draw(multipliers)} for day in sorted(days))


@st.composite
def creditings(draw):
    rule = {
        "date": draw(st.sampled_from(["booking", "booking", "due", "service_start", "invoice", "cash"])),
        "early_cap_base": draw(st.sampled_from(["original", "adjusted"])),
        "late_window_days": draw(st.sampled_from([30, 90, 180, 270])),
    }
    if draw(st.booleans()):
        rule["early_cap"] = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0]))
    if draw(st.integers(0, 3)) == 0:
        rule["deal_cap"] = draw(st.sampled_from([40.0, 100.5, 250.0]))
    early, late = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    if early:
        rule |= {"early_multiplier": draw(multipliers)} if early == 1 else {"early_bands": draw(bands(200))}
    if late:
        window = rule["late_window_days"]
        rule |= {"late_multiplier": draw(multipliers)} if late == 1 else {"late_bands": draw(bands(window))}
    return rule


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


@st.composite
def deals(draw, calendar):
    first, last = int(calendar.bounds[0]), int(calendar.bounds[-1])
    due = draw(st.integers(first - 40, last + 40))
    lag = draw(st.one_of(st.integers(-30, 0), st.integers(-250, -1), st.integers(1, 300), st.none()))
    booked = None if lag is None else due + lag
    credit = ()
    if booked is not None:
        lags = {name: draw(st.one_of(st.integers(-100, 120), st.just(0), st.none())) for name in DATES[1:]}
        credit = tuple((name, None if days is None else booked + days) for name, days in lags.items())
    arr = draw(st.integers(1, 400))
    booked_arr = draw(st.one_of(st.none(), st.integers(1, 500)))
    return Deal(due, booked, arr, booked_arr, credit)


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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_settle_agrees_with_exact_arithmetic(data):
    calendar = data.draw(calendars)
    plan = data.draw(plans())
    book = st.lists(deals(calendar), min_size=0, max_size=12)
    worlds = [data.draw(book) for _ in range(data.draw(st.integers(1, 3)))]
    frame = frame_for(calendar, plan)
    statement = settle(terms(plan, frame), fill_ledger(renewals(worlds), frame, plan.amounts))
    for world, each in enumerate(worlds):
        assert_equals_exact(statement, world, settle_exactly(plan, calendar, each))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_plans_settled_together_agree_with_exact_arithmetic(data):
    """In one frame with the union of all bands, on one Ledger, with everything shared that can be."""
    calendar = data.draw(calendars)
    chosen = data.draw(st.lists(plans(), min_size=2, max_size=5))
    world = data.draw(st.lists(deals(calendar), min_size=1, max_size=12))
    frame = frame_for(calendar, *chosen)
    ledger = fill_ledger(renewals([world]), frame, [name for plan in chosen for name in plan.amounts])
    statements = settle_each([terms(plan, frame) for plan in chosen], ledger)
    for plan, statement in zip(chosen, statements, strict=True):
        assert_equals_exact(statement, 0, settle_exactly(plan, calendar, world))
