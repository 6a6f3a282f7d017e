"""The contracts of a history through all their renewals: what renewed what, and from which day on that was known."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from sim.files.deals import Deals
from sim.replay.history_files import HistoryFiles
from sim.replay.in_force import NEVER_BOOKED

USUAL_TERM: Final = 12
"""Of a contract whose term no file tells (assumption: most are of a year). [month]"""
SLACK: Final = timedelta(days=45)
"""A contract that begins no later than this after another one's end renews it (assumption)."""
FROM_THE_FIRST: Final = date.min
"""Since when somebody is a customer whom the book of the first day has."""

Contract = tuple[str, str]
"""Account, and contract where it has several."""


class Due(NamedTuple):
    """A contract end: one renewal, of one row or of several who share it.

    entries : rows of the deals.
    signed  : when it was booked, at 0 usd or more; ``NEVER_BOOKED`` where it is open or lost.
    begun   : first day of the contract that ends, as its term tells it; else None.
    """

    due: date
    entries: tuple[int, ...]
    signed: date
    begun: date | None

    @property
    def continued(self) -> date:
        """The latest day on which what renews it begins: its end, or the booking after a lapse."""
        return self.due if self.signed == NEVER_BOOKED else max(self.due, self.signed)


class Chain(NamedTuple):
    """One contract through all its renewals, by due date."""

    account: str
    contract: str
    dues: tuple[Due, ...]

    def before(self, place: int) -> Due | None:
        """The renewal from which a contract came; None of the first, and of one that began after a gap."""
        own = self.dues[place]
        latest = None if own.begun is None else own.begun + SLACK
        earlier = [each for each in self.dues[:place] if latest is None or each.due <= latest]
        if not earlier or (own.begun is not None and own.begun - earlier[-1].continued > SLACK):
            return None
        return earlier[-1]

    def known(self, place: int, day: date, since: date | None) -> bool:
        """Whether a contract was signed before a day.

        since : when the account became a customer; None where no file tells.
        """
        own, before = self.dues[place], self.before(place)
        if before is not None:
            return before.signed < day
        if own.begun is not None and place > 0:
            return own.begun < day
        begun = own.begun or months_before(own.due, USUAL_TERM)
        return (begun if since is None else since) < day


def chains_of(deals: Deals) -> list[Chain]:
    """Every contract of the deals, in order of first appearance. Without ids an account has one contract, unless terms say
    that several ran at once.
    """
    rows: dict[Contract, dict[date, list[int]]] = {}
    ids = deals.contract or ("",) * len(deals.csm)
    for entry, key in enumerate(zip(deals.account, ids, strict=True)):
        rows.setdefault(key, {}).setdefault(deals.due_date[entry].item(), []).append(entry)
    return [
        Chain(*key, tuple(_due(deals, when, entries) for when, entries in sorted(by_date.items())))
        for key, by_date in rows.items()
    ]


def _due(deals: Deals, when: date, entries: list[int]) -> Due:
    signed = deals.closing[entries[0]].item()
    renewed = any(deals.booked_arr[entry] > 0.0 for entry in entries)
    term = 0 if deals.term_held is None else int(deals.term_held[entries[0]])
    return Due(
        when,
        tuple(entries),
        signed if renewed and signed is not None else NEVER_BOOKED,
        months_before(when, term) if term else None,
    )


def customers_since(history: HistoryFiles) -> dict[str, date]:
    """Since when each account is a customer, of those of whom a file tells it. Who is in the book of the first day was one
    before all that follows, unless the book knows better.
    """
    found: dict[str, date] = {}
    expansions, opening = history.book_events.expansions, history.book_events.opening
    if expansions is not None and expansions.newcomers is not None:
        for account, when in zip(
            expansions.newcomers.account, expansions.newcomers.date.tolist(), strict=True
        ):
            found[account] = min(when, found.get(account, when))
    if opening is not None:
        found |= dict.fromkeys(opening.account, FROM_THE_FIRST)
    return found


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of its month where the month is shorter."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The day so many months later; the last of its month where the month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
