"""Deals and crediting rules at random, for tests that hold whatever they are."""

from hypothesis import strategies as st

from tests.rig.inputs.deals import DATES, Deal

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
