"""What a cell of a CSV column may hold, and the sentence for one that holds something else."""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import near_match, shown

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Dates: TypeAlias = NDArray[np.datetime64]
Cell: TypeAlias = str | float | int | date | None

LARGEST_NUMBER: Final = 1e12
"""Amounts above this are typing errors, and their sums lose cents in float64. [usd]"""
SMALLEST_NUMBER: Final = 1e-6
"""An amount closer to zero, and not zero, is a typing error, and a quotient by it may overflow. [usd]"""
LONGEST_TEXT: Final = 200
LONGEST_TERM: Final = 240
"""Of a contract. [month]"""
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOBODY = re.compile(
    r"[\s\-.?#*/()\[\]_\u2013\u2014]*("
    r"(un|not |non-?)(assigned|allocated|owned|staffed|covered|filled)\b.*"
    r"|(vacant|vacancy)\b.*"
    r"|(to be|tb) ?(hired|determined|defined|decided|assigned|announced|named|confirmed)\b.*"
    r"|tb[acdhn]\b.*"
    r"|open( (account|book|territory|req|requisition|role|seat|slot|position|headcount|hc|pool)s?\b.*)?"
    r"|(no|none|without)( (owner|csm|one|body|name|rep))?|nobody|no-?one|noname"
    r"|unknown( (owner|csm|name))?|undefined|null|nil|nan|placeholder|dummy|blank|empty"
    r"|n\.?/a\.?|n\.a\.?|house accounts?|queue|pool(ed)?"
    r")?[\s\-.?#*/()\[\]_\u2013\u2014]*",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Column:
    """One column of a CSV file.

    required  : the column must be there.
    blank     : what a blank cell stands for; without it a blank cell is a problem. For a date give ``"NaT"``.
    least, most : bounds of a number, both allowed.
    above     : a number must exceed this.
    choices   : the words of a choice column.
    money     : a number that is an amount: ``120.000``, thousands to one reader and cents to another, is refused.
    person    : text that names somebody who is paid: ``Unassigned`` and the like, which name nobody, are refused.
    """

    name: str
    kind: Literal["text", "number", "integer", "date", "choice"] = "text"
    required: bool = True
    blank: float | str | None = None
    least: float = 0.0
    most: float = LARGEST_NUMBER
    above: float | None = None
    choices: tuple[str, ...] = ()
    money: bool = False
    person: bool = False

    @property
    def stand_in(self) -> Cell:
        """What stands in an array in place of a cell that could not be read; nobody uses it."""
        values: dict[str, Cell] = {"text": "", "choice": "", "number": 0.0, "integer": 0, "date": None}
        return values[self.kind]


class Wrong(NamedTuple):
    """Why a cell cannot be used: the parts of the sentence after the place."""

    allowed: str
    received: str
    fix: str = ""


def parse_cell(column: Column, cell: str) -> Cell | Wrong:
    """The value of a trimmed cell, or what is wrong with it."""
    if not cell:
        if column.blank is None:
            return Wrong(_allowed(column), "a blank cell")
        return None if column.kind == "date" else column.blank
    if column.kind == "number":
        return _number(column, cell)
    if column.kind == "integer":
        return _integer(column, cell)
    if column.kind == "date":
        return _date(column, cell)
    return _text(column, cell)


def _number(column: Column, cell: str) -> float | Wrong:
    if not _NUMBER.fullmatch(cell):
        digits = any(sign.isdigit() for sign in cell)
        fix = "Write the number without separators, currency signs or units." if digits else ""
        return Wrong(_allowed(column), shown(cell), fix)
    if column.money and _GROUPED.fullmatch(cell):
        fix = f"Write {cell.replace('.', '')}, or {cell}0 if the point is a decimal one."
        return Wrong("an amount that reads one way only", shown(cell), fix)
    value = float(cell)
    if 0.0 < abs(value) < SMALLEST_NUMBER:
        return Wrong(f"0 or at least {SMALLEST_NUMBER:f}", shown(cell))
    return value if _inside(column, value) else Wrong(_allowed(column), shown(cell))


def _integer(column: Column, cell: str) -> int | Wrong:
    if not _INTEGER.fullmatch(cell) or not _inside(column, int(cell)):
        return Wrong(_allowed(column), shown(cell))
    return int(cell)


def _inside(column: Column, value: float) -> bool:
    return column.least <= value <= column.most and (column.above is None or value > column.above)


def _date(column: Column, cell: str) -> date | Wrong:
    if not _DATE.fullmatch(cell):
        return Wrong(_allowed(column), shown(cell), "Write dates as YYYY-MM-DD.")
    try:
        when = date.fromisoformat(cell)
    except ValueError:
        return Wrong(_allowed(column), shown(cell), "There is no such day.")
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        return Wrong(f"{_allowed(column)} from {FIRST_YEAR} to {LAST_YEAR}", shown(cell))
    return when


def _text(column: Column, cell: str) -> str | Wrong:
    if column.choices and cell not in column.choices:
        return Wrong(_allowed(column), shown(cell), near_match(cell.lower(), column.choices))
    if len(cell) > LONGEST_TEXT:
        return Wrong(f"at most {LONGEST_TEXT} characters long", f"{len(cell):,} characters")
    if _CONTROL.search(cell):
        return Wrong("text on one line", shown(cell), "Remove the line breaks and control characters.")
    if column.person and _NOBODY.fullmatch(cell):
        fix = "A name stands for somebody who is paid: name who renews these accounts, or leave the rows out."
        return Wrong("the name of a person", shown(cell), fix)
    return cell


def _allowed(column: Column) -> str:
    if column.kind == "date":
        return "an ISO date"
    if column.choices:
        return f"one of {list(column.choices)}"
    if column.kind == "text":
        return "text"
    what = "a number" if column.kind == "number" else "a whole number"
    low, high = column.least, column.most
    if column.above is not None:
        return f"{what} above {column.above:,g}" + (
            f" and at most {_plain(high)}" if math.isfinite(high) else ""
        )
    if math.isfinite(low) and math.isfinite(high):
        return f"{what} from {_plain(low)} to {_plain(high)}"
    if math.isfinite(high):
        return f"{what} of at most {_plain(high)}"
    return f"{what} of at least {_plain(low)}" if math.isfinite(low) else what


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"
