"""Read a CSV file into typed columns, or say everything that is wrong with it, by row and column.

Rows are numbered as a spreadsheet shows them: the header is row 1. Cells are trimmed, blank lines skipped.
"""

import csv
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from sim.errors import MOST_SAID, InputError, Problem, near_match, shown
from sim.files.cells import Column, Dates, Floats, Integers, Wrong, parse_cell
from sim.files.text import lines_of

MOST_ROWS: Final = 1_000_000
"""A table with more rows is refused. [row]"""
LARGEST_TABLE: Final = 512 * 1024 * 1024
"""So is a larger file, before it is read: so many rows of 500 letters. [byte]"""


FROM_ELSEWHERE: Final = "Exports of a CRM as they come are read by csmsim intake, which writes such files."


@dataclass
class Table:
    """The columns of a CSV file, and the problems found in it so far.

    row     : row number of every record, as a spreadsheet shows it. [record]
    text    : text and choice columns by name; ``""`` where blank. [record]
    number  : number columns by name; a blank cell holds ``Column.blank``. [record]
    integer : integer columns by name. [record]
    date    : date columns by name; ``NaT`` where blank. [record] [day]

    An absent optional column is in none of them. A cell with a problem holds a stand-in: call ``check``
    before using any value.
    """

    path: Path
    row: list[int]
    text: dict[str, list[str]] = field(default_factory=dict)
    number: dict[str, Floats] = field(default_factory=dict)
    integer: dict[str, Integers] = field(default_factory=dict)
    date: dict[str, Dates] = field(default_factory=dict)
    _order: tuple[str, ...] = ()
    _found: list[tuple[int, int, Problem]] = field(default_factory=list)
    _spoiled: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        """Number of records."""
        return len(self.row)

    def refuse(self, record: int, column: str, allowed: str, received: str, fix: str = "") -> None:
        """Add a problem of one cell; silent about a record that already has an unreadable cell.

        ``received`` is printed as it is: give ``repr(value)`` for a value, or words such as ``a blank cell``.
        """
        if record not in self._spoiled:
            self._add(record, column, Problem(self._where(record, column), allowed, received, fix))

    def unique(self, *columns: str, fix: str = "", among: Sequence[bool] | None = None) -> None:
        """Add a problem for every record that repeats an earlier one in these two or more columns.

        fix   : what to do where both are real.
        among : the records that are held against each other; all of them where left out. [record]
        """
        first: dict[tuple[Hashable, ...], int] = {}
        for record, key in enumerate(zip(*(self._cells(name) for name in columns), strict=True)):
            if among is not None and not among[record]:
                continue
            earlier = first.setdefault(key, record)
            if earlier != record:
                row = self.row[record]
                where = f"{self.path}, row {row}, columns {', '.join(columns[:-1])} and {columns[-1]}"
                received = ", ".join(repr(str(part)) for part in key)
                if record not in self._spoiled:
                    told = " ".join(filter(None, (f"It repeats row {self.row[earlier]}.", fix)))
                    problem = Problem(where, "different from every other row", received, told)
                    self._add(record, columns[-1], problem)

    def check(self) -> None:
        """Stop if anything was found.

        Raises: InputError with every problem in reading order.
        """
        problems = [problem for _, _, problem in sorted(self._found, key=lambda found: found[:2])]
        if problems:
            raise InputError(problems)

    def spoil(self, record: int, column: str, wrong: Wrong) -> None:
        """Add the problem of a cell that could not be read."""
        self._spoiled.add(record)
        self._add(record, column, Problem(self._where(record, column), *wrong))

    def _add(self, record: int, column: str, problem: Problem) -> None:
        place = self._order.index(column) if column in self._order else len(self._order)
        self._found.append((self.row[record], place, problem))

    def _where(self, record: int, column: str) -> str:
        return f"{self.path}, row {self.row[record]}, column {column}"

    def _cells(self, name: str) -> Sequence[Hashable]:
        kinds: tuple[dict[str, list[str]] | dict[str, Floats] | dict[str, Integers] | dict[str, Dates], ...]
        kinds = (self.text, self.number, self.integer, self.date)
        found = next(kind[name] for kind in kinds if name in kind)
        return found if isinstance(found, list) else found.tolist()


def read_columns(path: Path, columns: Sequence[Column]) -> Table:
    """Read the columns of a CSV file: UTF-8 (a byte order mark is accepted), commas, one header row.

    Problems of single cells are kept in the table; the caller adds its own and then calls ``Table.check``.

    Raises: InputError when the file is no such table at all: unreadable, not UTF-8, empty, a wrong header,
    rows of the wrong length, too many rows, broken quotes.
    """
    records = _records(path, lines_of(path, LARGEST_TABLE))
    header = [name.strip() for name in _header(path, records)]
    known = {column.name: column for column in columns}
    _check_header(path, header, known)
    rows, cells = _body(path, records, len(header))
    table = Table(path, rows, _order=tuple(header))
    for place, name in enumerate(header):
        _fill(table, known[name], cells[place])
        cells[place] = []
    return table


def _records(path: Path, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row that is not blank."""
    reader = csv.reader(_without_nul(path, lines), strict=True)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if any(record) and not all(cell.isspace() or not cell for cell in record):
                yield row, record
    except csv.Error as error:
        where = f"{path}, row {row + 1}"
        problem = Problem(where, "a readable CSV row", repr(str(error)), "Check its quotes.")
        raise InputError([problem]) from None


def _without_nul(path: Path, lines: Iterator[str]) -> Iterator[str]:
    for row, line in enumerate(lines, start=1):
        if "\0" in line:
            fix = "The file is damaged or not a CSV."
            raise InputError([Problem(f"{path}, row {row}", "text", "a NUL byte", fix)])
        yield line


def _header(path: Path, records: Iterator[tuple[int, list[str]]]) -> list[str]:
    for _, header in records:
        return header
    raise InputError([Problem(str(path), "a CSV file with a header row", "an empty file")])


def _check_header(path: Path, header: list[str], known: dict[str, Column]) -> None:
    where = f"{path}, row 1"
    names = list(known)
    required = [name for name in names if known[name].required]
    if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
        raise InputError(
            [Problem(where, "column names separated by commas", shown(header[0]), FROM_ELSEWHERE)]
        )
    if not any(name in known or near_match(_key(name), names) for name in header):
        received = ", ".join(shown(name) for name in header[:3]) + (", ..." if len(header) > 3 else "")
        raise InputError([Problem(where, f"the columns {', '.join(required)}", received, FROM_ELSEWHERE)])
    problems: list[Problem] = []
    meant = set()
    for place, name in enumerate(header):
        if name not in known:
            near = near_match(_key(name), names) if len(problems) < MOST_SAID else ""
            meant |= {each for each in names if repr(each) in near}
            fix = near or "Remove the column or correct its name."
            problems.append(Problem(f"{where}, column {place + 1}", f"one of {names}", repr(name[:80]), fix))
        elif name in header[:place]:
            problems.append(Problem(f"{where}, column {place + 1}", "named once", f"{name!r} again"))
    # A column that is there under another name is not missing besides.
    missing = [name for name in required if name not in header and name not in meant]
    problems += [Problem(f"{where}, column {name}", "present", "nothing") for name in missing]
    if problems:
        raise InputError(problems)


def _key(name: str) -> str:
    return name.lower().replace(" ", "_")


def _body(
    path: Path, records: Iterator[tuple[int, list[str]]], width: int
) -> tuple[list[int], list[list[str]]]:
    """Row numbers, and the trimmed cells of each column: a cell that repeats is kept once."""
    rows: list[int] = []
    cells: list[list[str]] = [[] for _ in range(width)]
    seen: list[dict[str, str]] = [{} for _ in range(width)]
    problems: list[Problem] = []
    for row, record in records:
        if len(rows) == MOST_ROWS:
            raise InputError([Problem(str(path), f"at most {MOST_ROWS:,} rows long", "more")])
        rows.append(row)
        if len(record) != width:
            fix = "A cell with a comma in it needs quotes." if len(record) > width else ""
            problems.append(Problem(f"{path}, row {row}", f"{width} cells", f"{len(record)} cells", fix))
            continue
        for column, known, cell in zip(cells, seen, record, strict=True):
            text = cell.strip()
            column.append(known.setdefault(text, text))
    if problems:
        raise InputError(problems)
    if not rows:
        raise InputError([Problem(str(path), "a header and at least one row", "a header only")])
    return rows, cells


def _fill(table: Table, column: Column, cells: list[str]) -> None:
    read = {cell: parse_cell(column, cell) for cell in dict.fromkeys(cells)}
    wrong = {cell: value for cell, value in read.items() if isinstance(value, Wrong)}
    if wrong:
        read |= dict.fromkeys(wrong, column.stand_in)
        for record, cell in enumerate(cells):
            if cell in wrong:
                table.spoil(record, column.name, wrong[cell])
    values = [read[cell] for cell in cells]
    if column.kind in ("text", "choice"):
        table.text[column.name] = [str(value) for value in values]
    elif column.kind == "number":
        table.number[column.name] = np.array(values, dtype=np.float64)
    elif column.kind == "integer":
        table.integer[column.name] = np.array(values, dtype=np.int64)
    else:
        table.date[column.name] = np.array(values, dtype="datetime64[D]")
