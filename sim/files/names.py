"""One name in several spellings: what a reader takes for one person or account, and a program for two."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import Problem, shown

RECORD_ID: Final = re.compile(r"(?=.*\d)[A-Za-z0-9]{15}")
"""Record ids of Salesforce have 15 characters and tell upper from lower case."""
MOST_ROWS: Final = 5
"""Rows that a sentence names; the rest are counted."""


BETWEEN: Final = re.compile(r"\s*[;|/&+]\s*|\s+(?:and|und|et|y|e)\s+", re.IGNORECASE)
"""What stands between two people in one cell of an export. A comma does where whole names stand on both sides of it."""


class Names(NamedTuple):
    """A column of names in one file. row : number of each record, as a spreadsheet shows it."""

    path: Path
    row: Sequence[int]
    column: str
    name: Sequence[str]


def folded(name: str) -> str:
    """What every spelling of a name has in common: compatible characters (full width, ligatures, composed or not), no
    difference of case or of spaces, nothing invisible. Of a record id case is kept.

    Source: Unicode Standard Annex 15 (NFKC), default caseless matching (section 3.13).
    """
    if name.isascii() and name.isprintable():
        text = " ".join(name.split())
        return text if RECORD_ID.fullmatch(text) else text.casefold()
    text = unicodedata.normalize("NFKC", name)
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = " ".join(text.split())
    return text if RECORD_ID.fullmatch(text) else unicodedata.normalize("NFKC", text.casefold())


def people_in(name: str) -> tuple[str, ...]:
    """The people whom a cell seems to name; none where it reads as one name.

    >>> people_in("Ana Ruiz; Ben Cole"), people_in("Ana Ruiz, Ben Cole"), people_in("Ruiz, Ana"), people_in("Ana Ruiz")
    (('Ana Ruiz', 'Ben Cole'), ('Ana Ruiz', 'Ben Cole'), (), ())
    """
    parts = [part for part in BETWEEN.split(name.strip()) if part]
    by_comma = [part.strip() for part in name.split(",")]
    if len(parts) == 1 and all(len(part.split()) > 1 for part in by_comma):
        parts = by_comma
    worded = all(any(letter.isalpha() for letter in part) for part in parts)
    return tuple(parts) if len(parts) > 1 and worded else ()


def misspelt(columns: Sequence[Names]) -> Iterator[Problem]:
    """A problem for every further spelling of a name, in all columns together; the first one met is taken as right."""
    first: dict[str, tuple[str, str]] = {}
    rows: dict[tuple[int, str], list[int]] = {}
    for place, each in enumerate(columns):
        for row, name in zip(each.row, each.name, strict=True):
            rows.setdefault((place, name), []).append(row)
    for (place, name), found in rows.items():
        each = columns[place]
        where = f"{each.path}, row {found[0]}"
        right, its_place = first.setdefault(folded(name), (name, where))
        if right != name:
            write = (
                ascii if unicodedata.normalize("NFC", right) == unicodedata.normalize("NFC", name) else shown
            )
            fix = "Two spellings of one name would count as two."
            fix += f" So are {of_rows(found)}." if len(found) > 1 else ""
            allowed = f"spelled {write(right)} as in {its_place}"
            yield Problem(f"{where}, column {each.column}", allowed, write(name), fix)


def of_rows(rows: Sequence[int]) -> str:
    """``row 3``, or ``rows 3, 4 and 2 more``."""
    beyond = len(rows) - MOST_ROWS
    listed = ", ".join(map(str, rows[:MOST_ROWS])) + (f" and {beyond:,} more" if beyond > 0 else "")
    return f"row {listed}" if len(rows) == 1 else f"rows {listed}"
