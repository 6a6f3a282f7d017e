"""The day of the book of a history, which no file says: growth before it is in the book, growth from it on is not."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.replay.chains import Chain, months_after
from sim.replay.consistency import rounding
from sim.replay.history_files import HistoryFiles


class _Days(NamedTuple):
    """Days, both included, on which an account had so much. [usd/yr]"""

    first: date
    last: date
    arr: float


Events = list[tuple[date, float]]


def book_counted(history: HistoryFiles, chains: list[Chain], day: date) -> date:
    """The day on which most accounts of one contract had what the book has of them, by their deals and growth before
    ``day``: of several such days the first of a quarter or a month, the latest (assumption: books are counted then). Before
    all that happens where nothing tells days apart.
    """
    turns: dict[date, int] = {}
    for first, last, _ in _agreeing(history, chains, day):
        turns[first] = turns.get(first, 0) + 1
        if last < date.max:
            after = last + timedelta(days=1)
            turns[after] = turns.get(after, 0) - 1
    days = sorted(turns)
    best, most, agree = (date.min, date.max), 0, 0
    for when, following in pairwise([*days, date.max]):
        agree += turns[when]
        if agree > most:
            best, most = (when, following), agree
    return _roundest(*best) if best[1] < date.max else best[0]


def _roundest(first: date, beyond: date) -> date:
    """The latest first day of a quarter, or of a month, among some days; the first of them where there is none."""
    month = (beyond - timedelta(days=1)).replace(day=1)
    months = [month, *(months_after(month, -back) for back in (1, 2))]
    inside = [each for each in months if each >= first]
    quarters = [each for each in inside if each.month % 3 == 1]
    return next(iter([*quarters, *inside, first]))


def _agreeing(history: HistoryFiles, chains: list[Chain], day: date) -> Iterator[_Days]:
    """Of every account of one contract that is in the book, and changed, the days on which it had what the book has."""
    opening, expansions = history.book_events.opening, history.book_events.expansions
    if opening is None:
        return
    book: dict[str, float] = {}
    for account, arr in zip(opening.account, opening.arr.tolist(), strict=True):
        book[account] = book.get(account, 0.0) + arr
    events: dict[str, Events] = {}
    if expansions is not None:
        for entry in np.flatnonzero(expansions.date < np.datetime64(day, "D")).tolist():
            row = (expansions.date[entry].item(), float(expansions.arr[entry]))
            events.setdefault(expansions.account[entry], []).append(row)
    contracts: dict[str, int] = {}
    for chain in chains:
        contracts[chain.account] = contracts.get(chain.account, 0) + 1
    for chain in chains:
        held = book.get(chain.account)
        if held is None or contracts[chain.account] > 1:
            continue
        levels = list(_levels(history, chain, sorted(events.get(chain.account, ())), day))
        if len({each.arr for each in levels}) > 1:
            yield from (each for each in levels if abs(each.arr - held) <= rounding(held))


def _levels(history: HistoryFiles, chain: Chain, events: Events, day: date) -> Iterator[_Days]:
    """What a contract was worth, as long as it was worth the same, of those of its days that its deals tell of."""
    deals, begins = history.deals, date.min
    for place, each in enumerate(chain.dues):
        if each.due >= day:
            break
        renewed = each.signed < day
        ends = each.continued if renewed else each.due
        own = [event for event in events if begins <= event[0] < each.due]
        level = sum(float(deals.arr[entry]) for entry in each.entries) - sum(arr for _, arr in own)
        for when, arr in own:
            yield _Days(begins, when, level)
            begins, level = when + timedelta(days=1), level + arr
        yield _Days(begins, ends, level)
        if not renewed:
            return
        begins = ends + timedelta(days=1)
        following = chain.dues[place + 1].due if place + 1 < len(chain.dues) else day
        if following >= day:
            booked = sum(float(deals.booked_arr[entry]) for entry in each.entries)
            later = [event[0] for event in events if event[0] >= begins]
            yield _Days(begins, min(later, default=date.max), booked)
