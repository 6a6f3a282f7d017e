"""Which column is what: by the names that systems give, and by what stands in it; never by likeness of letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.exports.amounts import numbers
from sim.exports.dates import dated
from sim.exports.header import plain_header
from sim.exports.map import Rows
from sim.exports.several import listed_shares
from sim.exports.sheet import Cells, Sheet
from sim.exports.synonyms import ROLES, SYNONYMS, system_of
from sim.exports.words import BLANK

SAMPLE: Final = 2000
"""Different texts of a column that are looked at. [text]"""
MOSTLY: Final = 0.8
"""A column holds what this share of its texts is. [share]"""
FOREIGN: Final = 100
"""How far a name that only another system gives stands back."""
SPARSE: Final = 50
"""How far a column with many blank cells stands back: it names whom some rows have besides."""
DATES: Final = frozenset(
    [
        "due_date",
        "booked_date",
        "service_start_date",
        "invoice_date",
        "cash_date",
        "notice_date",
        "since",
        "date",
        "from",
        "until",
        "exception_date",
    ]
)
NUMBERS: Final = frozenset(
    ("arr", "booked_arr", "change", "target_bonus", "ote", "quota", "quantity", "share", "pay_mix", "value")
)
REQUIRED: Final[dict[Rows, tuple[str, ...]]] = {
    "deals": ("csm", "account", "arr", "booked_arr", "due_date", "booked_date"),
    "book": ("csm", "account", "arr"),
    "kpis": ("csm", "kpi", "value"),
    "people": ("csm",),
    "transfers": ("account", "from_csm", "to_csm", "date"),
}
STANDS_FOR: Final = {
    "arr": "booked_arr",
    "booked_arr": "arr",
    "due_date": "booked_date",
    "booked_date": "due_date",
}
"""What a single column of amounts or dates may be besides."""


class Match(NamedTuple):
    """The column of a role, how it is known, and what has to be confirmed of it; nothing where that is empty."""

    header: str
    why: str
    doubt: str = ""


@dataclass
class Matched:
    """The columns that are known.

    rows   : what a row of the export is.
    system : whose export it is; empty where unknown.
    of     : by role.
    unused : headers that nothing is read from.
    """

    rows: Rows
    system: str
    of: dict[str, Match] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def content_kind(cells: Cells) -> Literal["dates", "numbers", "words", "nothing"]:
    """What a column holds. Whole numbers are numbers, although some of them could be serial dates."""
    texts = [each for each in cells.values[:SAMPLE] if each not in BLANK]
    if not texts:
        return "nothing"
    if len(numbers(texts, ".").wrong) <= (1.0 - MOSTLY) * len(texts) or len(numbers(texts, ",").wrong) <= (
        1.0 - MOSTLY
    ) * len(texts):
        return "numbers"
    return "dates" if _dates(texts) else "words"


def matched(sheet: Sheet, rows: Rows | None = None) -> Matched:
    """The columns of a sheet.

    rows : what a row is; None to find it.
    """
    system, _ = system_of(sheet.header)
    found = Matched(rows or _rows(sheet, system), system)
    taken: set[str] = set()
    offers = sorted(_offers(sheet, found), key=lambda offer: offer[:2])
    for rank, _, role, header in offers:
        if role in found.of or header in taken:
            continue
        why, doubt = _why(role, header, sheet.cells[header], found.system), ""
        if system and rank >= FOREIGN and role == "arr":
            doubt = f"{system} says nothing of an ARR before: is {header!r} what was up for renewal?"
        found.of[role] = Match(header, why, doubt)
        taken.add(header)
    # Changes of ARR alone, as a billing system tells them: nothing of them is due.
    changes = "change" in found.of and not {"arr", "booked_arr", "due_date"} & found.of.keys()
    _by_part(sheet, found, taken, ("csm", "account") if changes else REQUIRED[found.rows])
    if found.rows == "deals" and not changes:
        _doubts(found)
        _expected(sheet, found)
        _stand_ins(found)
    found.of = {role: found.of[role] for role in ROLES[found.rows] if role in found.of}
    found.unused = [
        header for header in sheet.header if header not in {each.header for each in found.of.values()}
    ]
    return found


def fits(role: str, cells: Cells) -> bool:
    """Whether what stands in a column can be what a role asks."""
    kind = content_kind(cells)
    if kind == "nothing":
        return True
    if role in DATES:
        texts = [each for each in cells.values[:SAMPLE] if each not in BLANK]
        return _dates(texts)
    if role in NUMBERS:
        return kind == "numbers" or (role == "share" and _shares(cells))
    return not (role in ("csm", "account", "stage", "type", "currency") and kind == "dates")


def _shares(cells: Cells) -> bool:
    """Whether its texts are shares, of one or listed for several people."""
    texts = [each for each in cells.values[:SAMPLE] if each not in BLANK]
    rest = [each for each in texts if each not in listed_shares(texts)]
    return not rest or len(numbers(rest, ".").wrong) <= (1.0 - MOSTLY) * len(texts)


def _dates(texts: list[str]) -> bool:
    orders = (dated(texts, order) for order in (None, "day first", "month first", "year first"))
    return any(len(set(read.wrong) - set(read.loose)) <= (1.0 - MOSTLY) * len(texts) for read in orders)


def _rows(sheet: Sheet, system: str) -> Rows:
    """What a row of the export is, by the roles that its headers can have."""
    plain = {plain_header(header) for header in sheet.header}
    can = {role for role, names in SYNONYMS.items() if plain & names.keys()} | {
        role for role in SYNONYMS if role.replace("_", " ") in plain
    }
    if {"from_csm", "to_csm"} <= can:
        return "transfers"
    if "kpi" in can and "account" not in can:
        return "kpis"
    if "csm" in can and can & {"target_bonus", "ote", "quota"} and "account" not in can:
        return "people"
    if system == "Stripe":
        return "book"
    return "deals" if can & {"booked_date", "booked_arr", "stage", "type", "change"} else "book"


def _offers(sheet: Sheet, found: Matched) -> Iterable[tuple[int, int, str, str]]:
    """Every column that a role could have by its name: how far from the first choice, and which role it is."""
    for place, role in enumerate(ROLES[found.rows]):
        for header in sheet.header:
            plain = plain_header(header)
            known = SYNONYMS[role].get(plain)
            if plain == role.replace("_", " "):
                rank = 0
            elif known is not None:
                # A name of another system says less than one of this system or of none.
                rank = 1 + known[1] + (FOREIGN if known[0] not in ("", found.system) else 0)
            else:
                continue
            if role == "csm" and filled(sheet.cells[header]) < MOSTLY:
                rank += SPARSE
            if rank == 0 or fits(role, sheet.cells[header]):
                yield rank, place, role, header


def filled(cells: Cells) -> float:
    """In which share of the records something stands. [share]"""
    blank = np.array([each in BLANK for each in cells.values], dtype=np.bool_)
    return 1.0 - float(blank[cells.code].mean()) if len(cells) else 0.0


def _why(role: str, header: str, cells: Cells, system: str) -> str:
    plain = plain_header(header)
    if plain == role.replace("_", " "):
        name = "the name itself"
    else:
        name = (
            f"what {system} calls it"
            if system and SYNONYMS[role][plain][0] == system
            else "a usual name for it"
        )
    kind = content_kind(cells)
    return f"{name}; empty" if kind == "nothing" else f"{name}; {'dates' if role in DATES else kind} in it"


def _by_part(sheet: Sheet, found: Matched, taken: set[str], roles: Sequence[str]) -> None:
    """Columns whose names hold a usual name and more words, and whose content fits: to be confirmed."""
    for role in roles:
        if role in found.of:
            continue
        fitting = [
            header
            for header in sheet.header
            if header not in taken
            and content_kind(sheet.cells[header]) != "nothing"
            and any(_inside(name, plain_header(header)) for name in (*SYNONYMS[role], role.replace("_", " ")))
            and fits(role, sheet.cells[header])
        ]
        if len(fitting) == 1:
            header = fitting[0]
            taken.add(header)
            found.of[role] = Match(header, "its name holds a usual one", f"Is {header!r} it?")


def _inside(name: str, header: str) -> bool:
    """Whether all words of a name, two at least or a telling one, stand in a header."""
    words = set(name.split())
    return words <= set(header.split()) and (len(words) > 1 or name in ("csm", "owner", "arr"))


def _doubts(found: Matched) -> None:
    """Which ARR a plain ``ARR`` is, beside a plain ``Amount``."""
    arr, booked = found.of.get("arr"), found.of.get("booked_arr")
    if (
        arr
        and booked
        and plain_header(arr.header) in ("arr", "mrr")
        and plain_header(booked.header) != "booked arr"
    ):
        doubt = f"Is {arr.header!r} what was up for renewal, and {booked.header!r} what was booked?"
        found.of["arr"] = arr._replace(doubt=doubt)


def _expected(sheet: Sheet, found: Matched) -> None:
    """Dynamics tells what a renewal was expected to bring beside what it brought, and it does so of what is lost, too."""
    header = next((each for each in sheet.header if plain_header(each) == "est revenue"), None)
    booked = found.of.get("booked_arr")
    if (
        header
        and booked
        and booked.header != header
        and "arr" not in found.of
        and fits("arr", sheet.cells[header])
    ):
        doubt = f"{header!r} is what was expected: is it what was up for renewal?"
        found.of["arr"] = Match(header, "what was expected of it", doubt)


def _stand_ins(found: Matched) -> None:
    """One column of amounts for what was due and what was booked, one of dates for both: to be confirmed."""
    doubts = {
        "arr": "no column holds the ARR before; every renewal that is won then counts as renewed in full",
        "booked_arr": "no column holds the ARR booked; every renewal that is won then counts as renewed in full",
        "due_date": "no column holds the end of the contract; every renewal then counts as booked on its due date",
        "booked_date": "no column holds the day of booking; every renewal then counts as booked on its due date",
    }
    for role, other in STANDS_FOR.items():
        if role not in found.of and other in found.of:
            header = found.of[other].header
            found.of[role] = Match(
                header, f"as {other}", f"{header!r} stands for {role} too: {doubts[role]}."
            )
