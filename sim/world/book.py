"""The book: which CSM holds which accounts, what they are worth and when they are due. Drawn, or read from a CRM export."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, near_match, shown
from sim.files.cells import Column
from sim.files.csv import Table, read_columns
from sim.records import IntP
from sim.world.arrivals import most_arrivals
from sim.world.scenario import LEAST_LEAD, Scenario
from sim.world.segment import LONGEST_TERM, Due, Segment
from sim.world.streams import identities

Floats = NDArray[np.float64]

FARTHEST_GIVEN: Final = 4.0
"""Beyond this a standard normal score is a typing error: one person or account in 30,000 lies farther out."""
NOT_GIVEN: Final = np.nan

BOOK_COLUMNS: Final = (
    Column("csm", person=True),
    Column("account"),
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


@dataclass(frozen=True)
class Book:
    """Who holds what. Accounts are sorted by CSM; those of CSM c are ``csm_start[c]`` up to ``csm_start[c + 1]``.

    segment        : index into the scenario's segments. [account]
    terms          : contract terms that can occur. [month]
    opening_period : due period in which the study meets the account: the first edge of its segment for a drawn one, the
                     first period of the horizon for a real one; for a new one, from which on it may join. [account]
    given          : columns of the CRM export, NaN where a cell is blank; empty for a drawn book. [account]
    arrival        : False for accounts held when the study opens, True for the room for new ones. [account]
    """

    csms: tuple[str, ...]
    accounts: tuple[str, ...]
    csm_start: IntP
    segment: IntP
    csm_ids: NDArray[np.uint64]
    account_ids: NDArray[np.uint64]
    terms: tuple[int, ...]
    opening_period: IntP
    given: Mapping[str, Floats]
    arrival: NDArray[np.bool_]

    def accounts_of(self, csm: int) -> slice:
        """The accounts one CSM holds."""
        return slice(int(self.csm_start[csm]), int(self.csm_start[csm + 1]))

    def skill_of(self, csm: int) -> float:
        """The CSM's skill where the CRM export gives it, NaN where it does not. [standard normal score]"""
        given = self.given.get("skill")
        rows = np.empty(0) if given is None else given[self.accounts_of(csm)]
        known = rows[~np.isnan(rows)]
        return float(known[0]) if len(known) else np.nan

    def health_of(self, csm: int) -> NDArray[np.float32]:
        """Health of the CSM's accounts when the study opens; NaN where not given. [account] [standard normal score]"""
        mine = self.accounts_of(csm)
        given = self.given.get("health")
        score = np.full(mine.stop - mine.start, np.nan) if given is None else given[mine]
        return score.astype(np.float32)


def make_book(scenario: Scenario) -> Book:
    """The book of a scenario: read when it names a file, laid out to be drawn when not.

    Raises: InputError with every problem of the CRM export, by row and column, and every key of the scenario that it
    leaves without effect; or when an account that leaves is not in the book.
    """
    book = _laid_out(scenario)
    known = set(book.accounts) if scenario.book.leaves else set()
    strangers = [name for name in scenario.book.leaves if name not in known]
    if strangers:
        allowed = f"accounts of the book ({shown(book.accounts[0])} to {shown(book.accounts[-1])})"
        raise InputError(
            [Problem(f"{scenario.source}: book.leaves", allowed, shown(name)) for name in strangers]
        )
    return book


def _laid_out(scenario: Scenario) -> Book:
    if scenario.book.file is not None:
        path = scenario.folder / scenario.book.file
        problems = _without_effect(scenario)
        try:
            if not os.path.lexists(path):
                where = f"{scenario.source}: book.file"
                raise InputError([Problem(where, "an existing file", f"nothing at {path}")])
            book = _read_book(scenario, path)
        except InputError as error:
            raise InputError([*problems, *error.problems]) from None
        if problems:
            raise InputError(problems)
        return book
    csms: list[str] = []
    accounts: list[str] = []
    sizes: list[int] = []
    segments: list[int] = []
    for index, segment in enumerate(scenario.segment):
        held = segment.accounts_per_csm
        for number in range(segment.csms or 0):
            csms.append(f"{segment.name}-{number + 1:03d}")
            accounts += [f"{csms[-1]}-{position + 1:03d}" for position in range(held)]
            sizes.append(held)
            segments += [index] * held
    return _book(scenario, csms, accounts, sizes, segments, {})


def _without_effect(scenario: Scenario) -> list[Problem]:
    """Keys that describe a drawn book, beside a file that says how the book is."""
    problems = []
    for place, segment in enumerate(scenario.segment):
        renewed = bool(segment.renewed_term_months) and segment.term_months != {"12": 1.0}
        given = {
            "csms": segment.csms is not None,
            "arr": segment.arr is not None,
            "term_months": renewed,
            "due": segment.due != Due(),
        }
        for key in (key for key, there in given.items() if there):
            fix = (
                "renewed_term_months says what is signed at renewal, and the file what is held"
                if key == "term_months"
                else "the book is read from book.file"
            )
            where = f"{scenario.source}: segment[{place}].{key}"
            problems.append(Problem(where, "absent", "a value", f"It has no effect: {fix}."))
    return problems


def _joining(scenario: Scenario, csm: str, segment: Segment, opening_period: int) -> list[str]:
    """Names of the room for new accounts of a segment in one CSM's book."""
    law = scenario.stack.segment[scenario.segment.index(segment)].new_accounts
    room = most_arrivals(law.per_year, scenario.calendar, opening_period)
    return [f"{csm}-{segment.name}-new-{number + 1:03d}" for number in range(room)]


def _book(
    scenario: Scenario,
    csms: list[str],
    accounts: list[str],
    sizes: list[int],
    segments: list[int],
    given: Mapping[str, Floats],
) -> Book:
    terms = {int(months) for months in given.get("term_months", ())}
    terms = terms.union(*(segment.terms for segment in scenario.segment))
    lead = scenario.calendar.lead
    edges = [0 if given else scenario.lead_of(segment) for segment in scenario.segment]
    joining = lead - (0 if given else LEAST_LEAD)
    names, places, new, start = [], [], [], [0]
    first = 0
    for csm, size in zip(csms, sizes, strict=True):
        held = segments[first : first + size]
        names += accounts[first : first + size]
        places += held
        new += [False] * size
        for index in dict.fromkeys(held):
            segment = scenario.segment[index]
            arriving = _joining(scenario, csm, segment, joining)
            names += arriving
            places += [index] * len(arriving)
            new += [True] * len(arriving)
        first += size
        start.append(len(names))
    return Book(
        tuple(csms),
        tuple(names),
        np.array(start, dtype=np.int64),
        np.array(places, dtype=np.int64),
        identities("csm", csms),
        identities("account", names),
        tuple(sorted(terms)),
        np.where(new, joining, lead - np.array(edges, dtype=np.int64)[places]),
        {key: _spread(values, np.array(new)) for key, values in given.items()},
        np.array(new, dtype=np.bool_),
    )


def _spread(values: Floats, new: NDArray[np.bool_]) -> Floats:
    """A column of the CRM export laid over all accounts; nothing is given of new ones."""
    spread = np.full(len(new), NOT_GIVEN)
    spread[~new] = values
    return spread


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
        for name in _joining(scenario, csm, segments[segment], scenario.calendar.lead)
    }
    for record, account in enumerate(table.text["account"]):
        if account in taken:
            fix = "New accounts are named by CSM, segment, 'new' and number."
            table.refuse(record, "account", "a name that no new account can have", shown(account), fix)


def _read_book(scenario: Scenario, path: Path) -> Book:
    table = read_columns(path, BOOK_COLUMNS)
    calendar = scenario.calendar
    names = [segment.name for segment in scenario.segment]
    earliest = {
        each.name: np.datetime64(calendar.start) - np.timedelta64(each.latest_lag, "D")
        for each in scenario.segment
    }
    days = (table.date["due_date"] - np.datetime64(calendar.start)).astype(np.int64)
    first_row: dict[str, int] = {}
    for record, account in enumerate(table.text["account"]):
        segment, due = table.text["segment"][record], table.date["due_date"][record]
        if segment not in names:
            table.refuse(record, "segment", f"one of {names}", repr(segment), near_match(segment, names))
        elif due < earliest[segment]:
            fix = f"By the lag bands of segment {segment!r} it is booked or lost by {calendar.start}, and not open."
            table.refuse(record, "due_date", f"on or after {earliest[segment]}", repr(str(due)), fix)
        if first_row.setdefault(account, record) != record:
            fix = f"It repeats row {table.row[first_row[account]]}."
            table.refuse(record, "account", "different from every other account", repr(account), fix)
    _one_skill_each(table)
    _no_name_of_a_new_account(scenario, table)
    table.check()
    csms = list(dict.fromkeys(table.text["csm"]))
    place = {csm: index for index, csm in enumerate(csms)}
    holder = np.array([place[csm] for csm in table.text["csm"]], dtype=np.int64)
    order = np.argsort(holder, kind="stable")
    given = {"arr": table.number["arr"][order], "due_day": days[order].astype(np.float64)}
    given["term_months"] = table.integer["term_months"][order].astype(np.float64)
    optional = ("churn_probability", "skill", "health")
    given |= {name: table.number[name][order] for name in optional if name in table.number}
    accounts = [table.text["account"][record] for record in order]
    segments = [names.index(table.text["segment"][record]) for record in order]
    sizes = np.bincount(holder, minlength=len(csms)).tolist()
    return _book(scenario, csms, accounts, sizes, segments, given)
