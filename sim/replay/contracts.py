"""The contracts of accounts, as far as the files tell them apart: each then takes the place of its account."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from sim.errors import Problem, shown
from sim.files.book_events import Expansions, Opening
from sim.files.deals import Deals
from sim.files.names import of_rows
from sim.plan.plan import Plan
from sim.replay.consistency import row_of
from sim.replay.holders import Holders
from sim.replay.required import BookEvents

OF: Final = "\x1f"
"""Stands between an account and its contract where the two are one name."""


class Contracts:
    """Which accounts have several contracts, each of which every file names wherever it must.

    apart : accounts whose contracts are told apart.
    mixed : accounts with several contracts of which some event does not say which it is of, with the entries.
    """

    def __init__(self, deals: Deals, book_events: BookEvents) -> None:
        self._deals, self._events = deals, book_events
        named: dict[str, set[str]] = {}
        for account, contract in (*_of_deals(deals), *_of_book(book_events.opening)):
            named.setdefault(account, set()).add(contract)
        several = {account: ids for account, ids in named.items() if len(ids) > 1}
        self.mixed: dict[str, list[int]] = {}
        for entry, (account, contract) in enumerate(_of_events(book_events.expansions)):
            if account in several and contract not in several[account]:
                self.mixed.setdefault(account, []).append(entry)
        new = book_events.expansions and book_events.expansions.newcomers
        whole = {account for account, contract in _of_events(new) if not contract} | self.mixed.keys()
        self.apart = frozenset(several.keys() - whole if self._columns() else ())

    def _columns(self) -> bool:
        """Whether every file that says what is held and due names contracts."""
        opening = self._events.opening
        return bool(self._deals.contract) and (opening is None or _named(opening))

    def as_accounts(self) -> tuple[Deals, BookEvents]:
        """The files with each contract in the place of an account, where contracts are told apart."""
        deals, (opening, expansions, readings) = self._deals, self._events
        if not self.apart:
            return deals, self._events
        deals = replace(deals, account=self._names(_of_deals(deals)))
        if expansions is not None:
            new = expansions.newcomers
            if new is not None:
                expansions = replace(expansions, newcomers=self._renamed(new))
            expansions = self._renamed(expansions)
        return deals, BookEvents(opening and self._split(opening), expansions, readings)

    def _renamed(self, events: Expansions) -> Expansions:
        return replace(events, account=self._names(_of_events(events))) if events.contract else events

    def _names(self, pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        return tuple(
            f"{account}{OF}{contract}" if account in self.apart else account for account, contract in pairs
        )

    def _split(self, opening: Opening) -> Opening:
        """The book with a row for each contract."""
        at = [each.entry for each in opening.contracts]
        arr: dict[tuple[str, str], float] = {}
        names = self._names((opening.account[each.entry], each.contract) for each in opening.contracts)
        for entry, name, each in zip(at, names, opening.contracts, strict=True):
            key = opening.csm[entry], name
            arr[key] = arr.get(key, 0.0) + each.arr
        csm, account = (tuple(key[part] for key in arr) for part in (0, 1))
        return Opening(opening.path, csm, account, np.array(list(arr.values())))


def account_of(name: str) -> str:
    """The account of a contract that stands in its place."""
    return name.partition(OF)[0]


def contract_of(name: str) -> str:
    """The contract of such a name."""
    return name.partition(OF)[2]


def of_contracts(holders: Holders, names: Iterable[str]) -> Holders:
    """Who holds the contracts of accounts that several people have to do with."""
    of_account = {name: account_of(name) for name in names if account_of(name) in holders.first}
    shared = {}
    for name, account in of_account.items():
        if account in holders.shared:
            own = {id_: each for id_, each in holders.shared[account].items() if id_ == contract_of(name)}
            shared[name] = own or holders.shared[account]
    return Holders(
        {name: holders.first[account] for name, account in of_account.items()},
        {name: holders.moves[account] for name, account in of_account.items() if account in holders.moves},
        shared,
    )


def contract_problems(
    deals: Deals, book_events: BookEvents, plans: Sequence[Plan], start: date, beyond: date
) -> Iterator[Problem]:
    """Where a plan follows contracts, and the files do not tell them apart. start, beyond : the horizon."""
    following = [
        plan.name for plan in plans if any(each.retention.by == "contract" for each in plan.component)
    ]
    if not following:
        return
    plan, opening = repr(following[0]), book_events.opening
    why = f"Plan {plan} counts retention by contract"
    if not deals.contract:
        fix = f"{why}: give every deal an id in a column contract."
        yield Problem(f"{deals.path}, row 1, column contract", "present", "nothing", fix)
    if opening is not None and not _named(opening):
        fix = f"{why}: give the book a row for each contract, with its id."
        yield Problem(f"{opening.path}, row 1, column contract", "present", "nothing", fix)
    if not deals.contract or opening is None or not _named(opening):
        return
    found = Contracts(deals, book_events)
    expansions = book_events.expansions
    for account, entries in found.mixed.items():
        assert expansions is not None, "the entries are of it"
        rows = of_rows([row_of(expansions, entry) for entry in entries])
        fix = f"{why}: say in a column contract which one grew or shrank."
        allowed = f"of one of the contracts of {shown(account)}"
        yield Problem(f"{expansions.path}, {rows}, column contract", allowed, "none of them", fix)
    inside = (deals.due_date >= np.datetime64(start, "D")) & (deals.due_date < np.datetime64(beyond, "D"))
    yield from _in_no_book(deals, np.flatnonzero(inside).tolist(), opening, why)


def _named(opening: Opening) -> bool:
    """Whether the book names contracts."""
    return any(each.contract for each in opening.contracts)


def _in_no_book(deals: Deals, entries: Sequence[int], opening: Opening, why: str) -> Iterator[Problem]:
    """Deals of a contract that the book does not have, of an account that it has."""
    held: dict[str, set[str]] = {}
    for account, contract in _of_book(opening):
        held.setdefault(account, set()).add(contract)
    for entry in entries:
        account, contract = deals.account[entry], deals.contract[entry]
        if account in held and contract not in held[account]:
            allowed = " or ".join(map(shown, sorted(held[account])))
            where = f"{deals.path}, row {row_of(deals, entry)}, column contract"
            yield Problem(
                where, allowed, shown(contract), f"{why}: {opening.path.name} has these of the account."
            )


def _of_deals(deals: Deals) -> Iterator[tuple[str, str]]:
    """Account and contract of every deal."""
    return zip(deals.account, deals.contract or ("",) * len(deals.account), strict=True)


def _of_book(opening: Opening | None) -> Iterator[tuple[str, str]]:
    if opening is not None:
        for each in opening.contracts:
            yield opening.account[each.entry], each.contract


def _of_events(expansions: Expansions | None) -> Iterator[tuple[str, str]]:
    if expansions is not None:
        ids = expansions.contract or ("",) * len(expansions.account)
        yield from zip(expansions.account, ids, strict=True)
