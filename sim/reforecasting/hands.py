"""Whose the accounts are on the day of a forecast, and which bookings are another CSM's, or shared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from sim.calendar import Calendar
from sim.files.deals import Deals
from sim.files.transfers import Transfers
from sim.plan.plan import Plan
from sim.reforecasting.dated import days
from sim.replay.history_files import HistoryFiles
from sim.world.book import Book

BOOKED: Final = ("renewal_bookings", "expansion_bookings", "deal_bookings", "deal_count")
"""Measures of what is booked, deal by deal: each is somebody's, whoever has held the account before or holds it later."""


def several_hands(history: HistoryFiles) -> bool:
    """Whether some account has changed hands, or a booking is shared."""
    share, transfers = history.deals.share, history.transfers
    shared = share is not None and bool((share < 1.0).any())
    return shared or (transfers is not None and bool(transfers.account))


def on_bookings(plan: Plan) -> bool:
    """Whether a plan asks and pays by what is booked alone, and takes nothing back."""
    measured = all(each.measure in BOOKED and each.quota.kind != "opening" for each in plan.component)
    return measured and not plan.clawback


def holders_on(transfers: Transfers | None, book: Book, calendar: Calendar) -> dict[str, str]:
    """Who holds the accounts that have changed hands since the first day, of which the study's book is."""
    if transfers is None:
        return {}
    when, known = days(transfers.date, calendar), set(book.accounts)
    return {
        transfers.account[entry]: transfers.to_csm[entry]
        for entry in np.argsort(when, kind="stable").tolist()
        if when[entry] >= 0 and transfers.account[entry] in known
    }


def held_by_of(book: Book) -> dict[str, str]:
    """The CSM of every account that is followed."""
    csm = np.repeat(np.arange(len(book.csms)), np.diff(book.csm_start))
    held = np.flatnonzero(~book.arrival).tolist()
    return {book.accounts[at]: book.csms[csm[at]] for at in held}


def alone(deals: Deals, entry: int, held_by: Mapping[str, str]) -> bool:
    """Whether a deal is all of whoever holds the account on the day."""
    whole = deals.share is None or deals.share[entry] >= 1.0
    return whole and deals.csm[entry] == held_by[deals.account[entry]]


def together(deals: Deals, own: list[int], others: list[int]) -> tuple[Deals, list[int]]:
    """The deals with the parts of each shared renewal in one entry, and those entries in the order of ``own``."""
    arr, booked_arr, first = deals.arr.copy(), deals.booked_arr.copy(), dict[tuple[str, object], int]()
    chosen = set(others)
    for entry in own:
        if entry in chosen:
            key = deals.account[entry], deals.due_date[entry]
            if (into := first.setdefault(key, entry)) != entry:
                arr[into] += deals.arr[entry]
                booked_arr[into] += deals.booked_arr[entry]
    kept = [entry for entry in own if entry not in chosen or entry in first.values()]
    return replace(deals, arr=arr, booked_arr=booked_arr), kept
