"""The accounts of one CSM of a replay, each by itself, as if they held nothing else."""

from collections.abc import Iterator

from sim.engine.alone import Alone
from sim.files.book_events import Expansions
from sim.replay.holders import of_accounts
from sim.replay.replay import Books, ledgers_of
from sim.replay.required import BookEvents


def alone_of(books: Books, csm: str) -> Iterator[Alone]:
    """In order of their names' first appearance; the KPIs of a file are of the whole book, and of no account."""
    setting, events = books.setting, books.setting.book_events
    opening, expansions, readings = events
    own = readings and readings.only(_rows(readings.csm, csm))
    for account in accounts_of(books, csm):
        part = BookEvents(
            opening and opening.only(of_accounts(opening.account, [account])),
            expansions and _of(expansions, account),
            own,
        )
        deals = books.deals.only(of_accounts(books.deals.account, [account]))
        found = ledgers_of(deals, setting._replace(book_events=part), frozenset({csm}))
        renewals, ledger = found[csm]
        activity = ledger.activity and ledger.activity._replace(kpi={})
        yield Alone(csm, account, renewals, ledger._replace(activity=activity, company=None))


def accounts_of(books: Books, csm: str) -> list[str]:
    """The accounts of a CSM: those of their deals, of their book and growth, and those that others hand over."""
    opening, expansions, _ = books.setting.book_events
    newcomers = expansions and expansions.newcomers
    names: dict[str, None] = {}
    for each in (books.deals, opening, expansions, newcomers):
        if each is not None:
            names |= dict.fromkeys(each.account[row] for row in _rows(each.csm, csm))
    holders, calendar = books.setting.holders, books.setting.calendar
    names |= dict.fromkeys(name for name in holders.first if any(holders.held(name, csm, calendar)))
    return list(names)


def _of(events: Expansions, account: str) -> Expansions:
    """The events of one account, those of a new customer too."""
    return events.those(lambda each: of_accounts(each.account, [account]))


def _rows(csms: tuple[str, ...], csm: str) -> list[int]:
    return [row for row, each in enumerate(csms) if each == csm]
