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
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
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
from sim.world.tilting import FARTHEST_STANDING, KNOTS, places, standings, tilt_places, tilt_standings

F32 = np.float32
I32 = np.int32
Floats = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.float32]

FARTHEST = F32(FARTHEST_SCORE)
MOST_EXACT: Final = 4096
"""So many tables are made as for a scenario alone; of more draws in fewer steps."""
MOST_TABLES: Final = 4_000_000
"""Two gigabytes. [kind x draw]"""
FEWER_KNOTS: Final = 65
FEWER_STEPS: Final = 251
BEFORE_ALL: Final = -1.0e6
"""Earlier than any booking: where nothing is asked. [day]"""


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
    standing, place = _tables(rows, where, load.timing, churn, stack.source)
    columns = list(zip(*rows, strict=True))
    late_enough, low, high, returned = (
        np.array([spread(each, draws) for each in column], dtype=np.float32) for column in columns[:4]
    )
    partly, earliest = (np.array(column, dtype=np.float32) for column in columns[4:])
    by_draw = (late_enough, low, high, returned)
    return kind, Opened(*by_draw, partly, earliest, standing, place, np.arange(draws))


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


def _tables(
    rows: list[Asked],
    where: list[tuple[int, int, tuple[Outcome, ...]]],
    timing: Singles,
    churn: Singles,
    source: Path,
) -> tuple[Singles, Singles]:
    """The tables ``standing`` and ``place`` of every kind: exact where they are few; of many draws in fewer steps."""
    draws, few = len(timing), len(timing) == 1 or len(rows) * len(timing) <= MOST_EXACT
    if len(rows) * draws > MOST_TABLES:
        allowed = (
            f"at most {MOST_TABLES // len(rows):,} draws for a book with {len(rows):,} kinds of open renewals"
        )
        raise InputError(
            [Problem(f"{source}: uncertainty.draws", allowed, f"{draws:,}", "Keep every n-th row.")]
        )
    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS if few else FEWER_KNOTS)
    standing, place = np.empty((2, len(rows), draws, len(knots)), dtype=np.float32)
    standing[:], place[:] = knots, knots
    odds = ndtr_of(churn)
    steps = np.linspace(-FARTHEST_STANDING, FARTHEST_STANDING, FEWER_STEPS)
    at = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, churn.shape[-1])
    for row in range(1, len(rows)):
        asked, (segment, term, before) = rows[row], where[row]
        weight = _weight(odds[:, segment], term, asked, before, draws)
        if few:
            standing[row] = list(_standings(timing, asked))
            for draw in np.flatnonzero(~np.isnan(weight).any(axis=1) & (weight.sum(axis=1) > 0.0)):
                place[row, draw] = places(weight[draw].tobytes())
            continue
        late, low, high = (spread(each, draws).astype(np.float32) for each in asked[:3])
        some = np.asarray(late > 0.0) & np.full(draws, asked is not NOTHING)
        if some.any():
            found = np.empty((draws, len(knots)), dtype=np.float32)
            tilt_standings(steps, timing, low, high, F32(asked.partly), knots, found)
            standing[row, some] = found[some]
        some = ~np.isnan(weight).any(axis=1) & (weight.sum(axis=1) > 0.0)
        if some.any():
            found = np.empty((int(some.sum()), len(knots)), dtype=np.float32)
            tilt_places(at, np.ascontiguousarray(weight[some].T, dtype=np.float32), knots, found)
            place[row, some] = found
    return standing, place


def ndtr_of(churn: Singles) -> Floats:
    """Churn probabilities of a table of their normal scores. [share]"""
    from scipy.special import ndtr

    return np.asarray(ndtr(churn.astype(np.float64)))


def _standings(timing: Singles, asked: Asked) -> Iterator[Floats]:
    """Of every draw. timing : its loading. [draw]"""
    straight = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    asks = (spread(each, len(timing)).tolist() for each in asked[:3])
    for r, late, low, high in zip(timing.tolist(), *asks, strict=True):
        surely = asked is NOTHING or late == 0.0
        yield straight if surely else standings(r, low, high, asked.partly)


def _weight(odds: Floats, term: int, asked: Asked, before: tuple[Outcome, ...], draws: int) -> Floats:
    """Chance, at the odds of each place, of being open and of what became of the renewals before; NaN where accounts do not
    differ. [draw, knot] odds : [draw, term, knot]
    """
    late, returned = (spread(each, draws)[:, None] for each in (asked.late_enough, asked.returned))
    p = odds[:, term]
    weight = p * (1.0 - returned) + (1.0 - p) * late
    for ended, kept in before:
        chance = 1.0 - odds[:, ended] if kept else odds[:, ended]
        known = ~np.isnan(chance[:, :1])  # accounts differ in all places or in none
        weight = np.where(known, weight * chance, weight)
    return weight


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
