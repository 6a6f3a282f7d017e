"""From a sheet and its map to the tables of a history, or to everything that stands against it."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import shown
from sim.exports.amounts import numbers
from sim.exports.events import events
from sim.exports.kinds import set_aside_by_map, stages, types
from sim.exports.map import Map
from sim.exports.names import near_names, same_names
from sim.exports.other_rows import other_rows
from sim.exports.owners import owned
from sim.exports.records import Records
from sim.exports.renewals import deals, settled_contracts
from sim.exports.sheet import Aside, Sheet

if TYPE_CHECKING:
    import pandas as pd

ORDER: Final = {
    "deals": (
        "csm", "account", "arr", "due_date", "booked_date", "booked_arr", "contract", "segment", "term_months",
        "booked_term_months", "share", "service_start_date", "invoice_date", "cash_date", "notice_date", "exception",
        "exception_by", "exception_date",
    ),
    "events": (
        "csm", "account", "date", "arr", "kind", "contract", "booking", "term_months", "invoice_date", "cash_date",
    ),
}  # fmt: skip
NAMED: Final = ("csm", "account", "from_csm", "to_csm")
MOST_TOLD: Final = 10


@dataclass(frozen=True)
class History:
    """What an export holds.

    tables : rows of each canonical file by its name without suffix.
    aside  : rows of the export that are in none, with the reason, in their order.
    notes  : what a reader should know.
    used   : number of rows that are in some table. [row]
    blank  : number of blank rows. [row]
    """

    tables: dict[str, "pd.DataFrame"]
    aside: list[Aside]
    notes: list[str] = field(default_factory=list)
    used: int = 0
    blank: int = 0


def read(sheet: Sheet, told: Map, source: str) -> History:
    """The history that a sheet holds, as its map reads it.

    source : names the map in sentences.

    Raises: InputError with everything that is not said or cannot be read.
    """
    records = Records(sheet, told, source)
    set_aside_by_map(records)
    tables: dict[str, pd.DataFrame] = (
        _deals_and_events(records) if told.rows == "deals" else {told.rows: other_rows(records)}
    )
    _check_names(records, tables)
    records.check()
    _tell_total(records)
    aside = [*sheet.aside, *_aside(records)]
    tables = {name: ordered(name, frame) for name, frame in tables.items() if len(frame)}
    return History(
        tables, sorted(aside, key=lambda each: each.row), records.notes, int(records.keep.sum()), sheet.blank
    )


def _deals_and_events(records: Records) -> dict[str, "pd.DataFrame"]:
    if not records.has("account"):
        records.lack(
            "columns.account", "present", "Name the column of accounts, under [columns]: account = ..."
        )
    records.check()
    stage, kind = stages(records), types(records)
    for each in ("lost", "open"):
        records.set_aside(
            (kind != "renewal") & (stage == each), f"no renewal, and {each}: nothing was booked"
        )
    account = records.texts("account")
    parts = owned(records, account)
    renewals = records.keep & (kind == "renewal")
    tables: dict[str, pd.DataFrame] = {}
    if renewals.any():
        _check_outcome(records, stage)
        frame = deals(records, renewals, stage, account, parts)
        _tell_open(records, renewals & (stage == "open"), frame)
        tables["deals"] = settled_contracts(records, frame)
    if (changes := records.keep & (kind != "renewal")).any():
        tables["events"] = events(records, changes, kind, account, parts)
    return tables


def _check_outcome(records: Records, stage: NDArray[np.object_]) -> None:
    """Without stages a blank booked date is what tells that a renewal was lost: it cannot be the due date itself."""
    columns = records.map.columns
    same = columns.get("due_date") is not None and columns.get("due_date") == columns.get("booked_date")
    if same and (stage == "").all():
        fix = "Due and booked are one column, so that nothing tells a renewal that was lost: name the column of stages."
        records.lack("columns.stage", "present", fix)


def _tell_open(records: Records, waiting: NDArray[np.bool_], frame: "pd.DataFrame") -> None:
    if waiting.any():
        arr = float(frame.loc[frame["_row"].isin(records.sheet.row[waiting]), "arr"].sum())
        records.notes.append(
            f"Open renewals are due and not booked so far: {waiting.sum():,} with {arr:,.0f}. To leave them out, put their "
            "stages into ignore."
        )


def _tell_total(records: Records) -> None:
    """Whether the last total that the export states is the sum of its rows."""
    stated = records.sheet.totals[-1] if records.sheet.totals else {}
    for role in ("booked_arr", "arr", "change"):
        text = stated.get(records.map.columns.get(role, ""), "")
        total = numbers([text], records.map.amounts.decimal).values().get(text) if text else None
        if total is None:
            continue
        rows, header = float(np.nansum(records.amounts(role)[0])), records.map.columns[role]
        if abs(rows - total) < 0.5 * len(records) / 100.0 + 0.01:
            records.notes.append(
                f"The total that the export states of {header}, {total:,.2f}, is the sum of its rows."
            )
        else:
            records.notes.append(
                f"The total that the export states of {header}, {total:,.2f}, is not the sum of its rows, {rows:,.2f}: "
                "rows may be missing, or counted twice."
            )


def _check_names(records: Records, tables: dict[str, "pd.DataFrame"]) -> None:
    """Two spellings of one name are merged by the map only."""
    groups: dict[str, dict[str, None]] = {"csm": {}, "account": {}}
    for frame in tables.values():
        for column in NAMED:
            if column in frame:
                groups["account" if column == "account" else "csm"] |= dict.fromkeys(
                    frame[column].unique().tolist()
                )
    for what, names in groups.items():
        same = same_names(names)
        for group in same[:MOST_TOLD]:
            usual = next((each for each in group if each not in (each.lower(), each.upper())), group[0])
            right = json.dumps(usual, ensure_ascii=False)
            others = (json.dumps(each, ensure_ascii=False) for each in group if each != usual)
            merge = ", ".join(f"{each} = {right}" for each in others)
            fix = f"Two spellings of one {what} would count as two: merge = {{ {merge} }} under [names], or the reverse."
            records.lack("names.merge", f"told which of {' and '.join(map(shown, group))} is right", fix)
        told = {each for group in same for each in group}
        near = [group for group in near_names(names) if not told & set(group)]
        for group in near[:MOST_TOLD]:
            records.notes.append(
                f"{' and '.join(map(shown, group))} may be one {what}; if so, merge them under [names.merge] of the map."
            )
        if len(near) > MOST_TOLD:
            records.notes.append(f"So may {len(near) - MOST_TOLD:,} more groups of {what}s.")


def _aside(records: Records) -> list[Aside]:
    sheet = records.sheet
    return [
        Aside(int(sheet.row[at]), str(records.reason[at]), sheet.content(at))
        for at in np.flatnonzero(~records.keep).tolist()
    ]


def ordered(name: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    """The columns of a canonical file in its order; those in which nothing stands are left out."""
    if name not in ORDER:
        return frame.drop(columns="_row")
    needed = 6 if name == "deals" else 5
    columns = [each for each in ORDER[name] if each in frame]
    kept = columns[:needed] + [each for each in columns[needed:] if _says(each, frame[each])]
    return frame[kept].reset_index(drop=True)


def _says(name: str, column: Any) -> bool:
    if name == "share":
        return bool((column < 1.0).any())
    return bool((column.notna() & (column.astype(str) != "")).any())
