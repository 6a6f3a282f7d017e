"""Read which accounts went from whom to whom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from sim.files.cells import Column, Dates
from sim.files.csv import read_columns

TRANSFER_COLUMNS: Final = (
    Column("account"),
    Column("from_csm", person=True),
    Column("to_csm", person=True),
    Column("date", "date"),
)


@dataclass(frozen=True)
class Transfers:
    """Accounts that changed hands, one entry each time.

    date : the first day with whom it went to.
    row  : number of each entry's row, as a spreadsheet shows it.
    """

    path: Path
    account: tuple[str, ...]
    from_csm: tuple[str, ...]
    to_csm: tuple[str, ...]
    date: Dates
    row: tuple[int, ...]


def read_transfers(path: Path) -> Transfers:
    """Read ``account, from_csm, to_csm, date``.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, TRANSFER_COLUMNS)
    table.unique("account", "date")
    before, after = table.text["from_csm"], table.text["to_csm"]
    for record in np.flatnonzero(np.array(before) == np.array(after)).tolist():
        table.refuse(record, "to_csm", "somebody else than from_csm", repr(after[record]))
    table.check()
    names = (tuple(table.text["account"]), tuple(before), tuple(after))
    return Transfers(path, *names, table.date["date"], tuple(table.row))
