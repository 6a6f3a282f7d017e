"""Lanes: one account in up to ``LANES`` worlds at once. The buffers of a tile, and the stages that are pure arithmetic.

Each buffer is flat, and row r of it is ``[r * LANES, r * LANES + n)``: with constant offsets the compiler can see that
rows do not overlap, and vectorises. A stage is one short loop over lanes without branches.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import stage
from sim.records import NEVER
from sim.world.laws import LOGNORMAL, Laws, Loadings
from sim.world.normal import (
    LARGEST_SHARE,
    ONE,
    SMALLEST_SHARE,
    ZERO,
    exp,
    normal_quantile,
    normal_share,
    uniform,
)
from sim.world.philox import U32, U64, philox
from sim.world.streams import LOW_WORD, NUMBER_SHIFT, WORD_SHIFT

F32 = np.float32
I32 = np.int32
LANES: Final = 256
LEAST_WIDTH = F32(1e-30)
"""A tier of returns that is no wider has nobody in it."""

Words = NDArray[np.uint32]
Singles = NDArray[np.float32]
Integers = NDArray[np.int32]

# rows of the word buffer: the two groups of a renewal's words, then the words of growth
OWN, HEALTH_STEP, TIMING, LAG_DAY = 0, 1, 2, 3
AMOUNT, AMOUNT_SIZE, TERM_WORD, RETURN = 4, 5, 6, 7
WORD_ROWS: Final = 8

# rows of the single-precision buffer
HEALTH, MARKET, SKILL, LATENT, CHURN_SCORE, LEAVING, STANDING = 0, 1, 2, 3, 4, 5, 6
SCORE, FACTOR, PACE, FIRST, DAYS = 7, 8, 9, 10, 11
LOWER = FIRST  # of the tiers of returns, once the lag is known
SINGLE_ROWS: Final = 12

# rows of the integer buffer
DUE, DUE_PERIOD, ACTIVE_FROM, TERM, KEPT, LAG, BOOKED, REACHED, SIGNED, ENTRY, BACK, NUMBER, JOINED = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
)
INTEGER_ROWS: Final = 13


@stage
def draw_words(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    tag: np.uint64,
    n: int,
    w: Words,
) -> None:
    """Four rows of random words, one lane a world: the first four of ``w``."""
    low, high = identity & LOW_WORD, identity >> WORD_SHIFT
    for lane in range(n):
        a, b, c, d = philox(first_world + U64(lane), low, high, tag, k0, k1)
        w[lane] = U32(a)
        w[LANES + lane] = U32(b)
        w[2 * LANES + lane] = U32(c)
        w[3 * LANES + lane] = U32(d)


@stage
def draw_renewal(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: np.uint64,
    tag: np.uint64,
    n: int,
    i: Integers,
    w: Words,
) -> None:
    """The same for one renewal of the account, whose NUMBER is each lane's own."""
    low, high = identity & LOW_WORD, identity >> WORD_SHIFT
    for lane in range(n):
        which = tag + (U64(i[NUMBER * LANES + lane]) << NUMBER_SHIFT)
        a, b, c, d = philox(first_world + U64(lane), low, high, which, k0, k1)
        w[lane] = U32(a)
        w[LANES + lane] = U32(b)
        w[2 * LANES + lane] = U32(c)
        w[3 * LANES + lane] = U32(d)


@stage
def start_health(w: Words, n: int, f: Singles) -> None:
    """Health of an account that nobody has met; standard normal."""
    for lane in range(n):
        f[HEALTH * LANES + lane] = normal_quantile(uniform(w[HEALTH_STEP * LANES + lane]))


@stage
def step_health(load: Loadings, first: int, w: Words, n: int, f: Singles) -> None:
    """Health from one renewal to the next: H' = persist H + renew e; standard normal throughout. first : lane 0's world."""
    persist, renew = load.persist[first:], load.renew[first:]
    for lane in range(n):
        step = normal_quantile(uniform(w[HEALTH_STEP * LANES + lane]))
        f[HEALTH * LANES + lane] = persist[lane] * f[HEALTH * LANES + lane] + renew[lane] * step


@stage
def compose(load: Loadings, first: int, w: Words, n: int, f: Singles) -> None:
    """LATENT: G = market M + skill U + health H + noise e. High is good."""
    market, skill, health, noise = (
        load.market[first:],
        load.skill[first:],
        load.health[first:],
        load.noise[first:],
    )
    for lane in range(n):
        own = normal_quantile(uniform(w[OWN * LANES + lane]))
        g = market[lane] * f[MARKET * LANES + lane] + skill[lane] * f[SKILL * LANES + lane]
        g = g + health[lane] * f[HEALTH * LANES + lane] + noise[lane] * own
        f[LATENT * LANES + lane] = g


@stage
def churn(n: int, f: Singles, i: Integers) -> None:
    """KEPT: 0 where G < q = Phi^-1(p); and STANDING: the normal score of a kept renewal among the kept.

    Given that it is kept, (Phi(G) - p) / (1 - p) is uniform, p being LEAVING.

    Source: Vasicek (2002); probability integral transform.
    """
    for lane in range(n):
        i[KEPT * LANES + lane] = I32(f[LATENT * LANES + lane] >= f[CHURN_SCORE * LANES + lane])
        p = f[LEAVING * LANES + lane]
        v = (normal_share(f[LATENT * LANES + lane]) - p) / (ONE - p)
        f[STANDING * LANES + lane] = normal_quantile(min(max(v, SMALLEST_SHARE), LARGEST_SHARE))


@stage
def timing(load: Loadings, first: int, w: Words, n: int, f: Singles) -> None:
    """SCORE: how early the kept are booked. Low scores are late: late customers are the shaky ones."""
    shared, apart = load.timing[first:], load.timing_own[first:]
    for lane in range(n):
        own = normal_quantile(uniform(w[TIMING * LANES + lane]))
        f[SCORE * LANES + lane] = shared[lane] * f[STANDING * LANES + lane] + apart[lane] * own


@stage
def lag(
    laws: Laws, s: int, first: int, earliest: np.float32, w: Words, n: int, f: Singles, i: Integers
) -> None:
    """LAG: days from due to booking of the kept, by their SCORE; ``earliest`` at least. [day]"""
    for band in range(laws.band_score.shape[1]):
        score, begins, days = (
            laws.band_score[s, band, first:],
            laws.band_first[s, band],
            laws.band_days[s, band],
        )
        for lane in range(n):
            later, longer = f[FIRST * LANES + lane], f[DAYS * LANES + lane]
            inside = f[SCORE * LANES + lane] > score[lane]
            f[FIRST * LANES + lane] = begins if inside else later
            f[DAYS * LANES + lane] = days if inside else longer
    for lane in range(n):
        begin = max(f[FIRST * LANES + lane], earliest)
        f[DAYS * LANES + lane] += f[FIRST * LANES + lane] - begin
        f[FIRST * LANES + lane] = begin
    for lane in range(n):
        days = f[DAYS * LANES + lane]
        day = np.floor(days * uniform(w[LAG_DAY * LANES + lane]))
        i[LAG * LANES + lane] = I32(f[FIRST * LANES + lane] + min(day, days - ONE))


@stage
def amount(load: Loadings, laws: Laws, s: int, first: int, w: Words, n: int, f: Singles) -> None:
    """FACTOR: ARR of the new contract over the old one. The lowest scores contract, the highest grow."""
    low, width = laws.contraction_low[s, first:], laws.contraction_width[s, first:]
    a, b = laws.uplift_a[s, first:], laws.uplift_b[s, first:]
    for lane in range(n):
        share = uniform(w[AMOUNT_SIZE * LANES + lane])
        f[FACTOR * LANES + lane] = ONE - (low[lane] + width[lane] * share)
        f[SCORE * LANES + lane] = ONE + (a[lane] + b[lane] * share)
    if laws.uplift_kind[s] == LOGNORMAL:
        for lane in range(n):
            size = exp(a[lane] + b[lane] * normal_quantile(uniform(w[AMOUNT_SIZE * LANES + lane])))
            f[SCORE * LANES + lane] = ONE + size
    below, above = laws.contraction_score[s, first:], laws.uplift_score[s, first:]
    shared, apart = load.amount[first:], load.amount_own[first:]
    for lane in range(n):
        own = normal_quantile(uniform(w[AMOUNT * LANES + lane]))
        score = shared[lane] * f[STANDING * LANES + lane] + apart[lane] * own
        smaller, larger = f[FACTOR * LANES + lane], f[SCORE * LANES + lane]
        grows = larger if score > above[lane] else ONE
        f[FACTOR * LANES + lane] = smaller if score < below[lane] else grows


@stage
def new_term(laws: Laws, s: int, first: int, w: Words, n: int, i: Integers) -> None:
    """TERM: index of the term of the contract signed."""
    for lane in range(n):
        i[TERM * LANES + lane] = I32(0)
    for term in range(laws.term_upto.shape[1] - 1):
        upto = laws.term_upto[s, term, first:]
        for lane in range(n):
            longer = uniform(w[TERM_WORD * LANES + lane]) >= upto[lane]
            i[TERM * LANES + lane] += I32(1) if longer else I32(0)


@stage
def book_day(
    laws: Laws,
    s: int,
    first: int,
    earliest: np.float32,
    returned: Singles,
    w: Words,
    n: int,
    f: Singles,
    i: Integers,
) -> None:
    """BOOKED: day of booking; ``NEVER`` for the lost who do not return. Returning accounts come back at their old ARR.

    A kept renewal that is back-dated counts as booked on its due day. One word serves both: what is kept does not return.
    Of the lost the first ``returned`` [lane] would have come back before the day ``earliest``, and are left out.
    """
    back_dated = laws.back_dated[s, first:]
    for lane in range(n):
        kept, lag = i[KEPT * LANES + lane] == 1, i[LAG * LANES + lane]
        no_lapse = (lag > 0) & (uniform(w[RETURN * LANES + lane]) < back_dated[lane])
        counted = i[DUE * LANES + lane] + (I32(0) if no_lapse else lag)
        i[BOOKED * LANES + lane] = counted if kept else I32(NEVER)
        f[LOWER * LANES + lane] = ZERO
    for tier in range(laws.tier_upto.shape[1]):
        upto, begins, days = (
            laws.tier_upto[s, tier, first:],
            laws.tier_first[s, tier],
            laws.tier_days[s, tier],
        )
        for lane in range(n):
            lower = f[LOWER * LANES + lane]
            share = returned[lane] + (ONE - returned[lane]) * uniform(w[RETURN * LANES + lane])
            inside = (share - lower) / max(upto[lane] - lower, LEAST_WIDTH)
            after = max(begins + min(np.floor(days * inside), days - ONE), earliest)
            day = i[DUE * LANES + lane] + I32(after)
            back = (i[KEPT * LANES + lane] == 0) & (share >= lower) & (share < upto[lane])
            booked, factor = i[BOOKED * LANES + lane], f[FACTOR * LANES + lane]
            i[BOOKED * LANES + lane] = day if back else booked
            f[FACTOR * LANES + lane] = ONE if back else factor
            f[LOWER * LANES + lane] = max(lower, upto[lane])
