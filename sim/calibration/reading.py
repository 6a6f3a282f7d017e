"""A history folder as the contracts of accounts: what was known of each at the end of a day, and nothing from later."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from sim.errors import InputError, Problem, near_match, shown
from sim.files.all_at_once import AllAtOnce
from sim.files.book_events import EVENT_COLUMNS, OPENING_COLUMNS
from sim.files.csv import Table, read_columns
from sim.files.deals import COLUMNS
from sim.replay.history_files import DEALS_FILE, FOLDER_FILES, read_history
from sim.world.scenario import Scenario

NOTHING: Final = np.datetime64("NaT", "D")
FLAT: Final = 5e-4
"""A change of ARR by less than this is a rounding. [share]"""
Growth: TypeAlias = tuple[np.datetime64, float]
"""An expansion: its day, and ARR. [usd/yr]"""


class Contract(NamedTuple):
    """One contract that ends, or runs still.

    due     : its end; ``NaT`` where nobody knows.
    booked  : when its renewal was booked, if that is known; a late one that is back-dated counts as booked when due.
    closed  : whether its loss is on record.
    notice  : when the customer said that it leaves or shrinks.
    arr, booked_arr : [usd/yr]
    term, booked_term : 0 where not told. [month]
    """

    csm: str
    due: np.datetime64
    booked: np.datetime64
    closed: bool
    notice: np.datetime64
    arr: float
    booked_arr: float
    term: int
    booked_term: int


class Customer(NamedTuple):
    """One account's line of contracts. joined : when it is known to have become a customer. growth : day and ARR of each
    expansion that is known. [usd/yr]
    """

    name: str
    segment: int
    contracts: tuple[Contract, ...]
    joined: np.datetime64
    growth: tuple[Growth, ...]


class Known(NamedTuple):
    """What a folder tells, as of a day. events : whether it tells growth. dropped : rows that later bookings have signed."""

    customers: tuple[Customer, ...]
    as_of: np.datetime64
    events: bool
    dropped: int


def read_known(folder: Path, prior: Scenario, as_of: date | None) -> Known:
    """Read a history folder as of the end of a day, its last booking or event where none is given.

    Raises: InputError with every problem of every file, or when segments are not those of the prior.
    """
    read = AllAtOnce()
    if not folder.is_dir():
        fix = "A history is a folder with deals.csv, as csmsim intake writes it."
        raise InputError([Problem(str(folder), "a folder", "none there", fix)])
    whole = read_history(folder, dict.fromkeys(FOLDER_FILES), read)
    read.check()
    whole()
    deals = read_columns(folder / DEALS_FILE, COLUMNS)
    book, events = (
        read_columns(path, columns) if (path := folder / FOLDER_FILES[role]).exists() else None
        for role, columns in (("book", OPENING_COLUMNS), ("expansions", EVENT_COLUMNS))
    )
    day = _last_day(deals, events) if as_of is None else np.datetime64(as_of, "D")
    segments = _segments(deals, book, prior, folder)
    lines, dropped = _lines(deals, day)
    grown, joined = _events(events)
    customers = [
        Customer(
            account,
            segments[account],
            _undone(contracts, grown.get(account, ()), day),
            joined.get(account, NOTHING),
            _by(grown.get(account, ()), day) if first else (),
        )
        for (account, _), contracts, first in _first_lines(lines)
        if not joined.get(account, day) > day
    ]
    told = {account for account, _ in lines}
    customers += _others(book, segments, told, grown, day)
    return Known(tuple(customers), day, events is not None, dropped)


def _first_lines(
    lines: dict[tuple[str, str], list[Contract]],
) -> list[tuple[tuple[str, str], list[Contract], bool]]:
    """Each line, and whether it is the first of its account, to which growth is counted."""
    seen: set[str] = set()
    found = []
    for key, contracts in lines.items():
        found.append((key, contracts, key[0] not in seen))
        seen.add(key[0])
    return found


def _last_day(deals: Table, events: Table | None) -> np.datetime64:
    """The last day on which something is known to have happened."""
    days = [deals.date["booked_date"]]
    days += [] if events is None else [events.date["date"]]
    found = np.concatenate(days)
    found = found[~np.isnat(found)]
    last: np.datetime64 = found.max() if len(found) else deals.date["due_date"].max()
    return last


def _segments(deals: Table, book: Table | None, prior: Scenario, folder: Path) -> dict[str, int]:
    """The segment of each account, as an index into the prior's."""
    names = [segment.name for segment in prior.segment]
    found: dict[str, int] = {}
    problems = []
    for table, file in ((deals, DEALS_FILE), (book, FOLDER_FILES["book"])):
        if table is None:
            continue
        told = table.text.get("segment", [""] * len(table))
        for record, (account, name) in enumerate(zip(table.text["account"], told, strict=True)):
            if name in names:
                found[account] = names.index(name)
            elif name:
                where = f"{folder / file}, row {table.row[record]}, column segment"
                fix = near_match(name, names) or "The prior has a [[segment]] for each."
                problems.append(Problem(where, f"one of {names}", shown(name), fix))
    accounts = dict.fromkeys([*deals.text["account"], *([] if book is None else book.text["account"])])
    without = [account for account in accounts if account not in found]
    if without and not problems and len(names) > 1:
        fix = f"The prior {prior.source} has several segments. Without any, give --prior of one segment."
        received = f"none for {len(without):,} accounts, {shown(without[0])} first"
        problems.append(Problem(f"{folder / DEALS_FILE}: column segment", f"one of {names}", received, fix))
    if problems:
        raise InputError(problems)
    return {account: found.get(account, 0) for account in accounts}


def _lines(deals: Table, day: np.datetime64) -> tuple[dict[tuple[str, str], list[Contract]], int]:
    """The contracts of each account and line, by due date; and how many rows only later bookings have signed."""
    contract = deals.text.get("contract", [""] * len(deals))
    share = deals.number.get("share", np.ones(len(deals)))
    order = np.lexsort((-share, deals.date["due_date"]))
    lines: dict[tuple[str, str], list[Contract]] = {}
    unknown: set[tuple[str, str]] = set()
    dropped, seen = 0, set()
    for record in order.tolist():
        key = (deals.text["account"][record], contract[record])
        due = deals.date["due_date"][record]
        if (key, due) in seen and share[record] < 1.0:
            continue  # several share this deal: whoever has most of it holds it
        seen.add((key, due))
        if key in unknown:
            dropped += 1
            continue
        found = _contract(deals, record, day)
        lines.setdefault(key, []).append(found)
        if deals.date["booked_date"][record] > day:
            unknown.add(key)
    return lines, dropped


def _contract(deals: Table, record: int, day: np.datetime64) -> Contract:
    due, booked = deals.date["due_date"][record], deals.date["booked_date"][record]
    amount = float(np.nan_to_num(deals.number["booked_arr"][record]))
    known = bool(booked <= day)
    service = deals.date.get("service_start_date")
    if known and service is not None and booked > due and service[record] <= due:
        booked = due
    notice = deals.date.get("notice_date")
    told = NOTHING if notice is None or not notice[record] <= day else notice[record]
    terms = [
        int(deals.integer[name][record]) if name in deals.integer else 0
        for name in ("term_months", "booked_term_months")
    ]
    renewed = known and amount > 0.0
    return Contract(
        csm=deals.text["csm"][record],
        due=due,
        booked=booked if renewed else NOTHING,
        closed=known and not renewed,
        notice=told,
        arr=float(deals.number["arr"][record]),
        booked_arr=amount if renewed else 0.0,
        term=terms[0],
        booked_term=terms[1] if renewed else 0,
    )


def _by(growth: Iterable[Growth], day: np.datetime64) -> tuple[Growth, ...]:
    """What of an account's growth is known on a day."""
    return tuple(each for each in growth if each[0] <= day)


def _undone(contracts: list[Contract], growth: Iterable[Growth], day: np.datetime64) -> tuple[Contract, ...]:
    """Contracts that end after the day without what they grow by after it."""
    later = [each for each in growth if each[0] > day]
    return tuple(
        each._replace(arr=each.arr - sum(arr for when, arr in later if when < each.due))
        if each.due > day
        else each
        for each in contracts
    )


def _events(
    events: Table | None,
) -> tuple[dict[str, list[Growth]], dict[str, np.datetime64]]:
    """Expansions of each account, and when new ones joined."""
    grown: dict[str, list[Growth]] = {}
    joined: dict[str, np.datetime64] = {}
    if events is not None:
        columns = (events.text["account"], events.text["kind"], events.date["date"], events.number["arr"])
        for account, kind, when, arr in zip(*columns, strict=True):
            if kind == "expansion":
                grown.setdefault(account, []).append((when, float(arr)))
            elif kind == "new":
                joined[account] = when
    return {account: sorted(each) for account, each in grown.items()}, joined


def _others(
    book: Table | None,
    segments: dict[str, int],
    told: set[str],
    grown: dict[str, list[Growth]],
    day: np.datetime64,
) -> list[Customer]:
    """Accounts of the book without any deal: their contracts run still."""
    if book is None:
        return []
    found = []
    due = book.date.get("due_date", np.full(len(book), NOTHING))
    term = book.integer.get("term_months", np.zeros(len(book), dtype=np.int64))
    for record, account in enumerate(book.text["account"]):
        if account in told:
            continue
        told.add(account)
        arr, csm = float(book.number["arr"][record]), book.text["csm"][record]
        held = Contract(csm, due[record], NOTHING, False, NOTHING, arr, 0.0, int(term[record]), 0)
        found.append(Customer(account, segments[account], (held,), NOTHING, _by(grown.get(account, ()), day)))
    return [each for each in found if np.isnat(each.contracts[0].due) or each.contracts[0].due > day]
