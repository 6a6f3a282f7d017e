"""A table as a terminal shows it: the columns that a narrow screen has room for, estimates with their errors behind them."""

from sim.report.terminal.worded import Worded
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import MARK
from sim.shapes.heat import Cell, Heat
from sim.shapes.section import Figure
from sim.shapes.table import Column, Table, show

BETWEEN = " · "
"""Between a plan and its role, which name a row together."""
MOST_NAMES = 2


def printed(table: Table) -> Fitted | Worded:
    """The brief columns of a table that has some; folded where it says more in words than who a row is about."""
    columns = {column.key: column for column in table.columns}
    chosen = [columns[key] for key in table.brief if key in columns]
    if sum(column.kind == "text" and column.names for column in chosen) > MOST_NAMES:
        return Worded(table)
    names = [column for column in chosen if column.kind == "text" and column in _leading(chosen)]
    numbers = [column for column in chosen if column not in names]
    errors = {
        column.key: columns[f"{column.key}_se"]
        for column in numbers
        if f"{column.key}_se" in columns and f"{column.key}_se" not in table.brief
    }
    titles = {column.key: _title(column, column.key in errors) for column in numbers}
    rows: list[tuple[str, Row]] = []
    for row in table.rows[: table.most or None]:
        values = {column.key: value for column, value in zip(table.columns, row, strict=True)}
        name = BETWEEN.join(str(values[column.key]) for column in names if values[column.key] is not None)
        cells: Row = {}
        for column in numbers:
            text = show(column, values[column.key], table.unit)
            if text and values[column.key] is not None and table.marks(column, row):
                text += MARK
            error = errors.get(column.key)
            if error is not None and values[error.key] is not None:
                text += f" ± {show(error, values[error.key], table.unit)}"
            cells[titles[column.key]] = text
        rows.append((name, cells))
    return Fitted(
        table.short.replace("{unit}", table.unit.name),
        _caption(table),
        rows,
        names[0].brief or names[0].title if names else "",
        terms={titles[column.key]: column.note for column in numbers if column.note},
        groups={titles[column.key]: column.group for column in numbers if column.group},
    )


def _leading(columns: list[Column]) -> list[Column]:
    """The texts before the first number: they name a row."""
    leading: list[Column] = []
    for column in columns:
        if column.kind != "text" or not column.names:
            break
        leading.append(column)
    return leading[:MOST_NAMES]


def _title(column: Column, with_error: bool) -> str:
    return f"{column.brief or column.title}{' ±' if with_error else ''}"


def _caption(table: Table) -> str:
    """What its terms mean, and where the rows are that the screen has no room for."""
    rest = len(table.rows) - table.most if table.most else 0
    more = f"{rest} more rows in tables/{table.name}.csv." if rest > 0 else ""
    return " ".join(part for part in (table.lead, more) if part)


def heat_table(figure: Figure, title: str) -> Fitted:
    """A heat table without its colours."""
    shape = figure.shape
    assert isinstance(shape, Heat)
    names = [name for name, _ in shape.columns]
    rows = {row.name: dict(zip(names, map(_cell, row.cells), strict=True)) for row in shape.rows}
    return Fitted(figure.label or title, figure.note, rows)


def _cell(cell: Cell) -> str:
    return f"{cell.text} {cell.mark}".strip()
