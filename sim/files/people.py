"""Read who holds a seat from when to when, and what is agreed with them: target bonus or OTE, and quota."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from sim.files.cells import LARGEST_NUMBER, Column, Dates, Floats, Integers
from sim.files.csv import Table, read_columns

NOT_GIVEN: Final = np.nan
LEAST_PAID: Final = 0.01
MONTHS_OF: Final = {
    "month": 1, "monthly": 1, "quarter": 3, "quarterly": 3, "half-year": 6, "half-yearly": 6, "semi-annual": 6,
    "year": 12, "yearly": 12, "annual": 12, "annually": 12,
}  # fmt: skip
"""Words of the column ``period``. [month]"""
OF_A_PERIOD: Final = 0
"""Instead of a number of months: of one period of the calendar."""
PEOPLE_COLUMNS: Final = (
    Column("csm", person=True),
    Column("role", required=False, blank=""),
    *(Column(name, "date", required=False, blank="NaT") for name in ("from", "until", "hired", "left")),
    *(
        Column(name, "number", required=False, blank=NOT_GIVEN, least=LEAST_PAID, money=True)
        for name in ("target_bonus", "ote")
    ),
    Column("pay_mix", "number", required=False, blank=NOT_GIVEN, above=0.0, most=1.0),
    Column("quota", "number", required=False, blank=NOT_GIVEN, most=LARGEST_NUMBER, money=True),
    Column("period", required=False, blank=""),
    Column("component", required=False, blank=""),
)
DATES: Final = ("from", "until", "hired", "left")
PAY: Final = ("target_bonus", "ote", "pay_mix")
AMOUNTS: Final = (*PAY, "quota")


@dataclass(frozen=True)
class People:
    """Who is there from when to when, on what, one entry a row: of a person a row for every change.

    role         : shown beside the name; ``""`` where none is given.
    first, last  : first and last day on which the row holds; ``NaT`` where it began before what is known, or goes on until
                   the next one.
    hired, left  : first and last day in the seat, where they are given apart from that.
    amount       : ``target_bonus`` [usd/period], ``ote`` [usd/yr], ``pay_mix`` [share], ``quota`` [usd] or [events]; NaN
                   where a cell is blank.
    months       : what the quota is of: so many months, or ``OF_A_PERIOD`` of the calendar. [month]
    label        : the period, by name, that the row is about; ``""`` where it is about days.
    component    : that the quota is of; ``""`` where it is of any.
    row          : number of each entry's row, as a spreadsheet shows it.
    """

    path: Path
    csm: tuple[str, ...]
    role: tuple[str, ...]
    first: Dates
    last: Dates
    hired: Dates
    left: Dates
    amount: dict[str, Floats]
    months: Integers
    label: tuple[str, ...]
    component: tuple[str, ...]
    row: tuple[int, ...] = ()
    _entries: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False)

    def of(self, csm: str) -> list[int]:
        """The entries of a person, in file order."""
        if not self._entries:
            for entry, name in enumerate(self.csm):
                self._entries.setdefault(name, []).append(entry)
        return self._entries.get(csm, [])

    @property
    def roles(self) -> dict[str, str]:
        """The role of each person whose rows say one; the last one that they say."""
        return {csm: role for csm, role in zip(self.csm, self.role, strict=True) if role}

    def only(self, entries: list[int]) -> "People":
        """Some of the entries."""
        return People(
            self.path,
            tuple(self.csm[entry] for entry in entries),
            tuple(self.role[entry] for entry in entries),
            self.first[entries],
            self.last[entries],
            self.hired[entries],
            self.left[entries],
            {name: values[entries] for name, values in self.amount.items()},
            self.months[entries],
            tuple(self.label[entry] for entry in entries),
            tuple(self.component[entry] for entry in entries),
            tuple(self.row[entry] for entry in entries) if self.row else (),
        )

    def says(self, *amounts: str) -> bool:
        """Whether some row gives one of these amounts."""
        return any(not np.isnan(self.amount[name]).all() for name in amounts)


def read_people(path: Path) -> People:
    """Read ``csm`` and, where given, ``role, from, until, target_bonus | ote, pay_mix, quota, period``: a blank ``from`` is
    somebody who was always there, a blank ``until`` somebody who stays, or whose next row says what is new. ``hired`` and
    ``left`` may be given instead, or beside them where rows are about a part of the time in the seat.

    ``target_bonus`` is of a period of the calendar, as in a plan; ``quota`` is of what ``period`` says: a month, quarter,
    half-year or year, or of one of the calendar's by name (``FY26 Q3``, ``FY26``); of each of its periods where it is
    blank. ``component`` says which component of a plan the quota is for.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, PEOPLE_COLUMNS)
    day = {name: _dates(table, name) for name in DATES}
    first = np.where(np.isnat(day["from"]), day["hired"], day["from"])
    last = np.where(np.isnat(day["until"]), day["left"], day["until"])
    amount = {name: table.number.get(name, np.full(len(table), NOT_GIVEN)) for name in AMOUNTS}
    words = _texts(table, "period")
    label = tuple("" if in_short(word) in MONTHS_OF else word for word in words)
    months = np.array([MONTHS_OF.get(in_short(word), OF_A_PERIOD) for word in words], dtype=np.int64)
    for earlier, later, begins, ends in (
        ("from", "until", first, last),
        ("hired", "from", day["hired"], day["from"]),
        ("until", "left", day["until"], day["left"]),
    ):
        for record in np.flatnonzero(ends < begins).tolist():
            table.refuse(record, later, f"{begins[record]} ({earlier}) or later", repr(str(ends[record])))
    component = _texts(table, "component")
    _check_amounts(table, amount, label, component)
    _check_rows(table, first, last, label, component)
    table.check()
    return People(
        path=path,
        csm=tuple(table.text["csm"]),
        role=tuple(_texts(table, "role")),
        first=first,
        last=last,
        hired=day["hired"],
        left=day["left"],
        amount=amount,
        months=months,
        label=label,
        component=tuple(component),
        row=tuple(table.row),
    )


def in_short(name: str) -> str:
    """The name of a period as it is compared: small letters without spaces."""
    return "".join(name.casefold().split())


def _dates(table: Table, name: str) -> Dates:
    return table.date.get(name, np.full(len(table), "NaT", dtype="datetime64[D]"))


def _texts(table: Table, name: str) -> list[str]:
    return table.text.get(name, [""] * len(table))


def _check_amounts(
    table: Table, amount: dict[str, Floats], label: Sequence[str], component: Sequence[str]
) -> None:
    """Pay is given one way, and what a column qualifies is there."""
    given = {name: ~np.isnan(values) for name, values in amount.items()}
    for record in range(len(table)):
        there = [name for name in PAY if given[name][record]]
        if "target_bonus" in there and len(there) > 1:
            fix = "Keep one of the two: a target bonus, or ote with pay_mix."
            table.refuse(record, there[1], "blank beside target_bonus", "an amount", fix)
        elif len(there) == 1 and there[0] != "target_bonus":
            missing = "pay_mix" if there[0] == "ote" else "ote"
            fix = "The target bonus is ote x pay_mix."
            table.refuse(record, missing, f"filled beside {there[0]}", "a blank cell", fix)
        if there and component[record]:
            fix = "Pay is of the whole plan; component says what a quota is for."
            table.refuse(record, there[0], "blank beside component", "an amount", fix)
        about = label[record] or table.text.get("period", [""] * len(table))[record]
        if about and not given["quota"][record] and not (label[record] and there):
            table.refuse(
                record, "quota", "filled beside period", "a blank cell", "It is what period is about."
            )


def _check_rows(
    table: Table, first: Dates, last: Dates, label: Sequence[str], component: Sequence[str]
) -> None:
    """No two rows say what holds for one person, or component of theirs, at the same time."""
    start = np.where(np.isnat(first), np.datetime64("0001-01-01"), first)
    before: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str, str], int] = {}
    for record in np.argsort(start, kind="stable").tolist():
        csm = table.text["csm"][record]
        if label[record]:
            if not (np.isnat(first[record]) and np.isnat(last[record])):
                fix = "A row about a period by its name has no days of its own."
                table.refuse(record, "from", "blank beside such a period", "a date", fix)
            key = (csm, component[record], in_short(label[record]))
            if named.setdefault(key, record) != record:
                fix = f"Row {table.row[named[key]]} has the same person in the same period."
                table.refuse(record, "period", "given once", repr(table.text["period"][record]), fix)
            continue
        earlier = before.get((csm, component[record]))
        if earlier is not None and (start[record] == start[earlier] or start[record] <= last[earlier]):
            fix = f"Row {table.row[earlier]} has the same person at the same time."
            table.refuse(
                record, "from", "after every earlier stint of the same person", str(first[record]), fix
            )
        if earlier is None or not last[record] < last[earlier]:
            before[(csm, component[record])] = record
