"""The books that faults are computed on: their dates against all dates, and at quota they pay target."""

from datetime import date

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.plan.component import Crediting
from sim.plan.lint.book import best_days, settle_book, steady_book

EARLY = ({"through_day": 30, "multiplier": 1.0}, {"through_day": 120, "multiplier": 1.25})
LATE = ({"through_day": 14, "multiplier": 0.2}, {"through_day": 60, "multiplier": 0.5})
FIVE = {
    quarters: Calendar(date(2026, 1, 1), 5, 0, 0, months_per_period=months)
    for quarters, months in (("months", 1), ("quarters", 3))
}


@pytest.mark.parametrize("calendar", FIVE.values(), ids=FIVE)
@pytest.mark.parametrize(("due", "booked"), [(2, 1), (2, 0), (1, 2), (1, 3)])
def test_the_best_days_of_all_days(calendar, due, booked):
    crediting = Crediting(early_bands=EARLY, late_bands=LATE)
    due_day, booked_day = best_days(crediting, calendar, due, booked)
    ends = calendar.bounds
    assert ends[due] <= due_day < ends[due + 1]
    assert ends[booked] <= booked_day < ends[booked + 1]
    credit = crediting.early_at if booked < due else crediting.late_at
    every = [
        credit(abs(int(day) - int(other)))
        for day in range(ends[due], ends[due + 1])
        for other in range(ends[booked], ends[booked + 1])
    ]
    assert credit(abs(booked_day - due_day)) == max(every)


@pytest.mark.parametrize("quota", [{"kind": "fixed", "amount": 50.0}, {"kind": "retention", "rate": 1.1}])
@pytest.mark.parametrize("credit_date", ["booking", "due", "service_start", "invoice", "cash"])
def test_a_book_at_quota_on_time_pays_target(subject, quota, credit_date):
    looked_at = subject(
        quota=quota, crediting={"date": credit_date, "early_cap": 0.3, "late_multiplier": 0.5}
    )
    statement = settle_book(looked_at, steady_book(4, np.array([0.0, 0.5])))
    assert statement.bonus == pytest.approx(np.full((4, 2), 20_000.0))


def test_what_is_moved_is_still_due_where_it_was(subject):
    looked_at = subject(quota={"kind": "retention", "rate": 0.9})
    statement = settle_book(looked_at, steady_book(3, np.array([0.25]), 1))
    assert statement.base_quota[:, 0] == pytest.approx([600_000.0] * 3)
    assert statement.renewed_late[:, 0] == pytest.approx([0.0, 150_000.0, 150_000.0])
    assert statement.renewed_on_time[:, 0] == pytest.approx([450_000.0, 450_000.0, 600_000.0])
