"""Attainment of the whole horizon, for every kind of window: a ratio of sums where sums exist, by hand."""

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.files.toml import check
from sim.plan.plan import Plan
from sim.plan.total import tiling, total_attainment
from sim.plan.window import window_of
from tests.rig.inputs.activity import activity_of
from tests.rig.inputs.deals import Deal, in_quarter, plan_of, settlement

QUARTERS = 6
CREDIT = [0.0, 720.0, 90.0, 300.0, 480.0, 0.0]
DUE = [80.0, 800.0, 120.0, 300.0, 400.0, 100.0]


def year_and_a_half():
    from datetime import date

    return Calendar(date(2026, 1, 1), periods=QUARTERS)


def of_renewals(measurement, amounts=CREDIT):
    """The one component of a plan that asks for all ARR due, of which ``amounts`` are renewed on time."""
    calendar = year_and_a_half()
    plan = plan_of(quota={"kind": "retention", "rate": 1.0}, measurement=measurement)
    deals = []
    for period, (due, kept) in enumerate(zip(DUE, amounts, strict=True)):
        day = in_quarter(calendar, period)
        deals.append(Deal(day, day if kept else None, due, kept or None))
    return settlement(plan, calendar, deals, activity=activity_of([1.0] * QUARTERS)).component["renewals"]


@pytest.mark.parametrize(
    "measurement", ["period", "half_year_to_date", "year_to_date", "trailing_half_year", "trailing_year"]
)
def test_credit_over_quota_of_the_horizon_whatever_the_window(measurement):
    """1,590 of 1,800: every window's tiles cover each quarter once. The mean of quarters would say 80 %."""
    assert total_attainment(of_renewals(measurement)) == pytest.approx(1_590 / 1_800)


def test_nothing_asked_has_no_total():
    calendar = year_and_a_half()
    plan = plan_of(quota={"kind": "retention", "rate": 1.0})
    found = settlement(plan, calendar, [Deal(-400, -400, 5.0)], activity=activity_of([1.0] * QUARTERS))
    assert total_attainment(found.component["renewals"]) is None


def of_retention(measurement, periods):
    document = {
        "name": "p",
        "pay": {"target_bonus": 10.0},
        "component": (
            {
                "name": "grr",
                "measure": "grr",
                "measurement": measurement,
                "quota": {"kind": "target", "target": 1.0},
            },
        ),
    }
    calendar = Calendar(year_and_a_half().start, periods=periods)
    activity = activity_of([1_000.0, 900.0, 900.0, 450.0][:periods], churn=[100.0, 0.0, 450.0, 0.0][:periods])
    return settlement(check(Plan, document, "p.toml"), calendar, [], activity=activity).component["grr"]


def test_a_share_has_the_total_of_the_window_that_spans_the_horizon_or_none():
    """Four quarters to date: 1 - 550 / 1,000. Quarterly retention does not add up: no total."""
    assert total_attainment(of_retention("year_to_date", 4)) == pytest.approx(0.45)
    assert total_attainment(of_retention("trailing_year", 4)) == pytest.approx(0.45)
    assert total_attainment(of_retention("period", 4)) is None
    assert total_attainment(of_retention("half_year_to_date", 4)) is None
    assert total_attainment(of_retention("period", 1)) == pytest.approx(0.90)


@pytest.mark.parametrize("periods", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("measurement", ["period", "half_year_to_date", "year_to_date", "trailing_year"])
def test_windows_tile_the_horizon(measurement, periods):
    window = window_of(measurement, Calendar(year_and_a_half().start, periods=periods))
    covered = [period for last in tiling(window) for period in range(int(window.first[last]), last + 1)]
    assert sorted(covered) == list(range(periods))
    assert np.all(np.diff(tiling(window)) < 0)
