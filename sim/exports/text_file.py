"""Read a separated text file: its separator found, every row kept, whatever its length."""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import InputError, Problem, shown
from sim.exports.encoding import content_of, decoded
from sim.exports.sheet import MOST_COLUMNS, MOST_ROWS, Grid, too_large

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_ROWS: Final = 400
SAMPLE: Final = 1 << 18
"""How much of a file its separator is found by. [character]"""


def read_text_file(path: Path, encoding: str | None = None, separator: str | None = None) -> Grid:
    """All rows of a separated text file.

    Raises: InputError when it is not one: not in the encoding, a quote that does not close, too long.
    """
    text, by = decoded(path, content_of(path), encoding)
    evidence = [("encoding", by)]
    told = _told(text)
    if separator is not None:
        sign, why = separator, "by the map"
    elif told is not None:
        sign, why = told, "as the first row says"
    else:
        sign, why = _separator(text)
    evidence.append(("separator", f"{SEPARATORS.get(sign, repr(sign))}, {why}"))
    sample = _rows(text[:SAMPLE], sign)
    if not sample:
        raise InputError([Problem(str(path), "an export with a header and rows", "an empty file")])
    width = _width(sample)
    if width > MOST_COLUMNS:
        raise too_large(path, "columns", MOST_COLUMNS)
    return _grid(path, text, sign, width, tuple(evidence))


def _told(text: str) -> str | None:
    """The separator that a first row ``sep=;`` names, as Excel writes it."""
    first = text[:20].split("\n", 1)[0].strip().strip('"').lower()
    return first[4] if first.startswith("sep=") and len(first) == 5 else "\t" if first == "sep=" else None


def _separator(text: str) -> tuple[str, str]:
    """The sign that cuts most rows into the same number of cells, more than one."""
    best = (0.0, 0)
    found = ","
    for sign in SEPARATORS:
        rows = [row for row in _rows(text[:SAMPLE], sign) if any(row)]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = (round(count / len(rows), 3), width)
        if score > best:
            best, found = score, sign
    if best[1] == 0:
        return ",", "as there is only one column"
    return found, f"which cuts {best[0]:.0%} of the rows into {best[1]} cells"


def _rows(sample: str, separator: str) -> list[list[str]]:
    """The first rows, the last one left out where the sample may cut it."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows[:-1] if len(sample) == SAMPLE and len(rows) > 1 else rows


def _width(rows: list[list[str]]) -> int:
    """The number of cells that most rows have, those with one cell left out where others have more; the first of equals."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    several = {width: count for width, count in widths.items() if width > 1}
    return max(several or widths or {1: 1}, key=lambda width: widths[width])


def _grid(path: Path, text: str, separator: str, width: int, evidence: tuple[tuple[str, str], ...]) -> Grid:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow

    odd: list[tuple[int, str]] = []

    def keep(invalid: Any) -> str:
        odd.append((invalid.number, invalid.text))
        return "skip"

    names = [str(place) for place in range(width)]
    content = text.encode()
    try:
        table = arrow.read_csv(
            pa.BufferReader(content),
            # One thread: only then is an odd row told with its number.
            read_options=arrow.ReadOptions(column_names=names, use_threads=False, block_size=1 << 24),
            parse_options=arrow.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        fix = "A row is too long, or its quotes do not close."
        raise InputError([Problem(str(path), "a readable table", shown(str(error)), fix)]) from None
    if len(table) + len(odd) > MOST_ROWS:
        raise too_large(path, "rows", MOST_ROWS)
    strange = np.array([each for each, _ in odd], dtype=np.int64)
    number = np.setdiff1d(np.arange(1, len(table) + len(odd) + 1), strange, assume_unique=True)
    first = int(number[0]) if len(number) else 0
    spare = [_fitted(path, row, cells, separator, width, first) for row, cells in odd]
    columns = [
        pa.concat_arrays([*table.column(place).chunks, pa.array([row[place] for row in spare], pa.string())])
        for place in range(width)
    ]
    number = np.concatenate([number, strange])
    order = np.argsort(number, kind="stable")
    if len(odd):
        columns = [column.take(pa.array(order)) for column in columns]
    trimmed = [_trimmed(pc, column) for column in columns]
    return Grid(trimmed, number[order], evidence)


def _trimmed(pc: Any, column: "pa.StringArray") -> "pa.StringArray":
    return pc.utf8_trim_whitespace(column)


def _fitted(path: Path, number: int, text: str, separator: str, width: int, first: int) -> list[str]:
    """The cells of a row that is shorter than most, or a title that is longer.

    first : the first row of the usual width.

    Raises: InputError when it has more cells than there are columns: an unquoted separator would have shifted them.
    """
    try:
        row = next(iter(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), [])
    except csv.Error:
        row = None
    if row is None or (len(text.splitlines()) > 5 and len(row) < width):
        fix = "Close its quote, or export it again."
        raise InputError(
            [Problem(f"{path}, row {number}", "a readable row", "a quote that is not closed", fix)]
        )
    if len(row) > width and (number >= first or any(cell.strip() for cell in row[width:])):
        fix = f"A cell with a {SEPARATORS.get(separator, 'separator')} in it needs quotes."
        raise InputError([Problem(f"{path}, row {number}", f"{width} cells", f"{len(row)} cells", fix)])
    return [*row, *[""] * width][:width]
