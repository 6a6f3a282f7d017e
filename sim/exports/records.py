"""The records of an export under a map: typed columns, what is set aside and why, and everything that cannot be read."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, near_match, shown
from sim.exports.amounts import numbers
from sim.exports.dates import dated
from sim.exports.map import Map
from sim.exports.names import clean_name
from sim.exports.sheet import Cells, Sheet
from sim.exports.words import BLANK
from sim.files.cells import LONGEST_TEXT, Column, Wrong, parse_cell
from sim.files.names import of_rows

Mask = NDArray[np.bool_]
NOTHING: Final = np.datetime64("NaT", "D")
AMOUNTS: Final = ("arr", "booked_arr", "change", "target_bonus", "ote", "quota")
"""Roles that hold money, read under one mark of decimals."""
PERSONS: Final = ("csm", "from_csm", "to_csm")


class Records:
    """The records of a sheet as a map reads them.

    keep   : records that are used. [record]
    reason : why a record is set aside; ``""`` where it is used. [record]
    found  : what cannot be read.
    notes  : what a reader should know.
    nothing : texts that mean nothing is there.
    """

    def __init__(self, sheet: Sheet, told: Map, source: str) -> None:
        self.sheet = sheet
        self.map = told
        self.source = source
        self.keep: Mask = np.ones(len(sheet), dtype=np.bool_)
        self.reason: NDArray[np.object_] = np.full(len(sheet), "", dtype=object)
        self.found: list[Problem] = []
        self.notes: list[str] = []
        self.nothing = BLANK | set(told.ignore.blank)
        self._unread: set[str] = set()
        self._money: tuple[dict[str, float], dict[str, str], set[str]] | None = None
        self._amounts: dict[str, tuple[NDArray[np.float64], NDArray[np.object_]]] = {}
        self._check_columns()

    def __len__(self) -> int:
        """Number of records, those set aside included."""
        return len(self.sheet)

    def has(self, role: str) -> bool:
        """Whether the map names a column for a role."""
        return role in self.map.columns

    def cells(self, role: str) -> Cells:
        """The column of a role."""
        return self.sheet.cells[self.map.columns[role]]

    def lack(self, key: str, allowed: str, fix: str, received: str = "nothing") -> None:
        """Say what the map must have."""
        self.found.append(Problem(f"{self.source}: {key}", allowed, received, fix))

    def set_aside(self, mask: Mask, reason: str) -> None:
        """Do not use records."""
        now = mask & self.keep
        self.reason[now] = reason
        self.keep &= ~mask

    def refuse(self, mask: Mask, role: str, allowed: str, received: str, fix: str) -> None:
        """Say that used records cannot be read so."""
        rows = self.sheet.row[mask & self.keep].tolist()
        if rows and role not in self._unread:
            column = f"column {self.map.columns[role]}, " if role in self.map.columns else ""
            self.found.append(Problem(f"{self.sheet.path}, {column}{of_rows(rows)}", allowed, received, fix))

    def check(self) -> None:
        """Raises: InputError with everything found."""
        if self.found:
            raise InputError(dict.fromkeys(self.found))

    def values(self, role: str) -> list[str]:
        """The different texts of a role's column; ``""`` where nothing is meant."""
        return ["" if each in self.nothing else each for each in self.cells(role).values]

    def blank(self, role: str) -> Mask:
        """Records in which nothing stands for a role. [record]"""
        return np.array([not each for each in self.values(role)], dtype=np.bool_)[self.cells(role).code]

    def texts(self, role: str) -> NDArray[np.object_]:
        """The texts of a role, names in one spelling and merged as the map has it. [record]"""
        merge = {clean_name(name): right for name, right in self.map.names.merge.items()}
        cleaned = [clean_name(each) for each in self.values(role)]
        right = [merge.get(each, each) for each in cleaned]
        self._check_texts(role, right)
        return np.array([*right, ""], dtype=object)[self.cells(role).code]

    def dates(self, role: str) -> NDArray[np.datetime64]:
        """The dates of a role; ``NaT`` where blank. [record] [day]"""
        values, header = self.values(role), self.map.columns[role]
        read = dated((each for each in values if each), self.map.dates.get(header))
        if read.loose and header not in self.map.dates and (read.mixed or len(read.orders) != 1):
            self._unread.add(role)
            self._unordered(header, read.loose, read.orders, read.mixed)
        elif read.wrong:
            self._wrong(role, set(read.wrong), "a date", "such as 2026-01-31")
        days = np.array([read.day.get(each) for each in values], dtype="datetime64[D]")
        return days[self.cells(role).code]

    def amounts(self, role: str) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
        """The numbers of a role, NaN where blank, and the currency that each cell names. [record]"""
        if role not in self._amounts:
            number, unit, loose = self._read(role)
            values, code = self.values(role), self.cells(role).code
            wrong = {each for each in values if each and each not in number and each not in loose}
            self._wrong(role, wrong, "an amount", "such as 120000.50")
            value = np.array([number.get(each, np.nan) for each in values], dtype=np.float64)
            named = np.array(
                [unit.get(each, "") for each in values] if unit else [""] * len(values), dtype=object
            )
            self._amounts[role] = (value[code], named[code])
        return self._amounts[role]

    def _read(self, role: str) -> tuple[dict[str, float], dict[str, str], set[str]]:
        """Numbers, currencies and unread texts of a role; of all columns of money together, as one hand wrote them."""
        if role not in AMOUNTS:
            read = numbers(filter(None, self.values(role)), self.map.amounts.decimal)
            return read.values(), read.units(), set(read.loose)
        if self._money is None:
            roles = [each for each in AMOUNTS if self.has(each)]
            read = numbers(
                dict.fromkeys(each for role in roles for each in self.values(role) if each),
                self.map.amounts.decimal,
            )
            self._money = read.values(), read.units(), set(read.loose)
            if read.mark is None and (read.loose or read.clash):
                self._unread |= {*AMOUNTS}
                why = f"{read.loose[0]} can be thousands or decimals" if read.loose else ""
                if len(read.clash) > 1:
                    why = f"{read.clash[0]} and {read.clash[1]} are not of one hand"
                self.lack("amounts.decimal", "'.' or ','", f"{why}: say which mark stands before decimals.")
        return self._money

    def _unordered(self, header: str, loose: Sequence[str], orders: Sequence[str], mixed: bool) -> None:
        key = f'dates."{header}"'
        if mixed:
            fix = (
                f"Plain dates stand beside {loose[0]}: a spreadsheet may have exchanged day and month of the plain ones. "
                "Export the column again as YYYY-MM-DD, or say the order if you know that it did not."
            )
        elif orders:
            others = f" and {len(loose) - 1:,} more like it" if len(loose) > 1 else ""
            fix = f"{loose[0]}{others} can be read so or so."
        else:
            fix = "No one order makes dates of all its texts: correct those that are none, or set their rows aside."
        self.lack(key, " or ".join(map(repr, orders or ("day first", "month first"))), fix)

    def _wrong(self, role: str, wrong: set[str], what: str, example: str) -> None:
        """Say which texts of a column, in used records, are not what they should be."""
        if not wrong:
            return
        cells, values = self.cells(role), self.values(role)
        for text in sorted(wrong)[:20]:
            mask = np.array([each == text for each in values], dtype=np.bool_)[cells.code]
            fix = f"Put {shown(text)} into blank under [ignore] if it means nothing, or set its rows aside with rows there."
            self.refuse(mask, role, f"{what} {example}", shown(text), fix)

    def _check_texts(self, role: str, values: Sequence[str]) -> None:
        """What a strict reader of the canonical files would refuse is refused here, with what to do in the map."""
        column = Column(role, person=role in PERSONS)
        for text in dict.fromkeys(values):
            # Printable text of usual length is good enough for all but names of people.
            plain = not column.person and len(text) <= LONGEST_TEXT and text.isprintable()
            wrong = parse_cell(column, text) if text and not plain else None
            if isinstance(wrong, Wrong):
                mask = np.array([each == text for each in values], dtype=np.bool_)[self.cells(role).code]
                fix = f"Under [ignore] put {role} into if_blank and {shown(text)} into blank, or merge it under [names]."
                self.refuse(mask, role, wrong.allowed, wrong.received, fix)

    def _check_columns(self) -> None:
        told = [(f"columns.{role}", header) for role, header in self.map.columns.items()]
        for number, owner in enumerate(self.map.owners):
            told.append((f"owners[{number}].csm", owner.csm))
            if owner.share_column is not None:
                told.append((f"owners[{number}].share_column", owner.share_column))
        told += [(f"ignore.rows[{number}]", each.column) for number, each in enumerate(self.map.ignore.rows)]
        headers = list(self.sheet.header)
        for key, header in told:
            if header not in self.sheet.cells:
                fix = near_match(header, headers) or f"Its columns are {', '.join(map(repr, headers))}."
                self.lack(key, f"a column of {self.sheet.path}", fix, repr(header))
        self.check()


def rows_with(cells: Cells, texts: Iterable[str]) -> Mask:
    """Records in which a column holds one of some texts. [record]"""
    wanted = set(texts)
    return np.array([each in wanted for each in cells.values], dtype=np.bool_)[cells.code]


def each_value(cells: Cells, of: Callable[[str], Any], kind: Any) -> NDArray[Any]:
    """A function of the different texts of a column, for every record. [record]"""
    return np.array([of(each) for each in cells.values], dtype=kind)[cells.code]
