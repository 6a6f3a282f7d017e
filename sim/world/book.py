"""The book: which CSM holds which accounts, what they are worth and when they are due. Drawn, or read from a CRM export."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, shown
from sim.files.cells import Column
from sim.files.csv import read_columns
from sim.records import NEVER, Days, IntP
from sim.world.arrivals import draw_arrivals, most_arrivals
from sim.world.due import draw_due
from sim.world.frailty import churn_scores
from sim.world.laws import Times
from sim.world.scenario import LEAST_LEAD, Scenario
from sim.world.segment import LONGEST_TERM, ListedArr, LognormalArr, Segment
from sim.world.streams import BOOK, FIRST_RENEWAL, ONCE, Key, identities, normal_scores, uniforms

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

BOOK_COLUMNS: Final = (
    Column("csm"),
    Column("account"),
    Column("segment"),
    Column("arr", kind="number", least=0.01, most=1e12, money=True),
    Column("due_date", kind="date"),
    Column("term_months", kind="integer", least=1, most=LONGEST_TERM),
    Column("churn_probability", kind="number", required=False, blank=-1.0, least=0.0, most=1.0),
)
NOT_GIVEN: Final = -1.0


class Facts(NamedTuple):
    """What is true of accounts when the study opens. The world axis has length 1 when facts are the same in all worlds.

    arr     : [account, world] [usd/yr]
    due_day : first due day. [account, world] [day]
    number  : under which the renewal of that day is drawn. [account, world]
    term    : index into ``Book.terms`` of the contract held. [account, world]
    churn   : standard normal score below which a renewal from a contract of that term is lost. [account, term, world]
    active  : due period from which on the account is a customer; ``span`` if it never is. [account, world]
    """

    arr: Floats
    due_day: Days
    number: NDArray[np.int32]
    term: NDArray[np.int32]
    churn: Singles
    active: NDArray[np.int32]


@dataclass(frozen=True)
class Book:
    """Who holds what. Accounts are sorted by CSM; those of CSM c are ``csm_start[c]`` up to ``csm_start[c + 1]``.

    segment        : index into the scenario's segments. [account]
    terms          : contract terms that can occur. [month]
    opening_period : due period in which the study meets the account: the first edge of its segment for a drawn one, the
                     first period of the horizon for a real one; for a new one, from which on it may join. [account]
    given          : columns of the CRM export; empty for a drawn book. [account]
    arrival        : False for accounts held when the study opens, True for the room for new ones. [account]
    """

    csms: tuple[str, ...]
    accounts: tuple[str, ...]
    csm_start: IntP
    segment: IntP
    csm_ids: NDArray[np.uint64]
    account_ids: NDArray[np.uint64]
    terms: tuple[int, ...]
    opening_period: IntP
    given: Mapping[str, Floats]
    arrival: NDArray[np.bool_]

    def accounts_of(self, csm: int) -> slice:
        """The accounts one CSM holds."""
        return slice(int(self.csm_start[csm]), int(self.csm_start[csm + 1]))


def make_book(scenario: Scenario) -> Book:
    """The book of a scenario: read when it names a file, laid out to be drawn when not.

    Raises: InputError with every problem of the CRM export, by row and column, or when an account that leaves is not
    in the book.
    """
    book = _laid_out(scenario)
    known = set(book.accounts) if scenario.book.leaves else set()
    strangers = [name for name in scenario.book.leaves if name not in known]
    if strangers:
        allowed = f"accounts of the book ({shown(book.accounts[0])} to {shown(book.accounts[-1])})"
        raise InputError(
            [Problem(f"{scenario.source}: book.leaves", allowed, shown(name)) for name in strangers]
        )
    return book


def _laid_out(scenario: Scenario) -> Book:
    if scenario.book.file is not None:
        return _read_book(scenario, scenario.folder / scenario.book.file)
    csms: list[str] = []
    accounts: list[str] = []
    sizes: list[int] = []
    segments: list[int] = []
    for index, segment in enumerate(scenario.segment):
        held = segment.accounts_per_csm
        for number in range(segment.csms or 0):
            csms.append(f"{segment.name}-{number + 1:03d}")
            accounts += [f"{csms[-1]}-{position + 1:03d}" for position in range(held)]
            sizes.append(held)
            segments += [index] * held
    return _book(scenario, csms, accounts, sizes, segments, {})


def _book(
    scenario: Scenario,
    csms: list[str],
    accounts: list[str],
    sizes: list[int],
    segments: list[int],
    given: Mapping[str, Floats],
) -> Book:
    terms = {int(months) for months in given.get("term_months", ())}
    terms = terms.union(*(segment.terms for segment in scenario.segment))
    lead = scenario.calendar.lead
    edges = [0 if given else scenario.lead_of(segment) for segment in scenario.segment]
    joining = lead - (0 if given else LEAST_LEAD)
    names, places, new, start = [], [], [], [0]
    first = 0
    for csm, size in zip(csms, sizes, strict=True):
        held = segments[first : first + size]
        names += accounts[first : first + size]
        places += held
        new += [False] * size
        for index in dict.fromkeys(held):
            segment = scenario.segment[index]
            room = most_arrivals(segment.new_accounts, scenario.calendar, joining)
            names += [f"{csm}-{segment.name}-new-{number + 1:03d}" for number in range(room)]
            places += [index] * room
            new += [True] * room
        first += size
        start.append(len(names))
    return Book(
        tuple(csms),
        tuple(names),
        np.array(start, dtype=np.int64),
        np.array(places, dtype=np.int64),
        identities("csm", csms),
        identities("account", names),
        tuple(sorted(terms)),
        np.where(new, joining, lead - np.array(edges, dtype=np.int64)[places]),
        {key: _spread(values, np.array(new)) for key, values in given.items()},
        np.array(new, dtype=np.bool_),
    )


def _spread(values: Floats, new: NDArray[np.bool_]) -> Floats:
    """A column of the CRM export laid over all accounts; nothing is given of new ones."""
    spread = np.full(len(new), NOT_GIVEN)
    spread[~new] = values
    return spread


def _read_book(scenario: Scenario, path: Path) -> Book:
    table = read_columns(path, BOOK_COLUMNS)
    calendar = scenario.calendar
    names = [segment.name for segment in scenario.segment]
    earliest = np.datetime64(calendar.date(int(calendar.bounds[0])))
    days = (table.date["due_date"] - np.datetime64(calendar.start)).astype(np.int64)
    first_row: dict[str, int] = {}
    for record, account in enumerate(table.text["account"]):
        segment, due = table.text["segment"][record], table.date["due_date"][record]
        if segment not in names:
            table.refuse(record, "segment", f"one of {names}", repr(segment))
        if due < earliest:
            fix = "Renewals further back cannot reach the horizon."
            table.refuse(record, "due_date", f"on or after {earliest}", repr(str(due)), fix)
        if first_row.setdefault(account, record) != record:
            fix = f"It repeats row {table.row[first_row[account]]}."
            table.refuse(record, "account", "different from every other account", repr(account), fix)
    table.check()
    csms = list(dict.fromkeys(table.text["csm"]))
    place = {csm: index for index, csm in enumerate(csms)}
    holder = np.array([place[csm] for csm in table.text["csm"]], dtype=np.int64)
    order = np.argsort(holder, kind="stable")
    given = {"arr": table.number["arr"][order], "due_day": days[order].astype(np.float64)}
    given["term_months"] = table.integer["term_months"][order].astype(np.float64)
    if "churn_probability" in table.number:
        given["churn_probability"] = table.number["churn_probability"][order]
    accounts = [table.text["account"][record] for record in order]
    segments = [names.index(table.text["segment"][record]) for record in order]
    sizes = np.bincount(holder, minlength=len(csms)).tolist()
    return _book(scenario, csms, accounts, sizes, segments, given)


def draw_facts(
    scenario: Scenario, book: Book, times: Times, key: Key, csm: int, worlds: NDArray[np.uint64]
) -> Facts:
    """The facts of one CSM's accounts, [account, world]; the world axis has length 1 when they are the same in all.

    Facts of accounts held when the study opens are drawn once, or in every world when the book is redrawn; new accounts
    arrive in every world anew.

    Source: ARR lognormal (assumption; the skew of real books); churn probabilities Beta (Fader and Hardie 2007);
    first due date anywhere in a contract term, by month weights (assumption).
    """
    held = book.accounts_of(csm)
    redraw, anew = scenario.book.redraw, book.arrival[held].any()
    drawn_in = worlds if redraw else np.array([ONCE], dtype=np.uint64)
    shape = (held.stop - held.start, len(worlds) if redraw or anew else 1)
    opening = book.opening_period[held]
    arr, active = np.empty(shape), np.empty(shape, dtype=np.int32)
    active[:] = opening[:, None]
    due_day, term = np.empty(shape, dtype=np.int32), np.empty(shape, dtype=np.int32)
    number = np.full(shape, FIRST_RENEWAL, dtype=np.int32)
    churn = np.empty((shape[0], len(book.terms), shape[1]), dtype=np.float32)
    for index in np.unique(book.segment[held]):
        segment = scenario.segment[index]
        mine = book.segment[held] == index
        frailty = uniforms(key, BOOK, 1, book.account_ids[held][mine], drawn_in)[0]
        churn[mine] = churn_scores(segment, book.terms, frailty)
        old = mine & ~book.arrival[held]
        if not book.given:
            words = uniforms(key, BOOK, 0, book.account_ids[held][old], drawn_in)
            arr[old] = _draw_arr(segment, words[0])
            drawn = _draw_term(segment, book.terms, words[1])
            due_day[old], number[old] = draw_due(scenario, segment, book.terms, drawn, words[2:])
            term[old] = drawn
        new = mine & book.arrival[held]
        if new.any():
            first = int(scenario.calendar.bounds[opening[new][0]])
            ids = book.account_ids[held][new]
            arr[new], due_day[new], term[new], active[new] = draw_arrivals(
                segment, scenario.calendar, first, book.terms, times, key, ids, worlds
            )
    if book.given:
        old = ~book.arrival[held]
        arr[old] = book.given["arr"][held][old, None]
        due_day[old] = np.minimum(book.given["due_day"][held][old, None], NEVER)
        term[old] = np.searchsorted(book.terms, book.given["term_months"][held][old])[:, None]
        _use_given_churn(book.given, held, churn)
    if scenario.book.leaves:
        churn[np.isin(book.accounts[held], scenario.book.leaves)] = np.inf
    return Facts(arr, due_day, number, term, churn, active)


def _use_given_churn(given: Mapping[str, Floats], held: slice, churn: Singles) -> None:
    if "churn_probability" in given:
        from scipy.special import ndtri

        probability = given["churn_probability"][held]
        known = probability != NOT_GIVEN
        churn[known] = ndtri(probability[known])[:, None, None]


def _draw_arr(segment: Segment, share: Singles) -> Floats:
    if isinstance(segment.arr, ListedArr):
        book = np.concatenate([np.full(entry.accounts, entry.arr) for entry in segment.arr.listed])
        return np.broadcast_to(np.tile(book, len(share) // len(book))[:, None], share.shape).copy()
    law = segment.arr
    assert isinstance(law, LognormalArr)
    return np.asarray(law.mean * np.exp(law.sigma * normal_scores(share) - law.sigma**2 / 2))


def _draw_term(segment: Segment, terms: tuple[int, ...], share: Singles) -> NDArray[np.int64]:
    shares = [segment.term_months.get(str(months), 0.0) for months in terms]
    return np.minimum(np.searchsorted(np.cumsum(shares), share, side="right"), len(terms) - 1)
