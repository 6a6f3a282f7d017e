"""Each kernel of the pay measures against a slow twin that says what is meant, world by world."""

import math

import numpy as np
import pytest

from sim.measure.histogram import ZERO
from sim.measure.inequality import inequality
from sim.measure.moments import TILE
from sim.measure.pay import PayMarks, add_book, new_tally
from sim.plan.split import split_bonus
from sim.records import Statement

PERIODS, WORLDS = 3, 70
MARKS = PayMarks(target=20_000.0, cap=30_000.0, low=12_000.0)


def statement(seed):
    generator = np.random.default_rng(seed)
    shape = (PERIODS, WORLDS)
    parts = generator.integers(0, 4, size=(3, *shape)) * 50_000.0
    credit = parts.sum(axis=0)
    attainment = credit / 300_000.0
    bonus = np.minimum(20_000.0 * attainment, 30_000.0)
    bonus[0, :5] = 0.0
    bonus[1, credit[1] == 0.0] = 5_000.0  # a bonus without credit, as under a guarantee
    empty = np.zeros(shape)
    exhausted = generator.random(shape) < 0.1
    return Statement(
        empty, empty, empty, empty, empty, parts[0], parts[1], parts[2], credit, attainment, bonus, exhausted
    )


@pytest.fixture(scope="module")
def books():
    return [statement(seed) for seed in range(4)]


@pytest.fixture(scope="module")
def tally(books):
    tally = new_tally(PERIODS, len(books), WORLDS)
    for csm, book in enumerate(books):
        add_book(csm, book, MARKS, tally)
    return tally


def test_variable_pay(books, tally):
    np.testing.assert_allclose(tally.variable, sum(book.bonus for book in books))
    np.testing.assert_allclose(tally.pay, [book.bonus.sum(axis=0) for book in books])


def test_split_is_that_of_the_plan(books, tally):
    for name in ("early", "late", "on_time"):
        expected = sum(getattr(split_bonus(book), name).sum(axis=0) for book in books)
        np.testing.assert_allclose(getattr(tally, name), expected)


def test_pay_without_credit_is_told_apart(books, tally):
    assert tally.uncredited.sum() > 0, "the sample must exercise it"
    parts = tally.early + tally.late + tally.on_time + tally.uncredited
    np.testing.assert_allclose(parts, tally.variable.sum(axis=0))


def test_marks(books, tally):
    meanings = {
        "zero": lambda book: book.bonus <= 0,
        "at_target": lambda book: book.bonus >= 20_000 * (1 - 1e-9),
        "at_cap": lambda book: book.bonus >= 30_000 * (1 - 1e-9),
        "exhausted": lambda book: book.quota_exhausted,
    }
    for column, (name, meaning) in enumerate(meanings.items()):
        assert sum(meaning(book).sum() for book in books) > 0, "the sample must exercise the mark"
        np.testing.assert_array_equal(getattr(tally, name), sum(meaning(book).sum(axis=0) for book in books))
        assert tally.marks[:, column].tolist() == [meaning(book).sum() for book in books]


def test_low_pay_is_counted_where_it_is_asked(books, tally):
    expected = sum((book.bonus >= 12_000 * (1 - 1e-9)).sum(axis=0) for book in books)
    assert 0 < expected.sum() < len(books) * PERIODS * WORLDS
    np.testing.assert_array_equal(tally.not_low, expected)
    unasked = new_tally(PERIODS, len(books), WORLDS)
    add_book(0, books[0], MARKS._replace(low=0.0), unasked)
    assert not unasked.not_low.any()


def test_attainment(books, tally):
    np.testing.assert_allclose(tally.attainment, sum(book.attainment.sum(axis=0) for book in books))
    tiles = -(-WORLDS // TILE)
    assert tally.reached.mean.shape == (tiles, len(books))
    first = [book.attainment[:, :TILE].mean() for book in books]
    np.testing.assert_allclose(tally.reached.mean[0], first)
    np.testing.assert_allclose(tally.reached.worlds.sum(axis=0), WORLDS)


def test_unevenness(books, tally):
    expected = np.zeros(WORLDS)
    for book in books:
        for world in range(WORLDS):
            pay = [float(amount) for amount in book.bonus[:, world]]
            mean = sum(pay) / PERIODS
            if mean > 0:
                expected[world] += math.sqrt(sum((amount - mean) ** 2 for amount in pay) / PERIODS) / mean
    np.testing.assert_allclose(tally.unevenness, expected)
    np.testing.assert_array_equal(tally.paid, sum(book.bonus.sum(axis=0) > 0 for book in books))


def test_histograms_hold_every_csm_period(books, tally):
    assert tally.attainment_bins.sum() == tally.pay_bins.sum() == len(books) * PERIODS * WORLDS
    assert tally.pay_bins[ZERO] == sum((book.bonus == 0).sum() for book in books)


def gini_by_pairs(pay):
    """Half the mean absolute difference between two CSMs, over the mean."""
    count = len(pay)
    return sum(abs(one - other) for one in pay for other in pay) / (2 * count * sum(pay))


def top_fifth_by_hand(pay):
    """Pay of the best paid fifth of CSMs, a part of a CSM counting in part."""
    left, taken = len(pay) / 5, 0.0
    for amount in sorted(pay, reverse=True):
        part = min(1.0, max(left, 0.0))
        taken += part * amount
        left -= part
    return taken / sum(pay)


@pytest.mark.parametrize("csms", [1, 3, 5, 12])
def test_inequality(csms):
    pay = np.random.default_rng(csms).lognormal(10.0, 0.7, size=(csms, 9))
    gini, top = inequality(pay)
    for world in range(9):
        column = [float(amount) for amount in pay[:, world]]
        assert gini[world] == pytest.approx(gini_by_pairs(column), abs=1e-12)
        assert top[world] == pytest.approx(top_fifth_by_hand(column), rel=1e-12)


def test_equal_pay_is_equal():
    gini, top = inequality(np.full((10, 2), 7.0))
    np.testing.assert_allclose(gini, 0.0, atol=1e-12)
    np.testing.assert_allclose(top, 0.2)


def test_nobody_paid_has_no_inequality():
    gini, top = inequality(np.zeros((4, 1)))
    assert np.isnan(gini).all()
    assert np.isnan(top).all()
