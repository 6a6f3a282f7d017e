"""What becomes of one book: every account, renewal by renewal, in a block of worlds."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.records import NEVER, Days, FloatPW, FloatRW, IntP
from sim.world.growth import apply_events, draw_waits, find_events, make_events, set_pace, size_events
from sim.world.lanes import (
    ACTIVE_FROM,
    BOOKED,
    CHURN_SCORE,
    DUE,
    DUE_PERIOD,
    FACTOR,
    HEALTH,
    INTEGER_ROWS,
    LANES,
    MARKET,
    SINGLE_ROWS,
    SKILL,
    TERM,
    WORD_ROWS,
    Integers,
    Singles,
    amount,
    book_day,
    churn,
    compose,
    draw_words,
    new_term,
    step_health,
    timing,
)
from sim.world.laws import Laws, Loadings, Times
from sim.world.philox import U64
from sim.world.streams import DECISION_SHIFT, NUMBER_SHIFT, RENEWAL

F32 = np.float32
I32 = np.int32
RENEWAL_TAG = U64(RENEWAL) << DECISION_SHIFT
ONE = F32(1.0)
ZERO = F32(0.0)


class Held(NamedTuple):
    """The accounts of one book, as the kernel reads them.

    identity : 64-bit identity. [account]
    segment  : index into the laws. [account]
    slot     : first renewal row of each account, and of the one after the last. [account + 1]
    arrival  : whether it is room for a new account. [account]
    arr, due_day, term, churn, active : as in ``sim.world.book.Facts``; world axis of length 1 or of the block.
    """

    identity: NDArray[np.uint64]
    segment: IntP
    slot: IntP
    arrival: NDArray[np.bool_]
    arr: NDArray[np.float64]
    due_day: Days
    term: NDArray[np.int32]
    churn: NDArray[np.float32]
    active: NDArray[np.int32]


class Path(NamedTuple):
    """What happens to one book: [renewal, world], and by due period, [due period, world].

    due_day, booked_day, arr, booked_arr : as in ``sim.records.Renewals``.
    term       : index of the term signed, -1 where none is. [renewal, world]
    expansion  : ARR added in-term. [due period, world] [usd/yr]
    expansions : account-periods that grew. [due period, world]
    """

    due_day: Days
    booked_day: Days
    arr: FloatRW
    booked_arr: FloatRW
    term: NDArray[np.int8]
    expansion: FloatPW
    expansions: FloatPW


class Shared(NamedTuple):
    """The factors that all accounts of a book share, [due period, world].

    market : the market factor.
    boost  : its effect on the rate of expansion.
    skill  : of whoever holds the book.
    """

    market: Singles
    boost: Singles
    skill: Singles


@kernel
def simulate_book(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    held: Held,
    laws: Laws,
    load: Loadings,
    times: Times,
    shared: Shared,
    out: Path,
) -> None:
    """Fill ``out`` for every account of the book; each world writes its own column."""
    worlds = out.expansion.shape[1]
    w = np.empty(WORD_ROWS * LANES, dtype=np.uint32)
    f = np.zeros(SINGLE_ROWS * LANES, dtype=np.float32)
    i = np.zeros(INTEGER_ROWS * LANES, dtype=np.int32)
    waits = np.empty(times.span * LANES, dtype=np.float32)
    arr = np.empty(LANES, dtype=np.float64)
    listed = make_events(times.span)
    for tile in range(0, worlds, LANES):
        n = min(LANES, worlds - tile)
        world = first_world + U64(tile)
        for a in range(len(held.identity)):
            identity, s = held.identity[a], held.segment[a]
            grows = laws.expansion_rate[s] > ZERO
            open_account(held, a, tile, n, f, i, arr)
            if grows:
                draw_waits(k0, k1, world, identity, times.span, n, w, waits)
            slots = held.slot[a + 1] - held.slot[a]
            for number in range(slots + 1):
                tag = RENEWAL_TAG | (U64(number) << NUMBER_SHIFT)
                draw_words(k0, k1, world, identity, tag, n, 0, w)
                persist, renew = (load.persist, load.renew) if number > 0 else (ZERO, ONE)
                step_health(persist, renew, w, n, f)
                meet(times, shared.market, shared.skill, tile, n, f, i)
                if grows:
                    set_pace(load, laws.expansion_rate[s], n, f)
                    mu, sigma = laws.expansion_mu[s], laws.expansion_sigma[s]
                    events = find_events(shared.boost, tile, n, waits, f, i, listed)
                    size_events(
                        k0, k1, world, identity, mu, sigma, shared.boost, tile, waits, f, events, listed
                    )
                    apply_events(events, listed, tile, arr, out.expansions, out.expansion)
                if number == slots:
                    break
                draw_words(k0, k1, world, identity, tag | U64(1), n, 4, w)
                face_churn(held, a, tile, n, f, i)
                compose(load, w, n, f)
                churn(n, f, i)
                timing(load, laws, s, w, n, f, i)
                amount(load, laws, s, w, n, f)
                new_term(laws, s, w, n, i)
                book_day(laws, s, w, n, f, i)
                close_renewal(times, laws.grace_days[s], held.slot[a] + number, tile, n, f, i, arr, out)


@kernel
def open_account(
    held: Held, a: int, tile: int, n: int, f: Singles, i: Integers, arr: NDArray[np.float64]
) -> None:
    """The account as the study meets it: DUE, TERM, ACTIVE_FROM and its ARR."""
    step = 1 if held.arr.shape[1] > 1 else 0
    for lane in range(n):
        column = (tile + lane) * step
        i[DUE * LANES + lane] = held.due_day[a, column]
        i[TERM * LANES + lane] = held.term[a, column]
        i[ACTIVE_FROM * LANES + lane] = held.active[a, column]
        f[HEALTH * LANES + lane] = ZERO
        arr[lane] = held.arr[a, column]


@kernel
def meet(times: Times, market: Singles, skill: Singles, tile: int, n: int, f: Singles, i: Integers) -> None:
    """DUE_PERIOD of the next due day (``span`` when it lies past the edges), and MARKET and SKILL of that period."""
    last = len(times.period) - 1
    for lane in range(n):
        period = times.period[min(max(i[DUE * LANES + lane] - times.first, 0), last)]
        i[DUE_PERIOD * LANES + lane] = period
        inside = min(max(period, 0), times.span - 1)
        f[MARKET * LANES + lane] = market[inside, tile + lane]
        f[SKILL * LANES + lane] = skill[inside, tile + lane]


@kernel
def face_churn(held: Held, a: int, tile: int, n: int, f: Singles, i: Integers) -> None:
    """CHURN_SCORE of the account under the contract that now ends."""
    step = 1 if held.churn.shape[2] > 1 else 0
    for lane in range(n):
        f[CHURN_SCORE * LANES + lane] = held.churn[a, i[TERM * LANES + lane], (tile + lane) * step]


@kernel
def close_renewal(
    times: Times,
    grace_days: np.int32,
    row: int,
    tile: int,
    n: int,
    f: Singles,
    i: Integers,
    arr: NDArray[np.float64],
    out: Path,
) -> None:
    """Write the renewal, and move the account to its next due day: from the due day when on time, early or within grace,
    from the booking day after a longer lapse. Where no due date is reached the row says so and nothing changes.
    """
    last = len(times.period) - 1
    for lane in range(n):
        due, booked = i[DUE * LANES + lane], i[BOOKED * LANES + lane]
        reached = i[DUE_PERIOD * LANES + lane] < times.span
        signed = reached and booked < NEVER
        renewed = arr[lane] * np.float64(f[FACTOR * LANES + lane]) if signed else 0.0
        out.due_day[row, tile + lane] = due if reached else NEVER
        out.booked_day[row, tile + lane] = booked if signed else NEVER
        out.arr[row, tile + lane] = arr[lane] if reached else 0.0
        out.booked_arr[row, tile + lane] = renewed
        out.term[row, tile + lane] = i[TERM * LANES + lane] if signed else -1
        if reached:
            begin = due if booked - due <= grace_days else booked
            entry = min(max(begin - times.first, 0), last)
            back = times.period[min(max(booked - times.first, 0), last)]
            i[DUE * LANES + lane] = times.advance[i[TERM * LANES + lane], entry] if signed else NEVER
            i[ACTIVE_FROM * LANES + lane] = max(i[DUE_PERIOD * LANES + lane], back) if signed else times.span
            arr[lane] = renewed
        else:
            # it grows to the end of the span, once: the contract is still running and is not met again
            i[ACTIVE_FROM * LANES + lane] = times.span
