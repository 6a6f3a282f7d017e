"""Commissions, worked by hand: rates, tiers, and fixed amounts."""

import numpy as np
import pytest

from sim.plan.commission import pay_tiers
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, settlement

CALENDAR = eight_quarters()
FULL = [1000.0] * 8
TIERS = 'commission = {{ tier = [{}], tiers_by = "{}", tiers_pay = "{}" }}\n'


def pay(measure, commission, activity, deals=(), quota=""):
    head = f'pay = {{ base_salary = 1 }}\n[[component]]\npay_kind = "commission"\nmeasure = "{measure}"'
    text = f"{head}\n{quota}\n{commission}"
    return settlement(plan_from(text), CALENDAR, list(deals), activity=activity).paid[:, 0].tolist()


def test_a_rate_on_renewed_dollars_is_paid_on_credit():
    # 500 on time and 200 late at 0.8: 660 x 10 %
    deals = [
        Deal(in_quarter(CALENDAR, 0), in_quarter(CALENDAR, 0), 500.0),
        Deal(in_quarter(CALENDAR, 0), in_quarter(CALENDAR, 0) + 10, 200.0),
    ]
    got = pay(
        "renewal_bookings", "commission = { rate = 0.1 }\ncrediting = { late_multiplier = 0.8 }", None, deals
    )
    assert got[:2] == pytest.approx([66.0, 0.0])


@pytest.mark.parametrize(
    ("measure", "paid"),
    [
        ("expansion_bookings", 30.0),
        ("uplift_bookings", 12.0),
        ("growth_bookings", 42.0),
        ("multi_year_bookings", 44.0),
    ],
)
def test_a_rate_on_other_dollars(measure, paid):
    activity = activity_of(FULL, expansion=300, uplift=120, multi_year=440)
    assert pay(measure, "commission = { rate = 0.1 }", activity)[0] == pytest.approx(paid)


@pytest.mark.parametrize(
    ("event", "measure"),
    [
        ("renewal", "renewal_count"),
        ("expansion", "expansion_count"),
        ("multi_year", "multi_year_count"),
        ("won_back", "win_back_count"),
    ],
)
def test_a_fixed_amount_per_event(event, measure):
    activity = activity_of(FULL, number={event: [0, 1, 3, 0, 0, 0, 0, 0]})
    assert pay(measure, "commission = { per_event = 500 }", activity)[:4] == [0, 500, 1500, 0]


TWO = "{ start = 0, rate = 0.05 }, { start = 1, rate = 0.10 }"
OF_QUOTA = 'quota = { kind = "fixed", amount = 100 }'
GROWN = activity_of(FULL, expansion=[50, 100, 150, 0, 0, 0, 0, 0])


def test_marginal_tiers_pay_each_dollar_at_the_rate_of_its_tier():
    # quota 100: 50 x 5 %; 100 x 5 %; 100 x 5 % + 50 x 10 %
    got = pay("expansion_bookings", TIERS.format(TWO, "attainment", "marginal"), GROWN, quota=OF_QUOTA)
    assert got[:4] == pytest.approx([2.5, 5.0, 10.0, 0.0])


def test_retroactive_tiers_pay_every_dollar_at_the_rate_reached():
    # at 100 % all dollars are paid 10 %
    got = pay("expansion_bookings", TIERS.format(TWO, "attainment", "retroactive"), GROWN, quota=OF_QUOTA)
    assert got[:4] == pytest.approx([2.5, 10.0, 15.0, 0.0])


def test_tiers_may_start_at_dollars():
    # from 80 on 10 %: 50 x 5 %; 80 x 5 % + 20 x 10 %; 80 x 5 % + 70 x 10 %
    two = "{ start = 0, rate = 0.05 }, { start = 80, rate = 0.10 }"
    assert pay("expansion_bookings", TIERS.format(two, "dollars", "marginal"), GROWN)[:3] == pytest.approx(
        [2.5, 6, 11]
    )
    assert pay("expansion_bookings", TIERS.format(two, "dollars", "retroactive"), GROWN)[:3] == pytest.approx(
        [2.5, 10, 15]
    )


def test_tiers_of_a_year_to_date_are_trued_up():
    # quota to date 100 200 300 400, credit 50 150 300 300: 2.5, 7.5, 15, 15 to date at 5 %, none above quota
    to_date = TIERS.format(TWO, "attainment", "marginal") + 'measurement = "year_to_date"'
    assert pay("expansion_bookings", to_date, GROWN, quota=OF_QUOTA)[:4] == pytest.approx([2.5, 5, 7.5, 0])


def test_a_commission_stands_beside_a_bonus_without_weight():
    text = """
    [[component]]
    quota = { kind = "fixed", amount = 600 }
    [[component]]
    name = "expansion"
    pay_kind = "commission"
    measure = "expansion_bookings"
    commission = { rate = 0.1 }
    """
    deals = [Deal(in_quarter(CALENDAR, 0), in_quarter(CALENDAR, 0), 600.0)]
    found = settlement(plan_from(text), CALENDAR, deals, activity=activity_of(FULL, expansion=70))
    assert found.paid[:2, 0].tolist() == pytest.approx([107, 7])


def naive_tiers(value, reached, tiers, retroactive):
    """Each unit of what is reached in steps, one rate after another."""
    starts = [start for start, _ in tiers] + [np.inf]
    if retroactive:
        return value * [rate for start, rate in tiers if reached >= start][-1]
    inside = [rate * max(0.0, min(reached, starts[i + 1]) - start) for i, (start, rate) in enumerate(tiers)]
    return value * sum(inside) / reached if reached > 0 else 0.0


@pytest.mark.parametrize("retroactive", [False, True])
def test_tiers_agree_with_their_twin(retroactive):
    draw = np.random.default_rng(7)
    tiers = [(0.0, 0.02), (0.5, 0.0), (1.0, 0.1), (1.5, 0.05)]
    value = draw.uniform(0, 1000, (4, 50))
    reached = np.where(
        draw.random((4, 50)) < 0.1, 0.0, draw.choice([0.5, 1.0, 1.5, 0.3, 0.77, 1.2, 4.0], (4, 50))
    )
    value = np.where(reached == 0, 0.0, value)
    out = np.empty_like(value)
    start, rate = np.array(tiers).T.copy()
    pay_tiers(value, reached, start, start, rate, np.full(4, retroactive), out)
    wanted = [
        [naive_tiers(value[t, w], reached[t, w], tiers, retroactive) for w in range(50)] for t in range(4)
    ]
    np.testing.assert_allclose(out, wanted, rtol=1e-12)
