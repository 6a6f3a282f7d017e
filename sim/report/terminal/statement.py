"""The rows of a statement as a terminal shows them: one unit, em dashes for zero, long horizons in parts."""

from typing import Final, NamedTuple

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.calendar import Calendar
from sim.shapes.statement import Row

ZERO: Final = "—"
HALF_A_CENT: Final = 0.005
"""Residue of float64 sums below this is shown as zero. [usd]"""
UNITS: Final = ((1e8, 1e6, "$M"), (1e4, 1e3, "$K"), (0.0, 1.0, "$"))
"""(largest amount from, divisor [usd], name): the unit a table is printed in."""


class Unit(NamedTuple):
    """The unit of a printed amount. divisor [usd]; to_the_cent : whole dollars carry cents too."""

    divisor: float
    name: str
    to_the_cent: bool = False


TO_THE_CENT: Final = Unit(1.0, "$", to_the_cent=True)


def unit_of(rows: list[Row]) -> Unit:
    """The unit in which the largest amount of these rows reads well."""
    largest = max(
        (
            abs(value)
            for row in rows
            if not (row.share or row.plain)
            for value in row.values
            if value is not None
        ),
        default=0.0,
    )
    return next(Unit(divisor, name) for least, divisor, name in UNITS if largest >= least)


def shown_amount(value: float, unit: Unit, decimals: int) -> str:
    """An amount [usd] in a unit, an em dash for zero."""
    if abs(value) < HALF_A_CENT:
        return ZERO
    # Amounts in whole dollars carry cents where amounts in thousands carry one decimal.
    cents = unit.divisor == 1.0 and (decimals > 0 or unit.to_the_cent)
    places = 2 if cents else decimals + (unit.divisor == 1e6)
    return f"{value / unit.divisor:,.{places}f}"


def statement(rows: list[Row], calendar: Calendar, note: str, width: int, unit: Unit | None = None) -> Group:
    """The rows as tables, and what is said of some of their periods. unit : the one that reads well where left out."""
    notes = [Text(note, style="yellow")] if note else []
    return Group(*statement_tables(rows, calendar, width, unit), *notes)


def statement_tables(
    rows: list[Row], calendar: Calendar, width: int, unit: Unit | None = None
) -> list[Table]:
    """The rows as tables no wider than ``width`` characters; a horizon that does not fit continues below."""
    unit = unit or unit_of(rows)
    cells = [[_cell(row, value, unit) for value in (*row.values, row.total)] for row in rows]
    heads = [*calendar.labels, "Total"]
    wide = [1 + max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    room = max(width - max(len(row.label) for row in rows), max(wide))
    blocks = 1 if sum(wide) <= room else -(-len(heads) // (room // max(wide)))
    each = -(-len(heads) // blocks)
    parts = [range(first, min(first + each, len(heads))) for first in range(0, len(heads), each)]
    airy = blocks == 1 and sum(wide) + len(heads) <= room
    return [_table(rows, cells, heads, columns, unit, padding=int(airy)) for columns in parts]


def _cell(row: Row, value: float | None, unit: Unit) -> str:
    if value is None:
        return ZERO
    if row.share:
        return f"{100.0 * value:,.{row.decimals}f}"
    if row.plain:
        return f"{value:,.{row.decimals}f}"
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
