"""A table as a terminal shows it: the columns that a narrow screen has room for, estimates with their errors behind them."""

import re
from typing import Final, NamedTuple

from sim.report.terminal.fitted import Fitted, Row
from sim.report.terminal.worded import Worded
from sim.shapes.heat import Cell, Heat
from sim.shapes.section import Figure
from sim.shapes.table import Column, Table, Value, show
from sim.shapes.words import counted

BETWEEN: Final = " · "
"""Between a plan and its role, which name a row together."""
MOST_NAMES: Final = 2
PERCENT: Final = " %"
"""Left out of the error of a share, which has it already."""
ZEROS: Final = re.compile(r"\.?0+(?=\D*$)")
"""At the end of a fraction."""


class Estimate(NamedTuple):
    """A column as it is printed. error : the column whose value stands behind its own, if any."""

    column: Column
    error: Column | None

    @property
    def title(self) -> str:
        """Over the column."""
        return f"{self.column.brief or self.column.title}{' ±' if self.error else ''}"

    def text(self, table: Table, row: tuple[Value, ...]) -> str:
        """The value of a row, marked where it is not to be relied on, and its error."""
        text = table.cell(self.column, row, table.unit)
        error = None if self.error is None else _values(table, row)[self.error.key]
        if self.error is None or not error:
            return text
        return f"{text} ± {show(self.error, error, table.unit).removesuffix(PERCENT)}"


def printed(table: Table) -> Fitted | Worded:
    """The brief columns of a table that has some; folded where it says more in words than who a row is about."""
    columns = {column.key: column for column in table.columns}
    chosen = [columns[key] for key in table.brief if key in columns]
    texts = [column for column in chosen if column.kind == "text"]
    if sum(column.names for column in texts) > MOST_NAMES or texts == chosen:
        return Worded(table)
    names = _leading(chosen)
    estimates = [Estimate(column, _error(column, table)) for column in chosen if column not in names]
    along = columns.get(table.across)
    rows = [(_name(names, table, row), row) for row in table.rows[: table.most or None]]
    if along is None:
        shown = [
            (name, {estimate.title: estimate.text(table, row) for estimate in estimates})
            for name, row in rows
        ]
        groups = {estimate.title: estimate.column.group for estimate in estimates if estimate.column.group}
    else:
        shown = _laid_out(rows, estimates[0], along, table)
        groups = {title: along.brief or along.title for _, row in shown for title in row}
    return Fitted(
        table.short.replace("{unit}", table.unit.name),
        _caption(table),
        shown,
        names[0].brief or names[0].title if names else "",
        terms={estimate.title: estimate.column.note for estimate in estimates if estimate.column.note},
        groups=groups,
    )


def _laid_out(
    rows: list[tuple[str, tuple[Value, ...]]], estimate: Estimate, along: Column, table: Table
) -> list[tuple[str, Row]]:
    """One row a name, with a column for each value along which it was asked."""
    shown: dict[str, Row] = {}
    for name, row in rows:
        at = show(along, _values(table, row)[along.key], table.unit)
        shown.setdefault(name, {})[ZEROS.sub("", at) if "." in at else at] = estimate.text(table, row)
    return list(shown.items())


def _values(table: Table, row: tuple[Value, ...]) -> dict[str, Value]:
    return {column.key: value for column, value in zip(table.columns, row, strict=True)}


def _name(names: list[Column], table: Table, row: tuple[Value, ...]) -> str:
    values = _values(table, row)
    return BETWEEN.join(str(values[column.key]) for column in names if values[column.key] is not None)


def _leading(columns: list[Column]) -> list[Column]:
    """The texts before the first number: they name a row."""
    leading: list[Column] = []
    for column in columns:
        if column.kind != "text" or not column.names:
            break
        leading.append(column)
    return leading[:MOST_NAMES]


def _error(column: Column, table: Table) -> Column | None:
    """The column of the standard error that stands behind a column's estimates; None where it is printed alone."""
    key = "se" if column.key == "mean" else f"{column.key}_se"
    return next((each for each in table.columns if each.key == key and key not in table.brief), None)


def _caption(table: Table) -> str:
    """What its terms mean, and where the rows are that the screen has no room for."""
    rest = len(table.rows) - table.most if table.most else 0
    more = f"{counted(rest, 'more row')} in tables/{table.name}.csv." if rest > 0 else ""
    return " ".join(part for part in (table.lead, more) if part)


def heat_table(figure: Figure, title: str) -> Fitted:
    """A heat table without its colours."""
    shape = figure.shape
    assert isinstance(shape, Heat)
    names = [name for name, _ in shape.columns]
    rows = [(row.name, dict(zip(names, map(_cell, row.cells), strict=True))) for row in shape.rows]
    return Fitted(figure.label or title, figure.note, rows)


def _cell(cell: Cell) -> str:
    return f"{cell.text} {cell.mark}".strip()
