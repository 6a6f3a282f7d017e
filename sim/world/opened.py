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

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import stage
from sim.records import NEVER, IntP
from sim.world.book import Book
from sim.world.frailty import FARTHEST_SCORE
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
from sim.world.laws import Loadings, spread, taken, upto
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
Rows: TypeAlias = NDArray[np.float32]

KNOTS: Final = 513
STEPS: Final = 8001
FARTHEST = F32(FARTHEST_SCORE)
FARTHEST_STANDING: Final = 8.5
ROOT_OF_TWO_PI = np.sqrt(2.0 * np.pi)
BEFORE_ALL: Final = -1.0e6
"""Earlier than any booking: where nothing is asked. [day]"""


MOST_EXACT: Final = 4096
"""So many tables are made at ``KNOTS`` from ``STEPS``; of more draws at ``FEWER_KNOTS`` from ``FEWER_STEPS``."""
FEWER_KNOTS: Final = 65
FEWER_STEPS: Final = 251


class Opened(NamedTuple):
    """What is asked of first renewals: a row for each kind of account (segment, due day, contract). Row 0 asks nothing.

    late_enough : share of the kept that are booked on the first day or later. [kind, draw | world] [share]
    low, high   : timing scores up to which all of the kept are booked late enough, and above which none are.
                  [kind, draw | world]
    returned    : share of the lost that have come back before the first day. [kind, draw | world] [share]
    partly      : share of those between the two that are. [kind] [share]
    earliest    : first day of booking, relative to the due day. [kind] [day]
    standing    : standing of the kept, by the normal score it would have if nothing were asked. [kind, draw, knot]
    place       : place of an account among its segment's, by the score of its own draw. [kind, draw, knot]
    row         : of the tables. [draw | world]
    """

    late_enough: Singles
    low: Singles
    high: Singles
    returned: Singles
    partly: Singles
    earliest: Singles
    standing: Singles
    place: Singles
    row: IntP

    def of_worlds(self, draw: IntP) -> "Opened":
        """The same of worlds that live on these draws. [world]"""
        names = ("late_enough", "low", "high", "returned")
        by_world = {name: taken(getattr(self, name), draw) for name in names}
        return self._replace(**by_world, row=draw if self.standing.shape[1] > 1 else np.zeros_like(draw))


class Asked(NamedTuple):
    """A row of ``Opened``, without its tables; numbers, or arrays [draw]."""

    late_enough: Any
    low: Any
    high: Any
    returned: Any
    partly: float
    earliest: float


NOTHING: Final = Asked(1.0, np.inf, np.inf, 0.0, 1.0, BEFORE_ALL)


Outcome: TypeAlias = tuple[int, bool]
"""Of a renewal that is known: index of the term that ended, and whether it was kept."""


def make_opened(
    stack: Scenario,
    book: Book,
    load: Loadings,
    churn: Singles,
    day: int = 0,
    outcomes: Mapping[int, tuple[Outcome, ...]] = MappingProxyType({}),
) -> tuple[Integers, Opened]:
    """The kind of every account, and what is asked of each kind; nothing of drawn books and of new accounts.

    stack    : the scenario, or its stack of draws.
    churn    : as in ``Parameters``.
    day      : on which the next renewal of each is open. [day]
    outcomes : by account, what is known of the renewals before it.
    """
    kind, draws = np.zeros(len(book.accounts), dtype=np.int32), len(load.timing)
    rows = [NOTHING]
    where: list[tuple[int, int, tuple[Outcome, ...]]] = [(0, 0, ())]
    places: dict[tuple[object, ...], int] = {}
    for account in np.flatnonzero(~book.arrival).tolist() if book.given else ():
        segment, due = int(book.segment[account]), int(book.given["due_day"][account])
        term = book.terms.index(int(book.given["term_months"][account]))
        asked = NOTHING if due >= NEVER else asked_of(stack.segment[segment], due - day)
        before = outcomes.get(account, ())
        if asked is NOTHING and not before:
            continue
        key = (segment, None if asked is NOTHING else due, term, before)
        if key not in places:
            places[key] = len(rows)
            rows.append(asked)
            where.append((segment, term, before))
        kind[account] = places[key]
    exact = len(rows) * draws <= MOST_EXACT
    knots, steps = (KNOTS, STEPS) if exact or draws == 1 else (FEWER_KNOTS, FEWER_STEPS)
    tables = np.empty((2, len(rows), draws, knots), dtype=np.float32)
    tables[:, 0] = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, knots)
    for row in range(1, len(rows)):
        segment, term, before = where[row]
        tables[0, row] = list(_standings(load.timing, rows[row], knots, steps))
        tables[1, row] = list(_places(churn[:, segment], term, rows[row], before, draws, knots))
    columns = list(zip(*rows, strict=True))
    late_enough, low, high, returned = (
        np.array([spread(each, draws) for each in column], dtype=np.float32) for column in columns[:4]
    )
    partly, earliest = (np.array(column, dtype=np.float32) for column in columns[4:])
    by_draw = (late_enough, low, high, returned)
    return kind, Opened(*by_draw, partly, earliest, tables[0], tables[1], np.arange(draws))


def asked_of(segment: Segment, due_day: int) -> Asked:
    """What is asked of a renewal due on a day, if it has not been booked before day 0."""
    from scipy.special import ndtri

    earliest = -due_day
    bands = sorted(segment.lag, key=lambda band: band.days, reverse=True)
    shares = [0.0, *(np.minimum(each, 1.0) for each in upto([band.share for band in bands]))]
    whole = sum(band.days[0] >= earliest for band in bands)
    low, high, partly = shares[whole], shares[whole], 1.0
    if whole < len(bands) and bands[whole].days[1] >= earliest:
        first, last = bands[whole].days
        high, partly = shares[whole + 1], (last - earliest + 1) / (last - first + 1)
    returned: Any = sum(
        tier.probability * min(max(earliest - tier.days[0], 0) / (tier.days[1] - tier.days[0] + 1), 1.0)
        for tier in segment.win_back
    )
    if whole == len(bands) and not np.any(returned):
        return NOTHING
    late_enough = low + partly * (high - low)
    return Asked(late_enough, ndtri(low), ndtri(high), returned, partly, float(earliest))


@lru_cache(maxsize=4096)
def standings(
    r: float, low: float, high: float, partly: float, knots: int = KNOTS, steps: int = STEPS
) -> Floats:
    """Standing of the kept by its score, given that the timing score is below ``low``, or with chance ``partly`` between
    ``low`` and ``high``: the quantiles of phi(s) P(late enough | s). [knot]
    """
    from scipy.special import ndtr

    s = np.linspace(-FARTHEST_STANDING, FARTHEST_STANDING, steps)
    own = np.sqrt(1.0 - r * r)
    surely, perhaps = ndtr((low - r * s) / own), ndtr((high - r * s) / own)
    return tilted(s, surely + partly * (perhaps - surely), knots)


def _standings(timing: Singles, asked: Asked, knots: int, steps: int) -> Iterator[Floats]:
    """Of every draw. timing : its loading. [draw]"""
    straight = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, knots)
    asks = (spread(each, len(timing)).tolist() for each in asked[:3])
    for r, late, low, high in zip(timing.tolist(), *asks, strict=True):
        surely = asked is NOTHING or late == 0.0
        yield straight if surely else standings(r, low, high, asked.partly, knots, steps)


def _places(
    churn: Singles, term: int, asked: Asked, before: tuple[Outcome, ...], draws: int, knots: int
) -> Iterator[Floats]:
    """Place of an account among its segment's, weighted with the chance, at the odds of each place, of being open and of
    what became of the renewals before; in every draw. [knot] churn : [draw, term, knot]
    """
    from scipy.special import ndtr

    place = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, churn.shape[-1])
    straight = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, knots)
    late, returned = (spread(each, draws) for each in (asked.late_enough, asked.returned))
    for draw in range(draws):
        p = ndtr(churn[draw if len(churn) > 1 else 0].astype(np.float64))
        if np.isnan(p[term]).any():  # accounts do not differ
            yield straight
            continue
        weight = p[term] * (1.0 - returned[draw]) + (1.0 - p[term]) * late[draw]
        for ended, kept in before:
            chance = 1.0 - p[ended] if kept else p[ended]
            weight = weight if np.isnan(chance).any() else weight * chance
        yield tilted(place, weight, knots) if weight.sum() > 0.0 else straight


def tilted(score: Floats, weight: Floats, knots: int = KNOTS) -> Floats:
    """Quantiles of the density phi(score) x weight, at the knots: evenly spaced normal scores. [knot]

    Both tails are summed from their own end, so that neither loses its digits.
    """
    from scipy.special import ndtr, ndtri

    density = np.exp(-(score**2) / 2.0) / ROOT_OF_TWO_PI * weight
    piece = (density[1:] + density[:-1]) / 2.0 * np.diff(score)
    tails = ndtr(-np.abs(score[[0, -1]])) * weight[[0, -1]]
    below = tails[0] + np.concatenate([[0.0], np.cumsum(piece)])
    above = tails[1] + np.concatenate([np.cumsum(piece[::-1])[::-1], [0.0]])
    total = below[-1] + tails[1]
    own = np.where(below < total / 2.0, ndtri(below / total), -ndtri(above / total))
    there = np.isfinite(own)
    at = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, knots)
    return np.asarray(np.interp(at, own[there], score[there]))


@stage
def read_quantiles(tables: Rows, row: IntP, n: int, score: Singles) -> None:
    """Each score's value in a table of quantiles, on the straight line between knots; in its place. [lane]

    tables : [draw, knot]
    """
    knots = tables.shape[1]
    per_score = F32((knots - 1) / (2.0 * FARTHEST_SCORE))
    for lane in range(n):
        draw = U64(row[lane])
        at = min(max((score[lane] + FARTHEST) * per_score, F32(0.0)), F32(knots - 1))
        knot = min(I32(at), I32(knots - 2))
        beyond = at - F32(knot)
        score[lane] = (ONE - beyond) * tables[draw, U64(knot)] + beyond * tables[draw, U64(knot) + U64(1)]


@stage
def churn_open(opened: Opened, kind: int, first: int, n: int, f: Singles, i: Integers) -> None:
    """KEPT and STANDING as in ``sim.world.lanes.churn``, of an account that is open on the first day."""
    late, back = opened.late_enough[kind, first:], opened.returned[kind, first:]
    for lane in range(n):
        p = f[LEAVING * LANES + lane]
        lost, kept = p * (ONE - back[lane]), (ONE - p) * late[lane]
        p = min(lost / (lost + kept), LARGEST_SHARE)
        share = normal_share(f[LATENT * LANES + lane])
        stays = (share >= p) & (f[CHURN_SCORE * LANES + lane] < np.inf)
        i[KEPT * LANES + lane] = I32(stays)
        v = (share - p) / (ONE - p)
        f[STANDING * LANES + lane] = normal_quantile(min(max(v, SMALLEST_SHARE), LARGEST_SHARE))
    read_quantiles(opened.standing[kind], opened.row[first:], n, f[STANDING * LANES :])


@stage
def timing_open(load: Loadings, opened: Opened, kind: int, first: int, w: Words, n: int, f: Singles) -> None:
    """SCORE as in ``sim.world.lanes.timing``, cut off above: of a renewal that is booked on the first day or later."""
    low, high, partly = opened.low[kind, first:], opened.high[kind, first:], opened.partly[kind]
    shared, apart = load.timing[first:], load.timing_own[first:]
    for lane in range(n):
        mean = shared[lane] * f[STANDING * LANES + lane]
        surely = normal_share((low[lane] - mean) / apart[lane])
        perhaps = normal_share((high[lane] - mean) / apart[lane])
        share = uniform(w[TIMING * LANES + lane]) * (surely + partly * (perhaps - surely))
        share = share if share <= surely else surely + (share - surely) / partly
        own = normal_quantile(min(max(share, SMALLEST_SHARE), LARGEST_SHARE))
        f[SCORE * LANES + lane] = min(mean + apart[lane] * own, high[lane])
