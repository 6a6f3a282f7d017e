"""Retention of a company from what its books keep, period by period, worked by hand."""

import numpy as np
import pytest

from sim.measure.retention import add_book_retention, annual, new_retention_tally, retention_of
from sim.records import NEVER, Bridge, Kept, Renewals


def column(*values):
    return np.array(values, dtype=np.float64)[:, np.newaxis]


def bridge(opening, closing=None, gross=None, net=None):
    """ARR at both ends of each period, and what is left of the customers at its start."""
    closing = opening if closing is None else closing
    gross = opening if gross is None else gross
    nothing = [column(*[0.0] * len(opening))] * 7
    kept = Kept(column(*opening), column(*gross), column(*(gross if net is None else net)))
    return Bridge(column(*opening), *nothing, closing=column(*closing), kept=kept)


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
    """100 keep 85 and grow to 107; then 107 lose a tenth: 0.85 x 0.9 gross, 1.07 x 0.9 net."""
    found = kept(bridge([100.0, 107.0], [107.0, 96.3], gross=[85.0, 96.3], net=[107.0, 96.3]))
    assert found.gross[0] == pytest.approx(0.85 * 0.9)
    assert found.net[0] == pytest.approx(1.07 * 0.9)
    assert found.closing[0] == pytest.approx(96.3)
    assert found.served[0] == pytest.approx((100 + 107) / 2 + (107 + 96.3) / 2)


def test_who_joins_counts_from_the_next_period_on():
    """100 stay, 50 join and are lost in the next period: 1 x 100 / 150."""
    found = kept(bridge([100.0, 150.0], [150.0, 100.0], gross=[100.0, 100.0]))
    assert found.gross[0] == pytest.approx(100 / 150)
    assert found.closing[0] == 100.0


def test_of_nothing_all_is_kept():
    assert kept(bridge([0.0, 0.0])).gross[0] == 1.0


def test_books_add_up_before_the_rate_is_taken():
    found = kept(bridge([100.0], [50.0], gross=[50.0]), bridge([300.0]))
    assert found.gross[0] == pytest.approx(1 - 50 / 400)


def test_a_bridge_that_follows_no_accounts_has_no_retention():
    with pytest.raises(ValueError, match="follows no accounts"):
        kept(bridge([100.0])._replace(kept=None))


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
