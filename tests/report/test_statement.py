"""The founding tables as printed, and what keeps them readable: units, width, em dashes."""

from datetime import date

import numpy as np
import pytest
from rich.console import Console

from sim.calendar import Calendar
from sim.records import Statement
from sim.report.terminal.statement import shown_amount, statement_tables, unit_of
from sim.shapes.statement import attainment_rows, exhausted_note, founding_rows


def statement(quota, early, late, on_time, multiplier=1.0, scale=1000.0):
    """Linear pay of 20 a period at 100 %. Arguments by period. [$K]"""
    amounts = (
        np.array(amount, dtype=float)[:, np.newaxis] * scale for amount in (quota, early, late, on_time)
    )
    quota, early, late, on_time = amounts
    credit = multiplier * early + late + on_time
    attainment = credit / quota
    bonus = 20.0 * scale * attainment
    renewed = (early, late, on_time)
    credited = (multiplier * early, late, on_time)
    return Statement(
        quota, quota, *renewed, *credited, credit, attainment, bonus, np.zeros(bonus.shape, bool)
    )


def printed(rows, periods, width):
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        for table in statement_tables(rows, Calendar(date(2026, 1, 1), periods), width):
            console.print(table)
    return capture.get()


def test_early_case_3_reads_as_in_the_document():
    rows = founding_rows(statement([600, 600], [100, 0], [0, 0], [600, 500], multiplier=1.25))
    assert printed(rows, 2, 80) == (
        "($K)                        Q1    Q2  Total\n"
        "───────────────────────────────────────────\n"
        "Renewal Quota              600   600  1,200\n"
        "Actual Renewed in Period   700   500  1,200\n"
        "  Early                    100     —    100\n"
        "  Late                       —     —      —\n"
        "  On-Time                  600   500  1,100\n"
        "Bonus Paid in Period      24.2  16.7   40.8\n"
        "  Early                    4.2     —    4.2\n"
        "  Late                       —     —      —\n"
        "  On-Time                 20.0  16.7   36.7\n"
    )


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e4])
@pytest.mark.parametrize("width", [80, 100])
def test_eight_quarters_fit_in_one_block(width, scale):
    one = statement([600] * 8, [100, 0] * 4, [0] * 8, [600, 500] * 4, scale=scale)
    lines = printed(founding_rows(one) + attainment_rows(one), 8, width).splitlines()
    assert len(lines) == 13
    assert max(map(len, lines)) <= width
    assert lines[0].split()[1:] == [*(f"Q{period}" for period in range(1, 9)), "Total"]


def test_a_long_horizon_continues_below_and_loses_nothing():
    one = statement([600] * 20, [100, 0] * 10, [0] * 20, [600, 500] * 10)
    text = printed(founding_rows(one), 20, 80)
    assert max(map(len, text.splitlines())) <= 80
    heads = [word for line in text.splitlines() if line.startswith("($K)") for word in line.split()[1:]]
    assert heads == [*(f"Q{period}" for period in range(1, 21)), "Total"]
    assert text.count("Renewal Quota") == len([line for line in text.splitlines() if line.startswith("($K)")])


def test_a_narrow_terminal_still_gets_one_column_a_block():
    one = statement([600, 600], [100, 0], [0, 0], [600, 500])
    assert printed(founding_rows(one), 2, 32).count("Bonus Paid in Period") == 3


@pytest.mark.parametrize(
    ("largest", "unit", "whole", "decimal"),
    [
        (9_999.0, "$", "9,999", "9,999.00"),
        (10_000.0, "$K", "10", "10.0"),
        (99_999_999.0, "$K", "100,000", "100,000.0"),
        (100_000_000.0, "$M", "100.0", "100.00"),
    ],
)
def test_the_unit_follows_the_largest_amount(largest, unit, whole, decimal):
    chosen = unit_of(founding_rows(statement([largest], [0], [0], [0], scale=1.0)))
    assert chosen.name == unit
    assert (shown_amount(largest, chosen, 0), shown_amount(largest, chosen, 1)) == (whole, decimal)


def test_zero_and_the_residue_of_sums_are_em_dashes():
    unit = unit_of([])
    assert [shown_amount(value, unit, 1) for value in (0.0, -0.0, 1e-9, 0.01)] == ["—", "—", "—", "0.01"]


def test_attainment_of_the_total_is_that_of_all_periods():
    credit, attainment = attainment_rows(statement([600, 300], [0, 0], [0, 0], [600, 150]))
    assert credit.total == 750_000
    assert attainment.values == [1.0, 0.5]
    assert attainment.total == pytest.approx(750 / 900)


def test_exhausted_quotas_are_pointed_out():
    calendar = Calendar(date(2026, 1, 1), 3)
    one = statement([600] * 3, [0] * 3, [0] * 3, [600] * 3)
    assert exhausted_note(one, calendar, asked=True) == ""
    one.quota_exhausted[:, 0] = [True, False, True]
    assert "Quota exhausted in Q1, Q3" in exhausted_note(one, calendar, asked=True)


def test_a_quarter_in_which_nothing_was_asked_is_not_called_exhausted():
    """With a base quota of 0 attainment is 1, whatever was moved; a plan without any quota has nothing to exhaust."""
    calendar = Calendar(date(2026, 1, 1), 2)
    one = statement([600] * 2, [0] * 2, [0] * 2, [600] * 2)
    one.quota_exhausted[:, 0] = [True, True]
    one.base_quota[1] = 0.0
    assert exhausted_note(one, calendar, asked=True) == (
        "Quota exhausted in Q1: attainment is 1 + (credit - quota) / base quota. "
        "Nothing was asked in Q2: attainment is 1."
    )
    assert exhausted_note(one, calendar, asked=False) == ""
