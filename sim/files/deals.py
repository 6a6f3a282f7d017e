"""Read a history of renewals: what was due, and what was booked when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.files.book_events import BOOKED_DATES, KINDS, Expansions, newcomers_apart
from sim.files.cells import LONGEST_TERM, Column, Dates, Floats, Integers
from sim.files.csv import Table, read_columns
from sim.files.granted import Granted, exceptions

CREDIT_DATE_COLUMNS: Final = {
    "booking": "booked_date",
    "service_start": "service_start_date",
    "invoice": "invoice_date",
    "cash": "cash_date",
}
"""The column that holds each credit date."""

FARTHEST: Final = 3660
"""A date farther than this from the due date, ten years, is a typing error. [day]"""

TERMS: Final = ("term_months", "booked_term_months")
LONGER: Final = 24
"""A term from which on a contract is one of several years. [month]"""
ROUNDED_SHARE: Final = 0.001
"""Shares that are rounded to a tenth of a percent may miss 1 by this. [share]"""

COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("arr", "number", money=True),
    Column("due_date", "date"),
    Column("booked_date", "date", blank="NaT"),
    Column("booked_arr", "number", blank=math.nan, money=True),
    *(Column(name, "date", required=False, blank="NaT") for name in list(CREDIT_DATE_COLUMNS.values())[1:]),
    Column("notice_date", "date", required=False, blank="NaT"),
    Column("multi_year", "integer", required=False, blank=0, least=0, most=1),
    *(Column(name, required=False, blank="") for name in ("contract", "segment", "type")),
    *(Column(name, "integer", required=False, blank=0, least=0, most=LONGEST_TERM) for name in TERMS),
    Column("share", "number", required=False, blank=1.0, above=0.0, most=1.0),
    *(Column(name, required=False, blank="") for name in ("exception", "exception_by")),
    Column("exception_date", "date", required=False, blank="NaT"),
)


@dataclass(frozen=True)
class Deals:
    """Renewals as they happened, one entry a deal, in file order.

    csm, account : who held it, whose contract it was.
    arr          : ARR up for renewal; of a deal that several share, each one's part, as of ``booked_arr``. [usd/yr]
    due_date     : contract end.
    booked_arr   : ARR of the new contract; 0 where not renewed. [usd/yr]
    credit_date  : by credit date, the day on which a plan with that credit date grants credit; ``NaT`` where
                   there is none. ``"booking"`` is always there, the others if their column is.
    notice_date  : when the customer said that it leaves or shrinks; None without the column.
    multi_year   : 1 where a longer term, of 24 months or more, was signed; None without the column.
    row          : number of each entry's row, as a spreadsheet shows it.
    at_zero      : entries booked at 0 usd, as a CRM closes what is lost: not renewed here.
    back_dated   : entries booked after the due date whose service starts on it or before all the same: no revenue lapsed,
                   so they count as booked on their due date.
    share        : part of the deal that is the CSM's; None without the column. [share]
    contract     : which contract of its account it renews; empty without the column.
    term_held, term : of the contract that ends, and of the one booked, 0 where blank; None without the column. [month]
    segment      : of its account; empty without the column.
    closed       : ``booked_date`` as the file has it, also of what was booked at 0 or is back-dated: the day on which the
                   outcome was known; None where no file was read.
    granted      : exceptions; the dates above are those that happened.
    between      : what rows of another ``type`` than a renewal tell, as ``events.csv`` would; None where there are none.
    """

    path: Path
    csm: tuple[str, ...]
    account: tuple[str, ...]
    arr: Floats
    due_date: Dates
    booked_arr: Floats
    credit_date: dict[str, Dates]
    notice_date: Dates | None = None
    multi_year: Integers | None = None
    row: tuple[int, ...] = ()
    at_zero: tuple[int, ...] = ()
    back_dated: tuple[int, ...] = ()
    granted: tuple[Granted, ...] = ()
    share: Floats | None = None
    contract: tuple[str, ...] = ()
    term_held: Integers | None = None
    term: Integers | None = None
    segment: tuple[str, ...] = ()
    closed: Dates | None = None
    between: Expansions | None = None

    def only(self, rows: Sequence[int]) -> "Deals":
        """Some of the entries, without what the reader of the file has said of single ones."""
        said = ("at_zero", "back_dated", "granted")
        chosen = [each.name for each in fields(self) if each.name not in ("path", "between", *said)]
        some: dict[str, Any] = {name: _some(getattr(self, name), rows) for name in chosen}
        return replace(self, **some | dict.fromkeys(said, ()), between=None)

    @property
    def closing(self) -> Dates:
        """The day on which the outcome of each deal was known; ``NaT`` of what is open or lost."""
        return self.credit_date["booking"] if self.closed is None else self.closed


def _some(column: Any, rows: Sequence[int]) -> Any:
    """Some of the entries of a column, or of several by name; nothing of one that is not there."""
    if isinstance(column, dict):
        return {name: _some(each, rows) for name, each in column.items()}
    if isinstance(column, np.ndarray):
        return column[list(rows)]
    return tuple(column[row] for row in rows) if column else column


def read_deals(path: Path) -> Deals:
    """Read a CSV of deals: ``csm, account, arr, due_date, booked_date, booked_arr``, optional credit dates,
    ``notice_date``, ``multi_year`` (or ``term_months`` and ``booked_term_months``, which tell it), ``contract`` (where an
    account has several), ``share`` (of the CSM, where several share a deal), and exceptions (``exception, exception_by,
    exception_date``). ``segment`` may be there, and no plan reads it. A row whose ``type`` is one of the kinds of
    ``events.csv`` (new, expansion, ...) is such an event, booked on its ``booked_date``; every other row is a renewal.

    Raises: InputError with every problem by row and column.
    """
    table = read_columns(path, COLUMNS)
    _check_bookings(table)
    _check_distances(table)
    granted = exceptions(table)
    kinds = [each.casefold() for each in table.text.get("type", [""] * len(table))]
    _check_changes(table, kinds)
    key = ("csm", "account", "due_date", *(("contract",) if "contract" in table.text else ()))
    apart = "If both are real, give each contract its id in a column contract."
    table.unique(*key, fix=apart, among=[kind not in KINDS for kind in kinds])
    _check_shares(table, kinds)
    table.check()
    share = table.number.get("share")
    part = 1.0 if share is None else share
    at_zero = (table.number["booked_arr"] == 0.0) & ~np.isnat(table.date["booked_date"])
    back_dated = _back_dated(table) & ~at_zero
    credit_date = {
        kind: np.where(at_zero, np.datetime64("NaT"), table.date[column])
        for kind, column in CREDIT_DATE_COLUMNS.items()
        if column in table.date
    }
    credit_date["booking"] = np.where(back_dated, table.date["due_date"], credit_date["booking"])
    deals = Deals(
        path=path,
        csm=tuple(table.text["csm"]),
        account=tuple(table.text["account"]),
        arr=table.number["arr"] * part,
        due_date=table.date["due_date"],
        booked_arr=np.nan_to_num(table.number["booked_arr"], nan=0.0) * part,
        credit_date=credit_date,
        notice_date=table.date.get("notice_date"),
        multi_year=_multi_year(table),
        row=tuple(table.row),
        at_zero=tuple(np.flatnonzero(at_zero).tolist()),
        back_dated=tuple(np.flatnonzero(back_dated).tolist()),
        granted=granted,
        share=share,
        contract=tuple(table.text.get("contract", ())),
        term_held=table.integer.get("term_months"),
        term=table.integer.get("booked_term_months"),
        segment=tuple(table.text.get("segment", ())),
        closed=table.date["booked_date"],
    )
    return _renewals(deals, kinds) if {*kinds} & {*KINDS} else deals


def _renewals(deals: Deals, kinds: Sequence[str]) -> Deals:
    """The renewals among rows of several types; what else was booked stands beside them, and what was not booked is none."""
    own = [entry for entry, kind in enumerate(kinds) if kind not in KINDS]
    place = {entry: index for index, entry in enumerate(own)}
    between = [
        entry
        for entry, when in enumerate(deals.closing.tolist())
        if kinds[entry] in KINDS and when is not None
    ]
    of = deals.only(between)
    terms = [each for each in (of.term, of.term_held) if each is not None]
    events = Expansions(
        of.path,
        of.csm,
        of.account,
        of.closing,
        of.booked_arr - of.arr,
        of.row,
        tuple(kinds[entry] for entry in between),
        of.contract,
        term_months=terms[0] if terms else None,
        later={kind: of.credit_date[kind] for kind in BOOKED_DATES if kind in of.credit_date},
    )
    return replace(
        deals.only(own),
        at_zero=tuple(place[entry] for entry in deals.at_zero if entry in place),
        back_dated=tuple(place[entry] for entry in deals.back_dated if entry in place),
        granted=tuple(replace(each, deal=place[each.deal]) for each in deals.granted if each.deal in place),
        between=newcomers_apart(events) if between else None,
    )


def _multi_year(table: Table) -> Integers | None:
    """1 where a longer term was signed: as the column says, or by the term booked and the one before it."""
    booked = table.integer.get("booked_term_months")
    if "multi_year" in table.integer or booked is None:
        return table.integer.get("multi_year")
    before = table.integer.get("term_months", np.zeros_like(booked))
    return ((booked >= LONGER) & (booked > before)).astype(np.int64)


def _back_dated(table: Table) -> NDArray[np.bool_]:
    """Deals booked after their due date without a lapse in revenue: service starts on the due date or before.

    Source: Compensating Customer Success Managers (founding document): "I define a late renewal as a contract with a lapse
    in recognized revenue", to leave out goodwill service and renewals "back-dated to the on-time renewal date".
    """
    due = table.date["due_date"]
    start = table.date.get("service_start_date", np.full(len(due), np.datetime64("NaT")))
    return np.asarray((table.date["booked_date"] > due) & (start <= due))


def _check_bookings(table: Table) -> None:
    """A deal is booked with a date and an amount, or neither."""
    lost = np.isnat(table.date["booked_date"])
    amount = table.number["booked_arr"]
    for record in np.flatnonzero(lost & (amount > 0.0)).tolist():
        fix = "Without a booked_date the deal was not renewed."
        table.refuse(record, "booked_arr", "blank or 0", repr(float(amount[record])), fix)
    for record in np.flatnonzero(~lost & np.isnan(amount)).tolist():
        fix = "If the deal was not renewed, leave booked_date blank too."
        table.refuse(record, "booked_arr", "the ARR booked", "a blank cell", fix)
    for name in list(CREDIT_DATE_COLUMNS.values())[1:]:
        if name in table.date:
            for record in np.flatnonzero(lost & ~np.isnat(table.date[name])).tolist():
                when = repr(str(table.date[name][record]))
                table.refuse(record, name, "blank", when, "Without a booked_date the deal was not renewed.")


def _check_changes(table: Table, kinds: Sequence[str]) -> None:
    """What is booked between renewals changes ARR as its type says."""
    change = table.number["booked_arr"] - table.number["arr"]
    for record in np.flatnonzero(~np.isnat(table.date["booked_date"])).tolist():
        kind, takes = kinds[record], kinds[record] in KINDS[2:]
        if kind in KINDS and (change[record] == 0.0 or (change[record] < 0.0) != takes):
            allowed = f"{'below' if takes else 'above'} arr"
            fix = f"A row of type {kind} changes ARR by booked_arr less arr."
            received = f"{table.number['booked_arr'][record]:,.2f}"
            table.refuse(record, "booked_arr", allowed, received, fix)


def _check_shares(table: Table, kinds: Sequence[str]) -> None:
    """Several who share a deal share all of it, and no more; what they share is one deal."""
    if "share" not in table.number:
        return
    contract = table.text.get("contract", [""] * len(table))
    of = [kind if kind in KINDS else "" for kind in kinds]
    keys = list(zip(table.text["account"], table.date["due_date"].tolist(), contract, of, strict=True))
    rows: dict[tuple[object, ...], list[int]] = {}
    for record in np.flatnonzero(table.number["share"] < 1.0).tolist():
        rows.setdefault(keys[record], []).append(record)
    for records in rows.values():
        shared = float(table.number["share"][records].sum())
        if abs(shared - 1.0) > ROUNDED_SHARE:
            others = ", ".join(str(table.row[record]) for record in records)
            fix = f"The shares of a deal sum to 1; those of rows {others} to {shared:g}."
            received = repr(float(table.number["share"][records[-1]]))
            table.refuse(records[-1], "share", "what the others leave of the deal", received, fix)
        for column in ("arr", "booked_arr"):
            amounts = np.nan_to_num(table.number[column][records])
            if (amounts != amounts[0]).any():
                fix = f"Row {table.row[records[0]]} has another; each row has the whole deal, and the share of its CSM."
                table.refuse(records[-1], column, f"{amounts[0]:,.2f}", f"{amounts[-1]:,.2f}", fix)


def _check_distances(table: Table) -> None:
    """No date is absurdly far from the due date: 1926 for 2026 would be an early booking by a century."""
    due = table.date["due_date"]
    for name in (*CREDIT_DATE_COLUMNS.values(), "notice_date", "exception_date"):
        if name in table.date:
            days = (table.date[name] - due).astype(np.int64)
            far = ~np.isnat(table.date[name]) & ~np.isnat(due) & (np.abs(days) > FARTHEST)
            for record in np.flatnonzero(far).tolist():
                when, fix = str(table.date[name][record]), f"The due_date is {due[record]}."
                table.refuse(record, name, "within ten years of due_date", repr(when), fix)
