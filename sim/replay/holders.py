"""Accounts that several people have to do with: they changed hands, or their bookings are shared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np

from sim.calendar import Calendar
from sim.errors import Problem, near_match, shown
from sim.files.book_events import Expansions
from sim.files.deals import Deals
from sim.files.names import of_rows
from sim.files.transfers import Transfers
from sim.replay.consistency import row_of
from sim.replay.note import Note
from sim.replay.required import BookEvents
from sim.replay.sharing import Contracts, shared_accounts, shares_of
from sim.shapes.words import counted

Entries = TypeVar("Entries", Deals, Expansions)


class Holders(NamedTuple):
    """Who holds each such account.

    first : on the first day, by account.
    moves : by account, the days after the first one on which it changed hands, and to whom.
    shared : by account that several share and that does not change hands, who shares its contracts.

    A retention window counts an account with whoever holds it at the end (assumption: the usual rule, so that nobody loses
    the account of another, and a company counts it once); a shared account with each of those who share it, at the mean of
    their share over the days of the window (assumption: as their bookings, so that a company counts it once).
    """

    first: dict[str, str]
    moves: dict[str, tuple[tuple[date, str], ...]]
    shared: Mapping[str, Contracts] = {}

    @property
    def csms(self) -> list[str]:
        """All who hold one at some time."""
        later = [csm for moves in self.moves.values() for _, csm in moves]
        return list(dict.fromkeys([*self.first.values(), *later]))

    def holder(self, account: str, when: date) -> str:
        """Who holds an account on a day."""
        return next(
            (csm for day, csm in reversed(self.moves.get(account, ())) if day <= when), self.first[account]
        )

    def held(self, account: str, csm: str, calendar: Calendar) -> tuple[float, ...]:
        """Whether somebody holds an account on the last day of each period; of a shared one their share. [period]"""
        if account in self.shared:
            return shares_of(self.shared[account], csm, calendar)
        lasts = [
            calendar.date(int(day) - 1) for day in calendar.bounds[calendar.lead + 1 :][: calendar.periods]
        ]
        return tuple(self.holder(account, last) == csm for last in lasts)

    def at_home(self, entries: Entries) -> Entries:
        """Entries of such accounts under whoever held them on the first day, so that all of one account stand together."""
        names = zip(entries.csm, entries.account, strict=True)
        return replace(entries, csm=tuple(self.first.get(account, csm) for csm, account in names))


NO_HOLDERS = Holders({}, {})


def holders_of(deals: Deals, book_events: BookEvents, transfers: Transfers | None, start: date) -> Holders:
    """Who holds the accounts that changed hands after the first day, or whose bookings several share.

    On the first day that is whoever has it in the book; without a book, who gave it away first, or has the largest share.
    """
    moves: dict[str, list[tuple[date, str]]] = {}
    first: dict[str, str] = {}
    if transfers is not None:
        for entry in np.argsort(transfers.date, kind="stable").tolist():
            when, account = transfers.date[entry].item(), transfers.account[entry]
            if when > start:
                first.setdefault(account, transfers.from_csm[entry])
                moves.setdefault(account, []).append((when, transfers.to_csm[entry]))
    share = deals.share
    if share is not None:
        for entry in np.argsort(-share, kind="stable").tolist():
            if share[entry] < 1.0:
                first.setdefault(deals.account[entry], deals.csm[entry])
    if book_events.opening is not None:
        for csm, account in zip(book_events.opening.csm, book_events.opening.account, strict=True):
            if account in first:
                first[account] = csm
    apart = {account: each for account, each in shared_accounts(deals).items() if account not in moves}
    return Holders(first, {account: tuple(found) for account, found in moves.items()}, apart)


def transfer_problems(
    deals: Deals, book_events: BookEvents, transfers: Transfers | None, holders: Holders, start: date
) -> Iterator[Problem]:
    """Where transfers contradict each other, the book, or who is named beside a deal."""
    if transfers is None:
        return
    known = {*deals.account, *(() if book_events.opening is None else book_events.opening.account)}
    has = {account: csm for account, csm in holders.first.items() if account in known}
    for entry in np.argsort(transfers.date, kind="stable").tolist():
        account, where = transfers.account[entry], f"{transfers.path}, row {transfers.row[entry]}, column"
        if account not in known:
            fix = near_match(account, sorted(known)) or "Correct the name, or remove the row."
            yield Problem(f"{where} account", "an account of the deals or the book", shown(account), fix)
        elif transfers.date[entry].item() > start:
            if transfers.from_csm[entry] != has[account]:
                fix = "Whoever gives an account away holds it until then."
                yield Problem(f"{where} from_csm", shown(has[account]), shown(transfers.from_csm[entry]), fix)
            has[account] = transfers.to_csm[entry]
    yield from _named_otherwise(deals, holders)


def _named_otherwise(deals: Deals, holders: Holders) -> Iterator[Problem]:
    """Deals of an account that changed hands, under somebody who held it neither when due nor when booked."""
    for entry, account in enumerate(deals.account):
        if account not in holders.moves or (deals.share is not None and deals.share[entry] < 1.0):
            continue
        days = [deals.due_date[entry].item(), deals.credit_date["booking"][entry].item()]
        holding = list(dict.fromkeys(holders.holder(account, day) for day in days if day is not None))
        if deals.csm[entry] not in holding:
            allowed = " or ".join(map(shown, holding))
            fix = f"{shown(account)} changed hands: by the transfers it is theirs when it is due or booked."
            yield Problem(
                f"{deals.path}, row {row_of(deals, entry)}, column csm", allowed, shown(deals.csm[entry]), fix
            )


def holder_notes(deals: Deals, holders: Holders) -> Iterator[Note]:
    """What is told of accounts that changed hands, and of deals that are shared."""
    if holders.moves:
        text = (
            f"{counted(len(holders.moves), 'account')} changed hands ({_names(list(holders.moves))}): counted in retention "
            "with whoever holds it at the end of the window, in renewals with whom the deals name."
        )
        yield Note("transferred", len(holders.moves), text)
    shared = [] if deals.share is None else np.flatnonzero(deals.share < 1.0).tolist()
    if shared:
        rows = of_rows([row_of(deals, entry) for entry in shared])
        text = (
            f"{counted(len(shared), 'deal')} shared ({rows}): each CSM is credited and asked their share; in retention the "
            "account counts with each at the mean of their share over the days of the window."
        )
        yield Note("shared", len(shared), text)


MOST_NAMED = 3


def _names(accounts: Sequence[str]) -> str:
    named = ", ".join(map(shown, accounts[:MOST_NAMED]))
    return named if len(accounts) <= MOST_NAMED else f"{named} and {len(accounts) - MOST_NAMED} more"


def of_accounts(names: Iterable[str], accounts: Iterable[str]) -> list[int]:
    """The places of some accounts among names."""
    wanted = set(accounts)
    return [place for place, name in enumerate(names) if name in wanted]
