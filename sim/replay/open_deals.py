"""Deals that are due from a day on: what their contracts are worth then, and who holds those that are open."""

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.files.cells import Floats
from sim.replay.book_counted import book_counted
from sim.replay.chains import Chain, Contract
from sim.replay.history_files import HistoryFiles
from sim.replay.in_force import NEVER_BOOKED


class OpenDeals(NamedTuple):
    """ARR and CSM of deals, by entry. [usd/yr]"""

    arr: dict[int, float]
    csm: dict[int, str]


class _Base(NamedTuple):
    """What a contract was worth when it began, and from which day on growth adds to it; ``told`` by a file. [usd/yr]"""

    arr: float
    begun: date
    told: bool


class _OpenDue(NamedTuple):
    """The rows of one open renewal, and what its contract began with."""

    due: date
    entries: tuple[int, ...]
    base: _Base

    def in_force(self, day: date) -> bool:
        """Whether the contract had begun before a day."""
        return self.base.begun < day or not self.base.told


def open_deals(history: HistoryFiles, chains: list[Chain], since: dict[str, date], day: date) -> OpenDeals:
    """ARR and holder of what is due on the day or later, of contracts that were known before it.

    since : when each account became a customer, where a file tells.
    """
    several: dict[str, int] = {}
    for chain in chains:
        several[chain.account] = several.get(chain.account, 0) + 1
    began = _Beginnings(history, several, book_counted(history, chains, day))
    holder = holders(history, day)
    dues: dict[str, list[_OpenDue]] = {}
    csm: dict[int, str] = {}
    for chain in chains:
        for place, each in enumerate(chain.dues):
            if each.due >= day and chain.known(place, day, since.get(chain.account)):
                dues.setdefault(chain.account, []).append(
                    _OpenDue(each.due, each.entries, began.base(chain, place))
                )
                if len(each.entries) == 1 and each.signed >= day and chain.account in holder:
                    csm[each.entries[0]] = holder[chain.account]
    return OpenDeals(_grown(history, dues, day), csm)


class _Beginnings:
    """What contracts began with: what was booked, or what the book or the event of a new customer has.

    several : number of contracts of each account.
    counted : day of the book.
    """

    def __init__(self, history: HistoryFiles, several: dict[str, int], counted: date) -> None:
        self._deals, self._several, self._counted = history.deals, several, counted
        self._book: dict[str, float] = {}
        self._contract: dict[Contract, float] = {}
        self._joined: dict[str, _Base] = {}
        opening, expansions = history.book_events.opening, history.book_events.expansions
        if opening is not None:
            for account, arr in zip(opening.account, opening.arr.tolist(), strict=True):
                self._book[account] = self._book.get(account, 0.0) + arr
            for each in opening.contracts:
                key = opening.account[each.entry], each.contract
                self._contract[key] = self._contract.get(key, 0.0) + each.arr
        if expansions is not None and expansions.newcomers is not None:
            new = expansions.newcomers
            rows = zip(new.account, new.date.tolist(), new.arr.tolist(), strict=True)
            for account, when, arr in rows:
                before = self._joined.get(account, _Base(0.0, when, True))
                self._joined[account] = _Base(before.arr + arr, min(before.begun, when), True)

    def base(self, chain: Chain, place: int) -> _Base:
        """Where no file tells it, what is due: ``told`` is False."""
        before = chain.before(place)
        if before is not None and before.signed < NEVER_BOOKED:
            return _Base(
                self._sum(self._deals.booked_arr, before.entries), max(before.due, before.signed), True
            )
        if place == 0:
            alone = self._several[chain.account] == 1
            key = (chain.account, chain.contract)
            held = self._book.get(chain.account) if alone else self._contract.get(key)
            if held is not None and (alone or chain.contract):
                return _Base(held, self._counted, True)
            if alone and chain.account in self._joined:
                return self._joined[chain.account]
        return _Base(self._sum(self._deals.arr, chain.dues[place].entries), date.max, False)

    @staticmethod
    def _sum(amounts: Floats, entries: tuple[int, ...]) -> float:
        return sum(float(amounts[entry]) for entry in entries)


def _grown(history: HistoryFiles, dues: dict[str, list[_OpenDue]], day: date) -> dict[int, float]:
    """ARR of every open deal on the day: what its contract began with and what grew since, or, where no file tells that,
    what is due less what grows later. What grows in an account of several contracts is theirs in proportion. [usd/yr]
    """
    events: dict[str, list[tuple[date, float]]] = {}
    expansions = history.book_events.expansions
    if expansions is not None:
        rows = zip(expansions.account, expansions.date.tolist(), expansions.arr.tolist(), strict=True)
        for account, when, arr in rows:
            events.setdefault(account, []).append((when, arr))
    found: dict[int, float] = {}
    for account, open_dues in dues.items():
        running = [each.base.arr for each in open_dues if each.in_force(day)]
        whole = sum(running)
        for due, entries, base in open_dues:
            own = events.get(account, ())
            part = base.arr / whole if whole > 0.0 else 1.0 / max(len(running), 1)
            change = (
                sum(arr for when, arr in own if base.begun <= when < day)
                if base.told
                else -sum(arr for when, arr in own if day <= when < due)
            )
            found |= _shared(history.deals.arr, entries, max(base.arr + part * change, 0.0))
    return found


def _shared(due_arr: Floats, entries: tuple[int, ...], arr: float) -> dict[int, float]:
    """ARR of each row of a renewal that several share, as what is due is shared. [usd/yr]"""
    due = [float(due_arr[entry]) for entry in entries]
    whole = sum(due)
    return {
        entry: arr * (each / whole if whole > 0.0 else 1.0 / len(due))
        for entry, each in zip(entries, due, strict=True)
    }


def holders(history: HistoryFiles, day: date) -> dict[str, str]:
    """Who holds each account at the start of a day: by the last transfer before it, the last deal that was booked or due
    before it, or the book. Of an account that nothing before the day tells of, the deals themselves say it.
    """
    found: dict[str, str] = {}
    opening, deals = history.book_events.opening, history.deals
    if opening is not None:
        found |= dict(zip(opening.account, opening.csm, strict=True))
    known = np.fmin(deals.due_date, deals.closing)
    last: dict[str, date] = {}
    for entry in np.argsort(known, kind="stable").tolist():
        when, alone = known[entry].item(), deals.share is None or deals.share[entry] == 1.0
        if when < day and alone:
            found[deals.account[entry]] = deals.csm[entry]
            last[deals.account[entry]] = when
    if history.transfers is not None:
        moves = history.transfers
        for entry in np.argsort(moves.date, kind="stable").tolist():
            when, account = moves.date[entry].item(), moves.account[entry]
            if when >= day:
                found.setdefault(account, moves.from_csm[entry])
            elif when >= last.get(account, date.min):
                found[account] = moves.to_csm[entry]
    return found
