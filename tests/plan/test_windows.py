"""Periods, years to date, trailing years: what is measured over them, trued up, and paid when. Worked by hand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.plan.window import add_window, window_of
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, settlement

CALENDAR = eight_quarters()
NRR = '[[component]]\nmeasure = "nrr"\nquota = {{ kind = "target", floor = 1.0, target = 1.1 }}\nmeasurement = "{}"\n'
BOOKINGS = '[[component]]\nquota = {{ kind = "fixed", amount = 600 }}\nmeasurement = "{}"\n'


def on_time(*amounts):
    return [
        Deal(in_quarter(CALENDAR, t), in_quarter(CALENDAR, t), float(amount))
        for t, amount in enumerate(amounts)
        if amount
    ]


@pytest.mark.parametrize(
    ("measurement", "first"),
    [
        ("period", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("half_year_to_date", [0, 0, 2, 2, 4, 4, 6, 6]),
        ("year_to_date", [0, 0, 0, 0, 4, 4, 4, 4]),
        ("trailing_half_year", [0, 0, 1, 2, 3, 4, 5, 6]),
        ("trailing_year", [0, 0, 0, 0, 1, 2, 3, 4]),
    ],
)
def test_the_first_quarter_of_each_window(measurement, first):
    assert window_of(measurement, CALENDAR).first.tolist() == first


def test_windows_count_months():
    monthly = Calendar(date(2026, 1, 1), periods=14, months_per_period=1)
    assert window_of("year_to_date", monthly).first.tolist() == [0] * 12 + [12] * 2
    yearly = Calendar(date(2026, 1, 1), periods=2, months_per_period=12)
    assert window_of("half_year_to_date", yearly).first.tolist() == [0, 1]


def test_year_to_date_bookings_are_trued_up():
    # Credit 300 900 600 900 of 600 a quarter. To date 300/600 1200/1200 1800/1800 2700/2400 = 0.5 1 1 1.125, times a
    # target to date of 100 200 300 400: 50 200 300 450. Each quarter is paid what it adds.
    found = settlement(plan_from(BOOKINGS.format("year_to_date")), CALENDAR, on_time(300, 900, 600, 900))
    measured = found.component["renewals"].measured
    assert measured.attainment[:5, 0].tolist() == [0.5, 1.0, 1.0, 1.125, 0.0]
    assert found.paid[:5, 0].tolist() == [50, 150, 100, 150, 0]
    # the statement has each quarter's own quota and credit
    assert found.statement.quota[:2, 0].tolist() == [600, 600]
    assert found.statement.credit[:2, 0].tolist() == [300, 900]


def test_a_trailing_year_pays_each_quarter_for_itself():
    # 600 a quarter; 1200 0 0 0 1200: trailing 1200/600 1200/1200 1200/1800 1200/2400 1200/2400 = 2 1 2/3 1/2 1/2
    found = settlement(plan_from(BOOKINGS.format("trailing_year")), CALENDAR, on_time(1200, 0, 0, 0, 1200))
    assert found.paid[:5, 0].tolist() == pytest.approx([200, 100, 200 / 3, 50, 50])


def test_retention_over_a_window_is_of_the_arr_at_its_start():
    # Year to date: (1000 + 50) / 1000, (1000 + 50 - 20) / 1000: 0.5 and 0.3 of target
    activity = activity_of(
        [1000.0, 1050, 1030, 1030, 1030, 1030, 1030, 1030], expansion=[50, *[0] * 7], churn=[0, 20, *[0] * 6]
    )
    found = settlement(plan_from(NRR.format("year_to_date")), CALENDAR, [], activity=activity)
    assert found.component["renewals"].measured.value[:2, 0].tolist() == pytest.approx([1.05, 1.03])
    # To date 0.5 x 100 = 50, 0.3 x 200 = 60, 0.3 x 300 = 90, 0.3 x 400 = 120
    assert found.paid[:4, 0].tolist() == pytest.approx([50, 10, 30, 30])


def test_a_kpi_over_a_window_is_its_mean():
    text = '[[component]]\nmeasure = "nps"\nquota = { kind = "target", target = 40 }\nmeasurement = "half_year_to_date"\n'
    activity = activity_of([1.0] * 8, kpi={"nps": [20, 40, 40, 60, 0, 0, 0, 0]})
    found = settlement(plan_from(text), CALENDAR, [], activity=activity)
    # means 20 30 40 50; to date 0.5 x 100, 0.75 x 200, 1 x 100, 1.25 x 200
    assert found.component["renewals"].measured.value[:4, 0].tolist() == [20, 30, 40, 50]
    assert found.paid[:4, 0].tolist() == [50, 100, 100, 150]


def test_a_true_up_that_takes_back_waits_for_later_pay():
    # 1200 0 of 600: to date 2 x 100 = 200, 1 x 200 = 200, 2/3 x 300 = 200, 0.5 x 400 = 200 under a linear curve. With
    # nothing below 100 %: 200 200 0 0 to date, so Q3 takes back 200; it stays owed until the next year pays.
    text = BOOKINGS.format("year_to_date") + (
        'curve = [{ attainment = "[0, 1)" }, { attainment = "[1, inf)", pays = 1.0, slope = 1.0 }]'
    )
    found = settlement(plan_from(text), CALENDAR, on_time(1200, 0, 0, 0, 1200, 1200))
    assert found.earned[:6, 0].tolist() == [200, 0, -200, 0, 200, 200]
    assert found.paid[:6, 0].tolist() == [200, 0, 0, 0, 0, 200]
    assert found.recoverable[:6, 0].tolist() == [0, 0, 200, 200, 0, 0]


@pytest.mark.parametrize(
    ("paid", "payments"),
    [
        ("every_period", [10, 20, 30, 40, 50, 60, 70, 80]),
        ("quarterly", [10, 20, 30, 40, 50, 60, 70, 80]),
        ("half_yearly", [0, 30, 0, 70, 0, 110, 0, 150]),
        ("annually", [0, 0, 0, 100, 0, 0, 0, 260]),
    ],
)
def test_pay_waits_for_its_payment_date_and_accrues_beside(paid, payments):
    text = f'[[component]]\nquota = {{ kind = "fixed", amount = 600 }}\npaid = "{paid}"'
    found = settlement(plan_from(text), CALENDAR, on_time(*(60 * k for k in range(1, 9))))
    assert found.paid[:, 0].tolist() == pytest.approx(payments)
    assert found.accrued[:, 0].tolist() == pytest.approx([10, 20, 30, 40, 50, 60, 70, 80])
    np.testing.assert_allclose(found.owed, np.cumsum(found.accrued - found.paid, axis=0), atol=1e-12)


def test_what_is_owed_at_the_end_of_the_horizon_is_paid_there():
    calendar = Calendar(date(2026, 1, 1), periods=6)
    text = '[[component]]\nquota = { kind = "fixed", amount = 600 }\npaid = "annually"'
    deals = [Deal(in_quarter(calendar, t), in_quarter(calendar, t), 600.0) for t in range(6)]
    assert settlement(plan_from(text), calendar, deals).paid[:, 0].tolist() == [0, 0, 0, 400, 0, 200]


def naive_add_window(first, flow):
    return np.array([flow[first[t] : t + 1].sum(axis=0) for t in range(len(flow))])


@given(
    st.sampled_from(["half_year_to_date", "year_to_date", "trailing_half_year", "trailing_year"]),
    st.integers(1, 12),
)
def test_windows_agree_with_their_twin(measurement, periods):
    window = window_of(measurement, Calendar(date(2026, 1, 1), periods=periods))
    flow = np.random.default_rng(periods).normal(size=(periods, 3))
    out = np.zeros_like(flow)
    add_window(window.first, flow, out)
    np.testing.assert_allclose(out, naive_add_window(window.first, flow), rtol=1e-12, atol=1e-12)
    assert (window.length == np.arange(periods) - window.first + 1).all()
