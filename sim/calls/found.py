"""What a call found: a typed value, and its tables for people, for pandas, polars and Arrow."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sim.shapes.section import Section
from sim.shapes.table import Table

if TYPE_CHECKING:
    import pandas as pd

V = TypeVar("V")


class Found(Generic[V]):
    """What a call found. In a notebook it shows itself; polars, Arrow and DuckDB read it as its first table.

    value    : typed, as the modules of the package have it.
    tables   : by name, as reports show them.
    findings : sentences that say what they say.
    """

    def __init__(self, said: str, value: V, sections: Iterable[Section], document: dict[str, Any]) -> None:
        held = tuple(sections)
        self.value = value
        self.tables: dict[str, Table] = {table.name: table for section in held for table in section.tables}
        self.findings = tuple(section.finding for section in held if section.finding)
        self.document = document
        self._said = said

    def __repr__(self) -> str:
        """Short, and without what is the company's."""
        return self._said

    def frame(self, name: str | None = None) -> "pd.DataFrame":
        """One of the tables, the first where none is named; its units in ``attrs["units"]``.

        Raises: KeyError with the names there are.
        """
        import pandas as pd

        table = self._table(name)
        rows = pd.DataFrame(table.rows, columns=[column.key for column in table.columns])
        rows.attrs["units"] = {column.key: column.unit for column in table.columns}
        return rows

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The first table as an Arrow stream (PyCapsule interface)."""
        from sim.report.parquet import arrow_of

        return arrow_of(self._table(None)).__arrow_c_stream__(requested_schema)

    def _table(self, name: str | None) -> Table:
        if name is None and self.tables:
            return next(iter(self.tables.values()))
        if name not in self.tables:
            raise KeyError(f"{name!r}: there are {', '.join(self.tables) or 'no tables'}")
        return self.tables[name]

    def _repr_html_(self) -> str:
        from sim.report.html import tables_html

        return tables_html(self._said, self.findings, self.tables.values())
