"""The scenario's distributions as arrays that kernels read: one row a segment, one column a band, term or tier. The last
axis of what may not be known is a draw; once the worlds of a block are told, a world.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar, add_months
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.records import NEVER, IntP
from sim.world.scenario import Scenario
from sim.world.segment import LognormalSize, Segment
from sim.world.streams import FIRST_PERIOD

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]
UNIFORM = 0
LOGNORMAL = 1


class Laws(NamedTuple):
    """What renewals are drawn from. [segment, draw | world] or [segment, band | term | tier, draw | world]; what ``SHAPE``
    names is the same in all draws, and has no last axis.

    band_score              : normal score from which on (to the next) a kept renewal falls in this band; latest first.
    band_first, band_days   : first day of the band relative to the due day [day], and how many days it has.
    contraction_score, ...  : a kept renewal scoring below contracts, by ``low + width x share``. [share]
    uplift_score, ...       : one scoring above grows, by a share of ``uplift_kind``: ``a + b x share`` when uniform,
                              ``exp(a + b x score)`` when lognormal. [share]
    term_upto               : cumulative mix of the terms signed at renewal. [share]
    back_dated              : of the kept that are booked after the due day, how many count as booked on it. [share]
    tier_upto, _first, _days: win-back of lost accounts: cumulative probability, first day and number of days.
    grace_days              : a longer lapse moves the next due date. [day]
    expansion_rate          : expansions per account and period. [1/period]
    expansion_mu, _sigma    : of the logarithm of an expansion's share of ARR.
    """

    band_score: Singles
    band_first: Singles
    band_days: Singles
    contraction_score: Singles
    contraction_low: Singles
    contraction_width: Singles
    uplift_score: Singles
    uplift_kind: NDArray[np.int64]
    uplift_a: Singles
    uplift_b: Singles
    term_upto: Singles
    back_dated: Singles
    tier_upto: Singles
    tier_first: Singles
    tier_days: Singles
    grace_days: NDArray[np.int32]
    expansion_rate: Singles
    expansion_mu: Singles
    expansion_sigma: Singles


SHAPE: Final = frozenset(
    {"band_first", "band_days", "uplift_kind", "tier_first", "tier_days", "grace_days"}
)  # fmt: skip


class Loadings(NamedTuple):
    """Weights of the composite latent G and of its couplings; each pair of squares sums to one. [draw | world]

    market, skill, health, noise  : G = market M + skill U + health H + noise e.
    persist, renew                : health from one renewal to the next.
    timing, timing_own            : booking score from the latent of the kept, and own noise.
    amount, amount_own            : uplift score, likewise.
    expand_market, _skill, _health: log rate of expansion on the shared factors; all 0 when nothing is shared.
    """

    market: Singles
    skill: Singles
    health: Singles
    noise: Singles
    persist: Singles
    renew: Singles
    timing: Singles
    timing_own: Singles
    amount: Singles
    amount_own: Singles
    expand_market: Singles
    expand_skill: Singles
    expand_health: Singles


class Times(NamedTuple):
    """Calendar lookups for kernels.

    first   : the day of entry 0 of both tables. [day]
    period  : due period of a day, -1 before and ``span`` after the edges. [day]
    advance : due day of a contract of that term starting that day; ``NEVER`` past the edges. [term, day] [day]
    span    : number of due periods.
    number  : under which due period 0 is drawn.
    """

    first: int
    period: NDArray[np.int32]
    advance: NDArray[np.int32]
    span: int
    number: int


def make_laws(scenario: Scenario, terms: tuple[int, ...], draws: int = 1) -> Laws:
    """The laws of every segment, padded to the same width with bands, terms and tiers that are never chosen.

    scenario : or its stack of so many draws.
    """
    from scipy.special import ndtri

    rows = [_segment_row(segment, terms, scenario) for segment in scenario.segment]
    padded: dict[str, Any] = {}
    for name in Laws._fields:
        values = [row[name] for row in rows]
        if isinstance(values[0], list):
            width = max(1, *(len(value) for value in values))
            values = [value + [_padding(name)] * (width - len(value)) for value in values]
        if name in SHAPE:
            kind = np.int64 if name == "uplift_kind" else np.int32 if name == "grace_days" else np.float32
            padded[name] = np.array(values, dtype=np.float64).astype(kind)
            continue
        array = np.array([spread(value, draws) for value in values])
        padded[name] = (ndtri(array) if name.endswith("_score") else array).astype(np.float32)
    return Laws(**padded)


def make_loadings(scenario: Scenario, draws: int = 1) -> Loadings:
    """Square roots of the shares of variance, and their complements. scenario : or its stack of so many draws.

    Source: Gaussian copula, Vasicek (2002), with several factors.
    """
    d = {name: spread(value, draws) for name, value in scenario.dependence}
    parts = [d[name] for name in ("market", "skill", "health")]
    noise = 1.0 - parts[0] - parts[1] - parts[2]
    shared = parts[0] + parts[1] + parts[2]
    whole = np.where(shared > 0.0, shared, 1.0)
    apart = [np.where(shared > 0.0, d["expansion"] * np.sqrt(part / whole), 0.0) for part in parts]
    values = [np.sqrt(part) for part in (*parts, noise)]
    for correlation in (d["health_persistence"], d["timing"], d["amount"]):
        values += [correlation, np.sqrt(1.0 - squared(correlation))]
    return Loadings(*(value.astype(np.float32) for value in (*values, *apart)))


def spread(value: Any, draws: int) -> Floats:
    """A number, or a list of numbers, by draw: [draw] or [item, draw]; arrays already are."""
    if isinstance(value, list):
        return np.array([spread(each, draws) for each in value])
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (draws,))


def taken(values: NDArray[Any], draw: IntP) -> NDArray[Any]:
    """Values by draw, or the same in all draws, of the worlds that live on these. [..., world]"""
    if values.shape[-1] == 1:
        return np.repeat(values, len(draw), axis=-1)
    return np.take(values, draw, axis=-1)


def squared(value: Any) -> Any:
    """The square of a number, or of each number of an array: by the same rounding for both, which numpy's is not."""
    return np.array([each**2 for each in value.tolist()]) if isinstance(value, np.ndarray) else value**2


@lru_cache(maxsize=16)
def make_times(calendar: Calendar, terms: tuple[int, ...]) -> Times:
    """Lookups over every day of the span; contract terms run in whole calendar months, clipped to the month's end."""
    table = calendar.table
    last = int(calendar.bounds[-1])
    advance = np.full((len(terms), len(table.period)), NEVER, dtype=np.int32)
    for entry in range(len(table.period)):
        day = table.first + entry
        start = calendar.date(day)
        for index, months in enumerate(terms):
            month = add_months(start.replace(day=1), months)
            following = add_months(month, 1)
            clipped = min(start.day, (following - month).days)
            due = calendar.day(month) + clipped - 1
            if due < last:
                advance[index, entry] = due
    number = FIRST_PERIOD - calendar.lead
    return Times(table.first, table.period.astype(np.int32), advance, calendar.span, number)


def _padding(name: str) -> float:
    """What puts a band beyond reach (it starts where everything has ended), and gives a tier no width."""
    return 1.0 if name.endswith("_score") else 0.0


def _segment_row(segment: Segment, terms: tuple[int, ...], scenario: Scenario) -> dict[str, Any]:
    bands = sorted(segment.lag, key=lambda band: band.days, reverse=True)
    mix = segment.renewed_term_months or segment.term_months
    tiers = sorted(segment.win_back, key=lambda tier: tier.days)
    kind, a, b = _size(segment)
    expansion = segment.expansion
    return {
        "band_score": [0.0, *(np.minimum(share, 1.0) for share in upto([band.share for band in bands])[:-1])],
        "band_first": [float(band.days[0]) for band in bands],
        "band_days": [float(band.days[1] - band.days[0] + 1) for band in bands],
        "contraction_score": segment.contraction.probability,
        "contraction_low": segment.contraction.size.low,
        "contraction_width": segment.contraction.size.high - segment.contraction.size.low,
        "uplift_score": 1.0 - segment.uplift.probability,
        "uplift_kind": kind,
        "uplift_a": a,
        "uplift_b": b,
        "term_upto": upto([mix.get(str(months), 0.0) for months in terms]),
        "back_dated": segment.back_dated,
        "tier_upto": upto([tier.probability for tier in tiers]),
        "tier_first": [float(tier.days[0]) for tier in tiers],
        "tier_days": [float(tier.days[1] - tier.days[0] + 1) for tier in tiers],
        "grace_days": segment.grace_days,
        "expansion_rate": expansion.events_per_year * scenario.period_months / MONTHS_PER_YEAR,
        "expansion_mu": np.log(expansion.size.mean) - squared(expansion.size.sigma) / 2,
        "expansion_sigma": expansion.size.sigma,
    }


def upto(values: Sequence[Any]) -> list[Any]:
    """Sums of the first, the first two, ... of numbers or of arrays."""
    return list(accumulate(values))


def _size(segment: Segment) -> tuple[int, Any, Any]:
    size = segment.uplift.size
    if isinstance(size, LognormalSize):
        return LOGNORMAL, np.log(size.mean) - squared(size.sigma) / 2, size.sigma
    return UNIFORM, size.low, size.high - size.low
