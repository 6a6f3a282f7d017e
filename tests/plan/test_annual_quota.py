"""A quota of the year, measured year to date with interim payments, by hand. Target bonus 100 a quarter."""

from datetime import date

import pytest

from sim.calendar import Calendar
from sim.errors import InputError
from sim.fiscal_year import FiscalYear
from sim.plan.total import total_attainment
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, settlement

CALENDAR = eight_quarters()
GROWTH = """
[[component]]
name = "growth"
measure = "expansion_bookings"
measurement = "year_to_date"
quota = { kind = "fixed", amount = 800, over = "year" }
curve = [
    { attainment = "[0, 1)", slope = 1.0 },
    { attainment = "[1, inf)", pays = 1.0, slope = 2.0 },
]
"""


def settled(text, calendar=CALENDAR, deals=(), **activity):
    book = activity_of([1000.0] * calendar.periods, **activity)
    return settlement(plan_from(text), calendar, list(deals), activity=book)


def test_every_quarter_is_measured_against_the_year():
    """240, 320, 320 and 960 of 800 to date: 30, 40, 40 and 120 % of a target of 400, and 2 for 1 above it."""
    found = settled(GROWTH, expansion=[240, 80, 0, 640, 0, 0, 0, 0])
    growth = found.component["growth"]
    assert growth.measured.attainment[:4, 0] == pytest.approx([0.3, 0.4, 0.4, 1.2])
    assert growth.measured.target[:, 0] == pytest.approx([800.0] * 8)
    assert found.paid[:4, 0] == pytest.approx([120, 40, 0, 560 - 160])
    assert found.paid[:4].sum() == pytest.approx(400 * (1 + 2 * 0.2))


def test_quota_by_period_and_of_the_year_agree_at_the_end_of_the_year():
    flow = [240, 80, 0, 640, 100, 900, 0, 30]
    by_period = GROWTH.replace('amount = 800, over = "year"', "amount = 200")
    yearly, quarterly = (settled(text, expansion=flow).earned for text in (GROWTH, by_period))
    for year in (slice(0, 4), slice(4, 8)):
        assert yearly[year].sum() == pytest.approx(quarterly[year].sum())


def test_the_total_is_that_of_the_years():
    growth = settled(GROWTH, expansion=[240, 80, 0, 640, 0, 0, 0, 0]).component["growth"]
    assert total_attainment(growth) == pytest.approx(960 / 1600)


def test_a_horizon_inside_a_year_is_measured_against_all_of_it():
    """Six quarters: the fifth and sixth reach 200 and 400 of the second year's 800."""
    six = Calendar(date(2026, 1, 1), 6)
    found = settled(GROWTH, six, expansion=[0, 0, 0, 0, 200, 200])
    assert found.paid[:, 0] == pytest.approx([0, 0, 0, 0, 100, 100])


def test_a_year_that_is_under_way_is_asked_what_is_left_of_it():
    """A fiscal year from October, seen from January: three of its four quarters are left, and of 800 so are 600."""
    from_january = Calendar(date(2026, 1, 1), 4, fiscal_year=FiscalYear(first_month=10))
    growth = settled(GROWTH, from_january, expansion=[150, 150, 300, 80]).component["growth"]
    assert growth.measured.target[:, 0] == pytest.approx([600, 600, 600, 800])
    assert growth.pay[:, 0] == pytest.approx([75, 75, 150, 40])


def test_a_share_of_the_arr_at_the_start_of_the_year():
    text = GROWTH.replace('kind = "fixed", amount = 800', 'kind = "opening", rate = 0.4')
    found = settled(text, expansion=[100, 0, 0, 0, 0, 0, 0, 0])
    assert found.component["growth"].measured.attainment[0, 0] == pytest.approx(100 / 400)


def test_a_ramp_asks_for_less_of_the_year():
    """In the seat since the first quarter: half of a quarter's 200 in the first, all of the other three."""
    tenure = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    found = settled(GROWTH + "[ramp]\nquota = [0.5]\n", expansion=[350, 0, 0, 0, 0, 0, 0, 0], tenure=tenure)
    growth = found.component["growth"]
    assert growth.measured.target[:4, 0] == pytest.approx([700] * 4)
    assert growth.measured.attainment[0, 0] == pytest.approx(0.5)


def test_renewals_and_their_quota_moves():
    """600 of a year's 2,400; 100 of the second quarter booked in the first take as much of the year's quota with them."""
    text = """
    [[component]]
    measurement = "year_to_date"
    quota = { kind = "fixed", amount = 2400, over = "year" }
    quota_moves = { early_out_of_due = 1.0 }
    """
    deals = [
        Deal(in_quarter(CALENDAR, 0), in_quarter(CALENDAR, 0), 600.0),
        Deal(in_quarter(CALENDAR, 1), in_quarter(CALENDAR, 0), 100.0),
    ]
    found = settled(text, deals=deals)
    assert found.statement.attainment[:2, 0] == pytest.approx([700 / 2400, 700 / 2300])
    assert found.statement.base_quota[:4, 0] == pytest.approx([600] * 4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            GROWTH.replace('measurement = "year_to_date"\n', ""),
            "measurement must be 'year_to_date' beside quota.over = 'year', received 'period'.",
        ),
        (
            '[[component]]\nmeasurement = "year_to_date"\nquota = { kind = "retention", rate = 0.9, over = "year" }',
            "quota.over must be absent, received 'year'. Only a fixed quota, one of a person, or one of ARR at the start",
        ),
        (
            GROWTH.replace('over = "year"', 'over = "year", ratchet = 0.5'),
            "quota.ratchet must be absent, received 0.5. A quota of the year has one amount.",
        ),
    ],
)
def test_what_is_no_quota_of_the_year_is_refused(text, sentence):
    with pytest.raises(InputError) as error:
        plan_from(text)
    assert sentence in str(error.value)
