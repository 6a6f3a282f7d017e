"""What is true of accounts when the study meets them: given, drawn once, or drawn anew in every world."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.records import NEVER, Days, IntP
from sim.world.arr import ListedArr
from sim.world.arrivals import draw_arrivals
from sim.world.book import Book
from sim.world.frailty import knot_of, knots_at
from sim.world.lanes import LANES, Integers, Words, draw_words
from sim.world.laws import Times
from sim.world.normal import HALF, ONE, exp, normal_quantile, uniform
from sim.world.opened import Opened, read_quantiles
from sim.world.origin import GUIDE, Months, Origin
from sim.world.parameters import Parameters
from sim.world.philox import U64
from sim.world.scenario import Scenario
from sim.world.streams import BOOK, DECISION_SHIFT, FIRST_RENEWAL, NUMBER_SHIFT, ONCE, Key

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.float32]
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
    parameters: Parameters,
    certain: Singles,
    kind: Integers,
    opened: Opened,
    times: Times,
    key: Key,
    csm: int,
    first_world: int,
    worlds: int,
) -> Facts:
    """The facts of one CSM's accounts in ``worlds`` worlds from ``first_world`` on.

    parameters   : of these worlds.
    certain      : as in ``certain_churn``.
    kind, opened : as ``make_opened`` gives them, ``opened`` of these worlds.

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
        width, begin = (worlds, first_world) if anew else (1, ONCE)
        columns = (arr, due_day, number, term)
        drawn = (
            columns
            if width == shape[1]
            else tuple(np.empty((shape[0], 1), column.dtype) for column in columns)
        )
        origin = parameters.origin
        mean = _mean_arr(scenario, origin.arr_mean[:, :width], segment, arrival)
        row = rows_of(origin.months.upto, parameters.draw)
        draw_contracts(*key, np.uint64(begin), old, ids, segment, mean, origin, row, *drawn)
        if width < shape[1]:  # a book drawn once, and new accounts in every world
            for each, once in zip(columns, drawn, strict=True):
                each[old] = once[old]
    ids_of_worlds = np.arange(first_world, first_world + worlds, dtype=np.uint64)
    for index in np.unique(segment[arrival]):
        new = arrival & (segment == index)
        first_day = int(scenario.calendar.bounds[opening[new][0]])
        where = (parameters.arrivals, index, scenario.calendar, first_day, times, key)
        arr[new], due_day[new], term[new], active[new] = draw_arrivals(*where, ids[new], ids_of_worlds)
        number[new] = FIRST_RENEWAL
    known = _known(parameters.churn_score, certain[held], segment)
    differ = bool(np.isnan(known).any())
    churn = np.empty((*known.shape[:2], worlds if differ else known.shape[2]), dtype=np.float32)
    row = rows_of(parameters.churn, parameters.draw)
    whose = (np.uint64(first_world), book.customer_ids[held])
    draw_churn(*key, *whose, segment, kind[held], opened, known, parameters.churn, row, churn)
    return Facts(arr, due_day, number, term, active, churn)


def rows_of(tables: NDArray[np.generic], draw: IntP) -> IntP:
    """Which row of tables [draw, ...] each world reads: the first, where there is one. [world]"""
    return draw if len(tables) > 1 else np.zeros_like(draw)


def certain_churn(scenario: Scenario, book: Book) -> Singles:
    """Normal score of the churn probability of every account where it is the same in all worlds and draws: given, or certain
    for accounts that leave. NaN where it follows from the segment. [account]
    """
    from scipy.special import ndtri

    score = np.full(len(book.accounts), np.nan, dtype=np.float32)
    if "churn_probability" in book.given:
        score[:] = ndtri(book.given["churn_probability"])
    if scenario.book.leaves:
        score[np.isin(book.customers, scenario.book.leaves)] = np.inf
    return score


def _known(score: Singles, certain: Singles, segment: IntP) -> Singles:
    """Normal score of churn where nothing is drawn, NaN where it is; of width one where all worlds are alike.
    [account, term, world]

    score : as in ``Parameters.churn_score``, by world.
    """
    known = score[segment]
    return np.where(np.isnan(certain)[:, None, None], known, certain[:, None, None])


def _mean_arr(scenario: Scenario, mean: Floats, segment: IntP, arrival: NDArray[np.bool_]) -> Floats:
    """Mean ARR of each drawn account of a book; accounts of a segment stand together. [account, world] [usd/yr]

    mean : where it is lognormal. [segment, world] [usd/yr]
    """
    out = mean[segment]
    for index in np.unique(segment):
        law, mine = scenario.segment[index].arr, (segment == index) & ~arrival
        if isinstance(law, ListedArr):
            out[mine] = np.concatenate([np.full(entry.accounts, entry.arr) for entry in law.listed])[:, None]
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
    row: IntP,
    arr: Floats,
    due_day: Integers,
    number: Integers,
    term: Integers,
) -> None:
    """ARR [usd/yr], first due day [day], its number and term index of the contracts that these accounts hold.
    [account, world]

    mean_arr : [account, world] [usd/yr]
    origin   : by world.
    row      : of the weights of months. [world]
    """
    worlds = arr.shape[1]
    w = np.empty(4 * LANES, dtype=np.uint32)
    for a in accounts:
        s = segment[a]
        for first in range(0, worlds, LANES):
            n = min(LANES, worlds - first)
            draw_words(k0, k1, first_world + U64(first), identity[a], CONTRACT_TAG, n, w)
            size_account(mean_arr[a, first:], origin.arr_sigma[s, first:], w, n, arr[a, first:])
            place_term(origin.term_upto[s], first, w, n, term[a, first:])
            when = (term[a, first:], due_day[a, first:], number[a, first:])
            place_due(origin.months, row[first:], s, w, n, *when)


@stage
def size_account(mean: Floats, sigma: Singles, w: Words, n: int, arr: Floats) -> None:
    """ARR, lognormal around its mean. [lane] [usd/yr]"""
    for lane in range(n):
        score, half_variance = (
            normal_quantile(uniform(w[SIZE * LANES + lane])),
            HALF * sigma[lane] * sigma[lane],
        )
        arr[lane] = mean[lane] * np.float64(exp(sigma[lane] * score - half_variance))


@stage
def place_term(mix: Singles, first: int, w: Words, n: int, term: Integers) -> None:
    """Index of the term of the contract held. [lane] mix : cumulative. [term, world]"""
    for lane in range(n):
        term[lane] = I32(0)
    for months in range(len(mix) - 1):
        upto = mix[months, first:]
        for lane in range(n):
            longer = uniform(w[TERM_HELD * LANES + lane]) >= upto[lane]
            term[lane] += I32(1) if longer else I32(0)


@stage
def place_due(
    months: Months, row: IntP, s: int, w: Words, n: int, term: Integers, due_day: Integers, number: Integers
) -> None:
    """First due day, in a month by weight and any day of it, and its number. [lane] [day]"""
    for lane in range(n):
        share, t, draw = uniform(w[DUE_MONTH * LANES + lane]), U64(term[lane]), U64(row[lane])
        month = U64(months.guide[draw, s, t, U64(share * GUIDE_CELLS)])
        while share >= months.upto[draw, s, t, month]:
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
    row: IntP,
    churn: Singles,
) -> None:
    """Normal score of each account's churn probability under each term. [account, term, world]

    A customer has one place among its segment's, for all contracts and terms; of one that is open on the first day it is
    weighted with the chance of that.

    known  : where it is not drawn, else NaN; world axis of length 1 or of the block. [account, term, world]
    tables : [draw, segment, term, knot]
    row    : of the tables. [world]
    """
    terms, worlds = churn.shape[1], churn.shape[2]
    w, place = np.empty(4 * LANES, dtype=np.uint32), np.empty(LANES, dtype=np.float32)
    step = 1 if known.shape[2] > 1 else 0
    for a in range(len(identity)):
        drawn = False
        for term in range(terms):
            for world in range(known.shape[2]):
                drawn = drawn or known[a, term, world] != known[a, term, world]
        for first in range(0, worlds, LANES):
            n = min(LANES, worlds - first)
            if drawn:
                draw_words(k0, k1, first_world + U64(first), identity[a], FRAILTY_TAG, n, w)
                for lane in range(n):
                    place[lane] = normal_quantile(uniform(w[PLACE * LANES + lane]))
                if kind[a] > 0:
                    read_quantiles(opened.place[kind[a]], opened.row[first:], n, place)
            for term in range(terms):
                score = churn[a, term, first:]
                if drawn:
                    read_table(tables[:, segment[a], term], row[first:], place, n, score)
                for lane in range(n):
                    given = known[a, term, (first + lane) * step]
                    score[lane] = given if given == given or not drawn else score[lane]


@stage
def read_table(tables: Rows, row: IntP, place: Singles, n: int, score: Singles) -> None:
    """The score at each place, on the straight line between knots. [lane] tables : [draw, knot]"""
    knots = tables.shape[1]
    for lane in range(n):
        at, draw = knots_at(place[lane], knots), U64(row[lane])
        knot = knot_of(at, knots)
        low, high = tables[draw, U64(knot)], tables[draw, U64(knot) + U64(1)]
        beyond = at - F32(knot)
        score[lane] = (ONE - beyond) * low + beyond * high
