"""Read what happened in books besides renewals: ARR at the start, expansions, and KPI readings."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.files.cells import LARGEST_NUMBER, LONGEST_TERM, Column, Dates, Floats, Integers
from sim.files.csv import Table, read_columns

MOST_PERIODS: Final = 400

OPENING_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("arr", "number", above=0.0, money=True),
    *(Column(name, required=False, blank="") for name in ("contract", "segment")),
    *(Column(name, "date", required=False, blank="NaT") for name in ("due_date", "since")),
    Column("term_months", "integer", required=False, blank=0, least=0),
)
BOOKED_DATES: Final = {"invoice": "invoice_date", "cash": "cash_date"}
"""The column that holds each further date of what is booked between renewals."""
OF_BOOKINGS: Final = (
    *(Column(name, required=False, blank="") for name in ("contract", "booking")),
    Column("term_months", "integer", required=False, blank=0, least=0, most=LONGEST_TERM),
    *(Column(name, "date", required=False, blank="NaT") for name in BOOKED_DATES.values()),
)
KINDS: Final = ("new", "expansion", "contraction", "cancellation", "credit")
KIND: Final = Column("kind", "choice", choices=KINDS)
EVENT_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("date", "date"),
    Column("arr", "number", least=-LARGEST_NUMBER, money=True),
    KIND,
    *OF_BOOKINGS,
)
EXPANSION_COLUMNS: Final = tuple(
    replace(each, required=False) if each is KIND else each for each in EVENT_COLUMNS
)
KPI_COLUMNS: Final = (
    Column("csm", person=True),
    Column("date", "date", required=False),
    Column("period", "integer", required=False, least=0, most=MOST_PERIODS),
    Column("kpi"),
    Column("value", "number", least=-LARGEST_NUMBER),
)


class Contract(NamedTuple):
    """One contract of the book on the first day, a row of its file.

    entry       : of its account.
    arr         : [usd/yr]
    term_months : 0 where it is not known. [month]
    segment     : ``""`` where it is not known.
    due_date    : its end; None where it is not known.
    """

    entry: int
    contract: str
    arr: float
    term_months: int
    segment: str = ""
    due_date: date | None = None


@dataclass(frozen=True)
class Opening:
    """The accounts of each book on the first day. arr [usd/yr]; row: number of each entry's row in the file

    contracts : of the accounts, in order of rows; empty where the file says nothing of them.
    """

    path: Path
    csm: tuple[str, ...]
    account: tuple[str, ...]
    arr: Floats
    row: tuple[int, ...] = ()
    contracts: tuple[Contract, ...] = ()

    def only(self, rows: list[int]) -> "Opening":
        """Some of the entries."""
        names = (tuple(self.csm[row] for row in rows), tuple(self.account[row] for row in rows))
        place = {row: entry for entry, row in enumerate(rows)}
        contracts = tuple(
            each._replace(entry=place[each.entry]) for each in self.contracts if each.entry in place
        )
        return Opening(self.path, *names, self.arr[rows], contracts=contracts)


@dataclass(frozen=True)
class Expansions:
    """ARR added in the term of a contract, or taken from it, one entry a booking. arr [usd/yr]; row: as in ``Opening``

    kind : what each entry is, one of ``KINDS``; growth all of it where empty. A contraction or a cancellation takes ARR
           away; a credit takes back some of what was booked as growth.
    contract : which contract of its account each is of; empty without the column.
    booking  : an id that tells equal entries of one day apart; empty without the column.
    term_months : of the contract that it is of or makes, 0 where blank; None without the column. [month]
    later    : by credit date, ``"invoice"`` and ``"cash"``, when it was invoiced and paid; those whose column is there.
    newcomers : the entries of new customers, who are in no book; None where there are none.
    """

    path: Path
    csm: tuple[str, ...]
    account: tuple[str, ...]
    date: Dates
    arr: Floats
    row: tuple[int, ...] = ()
    kind: tuple[str, ...] = ()
    contract: tuple[str, ...] = ()
    booking: tuple[str, ...] = ()
    term_months: Integers | None = None
    later: dict[str, Dates] = field(default_factory=dict)
    newcomers: "Expansions | None" = None

    def only(self, rows: list[int]) -> "Expansions":
        """Some of the entries, without any of new customers."""

        def some(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(texts[row] for row in rows) if texts else ()

        return Expansions(
            self.path,
            some(self.csm),
            some(self.account),
            self.date[rows],
            self.arr[rows],
            tuple(self.row[row] for row in rows) if self.row else (),
            some(self.kind),
            some(self.contract),
            some(self.booking),
            None if self.term_months is None else self.term_months[rows],
            {kind: when[rows] for kind, when in self.later.items()},
        )

    def those(self, of: "Callable[[Expansions], list[int]]") -> "Expansions":
        """Some of the entries, and of those of new customers, by the same rule."""
        new = self.newcomers
        return replace(self.only(of(self)), newcomers=new and new.only(of(new)))

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
    apart = (
        "" if "contract" in table.text else "If both are contracts, give each its id in a column contract."
    )
    table.unique("csm", "account", *(("contract",) if "contract" in table.text else ()), fix=apart)
    table.check()
    amounts = table.number["arr"].tolist()
    arr: dict[tuple[str, str], float] = {}
    row: dict[tuple[str, str], int] = {}
    entry: dict[tuple[str, str], int] = {}
    keys = list(zip(table.text["csm"], table.text["account"], strict=True))
    for key, amount, number in zip(keys, amounts, table.row, strict=True):
        entry.setdefault(key, len(entry))
        arr[key] = arr.get(key, 0.0) + amount
        row.setdefault(key, number)
    csm, account = (tuple(key[part] for key in arr) for part in (0, 1))
    contracts: tuple[Contract, ...] = ()
    if {"contract", "segment", "due_date", "term_months"} & {*table.text, *table.integer, *table.date}:
        blank = [""] * len(keys)
        ids, segments = (table.text.get(name, blank) for name in ("contract", "segment"))
        months = table.integer.get("term_months", np.zeros(len(keys), dtype=np.int64)).tolist()
        due = table.date.get("due_date", np.full(len(keys), "NaT", dtype="datetime64[D]")).tolist()
        each = zip([entry[key] for key in keys], ids, amounts, months, segments, due, strict=True)
        contracts = tuple(Contract(*part) for part in each)
    return Opening(path, csm, account, np.array(list(arr.values())), tuple(row.values()), contracts)


def read_expansions(path: Path) -> Expansions:
    """Read ``csm, account, date, arr``: expansions between renewals. There may be ``contract`` (which of an account's),
    ``booking`` (an id, for two that are equal on one day), ``term_months`` of that contract, ``invoice_date`` and
    ``cash_date``; and ``kind``, by which it holds everything that happened between renewals.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, EXPANSION_COLUMNS)
    if "kind" in table.text:
        return _events(path, table)
    for record in np.flatnonzero(table.number["arr"] <= 0.0).tolist():
        taking = " or ".join((", ".join(KINDS[2:-1]), KINDS[-1]))
        fix = (
            f"What takes ARR away has its kind beside it, as in events.csv: add a column kind with {taking}."
        )
        table.refuse(record, "arr", "above 0", f"{table.number['arr'][record]:,.2f}", fix)
    table.check()
    return _bookings(path, table)


def read_events(path: Path) -> Expansions:
    """Read ``csm, account, date, arr, kind``: what happened between renewals, in either sign. There may be more columns, as
    in ``read_expansions``.

    Raises: InputError with every problem by row and column.
    """
    return _events(path, read_columns(path, EVENT_COLUMNS))


def _events(path: Path, table: Table) -> Expansions:
    for record, kind in enumerate(table.text["kind"]):
        arr, takes = float(table.number["arr"][record]), kind in KINDS[2:]
        if arr == 0.0 or (arr < 0.0) != takes:
            allowed = "below 0" if takes else "above 0"
            table.refuse(record, "arr", allowed, f"{arr:,.2f}", f"It is the change of ARR by a {kind}.")
    table.check()
    return newcomers_apart(_bookings(path, table))


def newcomers_apart(every: Expansions) -> Expansions:
    """The same with the entries of new customers by themselves."""
    joins = every.of("new")
    held = every.only(np.flatnonzero(~joins).tolist())
    return replace(held, newcomers=every.only(np.flatnonzero(joins).tolist()) if joins.any() else None)


def _bookings(path: Path, table: Table) -> Expansions:
    """What a checked table has of bookings between renewals."""
    text = {name: tuple(cells) for name, cells in table.text.items()}
    return Expansions(
        path,
        text["csm"],
        text["account"],
        table.date["date"],
        table.number["arr"],
        tuple(table.row),
        text.get("kind", ()),
        text.get("contract", ()),
        text.get("booking", ()),
        table.integer.get("term_months"),
        {kind: table.date[column] for kind, column in BOOKED_DATES.items() if column in table.date},
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
