"""Everything a report shows, as plain tables: one source for the page, the workbook, the deck and the CSV files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal, TypeAlias

from sim.shapes.amounts import Unit, at_most, number, share, unit_for
from sim.shapes.chart import Bars, Foots, Lines
from sim.shapes.fragile import MARK, MARKED
from sim.summary.entry import Entry

Kind: TypeAlias = Literal["text", "usd", "error", "dollar", "money", "cent", "share", "count", "ratio", "p"]
"""What a number is: ``usd`` and its standard ``error`` in the table's unit, ``dollar`` in whole ones, ``money`` to the cent,
``cent`` per usd; ``p`` is the chance of a difference where there is none.
"""
Value: TypeAlias = str | float | int | None

UNITS: Final[dict[Kind, str]] = {
    "text": "",
    "usd": "usd",
    "error": "usd",
    "dollar": "usd",
    "money": "usd",
    "cent": "usd/usd",
    "share": "share",
    "count": "count",
    "ratio": "ratio",
    "p": "share",
}


@dataclass(frozen=True)
class Column:
    """A column: ``key`` for machines, ``title`` for people; ``signed`` amounts show their plus.

    sets_unit : whether its amounts count when the table's unit is chosen.
    none      : what a reader sees where there is no value; files for machines leave it empty.
    group     : what it belongs to, over the titles of several columns.
    note      : the sentence that says what it means, told where the column is there.
    mean      : whether it is a mean over worlds of a plan's money, which a fragile plan has marked.
    most      : key of the column that says how much a share that was never seen above 0 can be at most.
    brief     : its title on a narrow screen; ``title`` where left out.
    always    : whether it stays where no row has a value: that there is none is what it says.
    names     : whether, as a text before the numbers, it names a row there.
    """

    key: str
    title: str
    kind: Kind = "text"
    signed: bool = False
    sets_unit: bool = True
    none: str = ""
    group: str = ""
    note: str = ""
    mean: bool = False
    most: str = ""
    brief: str = ""
    always: bool = False
    names: bool = True

    @property
    def unit(self) -> str:
        """The unit of the plain numbers, as files name it."""
        return UNITS[self.kind]


PLAN: Final = Column("plan", "Plan")
"""The first column of most tables."""


@dataclass(frozen=True)
class Table:
    """Rows of plain values; None where a row has no such measure.

    name    : for files and sheets.
    title   : with the question it answers.
    note    : what its terms mean.
    fragile : plans whose means are marked.
    lead    : of the note, what is said before its columns are explained.
    brief   : keys of the columns that a narrow screen has room for; a table without any is not shown there. A standard
              error that is not among them stands behind its estimate.
    short   : its title there; ``{unit}`` stands for the unit of its amounts.
    across  : key of the column whose values a narrow screen shows beside each other, a column for each.
    most    : rows that it has room for, the first ones; all where 0.
    chart   : what a spreadsheet draws of it.
    foots   : parts that a spreadsheet adds up, above the table.
    links   : of each row, what a page leads to from its last cell: words and addresses. Empty where nothing.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    fragile: frozenset[str] = frozenset()
    lead: str = ""
    brief: tuple[str, ...] = ()
    short: str = ""
    across: str = ""
    most: int = 0
    chart: Bars | Lines | None = None
    foots: Foots | None = None
    links: tuple[tuple[tuple[str, str], ...], ...] = ()

    @property
    def unit(self) -> Unit:
        """What its amounts are shown in."""
        return unit_for(self._numbers("usd"), self._numbers("error"))

    def _numbers(self, kind: Kind) -> list[float]:
        places = [at for at, column in enumerate(self.columns) if column.kind == kind and column.sets_unit]
        return [float(row[at] or 0.0) for row in self.rows for at in places]

    def shown(self) -> list[list[str]]:
        """Every cell as a reader sees it."""
        unit = self.unit
        return [[self.cell(column, row, unit) for column in self.columns] for row in self.rows]

    def cell(self, column: Column, row: Sequence[Value], unit: Unit) -> str:
        """One cell as a reader sees it, a fragile mean marked; of what was never seen, the most that it can be."""
        values = {each.key: value for each, value in zip(self.columns, row, strict=True)}
        value, most = values[column.key], values.get(column.most)
        if value == 0.0 and isinstance(most, float):
            return at_most(most)
        return show(column, value, unit) + (MARK if value is not None and self.marks(column, row) else "")

    def marks(self, column: Column, row: Sequence[Value]) -> bool:
        """Whether a column's value in a row is a mean that is not to be relied on."""
        return column.mean and self._plan_of(row) in self.fragile

    def marks_row(self, row: Sequence[Value]) -> bool:
        """Whether a row holds such a mean."""
        return any(self.marks(column, row) for column in self.columns)

    def _plan_of(self, row: Sequence[Value]) -> Value:
        return next(
            (value for column, value in zip(self.columns, row, strict=True) if column.key == "plan"), None
        )

    def marked(self, fragile: frozenset[str]) -> "Table":
        """The table with these plans' means marked, and the sentence that says what the mark means."""
        found = replace(self, fragile=fragile)
        return (
            replace(found, note=f"{self.note} {MARKED}".strip())
            if any(map(found.marks_row, self.rows))
            else self
        )

    @property
    def groups(self) -> list[tuple[str, int]]:
        """What stands over the columns, and over how many of them; empty without any."""
        runs = [
            (group, len(list(run))) for group, run in groupby(self.columns, key=lambda column: column.group)
        ]
        return runs if any(group for group, _ in runs) else []


def by_name(tables: Iterable[Table | None]) -> dict[str, Table]:
    """Those of the tables that have something to say, by name."""
    return {each.name: each for each in tables if each is not None}


def with_marks(table: Table) -> Table:
    """For machines: a column more that says whose means are fragile; the table itself where none is."""
    if not any(map(table.marks_row, table.rows)):
        return table
    column = Column("mean_is", "Mean is", note="fragile: rests on a few worlds.")
    rows = tuple((*row, "fragile" if table.marks_row(row) else None) for row in table.rows)
    return replace(table, columns=(*table.columns, column), rows=rows)


def table(
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value]],
    note: str = "",
    *,
    brief: Sequence[str] = (),
    short: str = "",
    across: str = "",
    most: int = 0,
    lead: str | None = None,
    chart: Bars | Lines | None = None,
    foots: Foots | None = None,
) -> Table | None:
    """A table of the columns that at least one row has, with their notes after the table's own; None without rows.

    lead : the note on a narrow screen, where it is not the table's own.
    """
    found = list(rows)
    used = tuple(
        column for column in columns if column.always or any(row.get(column.key) is not None for row in found)
    )
    if not found or not used:
        return None
    told = " ".join(part for part in (note, *dict.fromkeys(column.note for column in used)) if part)
    cells = tuple(tuple(row.get(each.key) for each in used) for row in found)
    return Table(
        name,
        title,
        used,
        cells,
        told,
        lead=note if lead is None else lead,
        brief=tuple(brief),
        short=short or title,
        across=across,
        most=most,
        chart=chart,
        foots=foots,
    )


def plain(entry: Entry) -> dict[str, Value]:
    """The plain values of an entry, by the names that files have: the cells of a row."""
    document = entry.document()
    return {
        key: value
        for key, value in document.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }


def show(column: Column, value: Value, unit: Unit) -> str:
    """One value as text."""
    if value is None:
        return column.none
    if isinstance(value, str):
        return value
    shows: dict[Kind, Callable[[float], str]] = {
        "text": str,
        "usd": lambda amount: unit.show(amount, sign=column.signed),
        "error": unit.show,
        "dollar": lambda amount: number(amount, 0, column.signed),
        "money": lambda amount: number(amount, 2, column.signed),
        "cent": lambda amount: f"{number(100.0 * amount, 2, column.signed)}¢",
        "share": lambda part: share(part, 1, sign=column.signed),
        "count": lambda count: number(count, 0),
        "ratio": lambda ratio: number(ratio, 2),
        "p": lambda chance: "<0.001" if chance < 0.001 else f"{chance:.3f}",
    }
    return shows[column.kind](float(value))


DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula when it stands first. Source: OWASP, CSV Injection."""
LONGEST_TEXT: Final = 32_000
"""A spreadsheet cell holds 32,767 characters. [character]"""


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula, of a length that a cell holds."""
    found = text[:LONGEST_TEXT]
    return f"'{found}" if found.lstrip(" ").startswith(DANGEROUS) else found
