"""The accounts of each book of a history by themselves, and those that several people have to do with."""

import numpy as np

from sim.calendar import Calendar
from sim.files.deals import Deals
from sim.records import NEVER, Days, Renewals
from sim.replay.accounts import Account, accounts_of
from sim.replay.books import days_of, renewals_of
from sim.replay.holders import Holders, of_accounts
from sim.replay.required import NO_BOOK_EVENTS, BookEvents, rows_of


class OwnAccounts:
    """The accounts, or contracts in their place, of each book by itself, and those that several people have to do with."""

    def __init__(self, deals: Deals, book_events: BookEvents, holders: Holders, calendar: Calendar) -> None:
        self.deals, self.book_events, self.holders, self.calendar = deals, book_events, holders, calendar
        self.parts = book_events.by_csm(rows_of((*deals.csm, *_csms(book_events))))
        self.several = accounts_of_several(deals, book_events, holders, calendar)

    def of(self, csm: str, rows: list[int], renewals: Renewals, notice: Days) -> list[Account]:
        """Those of one CSM; rows : of their deals."""
        names, calendar = [self.deals.account[row] for row in rows], self.calendar
        events = self.parts.get(csm, NO_BOOK_EVENTS)
        alone = accounts_of(names, renewals, notice, events, calendar.start)
        accounts = [each for name, each in alone.items() if name not in self.several]
        return accounts + [
            each._replace(held=held, shared=name in self.holders.shared)
            for name, each in self.several.items()
            if any(held := self.holders.held(name, csm, calendar))
        ]


def _csms(book_events: BookEvents) -> list[str]:
    return [csm for each in book_events if each is not None for csm in each.csm]


def notice_days(deals: Deals, rows: list[int], calendar: Calendar) -> Days:
    """When the customer said that it leaves or shrinks; ``NEVER`` where no column says so. [renewal, world of one] [day]"""
    if deals.notice_date is None:
        return np.full((len(rows), 1), NEVER, dtype=np.int32)
    return days_of(deals.notice_date[rows], calendar.start)


def accounts_of_several(
    deals: Deals, book_events: BookEvents, holders: Holders, calendar: Calendar
) -> dict[str, Account]:
    """The accounts that change hands, or whose deals are shared: each with all that the files say of it, under any name."""
    if not holders.first:
        return {}
    rows = of_accounts(deals.account, holders.first)
    renewals = renewals_of(deals, rows, calendar)
    opening, expansions, _ = book_events
    events = BookEvents(
        opening and opening.only(of_accounts(opening.account, holders.first)),
        expansions and expansions.those(lambda each: of_accounts(each.account, holders.first)),
    )
    names = [deals.account[row] for row in rows]
    return accounts_of(names, renewals, notice_days(deals, rows, calendar), events, calendar.start)
