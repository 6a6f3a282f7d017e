"""Dates as exports write them: one reading for the whole column, and none where day and month could be exchanged."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from sim.files.cells import FIRST_YEAR, LAST_YEAR

Order: TypeAlias = Literal["day first", "month first", "year first"]
ORDERS: Final[tuple[Order, ...]] = ("day first", "month first", "year first")

CLOCK: Final = (
    r"([T\s,]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?\s?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
NUMBERS: Final = re.compile(r"(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?" + CLOCK)
NAMED: Final = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[-\s./]*(?P<month>[A-Za-z]{3,9})\.?"
    r"|(?P<first>[A-Za-z]{3,9})\.?[-\s./]*(?P<second>\d{1,2})(?:st|nd|rd|th)?,?)[-\s.,/']*(?P<year>\d{4}|\d{2})"
    + CLOCK
)
COMPACT: Final = re.compile(r"(19|20|21)\d{6}")
SERIAL: Final = re.compile(r"[2-7]\d{4}(\.\d+)?")
EPOCH: Final = re.compile(r"1\d{9}|1\d{12}")
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
SERIAL_ZERO: Final = date(1899, 12, 30)
"""Day 0 of the serial dates of Excel from March 1900 on (ECMA-376 part 1, section 18.17.4.1, 1900 date system)."""
EPOCH_ZERO: Final = date(1970, 1, 1)
PIVOT: Final = 70
"""Years of two digits below this are of this century. Source: POSIX strptime %y says 69; an assumption here."""


@dataclass(frozen=True)
class Dated:
    """What the texts of a column are as dates.

    day      : the date of each text, under the order that was asked or found.
    orders   : orders of day, month and year under which every text is a date; all three where the order plays no part.
    loose    : texts whose order plays a part.
    wrong    : texts that are no dates under any order, or not under the one asked.
    kinds    : what the texts look like, and an example of each.
    """

    day: dict[str, date]
    orders: tuple[Order, ...]
    loose: tuple[str, ...]
    wrong: tuple[str, ...]
    kinds: dict[str, str]

    @property
    def mixed(self) -> bool:
        """Whether dates without doubt stand beside dates in which a program may have exchanged day and month already."""
        return bool(self.loose) and bool(self.kinds.keys() & {"ISO dates", "serial days"})


def dated(texts: Iterable[str], order: Order | None = None) -> Dated:
    """The dates of the different texts of a column.

    order : of day, month and year, as the map has it; None to find it.
    """
    parts: dict[str, tuple[int, int, int] | date] = {}
    kinds: dict[str, str] = {}
    wrong: list[str] = []
    for text in texts:
        kind, found = _parts(text)
        if found is None:
            wrong.append(text)
            continue
        kinds.setdefault(kind, text)
        parts[text] = found
    loose = {text: found for text, found in parts.items() if isinstance(found, tuple)}
    possible = tuple(each for each in ORDERS if all(_placed(found, each) for found in loose.values()))
    asked = order or (possible[0] if loose and possible else None)
    if loose and order is None and len({tuple(_days(loose.values(), each)) for each in possible}) > 1:
        asked = None  # the orders say different days
    day = {text: found for text, found in parts.items() if isinstance(found, date)}
    for text, found in loose.items():
        placed = _placed(found, asked) if asked else None
        if placed is not None:
            day[text] = placed
        elif asked or not possible:
            wrong.append(text)
    return Dated(day, possible if loose else ORDERS, tuple(loose), tuple(wrong), kinds)


def _parts(text: str) -> tuple[str, tuple[int, int, int] | date | None]:
    """What a text looks like, and its date: as one, or as three numbers in an order that the column must tell."""
    if match := NUMBERS.fullmatch(text):
        first, middle, last = match.group(1), match.group(3), match.group(4)
        if len(first) == 4 and len(last) <= 2:
            return "ISO dates", _day(first, middle, last)
        if len(first) <= 2 and len(last) in (2, 4):
            kind = "days of numbers with a year of two digits" if len(last) == 2 else "days of numbers"
            return kind, (int(first), int(middle), int(last) if len(last) == 4 else -int(last) - 1)
        return "", None
    if match := NAMED.fullmatch(text):
        month = MONTHS.get((match.group("month") or match.group("first")).lower())
        day = match.group("day") or match.group("second")
        year = match.group("year")
        full = year if len(year) == 4 else str(_century(int(year)))
        return "months by name", _day(full, str(month), day) if month else None
    if COMPACT.fullmatch(text):
        return "days as YYYYMMDD", _day(text[:4], text[4:6], text[6:])
    if SERIAL.fullmatch(text):
        return "serial days", SERIAL_ZERO + timedelta(days=int(float(text)))
    if EPOCH.fullmatch(text):
        seconds = int(text) if len(text) == 10 else int(text) // 1000
        return "seconds since 1970", EPOCH_ZERO + timedelta(days=seconds // 86_400)
    return "", None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _century(year: int) -> int:
    return 2000 + year if year < PIVOT else 1900 + year


def _placed(found: tuple[int, int, int], order: Order) -> date | None:
    """Three numbers as a date, the year of two digits (stored below zero) where the order has it."""
    first, middle, last = found
    if order == "year first":
        return _day(str(_century(first)), str(middle), str(-last - 1)) if last < 0 else None
    year = _century(-last - 1) if last < 0 else last
    return _day(
        str(year), *((str(middle), str(first)) if order == "day first" else (str(first), str(middle)))
    )


def _days(found: Iterable[tuple[int, int, int]], order: Order) -> Iterator[date | None]:
    return (_placed(each, order) for each in found)
