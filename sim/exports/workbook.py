"""Read a sheet of a workbook: cells as text, dates as ISO dates, numbers with a decimal point."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.errors import InputError, Problem, shown
from sim.exports.sheet import MOST_COLUMNS, Grid, too_large

ROWS_AT_ONCE: Final = 1 << 14
FIRST_ROWS: Final = 60


def read_workbook(
    path: Path, sheet: str | None, best: Callable[[list[list[str]]], int]
) -> tuple[Grid, tuple[str, ...]]:
    """The cells of the sheet that the map names or, without one, of the sheet whose first rows ``best`` rates highest; and
    the names of the other sheets that hold something.

    Raises: InputError when it cannot be opened, or has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise InputError(
                [Problem(f"{path}: sheet", f"one of {names}", shown(sheet), "See [file] of the map.")]
            )
        sheets = {name: book.get_sheet_by_name(name) for name in ([sheet] if sheet else names)}
        first = {name: _first_rows(each) for name, each in sheets.items()}
        filled = [name for name in sheets if any(any(row) for row in first[name])]
        if not filled:
            raise InputError([Problem(str(path), "a workbook with a filled sheet", "empty sheets only")])
        chosen = sheet or max(filled, key=lambda name: best(first[name]))
        grid = _grid(path, sheets[chosen])
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        fix = "Open it and save it again as .xlsx, without a password."
        raise InputError([Problem(str(path), "a readable workbook", shown(str(error)), fix)]) from None
    evidence = ("sheet", f"{chosen}, by the map" if sheet else f"{chosen}, whose header is known best")
    return Grid(*grid[:2], (evidence,)), tuple(name for name in filled if name != chosen)


def text_of(cell: Any) -> str:
    """A cell as text that reads one way only.

    >>> text_of(120.125), text_of(120000.0), text_of(dt.date(2026, 2, 10)), text_of(None)
    ('120.1250', '120000', '2026-02-10', '')
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell == int(cell) and abs(cell) < 1e15:
            return str(int(cell))
        text = repr(cell)
        # Three decimals would read as thousands to one reader and as decimals to another.
        return f"{text}0" if len(text.partition(".")[2]) == 3 else text
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _grid(path: Path, sheet: Any) -> Grid:
    import pyarrow as pa

    width = sheet.width
    if width > MOST_COLUMNS:
        raise too_large(path, "columns", MOST_COLUMNS)
    parts: list[list[pa.StringArray]] = [[] for _ in range(width)]
    rows: list[list[str]] = []

    def flush() -> None:
        for place in range(width):
            parts[place].append(pa.array([row[place] for row in rows], pa.string()))
        rows.clear()

    count = 0
    for row in sheet.iter_rows():
        rows.append([text_of(cell) for cell in row])
        count += 1
        if len(rows) == ROWS_AT_ONCE:
            flush()
    flush()
    return Grid([pa.concat_arrays(part) for part in parts], np.arange(1, count + 1), ())


def _first_rows(sheet: Any) -> list[list[str]]:
    """The rows in which a header is looked for."""
    rows = []
    for row in sheet.iter_rows():
        rows.append([text_of(cell) for cell in row])
        if len(rows) == FIRST_ROWS:
            break
    return rows
