"""Fiscal years as companies publish them, and what hangs on where a horizon lies in one."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import Calendar, start_fault
from sim.errors import InputError
from sim.fiscal_year import WEEKDAYS, FiscalYear, Place, read_periods
from sim.plan.rule.cap import capped
from sim.plan.window import window_of

RETAIL = FiscalYear(first_month=2, weeks="4-5-4", ends_on="saturday", ends="nearest", named_by="start")
APPLE = FiscalYear(first_month=10, weeks="5-4-4", ends_on="saturday", ends="last")
FEBRUARY = FiscalYear(first_month=2)

# Last days of fiscal years of 52 and 53 weeks, as published: the retail calendar of the US National Retail Federation
# (Saturday nearest to 31 January; 2012, 2017 and 2023 have 53 weeks), and Apple's annual reports (last Saturday of
# September; 2017 and 2023 have 53 weeks).
PUBLISHED = [
    (RETAIL, "2013-02-02", 53),
    (RETAIL, "2017-01-28", 52),
    (RETAIL, "2018-02-03", 53),
    (RETAIL, "2022-01-29", 52),
    (RETAIL, "2024-02-03", 53),
    (RETAIL, "2025-02-01", 52),
    (APPLE, "2017-09-30", 53),
    (APPLE, "2018-09-29", 52),
    (APPLE, "2022-09-24", 52),
    (APPLE, "2023-09-30", 53),
    (APPLE, "2024-09-28", 52),
]

years = st.builds(
    FiscalYear,
    first_month=st.integers(1, 12),
    weeks=st.sampled_from(["4-4-5", "4-5-4", "5-4-4"]),
    ends_on=st.sampled_from(WEEKDAYS),
    ends=st.sampled_from(["last", "nearest"]),
) | st.builds(FiscalYear, first_month=st.integers(1, 12))


@pytest.mark.parametrize(("fiscal_year", "last_day", "weeks"), PUBLISHED)
def test_published_years_of_weeks_end_when_they_ended(fiscal_year, last_day, weeks):
    place = fiscal_year.place(date.fromisoformat(last_day), 12)
    assert fiscal_year.first_day(place.year + 1) == date.fromisoformat(last_day) + timedelta(days=1)
    assert fiscal_year.first_day(place.year) == date.fromisoformat(last_day) + timedelta(days=1 - 7 * weeks)


@given(
    fiscal_year=years, day=st.dates(date(1950, 1, 1), date(2150, 1, 1)), months=st.sampled_from([1, 3, 6, 12])
)
def test_periods_tile_time_and_a_year_has_twelve_months(fiscal_year, day, months):
    place = fiscal_year.place(day, months)
    first = fiscal_year.start_of(place, months)
    following = fiscal_year.start_of(Place(place.year, place.number + 1), months)
    assert first <= day < following
    assert 28 * months <= (following - first).days <= 31 * months + 11
    starts = fiscal_year.starts(place.year, months)
    assert len(starts) == 12 // months
    assert starts[0] == fiscal_year.first_day(place.year)
    length = (fiscal_year.first_day(place.year + 1) - starts[0]).days
    assert length in ((364, 371) if fiscal_year.weeks else (365, 366))


@given(
    fiscal_year=years, day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), months=st.sampled_from([1, 3, 6, 12])
)
def test_days_are_placed_as_by_counting_periods_from_the_start(fiscal_year, day, months):
    start = fiscal_year.start_of(fiscal_year.place(date(2040, 6, 1), months), months)
    calendar = Calendar(start, 5, 1, 1, months, fiscal_year)
    found = int(calendar.position(np.array([day], dtype="datetime64[D]"))[0])
    assert calendar.first_day(found) <= day < calendar.first_day(found + 1)
    inside = [calendar.date(day) for day in calendar.bounds]
    assert inside == [calendar.first_day(period) for period in range(-1, 7)]
    assert calendar.end == calendar.day(calendar.first_day(5))


def test_weeks_of_the_months_of_a_quarter():
    """FY24 of the retail calendar: 4-5-4 weeks from 4 February 2024; the year before had a fifth week in January."""
    starts = RETAIL.starts(2025, 1)
    assert np.diff(np.array(starts, dtype="datetime64[D]")).astype(int).tolist() == [28, 35, 28] * 3 + [
        28,
        35,
    ]
    assert (RETAIL.first_day(2024 + 1) - RETAIL.starts(2024, 1)[-1]).days == 35


@pytest.mark.parametrize(
    ("fiscal_year", "start", "months", "labels"),
    [
        (FEBRUARY, date(2026, 8, 1), 3, ["FY27 Q3", "FY27 Q4", "FY28 Q1"]),
        (FEBRUARY, date(2026, 12, 1), 1, ["FY27 M11", "FY27 M12", "FY28 M1"]),
        (FEBRUARY, date(2026, 2, 1), 12, ["FY27", "FY28", "FY29"]),
        (FiscalYear(first_month=2, named_by="start"), date(2026, 8, 1), 6, ["FY26 H2", "FY27 H1", "FY27 H2"]),
        (FiscalYear(), date(2026, 10, 1), 3, ["FY26 Q4", "FY27 Q1", "FY27 Q2"]),
        (RETAIL, date(2025, 2, 2), 3, ["FY25 Q1", "FY25 Q2", "FY25 Q3"]),
        (APPLE, date(2025, 6, 29), 3, ["FY25 Q4", "FY26 Q1", "FY26 Q2"]),
        (None, date(2026, 1, 1), 3, ["Q1", "Q2", "Q3"]),
        (None, date(2026, 1, 1), 1, ["M1", "M2", "M3"]),
    ],
)
def test_periods_have_the_names_that_the_company_gives_them(fiscal_year, start, months, labels):
    assert Calendar(start, 3, months_per_period=months, fiscal_year=fiscal_year).labels == labels


def test_windows_payments_and_caps_of_a_year_follow_the_fiscal_year():
    """Horizon from the third quarter on: two quarters to the end of the year, then a whole one."""
    calendar = Calendar(date(2026, 8, 1), 7, fiscal_year=FEBRUARY)
    assert calendar.before == 2
    assert calendar.years_of_periods == [(0, 2), (2, 6), (6, 7)]
    assert window_of("year_to_date", calendar).first.tolist() == [0, 0, 2, 2, 2, 2, 6]
    assert window_of("half_year_to_date", calendar).first.tolist() == [0, 0, 2, 2, 4, 4, 6]
    assert window_of("trailing_year", calendar).first.tolist() == [0, 0, 0, 0, 1, 2, 3]
    assert window_of("year_to_date", calendar).closes.tolist() == [0, 1, 0, 0, 0, 1, 1]
    pay = np.full((7, 1), 10.0)
    assert capped(pay, np.full(7, 25.0), 4, calendar.before)[:, 0].tolist() == [10, 10, 10, 10, 5, 0, 10]


def test_a_horizon_that_begins_inside_a_period_is_refused_with_the_days_that_may_be():
    wrong = start_fault(date(2026, 3, 1), 3, RETAIL)
    assert wrong is not None
    assert wrong.allowed == "2026-02-01 or 2026-05-03"
    assert wrong.fix == "FY26 Q1 begins on 2026-02-01."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[fiscal_year]\nweeks = "4-4-5"\n', "fiscal_year.ends_on must be a weekday"),
        ('[fiscal_year]\nends_on = "friday"\n', "fiscal_year.ends_on must be left out"),
        ("[fiscal_year]\nfirst_month = 13\n", "fiscal_year.first_month"),
        ("period_months = 2\n", "period_months"),
        ("[fiscal_yaer]\nfirst_month = 2\n", "fiscal_year"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_in_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "calendar.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence) as error:
        read_periods(path)
    assert "calendar.toml" in str(error.value)
