"""Who has a record, and which part of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.exports.amounts import numbers
from sim.exports.map import Owner
from sim.exports.names import clean_name
from sim.exports.records import Mask, Records
from sim.exports.several import SLACK, Owned, each_alone, listed_shares


def owned(records: Records, account: NDArray[np.object_]) -> Owned:
    """Who has each used record: one part a record, or one an owner."""
    kept = np.flatnonzero(records.keep)
    if records.map.owners:
        return each_alone(records, _several(records, kept), {})
    if records.has("csm"):
        csm = records.texts("csm")
    elif records.map.names.csm_of:
        of = {clean_name(name): csm for name, csm in records.map.names.csm_of.items()}
        csm = np.array([of.get(each, "") for each in account], dtype=object)
        for name in dict.fromkeys(account[records.keep & (csm == "")].tolist()):
            records.lack(f'names.csm_of."{name}"', "present", "Who has this account?")
    else:
        fix = "Name the column of owners, or write under [names] who has which account: csm_of."
        records.lack("columns.csm", "present", fix)
        csm = np.full(len(records), "?", dtype=object)
    if records.has("csm"):
        fix = "Put csm into if_blank under [ignore] of the map to set the rows aside, or name who has them."
        records.refuse(csm == "", "csm", "the name of a person", "a blank cell", fix)
    share, listed = np.ones(len(records)), {}
    if records.has("share"):
        header = records.map.columns["share"]
        listed = listed_shares(records.sheet.cells[header].values)
        share = _shares(records, header, listed)
        records.set_aside(share == 0.0, "an owner with a share of nothing")
        kept = np.flatnonzero(records.keep)
    return each_alone(records, Owned(kept, csm[kept], share[kept]), listed)


def _several(records: Records, kept: NDArray[np.int64]) -> Owned:
    names, shares = zip(*(_column(records, owner) for owner in records.map.owners), strict=True)
    csm = np.array(names, dtype=object)[:, kept]
    share = np.where(csm == "", 0.0, np.array(shares)[:, kept])
    for at in (at for at, owner in enumerate(records.map.owners) if owner.rest):
        share[at] = np.where(csm[at] == "", 0.0, np.maximum(1.0 - share.sum(axis=0), 0.0))
    whole = share.sum(axis=0)
    for column, name in zip(records.map.owners, np.array(names, dtype=object), strict=True):
        if column.share_column is not None:
            cells = records.sheet.cells[column.share_column]
            blank = np.array([each in records.nothing for each in cells.values], dtype=np.bool_)[cells.code]
            fix = f"Fill {column.share_column} of these rows, or say the same share for all in [[owners]]."
            records.refuse(blank & (name != ""), "share", f"the share of {column.csm}", "a blank cell", fix)
    nobody = np.zeros(len(records), dtype=np.bool_)
    nobody[kept] = whole <= 0.0
    fix = "Put a rule for them under [ignore] of the map, or fill the columns of [[owners]]."
    records.refuse(nobody, "csm", "owned by somebody with a share", "blank cells", fix)
    short = (csm == "").any(axis=0) & (whole > 0.0) & (np.abs(whole - 1.0) > SLACK)
    alone = int(short.sum())
    if alone:
        records.notes.append(
            f"Fewer owners than [[owners]] lists have {alone:,} of the rows: those named share them in proportion."
        )
    share = share / np.where(whole > 0.0, whole, 1.0)
    owner, part = np.nonzero(share > 0.0)
    order = np.lexsort((owner, part))
    owner, part = owner[order], part[order]
    return Owned(kept[part], csm[owner, part], share[owner, part])


def _column(records: Records, owner: Owner) -> tuple[list[str], list[float]]:
    merge = {clean_name(name): right for name, right in records.map.names.merge.items()}
    cells = records.sheet.cells[owner.csm]
    right = [
        merge.get(clean_name(each), clean_name(each)) if each not in records.nothing else ""
        for each in cells.values
    ]
    names = [right[code] for code in cells.code]
    if owner.share_column is None:
        return names, [owner.share or 0.0] * len(records)
    return names, _shares(records, owner.share_column).tolist()


def _shares(
    records: Records, header: str, listed: Mapping[str, Sequence[float]] = MappingProxyType({})
) -> NDArray[np.float64]:
    """A column of shares: as percentages where a number is above 1; 1 where blank, and where a cell lists several."""
    cells = records.sheet.cells[header]
    read = numbers(each for each in cells.values if each not in records.nothing and each not in listed)
    number = read.values() | dict.fromkeys(listed, 1.0)
    value = [number.get(each, np.nan) for each in cells.values]
    if not read.shares and any(each > 1.0 for each in value):
        value = [
            1.0 if text in listed else each / 100.0 for text, each in zip(cells.values, value, strict=True)
        ]
    share = np.array(
        [1.0 if text in records.nothing else each for text, each in zip(cells.values, value, strict=True)]
    )
    bad: Mask = ~((share >= 0.0) & (share <= 1.0))[cells.code]
    records.refuse(bad, "share", f"a share in {header}, such as 60 %", "another text", "Correct it.")
    return share[cells.code]
