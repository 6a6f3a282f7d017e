"""Numbers as readers see them."""

import pytest

from sim.shapes.amounts import amount, number, share, unit_for


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4_213_000.0, "$4.21M"),
        (12_340_000.0, "$12.3M"),
        (310_400.0, "$310K"),
        (999_700.0, "$1.00M"),
        (9_500.0, "$9.50K"),
        (812.4, "$812"),
        (0.0, "$0"),
        (-28_600.0, "−$28.6K"),
    ],
)
def test_amounts_in_sentences(value, text):
    assert amount(value) == text


def test_a_gain_can_carry_its_sign():
    assert amount(1_500_000.0, sign=True) == "+$1.50M"
    assert amount(0.0, sign=True) == "$0"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.5, 0, "1,234"), (-0.2, 0, "0"), (-1.25, 1, "−1.2"), (0.04, 1, "0.0")],
)
def test_numbers_have_no_minus_zero(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.001, "<1 %"), (0.999, ">99 %"), (0.5, "50 %"), (0.006, "1 %")],
)
def test_rare_is_not_never(value, text):
    assert share(value) == text


@pytest.mark.parametrize(
    ("amounts", "errors", "name", "shown"),
    [
        ([8_583_211.0], [19_000.0], "$K", "8,583"),
        ([12_583_211.0], [19_000.0], "$M", "12.58"),
        ([12_583_211.0], [1_900.0], "$M", "12.583"),
        ([5_123.4], [3.0], "$", "5,123"),
        ([0.0], [], "$", "0"),
    ],
)
def test_columns_show_digits_down_to_their_error(amounts, errors, name, shown):
    unit = unit_for(amounts, errors)
    assert (unit.name, unit.show(amounts[0])) == (name, shown)
