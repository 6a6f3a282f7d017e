"""Several people in one cell of an export: who they are, and which part each has."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import shown
from sim.exports.names import clean_name
from sim.exports.records import Records
from sim.files.names import folded, of_rows, people_in
from sim.shapes.words import counted

SLACK: Final = 0.011
"""Shares typed with two decimals may add up to 1 within this. [share]"""
MOST_SHOWN: Final = 3
BETWEEN: Final = re.compile(r"[;|/&+]|,\s|\s-\s")
SHARE: Final = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*%?\s*")


class Owned(NamedTuple):
    """The parts of records: ``record`` which one, who has it, and which share. [part]"""

    record: NDArray[np.int64]
    csm: NDArray[np.object_]
    share: NDArray[np.float64]


def listed_shares(texts: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """The shares that cells list for several people, such as ``70;30`` or ``0.5 / 0.5``, by their text.

    >>> listed_shares(["70;30", "60 %", "50/40"])
    {'70;30': (0.7, 0.3)}
    """
    found = {}
    for text in texts:
        parts = [SHARE.fullmatch(part) for part in BETWEEN.split(text)]
        if len(parts) < 2 or None in parts:
            continue
        amounts = [float(part[1].replace(",", ".")) for part in parts if part is not None]
        whole = sum(amounts)
        if any(abs(whole - of) <= SLACK * of for of in (1.0, 100.0)):
            found[text] = tuple(round(amount / whole, 12) for amount in amounts)
    return found


def each_alone(records: Records, owned: Owned, listed: Mapping[str, Sequence[float]]) -> Owned:
    """The parts with every person by themselves, as the map says it of cells that name several; asked where it does not.

    listed : shares of several people, by the text of the column of shares.
    """
    told = {clean_name(name) for pair in records.map.names.merge.items() for name in pair}
    names = dict.fromkeys(owned.csm.tolist())
    people = {name: found for name in names if name not in told and (found := people_in(name))}
    if not people:
        return owned
    several = records.map.names.several
    if records.map.rows == "book" and several == "split":
        several = "first"  # an account is in one book; who shares its renewals stands beside those
    if several is None:
        _ask(records, owned, people)
    if several in (None, "one"):
        return owned
    merge = {clean_name(name): right for name, right in records.map.names.merge.items()}
    alone = {
        name: [merge.get(clean_name(each), clean_name(each)) for each in found]
        for name, found in people.items()
    }
    number = sum(name in people for name in owned.csm.tolist())
    rows = f"{counted(number, 'row')} with several people in one cell"
    if several == "first":
        records.notes.append(f"{rows}: taken as those of the first of them.")
        first = {name: found[0] for name, found in alone.items()}
        return owned._replace(csm=np.array([first.get(each, each) for each in owned.csm], dtype=object))
    return _split(records, owned, alone, listed, rows)


def _split(
    records: Records,
    owned: Owned,
    people: Mapping[str, Sequence[str]],
    listed: Mapping[str, Sequence[float]],
    rows: str,
) -> Owned:
    shares = [""] * len(records)
    if listed:
        cells = records.sheet.cells[records.map.columns["share"]]
        shares = [cells.values[code] for code in cells.code]
    found: list[tuple[int, str, float]] = []
    equal = 0
    for record, csm, share in zip(*owned, strict=True):
        names = people.get(csm, [csm])
        parts = listed.get(shares[record], ())
        if len(parts) != len(names):
            equal += len(names) > 1
            parts = [1.0 / len(names)] * len(names)
        found += [(record, name, share * part) for name, part in zip(names, parts, strict=True)]
    how = "in equal parts" if equal else "in the shares beside them"
    if equal and listed:
        how = f"{equal:,} in equal parts, the rest in the shares beside them"
    records.notes.append(f"{rows}: split between them, {how}.")
    record, name, share = zip(*found, strict=True)
    return Owned(np.array(record), np.array(name, dtype=object), np.array(share))


def _ask(records: Records, owned: Owned, people: Mapping[str, Sequence[str]]) -> None:
    """Say which cells read so, and whether those whom they name have rows of their own."""
    alone = {folded(name) for name in owned.csm.tolist() if name not in people}
    said = []
    for name, found in [*people.items()][:MOST_SHOWN]:
        rows = records.sheet.row[owned.record[owned.csm == name]].tolist()
        known = [each for each in found if folded(clean_name(each)) in alone]
        with_rows = f", of whom {' and '.join(map(shown, known))} {'have' if len(known) > 1 else 'has'} rows of their own"
        said.append(
            f"{shown(name)} ({of_rows(rows)}) reads as {len(found)} people{with_rows if known else ''}"
        )
    more = f" and {len(people) - MOST_SHOWN:,} more such names" if len(people) > MOST_SHOWN else ""
    fix = f"{'; '.join(said)}{more}: do they split it, is it the first one's, or is it one name?"
    records.lack("names.several", '"split", "first" or "one"', fix)
