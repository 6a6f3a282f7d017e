"""Open territories, worked by hand."""

import numpy as np
import pytest

from sim.measure.seats import SEAT_FEATURES, add_seat, new_seat_tally, seat_features
from sim.records import Statement


def column(*values):
    return np.array(values, dtype=np.float64)[:, np.newaxis]


def statement(bonus, attainment):
    nothing = np.zeros_like(bonus)
    fields = dict.fromkeys(Statement._fields, nothing)
    return Statement(**fields | {"bonus": bonus, "attainment": attainment})


def features(*books):
    tally = new_seat_tally(len(books[0][0]), 1)
    for seat, tenure, bonus, attainment in books:
        add_seat(column(*seat), column(*tenure), statement(column(*bonus), column(*attainment)), tally)
    return dict(zip(SEAT_FEATURES, seat_features(tally, len(books))[:, 0], strict=True))


def test_two_books_one_of_them_vacant_for_a_while():
    """Somebody leaves half-way through period 2, is followed half-way through period 3, and is new until period 4."""
    left = ((1.0, 0.5, 0.5, 1.0), (99.0, 99.0, 0.0, 1.0), (10.0, 4.0, 3.0, 8.0), (1.0, 0.9, 0.7, 0.8))
    stayed = ((1.0, 1.0, 1.0, 1.0), (99.0, 99.0, 99.0, 99.0), (12.0, 12.0, 12.0, 12.0), (1.0, 1.0, 1.0, 1.0))
    found = features(left, stayed)
    assert found["open_share"] == pytest.approx(1.0 / 8.0)
    assert found["hires"] == 1.0
    assert found["pay_held"] == pytest.approx((10.0 + 4 * 12.0) / 5)
    assert found["pay_new"] == 8.0
    assert found["pay_open"] == pytest.approx((4.0 + 3.0) / 2)
    assert found["attainment_open"] == pytest.approx((0.9 + 0.7) / 2)


def test_a_state_that_does_not_occur_has_no_value():
    found = features(((1.0,), (99.0,), (5.0,), (1.0,)))
    assert found["open_share"] == 0.0
    assert np.isnan(found["pay_new"])
    assert np.isnan(found["attainment_open"])
