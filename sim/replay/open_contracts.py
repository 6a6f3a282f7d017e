"""The book of a day: every contract in force that a history knows of then, with what is due next."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.files.book_events import Contract, Opening
from sim.files.deals import Deals
from sim.records import LATE_WINDOW_DAYS
from sim.replay.book_counted import book_counted
from sim.replay.chains import USUAL_TERM, Chain, Due, chains_of, months_after
from sim.replay.history_files import HistoryFiles
from sim.replay.in_force import NEVER_BOOKED
from sim.replay.open_deals import holders


class OpenContract(NamedTuple):
    """A contract whose next renewal is not booked yet.

    segment  : ``""`` where no file tells.
    arr      : of the contract. [usd/yr]
    due      : its end; before the day where nothing was booked in time.
    term     : [month]
    told     : whether the due date is that of a deal or of the book; else it is a term after the last renewal, or after the
               customer joined.
    in_force : ARR on the day: that of the contract before it, where that one was renewed early. [usd/yr]
    shared   : it is a part of a contract that several share.
    renewals : of the contract that the history tells of so far. [count]
    """

    csm: str
    account: str
    contract: str
    segment: str
    arr: float
    due: date
    term: int
    told: bool
    in_force: float
    shared: bool = False
    renewals: int = 0

    @property
    def name(self) -> str:
        """Of the account, of the contract where it has several, and of whose part it is."""
        return " ".join(filter(None, (self.account, self.contract, self.csm if self.shared else "")))


class DayBook(NamedTuple):
    """What is open at the start of a day. undated : accounts of the book of which no file tells when they are due.
    [count]
    """

    day: date
    contracts: tuple[OpenContract, ...]
    undated: int

    @property
    def opening(self) -> Opening:
        """The book as the first day of a replay has it: past due contracts inside the late window included."""
        earliest = self.day - timedelta(days=LATE_WINDOW_DAYS)
        return self._opening(each for each in self.contracts if each.due >= earliest)

    def opening_kept(self, deals: Deals) -> Opening:
        """The same, of what was past due only what was booked inside the late window after all: a customer all along.

        deals : as they are known later.
        """
        first, window = np.datetime64(self.day, "D"), np.timedelta64(LATE_WINDOW_DAYS, "D")
        booked, due = deals.credit_date["booking"], deals.due_date
        back = (due < first) & (booked >= first) & (booked - due <= window) & (deals.booked_arr > 0.0)
        names = {(deals.account[row], due[row].item()) for row in np.flatnonzero(back).tolist()}
        return self._opening(
            each for each in self.contracts if each.due >= self.day or (each.account, each.due) in names
        )

    def _opening(self, contracts: Iterable[OpenContract]) -> Opening:
        arr: dict[tuple[str, str], float] = {}
        for each in contracts:
            key = (each.csm, each.account)
            arr[key] = arr.get(key, 0.0) + each.in_force
        csm, account = (tuple(key[part] for key in arr) for part in (0, 1))
        return Opening(Path(f"book of {self.day}"), csm, account, np.array(list(arr.values())))


def day_book(known: HistoryFiles, day: date) -> DayBook:
    """Every contract that is open at the start of a day, past due ones included, of a history as it was known then.

    What is due next is a deal that is not booked; after the last booked one a term later (its own, or a year where no file
    tells it). Contracts of the book of the first day that no deal speaks of are due when the book says; where it does not
    say, nobody knows, and they are left out.
    """
    chains = chains_of(known.deals)
    found = [each for chain in chains for each in _of_chain(known, chain, day)]
    without, undated = _without_deals(known, chains, day)
    segments, holder = segments_of(known), holders(known, day)
    contracts = (
        each._replace(
            segment=segments.get(each.account, ""),
            csm=each.csm if each.shared else holder.get(each.account, each.csm),
        )
        for each in _with_growth([*found, *without], known, day)
        if each.arr > 0.0
    )
    return DayBook(day, tuple(contracts), undated)


class _Found(NamedTuple):
    """A contract, and from which day on growth adds to it; None where its ARR has everything."""

    contract: OpenContract
    grows_from: date | None


def _of_chain(known: HistoryFiles, chain: Chain, day: date) -> Iterator[_Found]:
    deals, lost = known.deals, set(known.deals.at_zero)
    renewed = set()
    for place, each in enumerate(chain.dues):
        before = chain.before(place)
        renewed |= set() if before is None else {before.due}
        if each.signed < NEVER_BOOKED or lost & set(each.entries) or _superseded(chain, place, day):
            continue
        term = _term(known, each, before)
        early = before is not None and before.due >= day
        for entry in each.entries:
            arr = float(deals.arr[entry])
            now = arr
            if early:
                assert before is not None, "told above"
                now = sum(float(deals.arr[row]) for row in before.entries) / len(each.entries)
            yield _Found(_contract(known, chain, entry, arr, each.due, term, True, now), None)
    for each in chain.dues:
        if each.signed == NEVER_BOOKED or each.due in renewed:
            continue
        booked = 0 if deals.term is None else int(deals.term[each.entries[0]])
        term = booked or _term(known, each, None)
        due = months_after(each.due, term)
        if due < day:
            continue  # no deal of it although it has come due: it ended otherwise
        for entry in each.entries:
            arr = float(deals.booked_arr[entry])
            now = float(deals.arr[entry]) if each.due >= day else arr
            contract = _contract(known, chain, entry, arr, due, term, False, now)
            yield _Found(contract, max(each.due, each.signed))


def _superseded(chain: Chain, place: int, day: date) -> bool:
    """Whether a renewal that nobody booked is past, and the customer has come back with a contract since."""
    own = chain.dues[place]
    later = [each for each in chain.dues[place + 1 :] if each.begun is None or each.begun > own.due]
    return own.due < day and bool(later)


def _contract(
    known: HistoryFiles, chain: Chain, entry: int, arr: float, due: date, term: int, told: bool, now: float
) -> OpenContract:
    csm, share = known.deals.csm[entry], known.deals.share
    part = share is not None and bool(share[entry] < 1.0)
    renewals = sum(each.signed < NEVER_BOOKED for each in chain.dues if each.due < due)
    return OpenContract(csm, chain.account, chain.contract, "", arr, due, term, told, now, part, renewals)


def _term(known: HistoryFiles, own: Due, before: Due | None) -> int:
    """Of a contract that ends, as its own deal or the booking of it tells; else the usual one. [month]"""
    deals = known.deals
    told = 0 if deals.term_held is None else int(deals.term_held[own.entries[0]])
    if not told and before is not None and deals.term is not None:
        told = int(deals.term[before.entries[0]])
    return told or USUAL_TERM


def _without_deals(known: HistoryFiles, chains: list[Chain], day: date) -> tuple[list[_Found], int]:
    """Contracts of the book, and of new customers, that no deal speaks of; and the number of those without a due date."""
    spoken = {chain.account for chain in chains}
    found, undated = [], 0
    opening, expansions = known.book_events.opening, known.book_events.expansions
    if opening is not None:
        keys = {(chain.account, chain.contract) for chain in chains}
        counted = book_counted(known, chains, day)
        for each in _contracts_of(opening):
            csm, account = opening.csm[each.entry], opening.account[each.entry]
            if (account, each.contract) in keys or (account in spoken and not each.contract):
                continue
            undated += each.due_date is None
            if each.due_date is not None and each.due_date >= day:
                term = each.term_months or USUAL_TERM
                terms = ("", each.arr, each.due_date, term, True, each.arr)
                found.append(_Found(OpenContract(csm, account, each.contract, *terms), counted))
        spoken |= set(opening.account)
    if expansions is not None and expansions.newcomers is not None:
        new = expansions.newcomers
        for csm, account, when, arr in zip(
            new.csm, new.account, new.date.tolist(), new.arr.tolist(), strict=True
        ):
            due = months_after(when, USUAL_TERM)
            if account not in spoken and due >= day:
                contract = OpenContract(csm, account, "", "", arr, due, USUAL_TERM, False, arr)
                found.append(_Found(contract, when))
    return found, undated


def _contracts_of(opening: Opening) -> tuple[Contract, ...]:
    """A row for each contract, or for each account where the file does not tell contracts."""
    whole = (Contract(entry, "", arr, 0) for entry, arr in enumerate(opening.arr.tolist()))
    return opening.contracts or tuple(whole)


def _with_growth(found: list[_Found], known: HistoryFiles, day: date) -> list[OpenContract]:
    """The contracts with what grew in them until the day; of an account with several in proportion."""
    whole: dict[str, float] = {}
    for contract, _ in found:
        whole[contract.account] = whole.get(contract.account, 0.0) + contract.arr
    events: dict[str, list[tuple[date, float]]] = {}
    expansions = known.book_events.expansions
    if expansions is not None:
        rows = zip(expansions.account, expansions.date.tolist(), expansions.arr.tolist(), strict=True)
        for account, when, arr in rows:
            events.setdefault(account, []).append((when, arr))
    contracts = []
    for contract, begins in found:
        own = events.get(contract.account, ()) if begins is not None else ()
        part = contract.arr / whole[contract.account] if whole[contract.account] > 0.0 else 1.0
        grown = part * sum(arr for when, arr in own if begins is not None and begins <= when < day)
        early = contract.in_force != contract.arr
        now = contract.in_force if early else contract.arr + grown
        contracts.append(contract._replace(arr=contract.arr + grown, in_force=now))
    return contracts


def segments_of(known: HistoryFiles) -> dict[str, str]:
    """The segment of each account: as the latest deal has it, or the book."""
    found: dict[str, str] = {}
    opening, deals = known.book_events.opening, known.deals
    if opening is not None:
        found |= {opening.account[each.entry]: each.segment for each in opening.contracts if each.segment}
    if deals.segment:
        for entry in np.argsort(deals.due_date, kind="stable").tolist():
            if deals.segment[entry]:
                found[deals.account[entry]] = deals.segment[entry]
    return found
