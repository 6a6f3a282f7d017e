"""From all rows of a file to its records: where the header is, and which rows below it are none."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.exports.encoding import content_of
from sim.exports.sheet import Aside, Cells, Grid, Sheet, joined
from sim.exports.text_file import read_text_file
from sim.exports.workbook import read_workbook

if TYPE_CHECKING:
    import pyarrow as pa

WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a packed (.xlsx, .ods) and an old (.xls) workbook begin."""
FIRST_ROWS: Final = 60
"""Rows in which the header is looked for. [row]"""
MOST_FILLED: Final = 0.75
"""A total or footer fills fewer of the columns than this. [share]"""
TOTAL: Final = re.compile(
    r"(grand|sub|overall|report|page|column)?[\s-]*(totals?|sum|count|average|records?|summe|gesamt(summe)?|total général)"
    r"(( (for|of|in|by|per)\b|\s*:|\s*\().*)?|.*\b(sub)?totals?:?",
    re.IGNORECASE,
)
TOTAL_WORD: Final = "total|sum|count|average|record|gesamt"
NUMBER: Final = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*")


def read_sheet(
    path: Path,
    known: Callable[[str], bool],
    *,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """The records of an export.

    known      : whether a header is the name of something in a system we know.
    encoding, separator, sheet, header_row : as the map has them; None to find them.

    Raises: InputError when there is no table in it.
    """

    def rated(rows: Sequence[Sequence[str]]) -> int:
        return max((_rating(row, known) for row in rows), default=0)

    others: tuple[str, ...] = ()
    if content_of(path).startswith(WORKBOOKS):
        grid, others = read_workbook(path, sheet, rated)
    else:
        grid = read_text_file(path, encoding, separator)
    at = _header(path, grid, known, header_row)
    return _records(path, grid, at, others, header_row is not None)


@lru_cache(maxsize=4096)
def plain_header(header: str) -> str:
    r"""A header without case, signs and doubled spaces.

    >>> plain_header("  Close\u00a0Date (UTC)*"), plain_header("booked_ARR")
    ('close date utc', 'booked arr')
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    return " ".join("".join(sign if sign.isalnum() or sign == "%" else " " for sign in text).split())


def _rating(row: Sequence[str], known: Callable[[str], bool]) -> int:
    """How many different cells of a row are names that we know."""
    return len({plain_header(cell) for cell in row if cell and known(cell)})


def _header(path: Path, grid: Grid, known: Callable[[str], bool], told: int | None) -> int:
    """The record that holds the header.

    Raises: InputError when there is none.
    """
    if told is not None:
        found = np.flatnonzero(grid.row == told)
        if not len(found):
            raise InputError([Problem(f"{path}: header_row", f"at most {len(grid.row)}", str(told))])
        return int(found[0])
    rows = [grid.record(at) for at in range(min(FIRST_ROWS, len(grid.row)))]
    ratings = [_rating(row, known) for row in rows]
    if max(ratings, default=0) >= 2:
        return ratings.index(max(ratings))
    widest = max(sum(map(bool, row)) for row in rows)
    for at, row in enumerate(rows):
        filled = [cell for cell in row if cell]
        words = [cell for cell in filled if not NUMBER.fullmatch(cell)]
        if len(filled) >= max(2, 0.6 * widest) and len(words) == len(filled) == len(set(filled)):
            return at
    fix = "Put the number of the row with the names of the columns into header_row under [file] of the map."
    raise InputError([Problem(str(path), "a table with a row of column names", "no such row", fix)])


def _records(path: Path, grid: Grid, at: int, others: tuple[str, ...], told: bool) -> Sheet:
    header = _names(grid.record(at))
    named = [place for place, name in enumerate(header) if name]
    filled = np.sum([_filled(column) for column in grid.columns], axis=0)
    below = np.arange(len(grid.row)) > at
    aside = [
        Aside(int(grid.row[each]), "above the header", joined(filter(None, grid.record(each))))
        for each in range(at)
        if filled[each]
    ]
    data = below & (filled > 0)
    sums: list[dict[str, str]] = []
    for each in _suspects(grid, at, data, filled):
        cells = grid.record(each)
        reason = _reason(cells, header, int(filled[each]))
        if reason:
            data[each] = False
            aside.append(Aside(int(grid.row[each]), reason, joined(filter(None, cells))))
            if reason.startswith("a total"):
                sums.append({header[place]: cells[place] for place in named if cells[place]})
    kept = np.flatnonzero(data)
    if not len(kept):
        raise InputError([Problem(str(path), "a header and at least one row below it", "no row below it")])
    unnamed = [place for place in range(len(header)) if place not in named]
    lost = [place for place in unnamed if _filled(grid.columns[place])[kept].any()]
    header = tuple(name or f"column {place + 1}" for place, name in enumerate(header))
    chosen = [place for place in range(len(header)) if place in named or place in lost]
    evidence = [
        *grid.evidence,
        ("header", f"row {grid.row[at]}, " + ("by the map" if told else "by the names in it")),
    ]
    return Sheet(
        path,
        tuple(header[place] for place in chosen),
        {header[place]: Cells(header[place], _taken(grid.columns[place], kept)) for place in chosen},
        grid.row[kept],
        aside,
        int((filled == 0).sum()),
        evidence,
        sums,
        others,
    )


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns on one line each, a repeated one numbered: ``Amount (2)``."""
    names: list[str] = []
    for cell in cells:
        name = " ".join(cell.split())
        number, one = 1, name
        while name and one in names:
            number += 1
            one = f"{name} ({number})"
        names.append(one)
    return tuple(names)


def _filled(column: "pa.StringArray") -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    return np.asarray(pc.not_equal(column, "").to_numpy(zero_copy_only=False), dtype=np.bool_)


def _taken(column: "pa.StringArray", kept: NDArray[np.int64]) -> Any:
    import pyarrow as pa

    return column.take(pa.array(kept))


def _suspects(grid: Grid, at: int, data: NDArray[np.bool_], filled: NDArray[np.int64]) -> list[int]:
    """Records that could be none: one cell alone, a word for totals among few, or the first cell of the header again."""
    import pyarrow as pa
    import pyarrow.compute as pc

    typical = float(np.median(filled[data])) if data.any() else 0.0
    few = np.flatnonzero(data & (filled <= MOST_FILLED * max(typical, 2.0)))
    odd = filled[few] == 1
    for column in grid.columns:
        named = pc.match_substring_regex(column.take(pa.array(few)), TOTAL_WORD, ignore_case=True)
        odd |= np.asarray(named.to_numpy(zero_copy_only=False), dtype=np.bool_)
    suspect = np.zeros(len(filled), dtype=np.bool_)
    suspect[few[odd]] = True
    place, cell = next((place, cell) for place, cell in enumerate(grid.record(at)) if cell)
    again = data & _equal(grid.columns[place], cell)
    return np.flatnonzero(suspect | again).tolist()


def _equal(column: "pa.StringArray", text: str) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    return np.asarray(pc.equal(column, text).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _reason(cells: Sequence[str], header: Sequence[str], filled: int) -> str:
    """Why a row is no record; empty where it may be one."""
    if [plain_header(cell) for cell in cells if cell] == [plain_header(name) for name in header if name]:
        return "the header again"
    first = next(cell for cell in cells if cell)
    if filled < len([name for name in header if name]) and TOTAL.fullmatch(first.strip()):
        return "a total of the export"
    if filled == 1 and len(header) > 2:
        return "a heading or a footer: one cell only"
    return ""
