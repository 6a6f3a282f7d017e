"""A history as it was known on a day: what was booked, said or moved from then on is open again, or not there at all."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.files.book_events import Expansions, Readings
from sim.files.cells import Dates
from sim.files.deals import Deals
from sim.files.people import People
from sim.files.transfers import Transfers
from sim.replay.chains import Chain, chains_of, customers_since
from sim.replay.history_files import HistoryFiles
from sim.replay.open_deals import OpenDeals, open_deals
from sim.replay.required import BookEvents

NOTHING = np.datetime64("NaT", "D")
Mask = NDArray[np.bool_]


def as_of(history: HistoryFiles, day: date) -> HistoryFiles:
    """What the files would have held at the start of a day.

    - A deal is there once its contract was signed: by the booking of what it renews, or by its own term.
    - Bookings, notices, exceptions, events, readings, transfers and people's comings and goings from that day on are gone.
      A deal that was booked later is open: its ``booked_date`` is blank, as of one that is lost.
    - What is due later has the ARR of its contract on that day (booked or in the book, and what grew since); an open deal is
      with whoever held the account then.

    Nothing that is dated from the day on changes what is returned, with one exception: the ARR of a contract that no file
    tells before it is due is that of its deal less what grew in between. Readings by period, which have no date, are left
    out.
    """
    when = np.datetime64(day, "D")
    chains = chains_of(history.deals)
    since = customers_since(history)
    kept = sorted(entry for chain in chains for entry in _entries_known(chain, day, since.get(chain.account)))
    opened = open_deals(history, chains, since, day)
    events = history.book_events
    return history._replace(
        deals=_deals(history.deals, kept, opened, when),
        book_events=BookEvents(
            events.opening, _events(events.expansions, when), _readings(events.readings, when)
        ),
        people=_people(history.people, when),
        transfers=_transfers(history.transfers, when),
    )


def _entries_known(chain: Chain, day: date, since: date | None) -> Iterable[int]:
    for place, each in enumerate(chain.dues):
        if chain.known(place, day, since):
            yield from each.entries


def _deals(deals: Deals, kept: list[int], opened: OpenDeals, when: np.datetime64) -> Deals:
    """The deals of these entries, what happened from the day on taken out of them."""
    closed = deals.closing[kept]
    known = closed < when  # never true of NaT
    place = {entry: index for index, entry in enumerate(kept)}
    granted = tuple(
        replace(each, deal=place[each.deal])
        for each in deals.granted
        if each.deal in place and known[place[each.deal]]
    )
    return Deals(
        path=deals.path,
        csm=tuple(opened.csm.get(entry, deals.csm[entry]) for entry in kept),
        account=tuple(deals.account[entry] for entry in kept),
        arr=np.array([opened.arr.get(entry, float(deals.arr[entry])) for entry in kept]),
        due_date=deals.due_date[kept],
        booked_arr=np.where(known, deals.booked_arr[kept], 0.0),
        credit_date={
            kind: np.where(known & ((kind == "booking") | (dates[kept] < when)), dates[kept], NOTHING)
            for kind, dates in deals.credit_date.items()
        },
        notice_date=None if deals.notice_date is None else _before(deals.notice_date[kept], when),
        multi_year=None if deals.multi_year is None else np.where(known, deals.multi_year[kept], 0),
        row=tuple(deals.row[entry] for entry in kept) if deals.row else (),
        at_zero=_still(deals.at_zero, place, known),
        back_dated=_still(deals.back_dated, place, known),
        granted=granted,
        share=None if deals.share is None else deals.share[kept],
        closed=np.where(known, closed, NOTHING),
        contract=_some(deals.contract, kept),
        term_held=None if deals.term_held is None else deals.term_held[kept],
        term=None if deals.term is None else np.where(known, deals.term[kept], 0),
        segment=_some(deals.segment, kept),
    )


def _before(dates: Dates, when: np.datetime64) -> Dates:
    return np.where(dates < when, dates, NOTHING)


def _still(entries: tuple[int, ...], place: dict[int, int], known: Mask) -> tuple[int, ...]:
    return tuple(place[entry] for entry in entries if entry in place and known[place[entry]])


def _some(texts: tuple[str, ...], kept: list[int]) -> tuple[str, ...]:
    return tuple(texts[entry] for entry in kept) if texts else ()


def _events(expansions: Expansions | None, when: np.datetime64) -> Expansions | None:
    if expansions is None:
        return None
    newcomers = None
    if expansions.newcomers is not None:
        newcomers = _earlier(expansions.newcomers, when)
    return replace(_earlier(expansions, when), newcomers=newcomers if newcomers and newcomers.csm else None)


def _earlier(expansions: Expansions, when: np.datetime64) -> Expansions:
    return expansions.only(np.flatnonzero(expansions.date < when).tolist())


def _readings(readings: Readings | None, when: np.datetime64) -> Readings | None:
    if readings is None or readings.date is None:
        return None
    return readings.only(np.flatnonzero(readings.date < when).tolist())


def _people(people: People | None, when: np.datetime64) -> People | None:
    """Who was there, or had left, before the day."""
    if people is None:
        return None
    rows = np.flatnonzero(np.isnat(people.first) | (people.first < when)).tolist()
    then = people.only(rows)
    return replace(then, last=_before(then.last, when), left=_before(then.left, when))


def _transfers(transfers: Transfers | None, when: np.datetime64) -> Transfers | None:
    if transfers is None:
        return None
    rows = np.flatnonzero(transfers.date < when).tolist()
    return Transfers(
        transfers.path,
        tuple(transfers.account[row] for row in rows),
        tuple(transfers.from_csm[row] for row in rows),
        tuple(transfers.to_csm[row] for row in rows),
        transfers.date[rows],
        tuple(transfers.row[row] for row in rows),
    )
