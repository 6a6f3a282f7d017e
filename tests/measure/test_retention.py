"""Retention from small bridges and renewals worked by hand."""

import numpy as np
import pytest

from sim.measure.retention import add_book_retention, annual, new_retention_tally, retention_of
from sim.records import NEVER, Bridge, Renewals


def column(*values):
    return np.array(values, dtype=np.float64)[:, np.newaxis]


def bridge(opening, **flows):
    nothing = [0.0] * len(opening)
    names = ("new", "expansion", "uplift", "contraction", "churn", "lapsed", "won_back")
    parts = {name: column(*flows.get(name, nothing)) for name in names}
    signs = {"contraction": -1, "churn": -1, "lapsed": -1}
    closing = column(*opening) + sum(signs.get(name, 1) * part for name, part in parts.items())
    return Bridge(opening=column(*opening), **parts, closing=closing)


def no_renewals():
    days = np.zeros((0, 1), dtype=np.int32)
    return Renewals(np.zeros(0, int), np.zeros(0, int), days, days, np.zeros((0, 1)), np.zeros((0, 1)), {})


def kept(*books):
    tally = new_retention_tally(len(books[0].opening), 1)
    for book in books:
        add_book_retention(no_renewals(), book, 365, tally)
    return retention_of(tally)


def test_nothing_happens():
    found = kept(bridge([100.0, 100.0]))
    assert found.gross[0] == found.net[0] == 1.0
    assert found.closing[0] == 100.0


def test_losses_and_growth():
    """100 loses 10 + 5 and grows 20 + 2, to 107; then loses 10.7: 0.85 x 0.9 gross, 1.07 x 0.9 net."""
    found = kept(
        bridge(
            [100.0, 107.0],
            churn=[10.0, 10.7],
            contraction=[5.0, 0.0],
            expansion=[20.0, 0.0],
            uplift=[2.0, 0.0],
        )
    )
    assert found.gross[0] == pytest.approx(0.85 * 0.9)
    assert found.net[0] == pytest.approx(1.07 * 0.9)
    assert found.closing[0] == pytest.approx(107.0 - 10.7)


def test_a_late_renewal_is_not_a_loss():
    """20 lapse and return in the next period: 0.8 of the first, then 80 that recover 20: together 1."""
    found = kept(bridge([100.0, 80.0], lapsed=[20.0, 0.0], won_back=[0.0, 20.0]))
    assert found.gross[0] == pytest.approx(1.0)


def test_a_customer_lost_and_won_again_is_a_new_sale():
    found = kept(bridge([100.0, 80.0], churn=[20.0, 0.0], won_back=[0.0, 20.0]))
    assert found.gross[0] == pytest.approx(0.8)
    assert found.closing[0] == 100.0


def test_books_add_up_before_the_rate_is_taken():
    found = kept(bridge([100.0], churn=[50.0]), bridge([300.0]))
    assert found.gross[0] == pytest.approx(1 - 50 / 400)


def test_a_rate_a_year():
    assert annual(np.array([0.81]), 2.0)[0] == pytest.approx(0.9)


def test_renewals_due_in_the_horizon():
    due = np.array([[10], [20], [30], [-5], [400], [NEVER]], dtype=np.int32)
    booked = np.array([[5], [25], [NEVER], [-5], [400], [NEVER]], dtype=np.int32)
    arr = column(100.0, 50.0, 30.0, 1000.0, 1000.0, 0.0)
    booked_arr = column(110.0, 40.0, 0.0, 1000.0, 1000.0, 0.0)
    renewals = Renewals(np.arange(6), np.zeros(6, int), due, booked, arr, booked_arr, {})
    tally = new_retention_tally(1, 1)
    add_book_retention(renewals, bridge([1180.0]), 365, tally)
    assert (tally.due[0], tally.kept[0], tally.booked[0], tally.on_time[0]) == (180.0, 140.0, 150.0, 100.0)
