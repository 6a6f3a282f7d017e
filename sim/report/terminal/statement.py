"""A statement of one CSM in one world, laid out row for row like the founding tables.

Source of the layout: Compensating Customer Success Managers (founding document), early cases 1 to 6 and late
cases 1 to 5: Renewal Quota; Actual Renewed in Period and Bonus Paid in Period, each with Early, Late and
On-Time; an em dash for zero.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.table import Table
from rich.text import Text

from sim.calendar import Calendar
from sim.plan.split import split_bonus
from sim.records import Statement

ZERO: Final = "—"
HALF_A_CENT: Final = 0.005
"""Residue of float64 sums below this is shown as zero. [usd]"""
UNITS: Final = ((1e8, 1e6, "$M"), (1e4, 1e3, "$K"), (0.0, 1.0, "$"))
"""(largest amount from, divisor [usd], name): the unit a table is printed in."""


class Row(NamedTuple):
    """One line: amounts [usd] or shares by period, and what stands under Total; None where there is no such thing."""

    label: str
    values: list[float]
    total: float | None
    decimals: int
    share: bool = False


class Unit(NamedTuple):
    """The unit of a printed amount. divisor [usd]"""

    divisor: float
    name: str


def founding_rows(statement: Statement, world: int = 0) -> list[Row]:
    """The nine rows of a founding table; the bonus is split pro rata to credit after multipliers. [usd]"""
    bonus = split_bonus(statement)
    renewed = statement.renewed_early + statement.renewed_late + statement.renewed_on_time
    lines = [
        ("Renewal Quota", statement.quota, 0),
        ("Actual Renewed in Period", renewed, 0),
        ("  Early", statement.renewed_early, 0),
        ("  Late", statement.renewed_late, 0),
        ("  On-Time", statement.renewed_on_time, 0),
        ("Bonus Paid in Period", statement.bonus, 1),
        ("  Early", bonus.early, 1),
        ("  Late", bonus.late, 1),
        ("  On-Time", bonus.on_time, 1),
    ]
    return [_row(label, amount[:, world], decimals) for label, amount, decimals in lines]


def attainment_rows(statement: Statement, neutral: Statement | None = None, world: int = 0) -> list[Row]:
    """What stands between amounts and bonus: credit after multipliers [usd] and attainment [share].

    neutral : if every renewal had been booked on its due date.
    """
    rows = [
        _row("Credit after Multipliers", statement.credit[:, world], 0),
        _attainment_row("Attainment (%)", statement, world),
    ]
    if neutral is not None:
        rows.append(_attainment_row("  Timing-Neutral (%)", neutral, world))
    return rows


def _attainment_row(label: str, statement: Statement, world: int) -> Row:
    quota = float(statement.quota[:, world].sum())
    total = float(statement.credit[:, world].sum()) / quota if quota > 0 else None
    return Row(label, statement.attainment[:, world].tolist(), total, 1, share=True)


def unit_of(rows: list[Row]) -> Unit:
    """The unit in which the largest amount of these rows reads well."""
    largest = max((abs(value) for row in rows if not row.share for value in row.values), default=0.0)
    return next(Unit(divisor, name) for least, divisor, name in UNITS if largest >= least)


def shown_amount(value: float, unit: Unit, decimals: int) -> str:
    """An amount [usd] in a unit, an em dash for zero."""
    if abs(value) < HALF_A_CENT:
        return ZERO
    # Amounts in whole dollars carry cents where amounts in thousands carry one decimal.
    places = 2 if unit.divisor == 1.0 and decimals else decimals + (unit.divisor == 1e6)
    return f"{value / unit.divisor:,.{places}f}"


def statement_tables(rows: list[Row], calendar: Calendar, width: int) -> list[Table]:
    """The rows as tables no wider than ``width`` characters; a horizon that does not fit continues below."""
    unit = unit_of(rows)
    cells = [[_cell(row, value, unit) for value in (*row.values, row.total)] for row in rows]
    heads = [*(calendar.label(period) for period in range(calendar.periods)), "Total"]
    wide = [1 + max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    room = max(width - max(len(row.label) for row in rows), max(wide))
    blocks = 1 if sum(wide) <= room else -(-len(heads) // (room // max(wide)))
    each = -(-len(heads) // blocks)
    parts = [range(first, min(first + each, len(heads))) for first in range(0, len(heads), each)]
    airy = blocks == 1 and sum(wide) + len(heads) <= room
    return [_table(rows, cells, heads, columns, unit, padding=int(airy)) for columns in parts]


def exhausted_note(statement: Statement, calendar: Calendar, asked: bool, world: int = 0) -> Text | None:
    """The sentences about periods in which there was nothing to attain, or None.

    asked : whether the plan's lead component has a quota at all; without one there is nothing to exhaust.
    """
    if not asked:
        return None
    exhausted, planned = statement.quota_exhausted[:, world], statement.base_quota[:, world] > 0.0
    sentences = []
    if names := _labels(exhausted & planned, calendar):
        sentences.append(f"Quota exhausted in {names}: attainment is 1 + (credit - quota) / base quota.")
    if names := _labels(exhausted & ~planned, calendar):
        sentences.append(f"Nothing was asked in {names}: attainment is 1.")
    return Text(" ".join(sentences), style="yellow") if sentences else None


def _labels(periods: NDArray[np.bool_], calendar: Calendar) -> str:
    return ", ".join(calendar.label(int(period)) for period in np.flatnonzero(periods))


def _row(label: str, amount: NDArray[np.float64], decimals: int) -> Row:
    return Row(label, amount.tolist(), float(amount.sum()), decimals)


def _cell(row: Row, value: float | None, unit: Unit) -> str:
    if value is None:
        return ZERO
    if row.share:
        return f"{100.0 * value:,.{row.decimals}f}"
    return shown_amount(value, unit, row.decimals)


def _table(
    rows: list[Row], cells: list[list[str]], heads: list[str], columns: range, unit: Unit, *, padding: int
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 0, 0, padding))
    table.add_column(f"({unit.name})", no_wrap=True)
    for column in columns:
        table.add_column(heads[column], justify="right", no_wrap=True)
    for row, line in zip(rows, cells, strict=True):
        style = "dim" if row.label.startswith(" ") else "bold"
        table.add_row(row.label, *(line[column] for column in columns), style=style)
    return table
