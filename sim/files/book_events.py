"""Read what happened in books besides renewals: ARR at the start, expansions, and KPI readings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.files.cells import LARGEST_NUMBER, Column, Dates, Floats, Integers
from sim.files.csv import read_columns

MOST_PERIODS: Final = 400

OPENING_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("arr", "number", above=0.0, money=True),
    *(Column(name, required=False, blank="") for name in ("contract", "segment")),
    *(Column(name, "date", required=False, blank="NaT") for name in ("due_date", "since")),
    Column("term_months", "integer", required=False, blank=0, least=0),
)
EXPANSION_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("date", "date"),
    Column("arr", "number", above=0.0, money=True),
)
KINDS: Final = ("new", "expansion", "contraction", "cancellation", "credit")
EVENT_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("date", "date"),
    Column("arr", "number", least=-LARGEST_NUMBER, money=True),
    Column("kind", "choice", choices=KINDS),
)
KPI_COLUMNS: Final = (
    Column("csm", person=True),
    Column("date", "date", required=False),
    Column("period", "integer", required=False, least=0, most=MOST_PERIODS),
    Column("kpi"),
    Column("value", "number", least=-LARGEST_NUMBER),
)


@dataclass(frozen=True)
class Opening:
    """The accounts of each book on the first day. arr [usd/yr]; row: number of each entry's row in the file"""

    path: Path
    csm: tuple[str, ...]
    account: tuple[str, ...]
    arr: Floats
    row: tuple[int, ...] = ()

    def only(self, rows: list[int]) -> "Opening":
        """Some of the entries."""
        names = (tuple(self.csm[row] for row in rows), tuple(self.account[row] for row in rows))
        return Opening(self.path, *names, self.arr[rows])


@dataclass(frozen=True)
class Expansions:
    """ARR added in the term of a contract, or taken from it, one entry a booking. arr [usd/yr]; row: as in ``Opening``

    kind : what each entry is, one of ``KINDS``; growth all of it where empty. A contraction or a cancellation takes ARR
           away; a credit takes back some of what was booked as growth.
    left_out : entries of new customers, whom no plan of a book pays for.
    """

    path: Path
    csm: tuple[str, ...]
    account: tuple[str, ...]
    date: Dates
    arr: Floats
    row: tuple[int, ...] = ()
    kind: tuple[str, ...] = ()
    left_out: int = 0

    def only(self, rows: list[int]) -> "Expansions":
        """Some of the entries."""
        names = (tuple(self.csm[row] for row in rows), tuple(self.account[row] for row in rows))
        kind = tuple(self.kind[row] for row in rows) if self.kind else ()
        return Expansions(self.path, *names, self.date[rows], self.arr[rows], kind=kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each entry is, one of ``KINDS``."""
        return self.kind or ("expansion",) * len(self.csm)

    def of(self, *kinds: str) -> NDArray[np.bool_]:
        """Whether each entry is of some of the kinds. [entry]"""
        return np.array(
            [kind in kinds for kind in self.kind or ("expansion",) * len(self.csm)], dtype=np.bool_
        )


@dataclass(frozen=True)
class Readings:
    """KPI readings of books, by their date or by their period (0-based); one of the two is None.

    value : on the KPI's own scale; onboarding as a share.
    row   : as in ``Opening``.
    """

    path: Path
    csm: tuple[str, ...]
    date: Dates | None
    period: Integers | None
    kpi: tuple[str, ...]
    value: Floats
    row: tuple[int, ...] = ()

    def only(self, rows: list[int]) -> "Readings":
        """Some of the entries."""
        return Readings(
            self.path,
            tuple(self.csm[row] for row in rows),
            None if self.date is None else self.date[rows],
            None if self.period is None else self.period[rows],
            tuple(self.kpi[row] for row in rows),
            self.value[rows],
        )


def read_opening(path: Path) -> Opening:
    """Read ``csm, account, arr``: the book on the first day of the first period; with ``contract``, a row for each.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, OPENING_COLUMNS)
    table.unique("csm", "account", *(("contract",) if "contract" in table.text else ()))
    table.check()
    arr: dict[tuple[str, str], float] = {}
    row: dict[tuple[str, str], int] = {}
    names = zip(table.text["csm"], table.text["account"], strict=True)
    for key, amount, number in zip(names, table.number["arr"].tolist(), table.row, strict=True):
        arr[key] = arr.get(key, 0.0) + amount
        row.setdefault(key, number)
    csm, account = (tuple(key[part] for key in arr) for part in (0, 1))
    return Opening(path, csm, account, np.array(list(arr.values())), tuple(row.values()))


def read_expansions(path: Path) -> Expansions:
    """Read ``csm, account, date, arr``: expansions between renewals.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, EXPANSION_COLUMNS)
    table.check()
    names = (tuple(table.text["csm"]), tuple(table.text["account"]))
    return Expansions(path, *names, table.date["date"], table.number["arr"], tuple(table.row))


def read_events(path: Path) -> Expansions:
    """Read ``csm, account, date, arr, kind``: what happened between renewals, in either sign.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, EVENT_COLUMNS)
    for record, kind in enumerate(table.text["kind"]):
        arr, takes = float(table.number["arr"][record]), kind in KINDS[2:]
        if arr == 0.0 or (arr < 0.0) != takes:
            allowed = "below 0" if takes else "above 0"
            table.refuse(record, "arr", allowed, f"{arr:,.2f}", f"It is the change of ARR by a {kind}.")
    table.check()
    rows = [record for record, kind in enumerate(table.text["kind"]) if kind != "new"]
    csm, account, kinds = (
        tuple(table.text[name][row] for row in rows) for name in ("csm", "account", "kind")
    )
    numbers = tuple(table.row[row] for row in rows)
    return Expansions(
        path,
        csm,
        account,
        table.date["date"][rows],
        table.number["arr"][rows],
        numbers,
        kinds,
        len(table.text["kind"]) - len(rows),
    )


def read_readings(path: Path) -> Readings:
    """Read ``csm, kpi, value`` and either ``date`` or ``period``: the last reading of a period counts.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, KPI_COLUMNS)
    by_date, by_period = "date" in table.date, "period" in table.integer
    if by_date == by_period:
        received = "both" if by_date else "neither"
        raise InputError([Problem(f"{path}, row 1", "one of the columns date and period", received)])
    table.unique("csm", "date" if by_date else "period", "kpi")
    table.check()
    return Readings(
        path,
        tuple(table.text["csm"]),
        table.date["date"] if by_date else None,
        table.integer["period"] if by_period else None,
        tuple(table.text["kpi"]),
        table.number["value"],
        tuple(table.row),
    )
