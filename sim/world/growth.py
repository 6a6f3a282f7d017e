"""In-term expansion: a Poisson number of expansions per account and period, each a lognormal share of its ARR."""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import leaf, stage
from sim.world.lanes import (
    ACTIVE_FROM,
    DUE_PERIOD,
    HEALTH,
    JOINED,
    LANES,
    PACE,
    Integers,
    Singles,
    Words,
    draw_words,
)
from sim.world.laws import Loadings
from sim.world.normal import ZERO, exp, log, normal_quantile, uniform
from sim.world.philox import U32, U64, philox
from sim.world.streams import (
    DECISION_SHIFT,
    EXPANSION,
    EXPANSION_EVENT,
    LOW_WORD,
    NUMBER_SHIFT,
    WORD_SHIFT,
)

F32 = np.float32
I32 = np.int32
Money: TypeAlias = NDArray[np.float64]
Grown: TypeAlias = NDArray[np.float64]
HALF = F32(0.5)
NEARLY_ONE = F32(1.0 - 4e-6)
"""One, less more than the error of ``log`` and of rounding."""
MOST_EXPANSIONS = U64(64)
VECTOR: Final = 8
"""Lanes that a processor takes at a time."""
LANE_BITS = U64(LANES.bit_length() - 1)
LANE_MASK = U64(LANES - 1)
EXPANSION_TAG = U64(EXPANSION) << DECISION_SHIFT
EVENT_TAG = U64(EXPANSION_EVENT) << DECISION_SHIFT


class Events(NamedTuple):
    """The expansions of one account in a tile, as a list. Room for every lane and period.

    place     : due period x LANES + lane. [event]
    chance    : word of the time to the first expansion. [event]
    size      : word of its size. [event]
    step      : word of the time from the first expansion to the second. [event]
    intensity : mean number of expansions. [event]
    clock     : waiting time to the first expansion, then to the second. [event] [mean waits]
    share     : ARR added over ARR held; 0 where the candidate turns out not to grow. [event] [share]
    grows     : whether a lane may grow in the period at hand [lane]; then, how many expansions there are. [event]
    """

    place: Integers
    chance: Words
    size: Words
    step: Words
    intensity: Singles
    clock: Singles
    share: Singles
    grows: Integers


@stage
def make_events(span: int) -> Events:
    """An empty list with room for every lane and period."""
    room = span * LANES + VECTOR
    return Events(
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.uint32),
        np.empty(room, dtype=np.uint32),
        np.empty(room, dtype=np.uint32),
        np.empty(room, dtype=np.float32),
        np.empty(room, dtype=np.float32),
        np.empty(room, dtype=np.float32),
        np.empty(room, dtype=np.int32),
    )


@stage
def some(rate: Singles, n: int) -> bool:
    """Whether accounts grow at all in any lane. rate : [lane]"""
    most = ZERO
    for lane in range(n):
        most = max(most, rate[lane])
    return bool(most > ZERO)


@stage
def draw_chances(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    span: int,
    number: int,
    n: int,
    chances: Words,
) -> None:
    """The word that decides whether the account grows in a period, by groups of four periods. [period, lane], flat.

    number : under which due period 0 is drawn: its word stands at ``number % 4``.
    """
    first = number // 4
    for group in range(first, (number + span + 3) // 4):
        tag = EXPANSION_TAG | (U64(group) << NUMBER_SHIFT)
        draw_words(k0, k1, first_world, identity, tag, n, chances[4 * (group - first) * LANES :])


@stage
def set_pace(load: Loadings, rate: Singles, first: int, n: int, f: Singles) -> None:
    """PACE: the account's expansions per period before the part of market and skill, with mean ``rate`` over healths.

    rate : [lane]

    Source: Poisson with lognormal intensity, rate x exp(b g - b^2 / 2), g standard normal.
    """
    b = load.expand_health[first:]
    for lane in range(n):
        half_variance = HALF * b[lane] * b[lane]
        f[PACE * LANES + lane] = rate[lane] * exp(b[lane] * f[HEALTH * LANES + lane] - half_variance)


@stage
def find_events(
    boost: Singles, span: int, n: int, chances: Words, f: Singles, i: Integers, out: Events
) -> int:
    """List the lanes and periods, from ``ACTIVE_FROM`` up to the next due period, in which the account may grow. The list
    is filled up to a multiple of ``VECTOR`` with places that are never used, so that loops over it leave no remainder.

    It grows when -ln u, an exponential waiting time, is below the intensity: u > exp(-intensity). Candidates are those
    with u > 1 - intensity, which is never larger; so the logarithm is only taken of the few that may grow.
    """
    first, last = I32(span), I32(0)
    for lane in range(n):
        first = min(first, i[ACTIVE_FROM * LANES + lane])
        last = max(last, i[DUE_PERIOD * LANES + lane])
    events = U64(0)
    for period in range(first, min(last, I32(span))):
        row = period * LANES
        find_in_period(I32(period), n, boost[row : row + n], chances[row : row + n], f, i, out.grows)
        for lane in range(n):
            out.place[events] = row + lane
            events += U64(out.grows[lane])
    for spare in range(VECTOR):
        out.place[events + U64(spare)] = 0
    return int(events)


@leaf
def filled_up(events: int) -> int:
    """The next multiple of ``VECTOR``."""
    return (events + VECTOR - 1) // VECTOR * VECTOR


@stage
def find_in_period(
    period: np.int32, n: int, boost: Singles, chance: Words, f: Singles, i: Integers, grows: Integers
) -> None:
    """Whether the account may grow in one period. All are [lane]."""
    for lane in range(n):
        above = NEARLY_ONE - f[PACE * LANES + lane] * boost[lane]
        active = (i[ACTIVE_FROM * LANES + lane] <= period) & (period < i[DUE_PERIOD * LANES + lane])
        grows[lane] = I32(active & (uniform(chance[lane]) > above))


@stage
def draw_events(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    number: int,
    events: int,
    out: Events,
) -> None:
    """Two words for each event of the list."""
    low, high = identity & LOW_WORD, identity >> WORD_SHIFT
    for event in range(filled_up(events)):
        place = U64(out.place[event])
        tag = EVENT_TAG | ((U64(number) + (place >> LANE_BITS)) << NUMBER_SHIFT)
        size, step, _, _ = philox(first_world + (place & LANE_MASK), low, high, tag, k0, k1)
        out.size[event] = U32(size)
        out.step[event] = U32(step)


@stage
def size_events(
    mu: Singles,
    sigma: Singles,
    boost: Singles,
    chances: Words,
    f: Singles,
    events: int,
    out: Events,
) -> None:
    """The share of ARR that the first expansion of each event adds, and when the second would come. mu, sigma : [lane]

    Source: arrivals of a unit Poisson process up to the intensity; lognormal sizes (assumption).
    """
    filled = filled_up(events)
    for event in range(filled):
        place = U64(out.place[event])
        out.intensity[event] = f[U64(PACE * LANES) + (place & LANE_MASK)] * boost[place]
        out.chance[event] = chances[place]
    for event in range(filled):
        lane = U64(out.place[event]) & LANE_MASK
        out.share[event] = exp(mu[lane] + sigma[lane] * normal_quantile(uniform(out.size[event])))
    for event in range(filled):
        out.clock[event] = -log(uniform(out.chance[event]))
    for event in range(filled):
        grows, share = out.clock[event] < out.intensity[event], out.share[event]
        out.grows[event] = I32(grows)
        out.share[event] = share if grows else ZERO
    for event in range(filled):
        out.clock[event] -= log(uniform(out.step[event]))


@stage
def size_further(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    mu: Singles,
    sigma: Singles,
    number: int,
    events: int,
    out: Events,
) -> None:
    """Add the rare further expansions of the same period."""
    low, high = identity & LOW_WORD, identity >> WORD_SHIFT
    for event in range(events):
        clock, intensity, further = out.clock[event], out.intensity[event], U64(1)
        while clock < intensity and further < MOST_EXPANSIONS:
            place = U64(out.place[event])
            tag = EVENT_TAG | ((U64(number) + (place >> LANE_BITS)) << NUMBER_SHIFT) | further
            size, step, _, _ = philox(first_world + (place & LANE_MASK), low, high, tag, k0, k1)
            lane = place & LANE_MASK
            out.share[event] += exp(mu[lane] + sigma[lane] * normal_quantile(uniform(U32(size))))
            out.grows[event] += I32(1)
            clock -= log(uniform(U32(step)))
            further += U64(1)


@stage
def apply_events(
    events: int,
    listed: Events,
    i: Integers,
    arr: Money,
    number: Money,
    out: Money,
    newcomers: Money,
    a: int,
    first: int,
    own: Grown,
) -> None:
    """Add the events to the account's ARR, in order of time, and to the book's expansion. [due period x LANES] [usd/yr]

    number : expansions. [due period x LANES]
    newcomers : what lanes grow by in the period in which they JOINED. [due period x LANES] [usd/yr]
    own    : what account ``a`` grew by, lanes being worlds from ``first`` on; empty where nobody asks.
             [account, due period, world] [usd/yr]
    """
    asked = own.shape[0] > 0
    for event in range(events):
        place = U64(listed.place[event])
        lane = place & LANE_MASK
        added = arr[lane] * np.float64(listed.share[event])
        arr[lane] += added
        number[place] += np.float64(listed.grows[event])
        out[place] += added
        if i[U64(JOINED * LANES) + lane] == I32(place >> LANE_BITS):
            newcomers[place] += added
        if asked:
            own[a, place >> LANE_BITS, U64(first) + lane] += added
