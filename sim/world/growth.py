"""In-term expansion: a Poisson number of expansions per account and period, each a lognormal share of its ARR."""

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
HALF = F32(0.5)
ZERO = F32(0.0)
MOST_EXPANSIONS = 64
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


@kernel
def grow(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    mu: np.float32,
    sigma: np.float32,
    boost: NDArray[np.float32],
    tile: int,
    n: int,
    waits: Singles,
    f: Singles,
    i: Integers,
    arr: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Expand accounts in the periods from ``ACTIVE_FROM`` up to their next due period; ``out`` gains the ARR added.

    boost : the market's factor on the intensity. [due period, world]
    out   : [due period, world] [usd/yr]
    """
    span = boost.shape[0]
    first, last = span, 0
    for lane in range(n):
        first = min(first, i[ACTIVE_FROM * LANES + lane])
        last = max(last, i[DUE_PERIOD * LANES + lane])
    for period in range(first, min(last, span)):
        for lane in range(n):
            intensity = f[PACE * LANES + lane] * boost[period, tile + lane]
            active = i[ACTIVE_FROM * LANES + lane] <= period < i[DUE_PERIOD * LANES + lane]
            if active and waits[period * LANES + lane] < intensity:
                world = first_world + U64(lane)
                share = _sizes(
                    k0, k1, world, identity, period, intensity, waits[period * LANES + lane], mu, sigma
                )
                out[period, tile + lane] += arr[lane] * share
                arr[lane] += arr[lane] * share


@kernel
def _sizes(
    k0: np.uint64,
    k1: np.uint64,
    world: np.uint64,
    identity: np.uint64,
    period: int,
    intensity: np.float32,
    wait: np.float32,
    mu: np.float32,
    sigma: np.float32,
) -> float:
    """Total share of ARR added in a period whose first expansion comes after ``wait``: events of a unit Poisson process
    up to ``intensity``.
    """
    total, clock, event = 0.0, wait, 0
    while clock < intensity and event < MOST_EXPANSIONS:
        tag = EVENT_TAG | (U64(period) << NUMBER_SHIFT) | U64(event)
        word = philox(world, identity & LOW_WORD, identity >> WORD_SHIFT, tag, k0, k1)
        total += float(exp(mu + sigma * normal_quantile(uniform(U32(word[0])))))
        clock = clock - log(uniform(U32(word[1])))
        event += 1
    return total
