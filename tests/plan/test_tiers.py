"""Tiers of commissions as published plans have them, by hand: per event, some retroactive, closed on either side."""

import pytest

from sim.errors import InputError
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import eight_quarters, settlement

CALENDAR = eight_quarters()
FULL = [1000.0] * 8


def plan_of(measure, commission, more=""):
    head = f'pay = {{ base_salary = 1 }}\n[[component]]\npay_kind = "commission"\nmeasure = "{measure}"'
    return plan_from(f"{head}\n{more}\n[component.commission]\n{commission}")


def paid(plan, **activity):
    return settlement(plan, CALENDAR, [], activity=activity_of(FULL, **activity)).paid[:, 0].tolist()


PER_EVENT = """
tier = [{ start = 0, per_event = 40 }, { start = 10, per_event = 60 }, { start = 20, per_event = 90 }]
tiers_by = "count"
"""


def test_a_rate_per_event_rises_with_the_count_to_date():
    """4, 5, 8 and 6 renewals: 10 at 40, 10 at 60 and 3 at 90 in the year, each paid in its quarter; then anew."""
    plan = plan_of("renewal_count", PER_EVENT, 'measurement = "year_to_date"')
    got = paid(plan, number={"renewal": [4, 5, 8, 6, 2, 0, 0, 0]})
    assert got[:5] == pytest.approx([160, 200, 40 + 7 * 60, 3 * 60 + 3 * 90, 80])
    assert sum(got[:4]) == 10 * 40 + 10 * 60 + 3 * 90


def test_a_rate_per_event_by_attainment_of_a_count_asked():
    tiers = "tier = [{ start = 0, per_event = 40 }, { start = 1, per_event = 60 }]"
    plan = plan_of("renewal_count", tiers, 'quota = { kind = "fixed", amount = 5 }')
    assert paid(plan, number={"renewal": [5, 8, 0, 0, 0, 0, 0, 0]})[:2] == pytest.approx([200, 200 + 180])


KICKER = """
tier = [
    { interval = "[0, 0.8]", rate = 0.08 },
    { interval = "(0.8, 1.0]", rate = 0.10, pays = "retroactive" },
    { interval = "(1.0, 1.5]", rate = 0.14 },
    { interval = "(1.5, inf)", rate = 0.16 },
]
"""


@pytest.mark.parametrize(
    ("booked", "pay"),
    [
        (40_000.0, 3_200.0),  # at exactly 80 %: still 8 %
        (40_000.01, 4_000.001),  # beyond it 10 % of every dollar
        (50_000.0, 5_000.0),
        (60_000.0, 5_000.0 + 1_400.0),  # 10 % of the quota, and 14 % of what is above
        (80_000.0, 5_000.0 + 3_500.0 + 800.0),
    ],
)
def test_one_retroactive_tier_among_marginal_ones(booked, pay):
    plan = plan_of("expansion_bookings", KICKER, 'quota = { kind = "fixed", amount = 50_000 }')
    assert paid(plan, expansion=booked)[0] == pytest.approx(pay, rel=1e-9)


def test_the_end_that_a_tier_holds_decides_at_the_edge():
    for closed, pay in (("[0, 0.8)|[0.8, inf)", 4_000.0), ("[0, 0.8]|(0.8, inf)", 3_200.0)):
        one, two = closed.split("|")
        tiers = f'tier = [{{ interval = "{one}", rate = 0.08 }}, {{ interval = "{two}", rate = 0.10 }}]'
        text = f'{tiers}\ntiers_pay = "retroactive"'
        plan = plan_of("expansion_bookings", text, 'quota = { kind = "fixed", amount = 50_000 }')
        assert paid(plan, expansion=40_000)[0] == pytest.approx(pay)


def test_caps_and_gates_act_on_them():
    text = PER_EVENT + '[[cap]]\nusd = 500\nover = "year"\n'
    plan = plan_of("renewal_count", text, 'measurement = "year_to_date"')
    assert paid(plan, number={"renewal": [4, 5, 8, 6, 0, 0, 0, 0]})[:4] == pytest.approx([160, 200, 140, 0])


@pytest.mark.parametrize(
    ("measure", "commission", "sentence"),
    [
        (
            "renewal_count",
            "tier = [{ start = 0, rate = 0.5 }]",
            "A measure that counts events pays per_event",
        ),
        ("expansion_bookings", "tier = [{ start = 0, per_event = 5 }]", "one in dollars a rate"),
        (
            "renewal_count",
            'tier = [{ start = 0, per_event = 5 }]\ntiers_by = "dollars"',
            "Its tiers are reached by attainment, or have tiers_by = 'count'.",
        ),
        (
            "expansion_bookings",
            'tier = [{ start = 0, rate = 0.1 }]\ntiers_by = "count"',
            "Its tiers are reached by attainment, or have tiers_by = 'dollars'.",
        ),
        (
            "renewal_count",
            "tier = [{ per_event = 5 }]",
            "must be one of start and interval, received nothing",
        ),
        (
            "renewal_count",
            'tier = [{ start = 0, interval = "[0, inf)", per_event = 5 }]',
            "must be one of start and interval, received 'start and interval'",
        ),
        ("renewal_count", "tier = [{ start = 0 }]", "must be one of rate and per_event, received nothing"),
        (
            "renewal_count",
            'tier = [{ interval = "0 to 5", per_event = 5 }]',
            "must be an interval such as '[0, 0.75]' or '(0.75, inf)', received '0 to 5'",
        ),
        (
            "renewal_count",
            'tier = [{ interval = "[0, 5]", per_event = 5 }, { interval = "[5, inf)", per_event = 6 }]',
            "[0, 5] and [5, inf) both hold 5.",
        ),
        (
            "renewal_count",
            'tier = [{ start = 0, per_event = 5 }, { interval = "[5, inf)", per_event = 6 }]',
            "tiers all by start, or all by interval",
        ),
    ],
)
def test_what_is_no_tier_is_refused(measure, commission, sentence):
    with pytest.raises(InputError) as error:
        plan_of(measure, commission, 'quota = { kind = "fixed", amount = 5 }')
    assert sentence in str(error.value)
