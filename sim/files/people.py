"""Read who holds a seat from when to when."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.files.cells import Column, Dates
from sim.files.csv import Table, read_columns

PEOPLE_COLUMNS = (
    Column("csm", person=True),
    Column("role", required=False, blank=""),
    Column("from", "date", blank="NaT"),
    Column("until", "date", required=False, blank="NaT"),
)


@dataclass(frozen=True)
class People:
    """Who is there from when to when, one entry a stint.

    role        : shown beside the name; ``""`` where none is given.
    first, last : first and last day in the seat, both worked; ``NaT`` where it began, or ends, outside what is known.
    row         : number of each entry's row, as a spreadsheet shows it.
    """

    path: Path
    csm: tuple[str, ...]
    role: tuple[str, ...]
    first: Dates
    last: Dates
    row: tuple[int, ...] = ()


def read_people(path: Path) -> People:
    """Read ``csm, from`` and, where given, ``role`` and ``until``: a blank ``from`` is somebody who was always there, a
    blank ``until`` somebody who stays.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, PEOPLE_COLUMNS)
    nobody_leaves = np.full(len(table), "NaT", dtype="datetime64[D]")
    first, last = table.date["from"], table.date.get("until", nobody_leaves)
    for record in np.flatnonzero(last < first).tolist():
        table.refuse(record, "until", f"{first[record]} (from) or later", repr(str(last[record])))
    _check_stints(table, first, last)
    table.check()
    role = tuple(table.text.get("role", [""] * len(table)))
    return People(path, tuple(table.text["csm"]), role, first, last, tuple(table.row))


def _check_stints(table: Table, first: Dates, last: Dates) -> None:
    """Nobody is there twice at the same time."""
    start = np.where(np.isnat(first), np.datetime64("0001-01-01"), first)
    end = np.where(np.isnat(last), np.datetime64("9999-12-31"), last)
    before: dict[str, int] = {}
    for record in np.argsort(start, kind="stable").tolist():
        csm = table.text["csm"][record]
        earlier = before.get(csm)
        if earlier is not None and start[record] <= end[earlier]:
            fix = f"Row {table.row[earlier]} has the same person at the same time."
            table.refuse(
                record, "from", "after every earlier stint of the same person", str(first[record]), fix
            )
        if earlier is None or end[record] > end[earlier]:
            before[csm] = record
