"""What is true of accounts when the study meets them: given, drawn once, or drawn anew in every world."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.records import NEVER, Days
from sim.world.arr import ListedArr
from sim.world.arrivals import draw_arrivals
from sim.world.book import Book
from sim.world.frailty import beyond_knot, differ, knot_of, mean_churn
from sim.world.lanes import LANES, Integers, Words, draw_words
from sim.world.laws import Times
from sim.world.normal import HALF, ONE, exp, normal_quantile, uniform
from sim.world.opened import Opened, read_quantiles
from sim.world.origin import GUIDE, Months, Origin
from sim.world.philox import U64
from sim.world.scenario import Scenario
from sim.world.segment import Segment
from sim.world.streams import BOOK, DECISION_SHIFT, FIRST_RENEWAL, NUMBER_SHIFT, ONCE, Key

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
I32 = np.int32
F32 = np.float32

CONTRACT_TAG = U64(BOOK) << DECISION_SHIFT
FRAILTY_TAG = CONTRACT_TAG | (U64(1) << NUMBER_SHIFT)
GUIDE_CELLS = F32(GUIDE)

# rows of words: of the contract held, then of frailty
SIZE, TERM_HELD, DUE_MONTH, DUE_DAY = 0, 1, 2, 3
PLACE = 0


class Facts(NamedTuple):
    """What is true of accounts when the study opens. A world axis has length 1 when the fact is the same in all worlds.

    arr     : [account, world] [usd/yr]
    due_day : first due day. [account, world] [day]
    number  : under which the renewal of that day is drawn. [account, world]
    term    : index into ``Book.terms`` of the contract held. [account, world]
    active  : due period from which on the account is a customer; ``span`` if it never is. [account, world]
    churn   : standard normal score below which a renewal from a contract of that term is lost. [account, term, world]
    """

    arr: Floats
    due_day: Days
    number: NDArray[np.int32]
    term: NDArray[np.int32]
    active: NDArray[np.int32]
    churn: Singles


def draw_facts(
    scenario: Scenario,
    book: Book,
    origin: Origin,
    known: Singles,
    kind: Integers,
    opened: Opened,
    times: Times,
    key: Key,
    csm: int,
    first_world: int,
    worlds: int,
) -> Facts:
    """The facts of one CSM's accounts in ``worlds`` worlds from ``first_world`` on. known : as in ``known_churn``;
    kind, opened : as ``make_opened`` gives them.

    Contracts (ARR, due day and term) of accounts held when the study opens are given by a CRM export, or drawn anew in
    every world, or once where the scenario holds its drawn book. New accounts, and churn probabilities of accounts that
    differ, are drawn anew in every world.

    Source: ARR lognormal (assumption; the skew of real books); churn probabilities Beta (Fader and Hardie 2007);
    first due date anywhere in a contract term, by month weights (assumption).
    """
    held = book.accounts_of(csm)
    anew, arrival = scenario.book.drawn_anew, book.arrival[held]
    shape = (held.stop - held.start, worlds if anew or arrival.any() else 1)
    opening = book.opening_period[held]
    arr = np.empty(shape)
    due_day, number, term = np.empty((3, *shape), dtype=np.int32)
    joining = shape[1] if arrival.any() else 1
    active = np.repeat(opening.astype(np.int32)[:, None], joining, axis=1)
    old = np.flatnonzero(~arrival)
    ids, segment = book.account_ids[held], book.segment[held]
    if book.given:
        arr[old] = book.given["arr"][held][old, None]
        due_day[old] = np.minimum(book.given["due_day"][held][old, None], NEVER)
        term[old] = np.searchsorted(book.terms, book.given["term_months"][held][old])[:, None]
        number[old] = FIRST_RENEWAL
    else:
        width, start = (worlds, first_world) if anew else (1, ONCE)
        columns = (arr, due_day, number, term)
        drawn = (
            columns
            if width == shape[1]
            else tuple(np.empty((shape[0], 1), column.dtype) for column in columns)
        )
        mean = _mean_arr(scenario, segment, arrival)
        draw_contracts(*key, np.uint64(start), old, ids, segment, mean, origin, *drawn)
        if width < shape[1]:  # a book drawn once, and new accounts in every world
            for each, once in zip(columns, drawn, strict=True):
                each[old] = once[old]
    ids_of_worlds = np.arange(first_world, first_world + worlds, dtype=np.uint64)
    for index in np.unique(segment[arrival]):
        new = arrival & (segment == index)
        first_day = int(scenario.calendar.bounds[opening[new][0]])
        where = (scenario.segment[index], scenario.calendar, first_day, book.terms, times, key)
        arr[new], due_day[new], term[new], active[new] = draw_arrivals(*where, ids[new], ids_of_worlds)
        number[new] = FIRST_RENEWAL
    given = known[held]
    churn = np.empty((*given.shape, worlds if np.isnan(given).any() else 1), dtype=np.float32)
    draw_churn(*key, np.uint64(first_world), ids, segment, kind[held], opened, given, origin.churn, churn)
    return Facts(arr, due_day, number, term, active, churn)


def known_churn(scenario: Scenario, book: Book) -> Singles:
    """Normal score of the churn probability of every account under contracts of each term, where it is the same in all
    worlds: given, equal in the segment, or certain for accounts that leave. NaN where it is drawn. [account, term]
    """
    from scipy.special import ndtri

    score = np.empty((len(scenario.segment), len(book.terms)))
    for index, segment in enumerate(scenario.segment):
        for place, months in enumerate(book.terms):
            drawn = differ(segment, months) and _met(segment, months, book)
            score[index, place] = np.nan if drawn else ndtri(mean_churn(segment, months))
    known = score[book.segment].astype(np.float32)
    if "churn_probability" in book.given:
        given = book.given["churn_probability"]
        known[~np.isnan(given)] = ndtri(given[~np.isnan(given)])[:, None]
    if scenario.book.leaves:
        known[np.isin(book.accounts, scenario.book.leaves)] = np.inf
    return known


def _met(segment: Segment, months: int, book: Book) -> bool:
    """Whether the segment's accounts can hold contracts of so many months."""
    return bool(book.given) or months in segment.terms


def _mean_arr(scenario: Scenario, segment: NDArray[np.int64], arrival: NDArray[np.bool_]) -> Floats:
    """Mean ARR of each drawn account of a book; accounts of a segment stand together. [account] [usd/yr]"""
    out = np.zeros(len(segment))
    for index in np.unique(segment):
        law, mine = scenario.segment[index].arr, (segment == index) & ~arrival
        if isinstance(law, ListedArr):
            out[mine] = np.concatenate([np.full(entry.accounts, entry.arr) for entry in law.listed])
        else:
            assert law is not None
            out[mine] = law.mean
    return out


@kernel
def draw_contracts(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    accounts: NDArray[np.int64],
    identity: NDArray[np.uint64],
    segment: NDArray[np.int64],
    mean_arr: Floats,
    origin: Origin,
    arr: Floats,
    due_day: Integers,
    number: Integers,
    term: Integers,
) -> None:
    """ARR [usd/yr], first due day [day], its number and term index of the contracts that these accounts hold.
    [account, world]
    """
    worlds = arr.shape[1]
    w = np.empty(4 * LANES, dtype=np.uint32)
    for a in accounts:
        s = segment[a]
        for first in range(0, worlds, LANES):
            n = min(LANES, worlds - first)
            draw_words(k0, k1, first_world + U64(first), identity[a], CONTRACT_TAG, n, w)
            size_account(mean_arr[a], origin.arr_sigma[s], w, n, arr[a, first:])
            place_term(origin.term_upto[s], w, n, term[a, first:])
            place_due(origin.months, s, w, n, term[a, first:], due_day[a, first:], number[a, first:])


@stage
def size_account(mean: np.float64, sigma: np.float32, w: Words, n: int, arr: Floats) -> None:
    """ARR, lognormal around its mean. [lane] [usd/yr]"""
    half_variance = HALF * sigma * sigma
    for lane in range(n):
        score = normal_quantile(uniform(w[SIZE * LANES + lane]))
        arr[lane] = mean * np.float64(exp(sigma * score - half_variance))


@stage
def place_term(upto: Singles, w: Words, n: int, term: Integers) -> None:
    """Index of the term of the contract held. [lane]"""
    for lane in range(n):
        term[lane] = I32(0)
    for months in range(len(upto) - 1):
        for lane in range(n):
            longer = uniform(w[TERM_HELD * LANES + lane]) >= upto[months]
            term[lane] += I32(1) if longer else I32(0)


@stage
def place_due(
    months: Months, s: int, w: Words, n: int, term: Integers, due_day: Integers, number: Integers
) -> None:
    """First due day, in a month by weight and any day of it, and its number. [lane] [day]"""
    for lane in range(n):
        share, t = uniform(w[DUE_MONTH * LANES + lane]), U64(term[lane])
        month = U64(months.guide[s, t, U64(share * GUIDE_CELLS)])
        while share >= months.upto[s, t, month]:
            month += U64(1)
        days = months.days[s, t, month]
        day = I32(uniform(w[DUE_DAY * LANES + lane]) * F32(days))
        due_day[lane] = months.start[s, t, month] + min(day, days - I32(1))
        number[lane] = months.number[s, t, month]


@kernel
def draw_churn(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: NDArray[np.uint64],
    segment: NDArray[np.int64],
    kind: Integers,
    opened: Opened,
    known: Singles,
    tables: Singles,
    churn: Singles,
) -> None:
    """Normal score of each account's churn probability under each term. [account, term, world]

    An account has one place among its segment's, for all terms; of one that is open on the first day it is weighted with
    the chance of that. known : as in ``known_churn``. [account, term]
    """
    terms, worlds = churn.shape[1], churn.shape[2]
    w, place = np.empty(4 * LANES, dtype=np.uint32), np.empty(LANES, dtype=np.float32)
    for a in range(len(identity)):
        drawn = False
        for term in range(terms):
            drawn = drawn or known[a, term] != known[a, term]
        for first in range(0, worlds, LANES):
            n = min(LANES, worlds - first)
            if drawn:
                draw_words(k0, k1, first_world + U64(first), identity[a], FRAILTY_TAG, n, w)
                for lane in range(n):
                    place[lane] = normal_quantile(uniform(w[PLACE * LANES + lane]))
                if kind[a] > 0:
                    read_quantiles(opened.place[kind[a]], n, place)
            for term in range(terms):
                score = churn[a, term, first:]
                if known[a, term] != known[a, term]:
                    read_table(tables[segment[a], term], place, n, score)
                else:
                    for lane in range(n):
                        score[lane] = known[a, term]


@stage
def read_table(table: Singles, place: Singles, n: int, score: Singles) -> None:
    """The score at each place, on the straight line between knots. [lane]"""
    for lane in range(n):
        knot = knot_of(place[lane])
        low, high = table[U64(knot)], table[U64(knot) + U64(1)]
        beyond = beyond_knot(place[lane], knot)
        score[lane] = (ONE - beyond) * low + beyond * high
