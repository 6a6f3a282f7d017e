"""An export as it lies there: its header, the cells below it as text, and what is no record."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS: Final = 2_000_000
"""An export with more rows is refused. [row]"""
MOST_COLUMNS: Final = 1_000


class Aside(NamedTuple):
    """A row that is not used: its number as a spreadsheet shows it, why, and what stands in it."""

    row: int
    reason: str
    content: str


class Grid(NamedTuple):
    """All rows of a file as text.

    columns  : one array of text a column, trimmed; ``""`` where blank. [column][record]
    row      : number of each record, as a spreadsheet shows it. [record]
    evidence : how it was read.
    """

    columns: list["pa.StringArray"]
    row: NDArray[np.int64]
    evidence: tuple[tuple[str, str], ...]

    def record(self, at: int) -> list[str]:
        """The cells of one record."""
        return [str(column[at]) for column in self.columns]


class Cells:
    """A column: its different texts, and which of them stands in each record."""

    def __init__(self, header: str, column: "pa.StringArray") -> None:
        encoded = column.dictionary_encode()
        self.header = header
        self.values: list[str] = encoded.dictionary.to_pylist()
        self.code: NDArray[np.int32] = np.asarray(encoded.indices, dtype=np.int32)

    def __len__(self) -> int:
        """Number of records."""
        return len(self.code)

    def texts(self) -> NDArray[np.object_]:
        """The text of every record. [record]"""
        return np.array([*self.values, ""], dtype=object)[self.code]


@dataclass
class Sheet:
    """The records of an export.

    header   : names of the columns, each different.
    cells    : the columns by name.
    row      : number of every record, as a spreadsheet shows it. [record]
    aside    : rows that are no records: above the header, totals, footers, the header again.
    blank    : number of blank rows.
    evidence : what was recognised of the file, and how.
    totals   : rows that the export itself calls totals, by the name of the column.
    others   : further sheets of the workbook that hold something.
    """

    path: Path
    header: tuple[str, ...]
    cells: dict[str, Cells]
    row: NDArray[np.int64]
    aside: list[Aside]
    blank: int
    evidence: list[tuple[str, str]]
    totals: list[dict[str, str]] = field(default_factory=list)
    others: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of records."""
        return len(self.row)

    def content(self, at: int) -> str:
        """What stands in a record."""
        return joined(cells.values[cells.code[at]] for cells in self.cells.values())


def joined(cells: object) -> str:
    """The cells of a row in one text that is not too long to list."""
    text = " | ".join(" ".join(str(each).split()) for each in cells)  # type: ignore[attr-defined]
    return text if len(text) <= 400 else f"{text[:397]}..."


def too_large(path: Path, what: str, most: int) -> InputError:
    """The error for an export beyond what is read."""
    return InputError([Problem(str(path), f"at most {most:,} {what} long", "more", "Export less of it.")])
