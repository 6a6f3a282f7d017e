"""What becomes of one book: every account, renewal by renewal, in a block of worlds."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.records import LATE_WINDOW_DAYS, NEVER, Days, FloatPW, FloatRW, IntP
from sim.world.growth import (
    Events,
    apply_events,
    draw_chances,
    draw_events,
    find_events,
    make_events,
    set_pace,
    size_events,
    size_further,
    some,
)
from sim.world.lanes import (
    ACTIVE_FROM,
    BACK,
    BOOKED,
    CHURN_SCORE,
    DUE,
    DUE_PERIOD,
    ENTRY,
    HEALTH,
    JOINED,
    LANES,
    LEAVING,
    MARKET,
    NUMBER,
    REACHED,
    SIGNED,
    SKILL,
    TERM,
    Integers,
    Singles,
    amount,
    book_day,
    churn,
    compose,
    draw_renewal,
    lag,
    new_term,
    start_health,
    step_health,
    timing,
)
from sim.world.laws import Laws, Loadings, Times
from sim.world.normal import LARGEST_SHARE, ZERO, normal_share
from sim.world.opened import Opened, churn_open, timing_open
from sim.world.philox import U64
from sim.world.streams import DECISION_SHIFT, NUMBER_SHIFT, RENEWAL
from sim.world.tile import Shared, Tile, close_tile, make_tile, open_tile, write_arr, write_days

F32 = np.float32
I32 = np.int32
RENEWAL_TAG = U64(RENEWAL) << DECISION_SHIFT
SECOND_GROUP = 4 * LANES


class Held(NamedTuple):
    """The accounts of one book, as the kernel reads them.

    identity : 64-bit identity. [account]
    segment  : index into the laws. [account]
    slot     : first renewal row of each account, and of the one after the last. [account + 1]
    arrival  : whether it is room for a new account. [account]
    health   : standard normal score when the study opens; NaN where it is not known. [account]
    kind     : row of ``opened`` that holds what is asked of its first renewal. [account]
    arr, due_day, number, term, active, churn : as in ``sim.world.facts.Facts``; world axis of length 1 or of the block.
    """

    identity: NDArray[np.uint64]
    segment: IntP
    slot: IntP
    arrival: NDArray[np.bool_]
    health: NDArray[np.float32]
    kind: NDArray[np.int32]
    opened: Opened
    arr: NDArray[np.float64]
    due_day: Days
    number: NDArray[np.int32]
    term: NDArray[np.int32]
    active: NDArray[np.int32]
    churn: NDArray[np.float32]


def only_accounts(held: Held, own: slice) -> Held:
    """A book of some of its accounts that stand side by side."""
    slot = held.slot[own.start : own.stop + 1] - held.slot[own.start]
    of_accounts: dict[str, Any] = {
        name: np.ascontiguousarray(each[own])
        for name, each in held._asdict().items()
        if name not in ("slot", "opened")
    }
    return held._replace(slot=slot, **of_accounts)


class Path(NamedTuple):
    """What happens to one book: [renewal, world], and by due period, [due period, world].

    due_day, booked_day, arr, booked_arr : as in ``sim.records.Renewals``.
    term       : index of the term signed, -1 where none is. [renewal, world]
    expansion  : ARR added in-term. [due period, world] [usd/yr]
    expansions : how many of them. [due period, world]
    newcomers  : ARR added in-term by accounts in the period in which they join, or return as new customers.
                 [due period, world] [usd/yr]
    grown      : ARR that each account added in-term; empty where nobody asks. [account, due period, world] [usd/yr]
    """

    due_day: Days
    booked_day: Days
    arr: FloatRW
    booked_arr: FloatRW
    term: NDArray[np.int8]
    expansion: FloatPW
    expansions: FloatPW
    newcomers: FloatPW
    grown: NDArray[np.float64]


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
    tile, listed = make_tile(times.span), make_events(times.span)
    for first in range(0, worlds, LANES):
        n = min(LANES, worlds - first)
        open_tile(shared, first, n, tile)
        world = first_world + U64(first)
        for a in range(len(held.identity)):
            simulate_account(k0, k1, world, held, a, laws, load, times, first, n, tile, listed, out)
        close_tile(tile, first, n, out.expansion, out.expansions, out.newcomers)


@stage
def simulate_account(
    k0: np.uint64,
    k1: np.uint64,
    world: np.uint64,
    held: Held,
    a: int,
    laws: Laws,
    load: Loadings,
    times: Times,
    first: int,
    n: int,
    tile: Tile,
    listed: Events,
    out: Path,
) -> None:
    """One account, renewal by renewal, in ``n`` worlds from ``world`` on."""
    w, f, i, span = tile.w, tile.f, tile.i, times.span
    chances = tile.chances[times.number % 4 * LANES :]
    identity, s = held.identity[a], held.segment[a]
    rate, mu = laws.expansion_rate[s, first:], laws.expansion_mu[s, first:]
    sigma, grows = laws.expansion_sigma[s, first:], some(rate, n)
    open_account(held, a, first, n, f, i, tile.arr)
    if grows:
        draw_chances(k0, k1, world, identity, span, times.number, n, tile.chances)
    slots = held.slot[a + 1] - held.slot[a]
    met = held.health[a] == held.health[a]  # its health when the study opens is known
    for number in range(slots + 1):
        tag = RENEWAL_TAG | (U64(number) << NUMBER_SHIFT)
        draw_renewal(k0, k1, world, identity, tag, n, i, w)
        if number > 0 or met:
            step_health(load, first, w, n, f)
        else:
            start_health(w, n, f)
        meet(times, tile.market, tile.skill, n, f, i)
        if grows:
            set_pace(load, rate, first, n, f)
            events = find_events(tile.boost, span, n, chances, f, i, listed)
            draw_events(k0, k1, world, identity, times.number, events, listed)
            size_events(mu, sigma, tile.boost, chances, f, events, listed)
            size_further(k0, k1, world, identity, mu, sigma, times.number, events, listed)
            flows = (tile.arr, tile.expansions, tile.expansion, tile.newcomers)
            apply_events(events, listed, i, *flows, a, first, out.grown)
        if number == slots or not any_due(span, n, i):
            nothing_due(held.slot[a] + number, held.slot[a + 1], first, n, out)
            break
        draw_renewal(k0, k1, world, identity, tag | U64(1), n, i, w[SECOND_GROUP:])
        face_churn(held, a, first, n, f, i)
        compose(load, first, w, n, f)
        kind = held.kind[a] if number == 0 else 0
        if kind == 0:
            churn(n, f, i)
            timing(load, first, w, n, f)
        else:
            churn_open(held.opened, kind, first, n, f, i)
            timing_open(load, held.opened, kind, first, w, n, f)
        earliest, returned = held.opened.earliest[kind], held.opened.returned[kind, first:]
        lag(laws, s, first, earliest, w, n, f, i)
        amount(load, laws, s, first, w, n, f)
        new_term(laws, s, first, w, n, i)
        book_day(laws, s, first, earliest, returned, w, n, f, i)
        row = held.slot[a] + number
        write_days(span, n, i, out.due_day[row, first:], out.booked_day[row, first:], out.term[row, first:])
        write_arr(n, f, i, tile.arr, out.arr[row, first:], out.booked_arr[row, first:])
        move_on(times, laws.grace_days[s], n, i)


@stage
def open_account(
    held: Held, a: int, first: int, n: int, f: Singles, i: Integers, arr: NDArray[np.float64]
) -> None:
    """The account as the study meets it: DUE, NUMBER, TERM, ACTIVE_FROM, JOINED and its ARR."""
    step, joined = 1 if held.arr.shape[1] > 1 else 0, 1 if held.active.shape[1] > 1 else 0
    health = held.health[a] if held.health[a] == held.health[a] else ZERO
    for lane in range(n):
        column = (first + lane) * step
        i[DUE * LANES + lane] = held.due_day[a, column]
        i[NUMBER * LANES + lane] = held.number[a, column]
        i[TERM * LANES + lane] = held.term[a, column]
        i[ACTIVE_FROM * LANES + lane] = held.active[a, (first + lane) * joined]
        i[JOINED * LANES + lane] = i[ACTIVE_FROM * LANES + lane] if held.arrival[a] else I32(-1)
        f[HEALTH * LANES + lane] = health
        arr[lane] = held.arr[a, column]


@stage
def meet(times: Times, market: Singles, skill: Singles, n: int, f: Singles, i: Integers) -> None:
    """DUE_PERIOD of the next due day (``span`` when it lies past the edges), and MARKET and SKILL of that period."""
    start, last, latest = I32(times.first), I32(len(times.period) - 1), I32(times.span - 1)
    for lane in range(n):
        i[ENTRY * LANES + lane] = min(max(i[DUE * LANES + lane] - start, I32(0)), last)
    for lane in range(n):
        i[DUE_PERIOD * LANES + lane] = times.period[U64(i[ENTRY * LANES + lane])]
    for lane in range(n):
        inside = min(max(i[DUE_PERIOD * LANES + lane], I32(0)), latest)
        i[ENTRY * LANES + lane] = inside * I32(LANES) + I32(lane)
    for lane in range(n):
        place = U64(i[ENTRY * LANES + lane])
        f[MARKET * LANES + lane] = market[place]
        f[SKILL * LANES + lane] = skill[place]


@stage
def any_due(span: int, n: int, i: Integers) -> bool:
    """Whether the next due date lies inside the span in any lane."""
    earliest = I32(span)
    for lane in range(n):
        earliest = min(earliest, i[DUE_PERIOD * LANES + lane])
    return bool(earliest < I32(span))


@stage
def nothing_due(row: int, end: int, first: int, n: int, out: Path) -> None:
    """Write the renewals of an account that no lane reaches."""
    for each in range(row, end):
        for world in range(first, first + n):
            out.due_day[each, world] = I32(NEVER)
            out.booked_day[each, world] = I32(NEVER)
            out.term[each, world] = np.int8(-1)
            out.arr[each, world] = 0.0
            out.booked_arr[each, world] = 0.0


@stage
def face_churn(held: Held, a: int, first: int, n: int, f: Singles, i: Integers) -> None:
    """CHURN_SCORE of the account under the contract that now ends, and LEAVING, the probability behind it: just below one
    at most.
    """
    step = 1 if held.churn.shape[2] > 1 else 0
    for lane in range(n):
        term, column = i[TERM * LANES + lane], (first + lane) * step
        f[CHURN_SCORE * LANES + lane] = held.churn[a, term, column]
    for lane in range(n):
        f[LEAVING * LANES + lane] = min(normal_share(f[CHURN_SCORE * LANES + lane]), LARGEST_SHARE)


@stage
def move_on(times: Times, grace_days: np.int32, n: int, i: Integers) -> None:
    """DUE: from the due day when on time, early or within grace, from the booking day after a longer lapse. Nothing changes
    where no due date is reached. ACTIVE_FROM: where nothing is signed the account grows no more; where nothing is
    reached it has grown to the end of the span, once. JOINED: who returns after the window joins then as a new customer.
    """
    start, last, days = I32(times.first), I32(len(times.period) - 1), I32(times.advance.shape[1])
    span, window = I32(times.span), I32(LATE_WINDOW_DAYS)
    for lane in range(n):
        due, booked = i[DUE * LANES + lane], i[BOOKED * LANES + lane]
        begin = due if booked - due <= grace_days else booked
        entry = min(max(begin - start, I32(0)), last)
        i[ENTRY * LANES + lane] = i[TERM * LANES + lane] * days + entry
        i[BACK * LANES + lane] = min(max(booked - start, I32(0)), last)
    advance = times.advance.ravel()
    for lane in range(n):
        i[ENTRY * LANES + lane] = advance[U64(i[ENTRY * LANES + lane])]
        i[BACK * LANES + lane] = times.period[U64(i[BACK * LANES + lane])]
    for lane in range(n):
        signed = i[SIGNED * LANES + lane] == 1
        due, following = i[DUE * LANES + lane], i[ENTRY * LANES + lane]
        active = max(i[DUE_PERIOD * LANES + lane], i[BACK * LANES + lane])
        after = following if signed else I32(NEVER)
        i[DUE * LANES + lane] = after if i[REACHED * LANES + lane] == 1 else due
        i[ACTIVE_FROM * LANES + lane] = active if signed else span
        anew = signed & (i[BOOKED * LANES + lane] - due > window)
        i[JOINED * LANES + lane] = active if anew else i[JOINED * LANES + lane]
