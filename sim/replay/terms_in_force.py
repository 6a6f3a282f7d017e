"""The term of the contract that was in force when something happened between renewals, as far as the files tell."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np

from sim.files.book_events import Expansions
from sim.files.cells import Integers
from sim.files.deals import Deals
from sim.replay.in_force import NEVER_BOOKED, signed_on
from sim.replay.required import BookEvents

UNKNOWN: Final = 0


class _Signed(NamedTuple):
    """A contract as a deal tells it: it ends on ``due``; the next one begins on ``starts``. [month]"""

    contract: str
    due: date
    starts: date
    held: int
    signed: int


class TermsInForce:
    """Terms of contracts by account: of the deals, the book, and those that new customers begin with."""

    def __init__(self, deals: Deals, book_events: BookEvents) -> None:
        self._deals: dict[str, list[_Signed]] = {}
        contract = deals.contract or ("",) * len(deals.csm)
        for entry in np.argsort(deals.due_date, kind="stable").tolist():
            due, booked = deals.due_date[entry].item(), signed_on(deals, entry)
            starts = NEVER_BOOKED if booked == NEVER_BOOKED else max(due, booked)
            months = (UNKNOWN if each is None else int(each[entry]) for each in (deals.term_held, deals.term))
            self._deals.setdefault(deals.account[entry], []).append(
                _Signed(contract[entry], due, starts, *months)
            )
        self._book: dict[str, list[tuple[str, int]]] = {}
        opening, expansions, _ = book_events
        new = expansions and expansions.newcomers
        if new is not None and new.term_months is not None:
            contract = new.contract or ("",) * len(new.csm)
            for account, *first in zip(new.account, contract, new.term_months.tolist(), strict=True):
                self._book.setdefault(account, []).append((first[0], first[1]))
        if opening is not None:
            for each in opening.contracts:
                held = self._book.setdefault(opening.account[each.entry], [])
                held.append((each.contract, each.term_months))

    def of(self, events: Expansions) -> Integers:
        """The term of each event, its own or of the contract in force; ``UNKNOWN`` where none is told. [event] [month]"""
        own = np.zeros(len(events.csm), dtype=np.int64) if events.term_months is None else events.term_months
        contract = events.contract or ("",) * len(events.csm)
        days: list[date] = events.date.tolist()
        found = [
            months or self._in_force(account, which, day)
            for months, account, which, day in zip(own.tolist(), events.account, contract, days, strict=True)
        ]
        return np.array(found, dtype=np.int64)

    def _in_force(self, account: str, contract: str, day: date) -> int:
        """That of its contract; of an account with several, of which the event names none, where all are as long."""
        ids = {each.contract for each in self._deals.get(account, ())}
        ids |= {each for each, _ in self._book.get(account, ())}
        found = {self._of_contract(account, each, day) for each in ([contract] if contract in ids else ids)}
        return found.pop() if len(found) == 1 else UNKNOWN

    def _of_contract(self, account: str, contract: str, day: date) -> int:
        """By the last deal that signed it, by the next one that ends it, or by the book."""
        deals = [each for each in self._deals.get(account, ()) if each.contract == contract]
        book = [each for each in self._book.get(account, ()) if each[0] == contract]
        signed = [each for each in deals if each.starts <= day]
        if signed:
            last = max(signed, key=lambda each: each.starts)
            return last.signed or last.held
        ends = [each.held for each in deals if each.due >= day]
        known = {months for _, months in book if months}
        return ends[0] if ends and ends[0] else (known.pop() if len(known) == 1 else UNKNOWN)
