"""Exports of accounts in force, readings, people and transfers: one canonical row for every row."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.exports.kinds import stages
from sim.exports.money import arr_of, terms
from sim.exports.owners import owned
from sim.exports.records import Records
from sim.exports.several import Owned
from sim.files.names import of_rows

if TYPE_CHECKING:
    import pandas as pd

NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "book": ("account", "arr"),
    "kpis": ("csm", "kpi", "value"),
    "people": ("csm",),
    "transfers": ("account", "from_csm", "to_csm", "date"),
}
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "book": ("csm", "account", "arr", "segment", "contract", "due_date", "term_months", "since"),
    "kpis": ("csm", "account", "date", "period", "kpi", "value"),
    "people": ("csm", "role", "from", "until", "target_bonus", "ote", "pay_mix", "quota", "period"),
    "transfers": ("account", "from_csm", "to_csm", "date"),
}
"""Columns of each canonical file, those that the export has."""
MAY_BE_BLANK: Final = frozenset(
    [
        "segment",
        "contract",
        "due_date",
        "term_months",
        "since",
        "role",
        "from",
        "until",
        "target_bonus",
        "ote",
        "pay_mix",
        "quota",
        "period",
    ]
)
DATES: Final = frozenset(("date", "due_date", "since", "from", "until"))
NUMBERS: Final = frozenset(("value", "pay_mix"))
MONEY: Final = frozenset(("target_bonus", "ote", "quota"))


def other_rows(records: Records) -> "pd.DataFrame":
    """The rows of ``book.csv``, ``kpis.csv``, ``people.csv`` or ``transfers.csv``."""
    import pandas as pd

    kind = records.map.rows
    for role in NEEDED[kind]:
        if not records.has(role):
            records.lack(
                f"columns.{role}", "present", f"Name the column that holds it, under [columns]: {role} = ..."
            )
    records.check()
    if kind == "book" and records.has("stage"):
        stage = stages(records)
        records.set_aside(stage == "lost", "not in force: lost")
    columns: dict[str, Any] = {"_row": records.sheet.row}
    for role in COLUMNS[kind]:
        if records.has(role) and not (role == "csm" and kind == "book"):
            columns[role] = _column(records, role)
    frame = pd.DataFrame(columns)
    if kind != "book":
        return frame[records.keep]
    parts = owned(records, columns["account"])
    frame = frame.iloc[parts.record].reset_index(drop=True)
    frame.insert(0, "csm", parts.csm)
    nothing = np.zeros(len(records), dtype=np.bool_)
    nothing[
        frame.loc[frame["arr"] == 0.0, "_row"].map(
            dict(zip(records.sheet.row.tolist(), range(len(records)), strict=True))
        )
    ] = True
    records.set_aside(nothing, "an account with no ARR")
    return _contracts(records, frame[frame["arr"] != 0.0], parts)


def _contracts(records: Records, frame: "pd.DataFrame", parts: Owned) -> "pd.DataFrame":
    """The book with an id for each of several rows of an account, which a history tells contracts apart by."""
    again = frame.duplicated(["account"], keep=False)
    if "contract" in frame or not again.any():
        return frame
    told, record = records.map.contracts.repeated, None
    if records.has("record"):
        record = records.texts("record")[parts.record[frame.index]]
    if (
        told is None
        and record is not None
        and not frame.assign(_id=record).duplicated(["account", "_id"]).any()
    ):
        records.notes.append(
            f"{again.sum():,} rows of accounts with several: record ids tell their contracts apart."
        )
        return frame.assign(contract=np.where(again, record, ""))
    if told is None:
        rows = of_rows(frame.loc[again, "_row"].tolist()).capitalize()
        fix = f"{rows} of {records.sheet.path} share their account: contracts of their own, or the same row again?"
        records.lack("contracts.repeated", '"contracts" or "duplicates"', fix)
    if told == "duplicates":
        first = ~frame.duplicated(["account"])
        gone = np.zeros(len(records), dtype=np.bool_)
        gone[parts.record[frame.index[~first]]] = True
        records.set_aside(gone, "by the map: the same account again")
        return frame[first]
    number = (frame.groupby("account", sort=False).cumcount() + 1).astype(str)
    return frame.assign(contract=np.where(again, number, ""))


def _column(records: Records, role: str) -> Any:
    if role in DATES:
        column: Any = records.dates(role)
        blank = np.isnat(column)
    elif role in MONEY or (role == "arr"):
        column = arr_of(records, role, records.keep)
        blank = np.isnan(column)
        records.refuse(
            column < 0.0, role, "at least 0", "an amount below it", "Set such rows aside in the map."
        )
    elif role == "term_months":
        column = terms(records, role, records.keep)
        blank = np.isnan(column)
    elif role in NUMBERS:
        column = records.amounts(role)[0]
        if role == "pay_mix" and np.nanmax(column, initial=0.0) > 1.0:
            column = column / 100.0
        blank = np.isnan(column)
    else:
        column = records.texts(role)
        blank = column == ""
    if role not in MAY_BE_BLANK:
        fix = f"Fill it, or put {role} into if_blank under [ignore] of the map to set such rows aside."
        records.refuse(blank, role, "filled", "a blank cell", fix)
    return column
