"""The book: which CSM holds which accounts, what they are worth and when they are due. Drawn, or read from a CRM export."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, shown
from sim.records import IntP
from sim.world.book_rows import NOT_GIVEN, OF, Rows, joining_names, read_rows
from sim.world.scenario import LEAST_LEAD, Scenario
from sim.world.segment import Due
from sim.world.streams import identities, identity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Book:
    """Who holds what. Accounts are sorted by CSM; those of CSM c are ``csm_start[c]`` up to ``csm_start[c + 1]``.

    A customer with several contracts in a book has an account for each, one after the other.

    customers      : whose account it is, by name. [account]
    customer       : the first account of that customer in the book of the same CSM. [account]
    account_ids    : what draws of an account are keyed by: its customer, and its contract where there are several. [account]
    customer_ids   : the same of its customer. [account]
    segment        : index into the scenario's segments. [account]
    terms          : contract terms that can occur. [month]
    opening_period : due period in which the study meets the account: the first edge of its segment for a drawn one, the
                     first period of the horizon for a real one; for a new one, from which on it may join. [account]
    given          : columns of the CRM export, NaN where a cell is blank; empty for a drawn book. [account]
    arrival        : False for accounts held when the study opens, True for the room for new ones. [account]
    """

    csms: tuple[str, ...]
    accounts: tuple[str, ...]
    customers: tuple[str, ...]
    contracts: tuple[str, ...]
    customer: IntP
    csm_start: IntP
    segment: IntP
    csm_ids: NDArray[np.uint64]
    account_ids: NDArray[np.uint64]
    customer_ids: NDArray[np.uint64]
    terms: tuple[int, ...]
    opening_period: IntP
    given: Mapping[str, Floats]
    arrival: NDArray[np.bool_]

    def accounts_of(self, csm: int) -> slice:
        """The accounts one CSM holds."""
        return slice(int(self.csm_start[csm]), int(self.csm_start[csm + 1]))

    def customers_of(self, csm: int) -> IntP:
        """The first account of the customer of each account of one CSM, counted from the first of them. [account]"""
        mine = self.accounts_of(csm)
        first: IntP = self.customer[mine] - mine.start
        return first

    def in_hands_of(self, holders: Mapping[str, str]) -> "Book":
        """The same book once some accounts have gone to another of its CSMs. holders : of them, by account."""
        if not holders:
            return self
        held = np.repeat(np.arange(len(self.csms)), np.diff(self.csm_start))
        place = {name: at for at, name in enumerate(self.accounts)}
        moved = [place[name] for name in holders if name in place]
        held[moved] = [self.csms.index(holders[self.accounts[at]]) for at in moved]
        order = np.argsort(held, kind="stable")
        at_now = np.argsort(order)
        names = zip(self.accounts, self.customers, self.contracts, strict=True)
        moved_names = [each for _, each in sorted(zip(at_now.tolist(), names, strict=True))]
        accounts, customers, contracts = zip(*moved_names, strict=True)
        given = {name: column.copy() for name, column in self.given.items()}
        if "skill" in given:
            given["skill"][moved] = np.nan  # of whom they went from
        return replace(
            self,
            accounts=accounts,
            customers=customers,
            contracts=contracts,
            customer=at_now[self.customer[order]],
            customer_ids=self.customer_ids[order],
            csm_start=np.searchsorted(held[order], np.arange(len(self.csms) + 1)),
            segment=self.segment[order],
            account_ids=self.account_ids[order],
            opening_period=self.opening_period[order],
            given={name: column[order] for name, column in given.items()},
            arrival=self.arrival[order],
        )

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
    known = set(book.customers) if scenario.book.leaves else set()
    strangers = [name for name in scenario.book.leaves if name not in known]
    if strangers:
        allowed = f"accounts of the book ({shown(book.customers[0])} to {shown(book.customers[-1])})"
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
            book = _book(scenario, read_rows(scenario, path))
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
    return _book(scenario, Rows(csms, sizes, accounts, [""] * len(accounts), segments, {}))


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


def _book(scenario: Scenario, rows: Rows) -> Book:
    given = rows.given
    terms = {int(months) for months in given.get("term_months", ())}
    terms = terms.union(*(segment.terms for segment in scenario.segment))
    lead = scenario.calendar.lead
    edges = [0 if given else scenario.lead_of(segment) for segment in scenario.segment]
    joining = lead - (0 if given else LEAST_LEAD)
    customers, contracts, places, new, start = [], [], [], [], [0]
    first = 0
    for csm, size in zip(rows.csms, rows.sizes, strict=True):
        held = rows.segments[first : first + size]
        customers += rows.customers[first : first + size]
        contracts += rows.contracts[first : first + size]
        places += held
        new += [False] * size
        for index in dict.fromkeys(held):
            segment = scenario.segment[index]
            arriving = joining_names(scenario, csm, segment, joining)
            customers += arriving
            contracts += [""] * len(arriving)
            places += [index] * len(arriving)
            new += [True] * len(arriving)
        first += size
        start.append(len(customers))
    pairs = list(zip(customers, contracts, strict=True))
    keys = [f"{customer}{OF}{contract}" if contract else customer for customer, contract in pairs]
    own = identities("account", keys)
    return Book(
        csms=tuple(rows.csms),
        accounts=tuple(f"{customer} · {contract}" if contract else customer for customer, contract in pairs),
        customers=tuple(customers),
        contracts=tuple(contracts),
        customer=_first_accounts(customers, start),
        csm_start=np.array(start, dtype=np.int64),
        segment=np.array(places, dtype=np.int64),
        csm_ids=identities("csm", rows.csms),
        account_ids=own,
        customer_ids=own
        if keys == customers
        else np.array([identity("account", each) for each in customers], dtype=np.uint64),
        terms=tuple(sorted(terms)),
        opening_period=np.where(new, joining, lead - np.array(edges, dtype=np.int64)[places]),
        given={key: _spread(values, np.array(new)) for key, values in given.items()},
        arrival=np.array(new, dtype=np.bool_),
    )


def _first_accounts(customers: Sequence[str], start: Sequence[int]) -> IntP:
    """The first account of the customer of each account, book by book; those of one customer stand together. [account]"""
    first = list(range(len(customers)))
    for begin, end in pairwise(start):
        for account in range(begin + 1, end):
            if customers[account] == customers[account - 1]:
                first[account] = first[account - 1]
    return np.array(first, dtype=np.int64)


def _spread(values: Floats, new: NDArray[np.bool_]) -> Floats:
    """A column of the CRM export laid over all accounts; nothing is given of new ones."""
    spread = np.full(len(new), NOT_GIVEN)
    spread[~new] = values
    return spread
