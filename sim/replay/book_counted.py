"""The day of the book of a history, which no file says: growth before it is in the book, growth from it on is not."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from sim.replay.chains import Chain
from sim.replay.consistency import rounding
from sim.replay.history_files import HistoryFiles


class _Days(NamedTuple):
    """Days of the book, both included, on which it agrees with what an account had when it came due."""

    first: date
    last: date


def book_counted(history: HistoryFiles, chains: list[Chain], day: date) -> date:
    """The first day on which the book agrees with most deals that were due before ``day``: what the book has and what grew
    from then on is what was due. Before all that follows where no deal tells days apart.
    """
    turns: dict[date, int] = {}
    for first, last in _agreeing(history, chains, day):
        turns[first] = turns.get(first, 0) + 1
        after = last + timedelta(days=1)
        turns[after] = turns.get(after, 0) - 1
    best, most, agree = date.min, 0, 0
    for when in sorted(turns):
        agree += turns[when]
        if agree > most:
            best, most = when, agree
    return best


def _agreeing(history: HistoryFiles, chains: list[Chain], day: date) -> list[_Days]:
    """Of every account of one contract that is in the book, and grew before its first deal, the days that agree."""
    opening, expansions = history.book_events.opening, history.book_events.expansions
    if opening is None or expansions is None:
        return []
    book: dict[str, float] = {}
    for account, arr in zip(opening.account, opening.arr.tolist(), strict=True):
        book[account] = book.get(account, 0.0) + arr
    events: dict[str, list[tuple[date, float]]] = {}
    for entry in np.argsort(expansions.date, kind="stable").tolist():
        row = (expansions.date[entry].item(), float(expansions.arr[entry]))
        events.setdefault(expansions.account[entry], []).append(row)
    contracts: dict[str, int] = {}
    for chain in chains:
        contracts[chain.account] = contracts.get(chain.account, 0) + 1
    found = []
    for chain in chains:
        first = chain.dues[0]
        own = [each for each in events.get(chain.account, ()) if each[0] < first.due]
        if first.due >= day or not own or chain.account not in book or contracts[chain.account] > 1:
            continue
        due = sum(float(history.deals.arr[entry]) for entry in first.entries)
        days = _where(book[chain.account], own, due, first.due)
        if days is not None:
            found.append(days)
    return found


def _where(held: float, own: list[tuple[date, float]], due: float, until: date) -> _Days | None:
    """The days from which on the growth of an account makes what it held what is due; None where there are none."""
    bounds = [date.min, *(when + timedelta(days=1) for when, _ in own)]
    for place, first in enumerate(bounds):
        left = own[place:]
        if abs(held + sum(arr for _, arr in left) - due) <= rounding(due):
            return _Days(first, left[0][0] if left else until)
    return None
