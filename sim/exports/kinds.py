"""What each record is: won, lost or open; a renewal, growth, a cancellation; or none of the user's concern."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import shown
from sim.exports.records import Records, each_value, rows_with
from sim.exports.words import BLANK

STAGES: Final = ("won", "lost", "open", "ignore")
TYPES: Final = ("renewal", "new", "expansion", "contraction", "cancellation", "credit", "ignore")
DECREASES: Final = ("contraction", "cancellation", "credit")


def set_aside_by_map(records: Records) -> None:
    """Set aside what ``[ignore]`` names, and rows that repeat another one with its id in every cell."""
    for each in records.map.ignore.rows:
        mask = rows_with(records.sheet.cells[each.column], each.equals)
        records.set_aside(mask, f"by the map: {each.column} is {', '.join(each.equals)}")
    for role in records.map.ignore.if_blank:
        if records.has(role):
            records.set_aside(records.blank(role), f"by the map: {role} is blank")
    if records.has("record"):
        _repeated(records)


def stages(records: Records) -> NDArray[np.object_]:
    """won, lost or open, for every record; ``""`` where no column says it. [record]"""
    if not records.has("stage"):
        return np.full(len(records), "", dtype=object)
    found = _told(records, "stage", "stages", STAGES)
    records.set_aside(found == "ignore", f"by the map: {records.map.columns['stage']} is to be ignored")
    return found


def types(records: Records) -> NDArray[np.object_]:
    """The record type of every record. [record]"""
    if not records.has("type"):
        return np.full(len(records), records.map.types.all or "renewal", dtype=object)
    found = _told(records, "type", "types", TYPES)
    records.set_aside(found == "ignore", f"by the map: {records.map.columns['type']} is to be ignored")
    return found


def _told(
    records: Records, role: Literal["stage", "type"], table: str, kinds: tuple[str, ...]
) -> NDArray[np.object_]:
    """What the map says of each value of a column."""
    lists = getattr(records.map, table)
    told = {text: kind for kind in kinds for text in getattr(lists, kind)}
    by_case = {text.casefold(): kind for text, kind in told.items()}
    cells = records.cells(role)
    found = each_value(cells, lambda text: told.get(text) or by_case.get(text.casefold(), ""), object)
    if role == "type" and lists.all is not None:
        blank = each_value(cells, lambda text: text in BLANK, np.bool_)
        found[blank & (found == "")] = lists.all
    unknown = found == ""
    for text in cells.values:
        mask = records.keep & unknown & rows_with(cells, [text])
        if mask.any():
            one_of = ", ".join(kinds[:-1]) + f" or {kinds[-1]}"
            rows = f"row {records.sheet.row[mask][0]}" + (
                f" and {mask.sum() - 1:,} more" if mask.sum() > 1 else ""
            )
            fix = f"It stands in {records.map.columns[role]} of {rows}: put it into one of these lists."
            records.lack(table, f"told what {shown(text)} means ({one_of})", fix)
    records.keep &= ~unknown  # the rest is read all the same, so that everything is told at once
    return found


def _repeated(records: Records) -> None:
    """Rows that are another one again, its id included."""
    import pandas as pd

    frame = pd.DataFrame({name: cells.code for name, cells in records.sheet.cells.items()})
    again = frame.duplicated().to_numpy() & ~records.blank("record")
    if again.any():
        first = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
        _, start = np.unique(first, return_index=True)
        for at in np.flatnonzero(again & records.keep).tolist():
            records.reason[at] = (
                f"the same as row {records.sheet.row[start[first[at]]]} in every cell, its id included"
            )
        records.keep &= ~again
