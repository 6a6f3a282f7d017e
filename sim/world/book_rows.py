"""The rows of a book as a CRM export has them, or as a scenario lays them out to be drawn."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, near_match, shown
from sim.files.cells import Column
from sim.files.csv import Table, read_columns
from sim.files.names import Names, misspelt
from sim.world.arrivals import most_arrivals
from sim.world.scenario import Scenario
from sim.world.segment import LONGEST_TERM, Segment

Floats = NDArray[np.float64]

FARTHEST_GIVEN: Final = 4.0
"""Beyond this a standard normal score is a typing error: one person or account in 30,000 lies farther out."""
NOT_GIVEN: Final = np.nan

OF: Final = "\x1f"
"""Stands between an account and its contract in the name that draws are keyed by; no cell holds it."""

BOOK_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
    Column("contract", required=False, blank=""),
    Column("segment"),
    Column("arr", kind="number", least=0.01, most=1e12, money=True),
    Column("due_date", kind="date"),
    Column("term_months", kind="integer", least=1, most=LONGEST_TERM),
    Column("churn_probability", kind="number", required=False, blank=NOT_GIVEN, least=0.0, most=1.0),
    *(
        Column(name, "number", required=False, blank=NOT_GIVEN, least=-FARTHEST_GIVEN, most=FARTHEST_GIVEN)
        for name in ("skill", "health")
    ),
)


class Rows(NamedTuple):
    """Accounts by CSM, those of one customer side by side.

    sizes     : accounts of each CSM. [csm]
    customers : whose each is. [account]
    contracts : which contract, of customers with several; else ``""``. [account]
    segments  : index into those of the scenario. [account]
    given     : columns of the CRM export, NaN where a cell is blank; empty for a drawn book. [account]
    """

    csms: list[str]
    sizes: list[int]
    customers: list[str]
    contracts: list[str]
    segments: list[int]
    given: Mapping[str, Floats]


def read_rows(scenario: Scenario, path: Path) -> Rows:
    """The rows of a CRM export.

    Raises: InputError with every problem, by row and column.
    """
    table = read_columns(path, BOOK_COLUMNS)
    days = _check_cells(scenario, table)
    _check_contracts(table)
    _one_skill_each(table)
    _no_name_of_a_new_account(scenario, table)
    table.check()
    problems = [*_misspelt(path, table)]
    if problems:
        raise InputError(problems)
    csms = list(dict.fromkeys(table.text["csm"]))
    place = {csm: index for index, csm in enumerate(csms)}
    holder = np.array([place[csm] for csm in table.text["csm"]], dtype=np.int64)
    accounts = table.text["account"]
    first: dict[tuple[str, str], int] = {}
    keys = zip(table.text["csm"], accounts, strict=True)
    met = np.array([first.setdefault(key, row) for row, key in enumerate(keys)], dtype=np.int64)
    order = np.lexsort((np.arange(len(met)), met, holder)).tolist()
    given = {"arr": table.number["arr"][order], "due_day": days[order].astype(np.float64)}
    given["term_months"] = table.integer["term_months"][order].astype(np.float64)
    optional = ("churn_probability", "skill", "health")
    given |= {name: table.number[name][order] for name in optional if name in table.number}
    names = [segment.name for segment in scenario.segment]
    several = {account for account, number in Counter(accounts).items() if number > 1}
    ids = table.text.get("contract", [""] * len(table))
    return Rows(
        csms,
        np.bincount(holder, minlength=len(csms)).tolist(),
        [accounts[row] for row in order],
        [ids[row] if accounts[row] in several else "" for row in order],
        [names.index(table.text["segment"][row]) for row in order],
        given,
    )


def _check_cells(scenario: Scenario, table: Table) -> NDArray[np.int64]:
    """Segments that the scenario has, and due dates on which something can still be open; these in days from the start."""
    calendar = scenario.calendar
    names = [segment.name for segment in scenario.segment]
    start = np.datetime64(calendar.start)
    earliest = {each.name: start - np.timedelta64(each.latest_lag, "D") for each in scenario.segment}
    for record in range(len(table)):
        segment, due = table.text["segment"][record], table.date["due_date"][record]
        if segment not in names:
            table.refuse(record, "segment", f"one of {names}", repr(segment), near_match(segment, names))
        elif due < earliest[segment]:
            fix = f"By the lag bands of segment {segment!r} it is booked or lost by {calendar.start}, and not open."
            table.refuse(record, "due_date", f"on or after {earliest[segment]}", repr(str(due)), fix)
    days: NDArray[np.int64] = (table.date["due_date"] - start).astype(np.int64)
    return days


def _check_contracts(table: Table) -> None:
    """An account that stands in several rows has a contract in each, and every contract its own id."""
    ids = table.text.get("contract")
    first: dict[tuple[str, str], int] = {}
    rows = Counter(table.text["account"])
    for record, account in enumerate(table.text["account"]):
        contract = "" if ids is None else ids[record]
        if ids is not None and not contract and rows[account] > 1:
            fix = f"{shown(account)} has {rows[account]} rows: tell its contracts apart."
            table.refuse(record, "contract", "the id of a contract", "a blank cell", fix)
        elif first.setdefault((account, contract), record) != record:
            fix = f"It repeats row {table.row[first[account, contract]]}."
            if ids is None:
                fix += " If it is another contract, give each its id in a column contract."
            column, cell = ("account", account) if ids is None else ("contract", contract)
            other = "account" if ids is None else f"contract of {shown(account)}"
            table.refuse(record, column, f"different from every other {other}", repr(cell), fix)


def _misspelt(path: Path, table: Table) -> Iterator[Problem]:
    """Names in several spellings, which would be several people or accounts."""
    for column in ("csm", "account"):
        yield from misspelt([Names(path, table.row, column, table.text[column])])


def _one_skill_each(table: Table) -> None:
    """Skill is a fact of the CSM: rows of one CSM say the same, or nothing."""
    known: dict[str, tuple[int, float]] = {}
    for record, skill in enumerate(table.number.get("skill", ())):
        if np.isnan(skill):
            continue
        row, first = known.setdefault(table.text["csm"][record], (table.row[record], float(skill)))
        if first != skill:
            fix = f"Row {row} gives this CSM {first:g}; a CSM has one skill."
            table.refuse(record, "skill", f"{first:g} or blank", repr(float(skill)), fix)


def _no_name_of_a_new_account(scenario: Scenario, table: Table) -> None:
    """Accounts that join are named by CSM, segment and number; no account that is there may have such a name."""
    segments = {segment.name: segment for segment in scenario.segment}
    pairs = dict.fromkeys(zip(table.text["csm"], table.text["segment"], strict=True))
    taken = {
        name
        for csm, segment in pairs
        if segment in segments
        for name in joining_names(scenario, csm, segments[segment], scenario.calendar.lead)
    }
    for record, account in enumerate(table.text["account"]):
        if account in taken:
            fix = "New accounts are named by CSM, segment, 'new' and number."
            table.refuse(record, "account", "a name that no new account can have", shown(account), fix)


def joining_names(scenario: Scenario, csm: str, segment: Segment, opening_period: int) -> list[str]:
    """Names of the room for new accounts of a segment in one CSM's book."""
    law = scenario.stack.segment[scenario.segment.index(segment)].new_accounts
    room = most_arrivals(law.per_year, scenario.calendar, opening_period)
    return [f"{csm}-{segment.name}-new-{number + 1:03d}" for number in range(room)]
