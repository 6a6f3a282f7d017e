"""In-term expansion: a Poisson number of expansions per account and period, each a lognormal share of its ARR."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.world.lanes import (
    ACTIVE_FROM,
    DUE_PERIOD,
    HEALTH,
    LANES,
    LOW_WORD,
    PACE,
    SKILL,
    WORD_SHIFT,
    Integers,
    Singles,
    Words,
    draw_words,
)
from sim.world.laws import Loadings
from sim.world.normal import exp, log, normal_quantile, uniform
from sim.world.philox import U32, U64, philox
from sim.world.streams import DECISION_SHIFT, EXPANSION, EXPANSION_EVENT, NUMBER_SHIFT

F32 = np.float32
I32 = np.int32
Money: TypeAlias = NDArray[np.float64]
HALF = F32(0.5)
ZERO = F32(0.0)
MOST_EXPANSIONS = U64(64)
LANE_BITS = I32(LANES.bit_length() - 1)
LANE_MASK = I32(LANES - 1)
EXPANSION_TAG = U64(EXPANSION) << DECISION_SHIFT
EVENT_TAG = U64(EXPANSION_EVENT) << DECISION_SHIFT


@kernel
def draw_waits(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    span: int,
    n: int,
    w: Words,
    waits: Singles,
) -> None:
    """Exponential waiting time to the first expansion of each period, in units of the mean: none comes when it exceeds
    the period's intensity. [due period, lane], flat.
    """
    for group in range((span + 3) // 4):
        draw_words(k0, k1, first_world, identity, EXPANSION_TAG | (U64(group) << NUMBER_SHIFT), n, 0, w)
        for word in range(min(4, span - 4 * group)):
            at = (4 * group + word) * LANES
            for lane in range(n):
                waits[at + lane] = -log(uniform(w[word * LANES + lane]))


@kernel
def set_pace(load: Loadings, rate: np.float32, n: int, f: Singles) -> None:
    """PACE: the account's expansions per period before the market's part, with mean ``rate`` over skills and healths.

    Source: Poisson with lognormal intensity, rate x exp(b g - b^2 / 2), g standard normal.
    """
    half_variance = HALF * (load.expand_skill * load.expand_skill + load.expand_health * load.expand_health)
    for lane in range(n):
        g = load.expand_skill * f[SKILL * LANES + lane] + load.expand_health * f[HEALTH * LANES + lane]
        f[PACE * LANES + lane] = rate * exp(g - half_variance)


class Events(NamedTuple):
    """The expansions of one account in a tile, as a list: where, and how much. Room for every lane and period.

    place : due period x LANES + lane. [event]
    share : ARR added over ARR held. [event] [share]
    spent : waiting time from the first to the second expansion of the period. [event] [mean waits]
    grows : scratch: whether a lane grows in the period at hand. [lane]
    """

    place: Integers
    share: Singles
    spent: Singles
    grows: Integers


@kernel
def make_events(span: int) -> Events:
    """An empty list with room for every lane and period."""
    room = span * LANES
    return Events(
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.float32),
        np.empty(room, dtype=np.float32),
        np.empty(LANES, dtype=np.int32),
    )


@kernel
def find_events(
    boost: Singles, tile: int, n: int, waits: Singles, f: Singles, i: Integers, out: Events
) -> int:
    """List the lanes and periods, from ``ACTIVE_FROM`` up to the next due period, in which the account grows."""
    span = boost.shape[0]
    first, last = span, 0
    for lane in range(n):
        first = min(first, i[ACTIVE_FROM * LANES + lane])
        last = max(last, i[DUE_PERIOD * LANES + lane])
    events = 0
    for period in range(first, min(last, span)):
        for lane in range(n):
            intensity = f[PACE * LANES + lane] * boost[period, tile + lane]
            active = (i[ACTIVE_FROM * LANES + lane] <= period) & (period < i[DUE_PERIOD * LANES + lane])
            out.grows[lane] = I32(active & (waits[period * LANES + lane] < intensity))
        for lane in range(n):
            out.place[events] = period * LANES + lane
            events += out.grows[lane]
    return events


@kernel
def size_events(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    mu: np.float32,
    sigma: np.float32,
    boost: Singles,
    tile: int,
    waits: Singles,
    f: Singles,
    events: int,
    out: Events,
) -> None:
    """The share of ARR each event adds: its first expansion, and the rare further ones of the same period.

    Source: arrivals of a unit Poisson process up to the intensity; lognormal sizes (assumption).
    """
    low, high = identity & LOW_WORD, identity >> WORD_SHIFT
    for event in range(events):
        tag = EVENT_TAG | (U64(out.place[event] >> LANE_BITS) << NUMBER_SHIFT)
        world = first_world + U64(out.place[event] & LANE_MASK)
        size, step, _, _ = philox(world, low, high, tag, k0, k1)
        out.share[event] = exp(mu + sigma * normal_quantile(uniform(U32(size))))
        out.spent[event] = -log(uniform(U32(step)))
    for event in range(events):
        period, lane = out.place[event] >> LANE_BITS, out.place[event] & LANE_MASK
        intensity = f[PACE * LANES + lane] * boost[period, tile + lane]
        clock, further = waits[out.place[event]] + out.spent[event], U64(1)
        while clock < intensity and further < MOST_EXPANSIONS:
            tag = EVENT_TAG | (U64(period) << NUMBER_SHIFT) | further
            size, step, _, _ = philox(first_world + U64(lane), low, high, tag, k0, k1)
            out.share[event] += exp(mu + sigma * normal_quantile(uniform(U32(size))))
            clock -= log(uniform(U32(step)))
            further += U64(1)


@kernel
def apply_events(events: int, listed: Events, tile: int, arr: Money, number: Money, out: Money) -> None:
    """Add the events to the account's ARR, in order of time, and to the book's expansion, [due period, world] [usd/yr].

    number : account-periods that grew. [due period, world]
    """
    for event in range(events):
        period, lane = listed.place[event] >> LANE_BITS, listed.place[event] & LANE_MASK
        added = arr[lane] * np.float64(listed.share[event])
        arr[lane] += added
        number[period, tile + lane] += 1.0
        out[period, tile + lane] += added
