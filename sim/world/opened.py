"""What it says of an account that it is open on the first day: its next renewal has not been booked before.

A CRM export lists what is still to be renewed. The first renewal of each of its accounts is therefore drawn from what is
left: not booked before the first day of the horizon. With r the correlation of timing, z the score below which the kept are
booked late enough, and c the share of the lost that have not come back before:

    P(lost | open) = p c / (p c + (1 - p) P(late enough))
    density of the standing s of the kept, given open: phi(s) Phi((z - r s) / sqrt(1 - r^2)) / P(late enough)
    timing given s, and open: a normal around r s, cut off above z

where a band that reaches both sides of the first day counts by its days. The odds of accounts that differ are weighted
likewise, with the chance of being open at each. Market, skill and health keep their laws: they are shared, or go on.

Source: Bayes' theorem; bivariate normal distribution.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import stage
from sim.records import NEVER
from sim.world.book import Book
from sim.world.frailty import FARTHEST_SCORE, churn_tables
from sim.world.lanes import (
    CHURN_SCORE,
    KEPT,
    LANES,
    LATENT,
    LEAVING,
    SCORE,
    STANDING,
    TIMING,
    Integers,
    Singles,
    Words,
)
from sim.world.laws import Loadings
from sim.world.normal import (
    LARGEST_SHARE,
    ONE,
    SMALLEST_SHARE,
    normal_quantile,
    normal_share,
    uniform,
)
from sim.world.philox import U64
from sim.world.scenario import Scenario
from sim.world.segment import Segment

F32 = np.float32
I32 = np.int32
Floats = NDArray[np.float64]

KNOTS: Final = 513
STEPS: Final = 8001
FARTHEST = F32(FARTHEST_SCORE)
PER_SCORE = F32((KNOTS - 1) / (2.0 * FARTHEST_SCORE))
FARTHEST_STANDING: Final = 8.5
BEFORE_ALL: Final = -1.0e6
"""Earlier than any booking: where nothing is asked. [day]"""


class Opened(NamedTuple):
    """What is asked of first renewals: a row for each kind of account (segment, due day, contract). Row 0 asks nothing.

    late_enough : share of the kept that are booked on the first day or later. [kind] [share]
    low, high   : timing scores up to which all of the kept are booked late enough, and above which none are. [kind]
    partly      : share of those between the two that are. [kind] [share]
    earliest    : first day of booking, relative to the due day. [kind] [day]
    returned    : share of the lost that have come back before the first day. [kind] [share]
    standing    : standing of the kept, by the normal score it would have if nothing were asked. [kind, knot]
    place       : place of an account among its segment's, by the score of its own draw. [kind, knot]
    """

    late_enough: Singles
    low: Singles
    high: Singles
    partly: Singles
    earliest: Singles
    returned: Singles
    standing: Singles
    place: Singles


class Asked(NamedTuple):
    """A row of ``Opened``, without its tables."""

    late_enough: float
    low: float
    high: float
    partly: float
    earliest: float
    returned: float


NOTHING: Final = Asked(1.0, np.inf, np.inf, 1.0, BEFORE_ALL, 0.0)


Outcome: TypeAlias = tuple[int, bool]
"""Of a renewal that is known: index of the term that ended, and whether it was kept."""


def make_opened(
    scenario: Scenario,
    book: Book,
    load: Loadings,
    day: int = 0,
    outcomes: Mapping[int, tuple[Outcome, ...]] = MappingProxyType({}),
) -> tuple[Integers, Opened]:
    """The kind of every account, and what is asked of each kind; nothing of drawn books and of new accounts.

    day      : on which the next renewal of each is open. [day]
    outcomes : by account, what is known of the renewals before it.
    """
    kind = np.zeros(len(book.accounts), dtype=np.int32)
    straight = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    rows, standing, place = [NOTHING], [straight], [straight]
    places: dict[tuple[object, ...], int] = {}
    churn = churn_tables(scenario, book.terms) if book.given else None
    for account in np.flatnonzero(~book.arrival).tolist() if book.given else ():
        segment, due = int(book.segment[account]), int(book.given["due_day"][account])
        term = book.terms.index(int(book.given["term_months"][account]))
        asked = NOTHING if due >= NEVER else asked_of(scenario.segment[segment], due - day)
        before = outcomes.get(account, ())
        if asked == NOTHING and not before:
            continue
        key = (segment, asked, term, before)
        if key not in places:
            places[key] = len(rows)
            rows.append(asked)
            surely = asked == NOTHING or asked.late_enough == 0.0
            law = (float(load.timing), asked.low, asked.high, asked.partly)
            standing.append(straight if surely else standings(*law))
            assert churn is not None
            place.append(_places(churn[segment], term, asked, before))
        kind[account] = places[key]
    columns = np.array(rows, dtype=np.float32).T.copy()
    tables = (np.array(each, dtype=np.float32) for each in (standing, place))
    return kind, Opened(*columns, *tables)


def asked_of(segment: Segment, due_day: int) -> Asked:
    """What is asked of a renewal due on a day, if it has not been booked before day 0."""
    from scipy.special import ndtri

    earliest = -due_day
    bands = sorted(segment.lag, key=lambda band: band.days, reverse=True)
    upto = np.minimum(np.concatenate([[0.0], np.cumsum([band.share for band in bands])]), 1.0)
    whole = sum(band.days[0] >= earliest for band in bands)
    low, high, partly = upto[whole], upto[whole], 1.0
    if whole < len(bands) and bands[whole].days[1] >= earliest:
        first, last = bands[whole].days
        high, partly = upto[whole + 1], (last - earliest + 1) / (last - first + 1)
    returned = sum(
        tier.probability * min(max(earliest - tier.days[0], 0) / (tier.days[1] - tier.days[0] + 1), 1.0)
        for tier in segment.win_back
    )
    if whole == len(bands) and returned == 0.0:
        return NOTHING
    late_enough = low + partly * (high - low)
    return Asked(late_enough, float(ndtri(low)), float(ndtri(high)), partly, float(earliest), returned)


@lru_cache(maxsize=4096)
def standings(r: float, low: float, high: float, partly: float) -> Floats:
    """Standing of the kept by its score, given that the timing score is below ``low``, or with chance ``partly`` between
    ``low`` and ``high``: the quantiles of phi(s) P(late enough | s). [knot]
    """
    from scipy.special import ndtr

    s = np.linspace(-FARTHEST_STANDING, FARTHEST_STANDING, STEPS)
    own = np.sqrt(1.0 - r * r)
    surely, perhaps = ndtr((low - r * s) / own), ndtr((high - r * s) / own)
    return tilted(s, surely + partly * (perhaps - surely))


def _places(churn: Singles, term: int, asked: Asked, before: tuple[Outcome, ...]) -> Floats:
    """Place of an account among its segment's, weighted with the chance, at the odds of each place, of being open and of
    what became of the renewals before. churn : [term, knot]. [knot]
    """
    from scipy.special import ndtr

    place = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, churn.shape[-1])
    straight = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    p = ndtr(churn.astype(np.float64))
    if np.isnan(p[term]).any():  # accounts do not differ
        return straight
    weight = p[term] * (1.0 - asked.returned) + (1.0 - p[term]) * asked.late_enough
    for ended, kept in before:
        chance = 1.0 - p[ended] if kept else p[ended]
        weight = weight if np.isnan(chance).any() else weight * chance
    return tilted(place, weight) if weight.sum() > 0.0 else straight


def tilted(score: Floats, weight: Floats) -> Floats:
    """Quantiles of the density phi(score) x weight, at the knots: evenly spaced normal scores. [knot]

    Both tails are summed from their own end, so that neither loses its digits.
    """
    from scipy.special import ndtr, ndtri
    from scipy.stats import norm

    density = norm.pdf(score) * weight
    piece = (density[1:] + density[:-1]) / 2.0 * np.diff(score)
    tails = ndtr(-np.abs(score[[0, -1]])) * weight[[0, -1]]
    below = tails[0] + np.concatenate([[0.0], np.cumsum(piece)])
    above = tails[1] + np.concatenate([np.cumsum(piece[::-1])[::-1], [0.0]])
    total = below[-1] + tails[1]
    own = np.where(below < total / 2.0, ndtri(below / total), -ndtri(above / total))
    there = np.isfinite(own)
    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    return np.asarray(np.interp(knots, own[there], score[there]))


@stage
def read_quantiles(table: Singles, n: int, score: Singles) -> None:
    """Each score's value in a table of quantiles, on the straight line between knots; in its place. [lane]"""
    for lane in range(n):
        at = min(max((score[lane] + FARTHEST) * PER_SCORE, F32(0.0)), F32(KNOTS - 1))
        knot = min(I32(at), I32(KNOTS - 2))
        beyond = at - F32(knot)
        score[lane] = (ONE - beyond) * table[U64(knot)] + beyond * table[U64(knot) + U64(1)]


@stage
def churn_open(opened: Opened, kind: int, n: int, f: Singles, i: Integers) -> None:
    """KEPT and STANDING as in ``sim.world.lanes.churn``, of an account that is open on the first day."""
    late, back = opened.late_enough[kind], opened.returned[kind]
    for lane in range(n):
        p = f[LEAVING * LANES + lane]
        lost, kept = p * (ONE - back), (ONE - p) * late
        p = min(lost / (lost + kept), LARGEST_SHARE)
        share = normal_share(f[LATENT * LANES + lane])
        stays = (share >= p) & (f[CHURN_SCORE * LANES + lane] < np.inf)
        i[KEPT * LANES + lane] = I32(stays)
        v = (share - p) / (ONE - p)
        f[STANDING * LANES + lane] = normal_quantile(min(max(v, SMALLEST_SHARE), LARGEST_SHARE))
    read_quantiles(opened.standing[kind], n, f[STANDING * LANES :])


@stage
def timing_open(load: Loadings, opened: Opened, kind: int, w: Words, n: int, f: Singles) -> None:
    """SCORE as in ``sim.world.lanes.timing``, cut off above: of a renewal that is booked on the first day or later."""
    low, high, partly = opened.low[kind], opened.high[kind], opened.partly[kind]
    for lane in range(n):
        mean = load.timing * f[STANDING * LANES + lane]
        surely = normal_share((low - mean) / load.timing_own)
        perhaps = normal_share((high - mean) / load.timing_own)
        share = uniform(w[TIMING * LANES + lane]) * (surely + partly * (perhaps - surely))
        share = share if share <= surely else surely + (share - surely) / partly
        own = normal_quantile(min(max(share, SMALLEST_SHARE), LARGEST_SHARE))
        f[SCORE * LANES + lane] = min(mean + load.timing_own * own, high)
