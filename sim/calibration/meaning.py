"""What inputs on their scales mean: loadings, thresholds, rates and the tables of accounts that differ."""

import math
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.model import (
    AMOUNT,
    EXPANSION,
    FARTHEST_CORRELATION,
    HEALTH,
    HEALTH_PERSISTENCE,
    LARGEST_PERSISTENCE,
    MARKET,
    MARKET_PERSISTENCE,
    SKILL,
    TIMING,
    Floats,
    Layout,
)
from sim.calibration.normal import score_at, share_below
from sim.kernel import stage

PLACES: Final = 6
"""Places of an account among its segment's by how likely it is to leave, at which what it does is weighed."""
PLACE, _WEIGHT = np.polynomial.hermite_e.hermegauss(PLACES)
PLACE_SHARE: Final = _WEIGHT / _WEIGHT.sum()
"""The places and what each stands for. Source: Gauss-Hermite quadrature of a standard normal."""
GRID: Final = 257
FARTHEST: Final = 8.5
WIDEST: Final = 12.0
LEAST_SPREAD: Final = 0.01
INFINITE: Final = math.inf

# places of the company's numbers
M, U, H, OWN, PSI, R_TIMING, OWN_TIMING, R_AMOUNT, OWN_AMOUNT, B_M, B_U, B_H, PHI = range(13)


class Meaning(NamedTuple):
    """What a point of the inputs means.

    number : loadings of market, skill, health and own noise, persistence of health, couplings of timing and amount with
             their complements, sensitivities of growth to market, skill and health, persistence of the market. [13]
    score  : score of the churn probability at each place. [group, place]
    edge   : timing scores at which bands begin, latest first. [segment, band + 1]
    smaller, larger : amount scores below which ARR shrinks and above which it grows. [segment]
    rate   : expansions per period. [segment] [1/period]
    back   : probability of each tier. [segment, tier]
    """

    number: Floats
    score: Floats
    edge: Floats
    smaller: Floats
    larger: Floats
    rate: Floats
    back: Floats


def empty_meaning(layout: Layout) -> Meaning:
    """Room for one."""
    segments, bands = layout.stick.shape
    sizes = ((13,), (len(layout.mean), PLACES), (segments, bands + 1), *((segments,),) * 3, layout.back.shape)
    return Meaning(*(np.zeros(size) for size in sizes))


@stage
def find_numbers(x: Floats, out: Floats) -> None:
    """The company's numbers. Shares of variance are what is left by those before them.

    Source: loadings as in ``sim.world.laws.make_loadings``.
    """
    market = share_below(x[MARKET])
    health = (1.0 - market) * share_below(x[HEALTH])
    skill = (1.0 - market - health) * share_below(x[SKILL])
    shared = market + health + skill
    b = math.exp(x[EXPANSION])
    out[M], out[U], out[H] = math.sqrt(market), math.sqrt(skill), math.sqrt(health)
    out[OWN] = math.sqrt(max(1.0 - shared, 1e-6))
    out[PSI] = FARTHEST_CORRELATION * (2.0 * share_below(x[HEALTH_PERSISTENCE]) - 1.0)
    out[R_TIMING] = FARTHEST_CORRELATION * (2.0 * share_below(x[TIMING]) - 1.0)
    out[R_AMOUNT] = FARTHEST_CORRELATION * (2.0 * share_below(x[AMOUNT]) - 1.0)
    out[OWN_TIMING] = math.sqrt(1.0 - out[R_TIMING] ** 2)
    out[OWN_AMOUNT] = math.sqrt(1.0 - out[R_AMOUNT] ** 2)
    for part, load in ((B_M, M), (B_U, U), (B_H, H)):
        out[part] = b * out[load] / math.sqrt(shared) if shared > 0.0 else 0.0
    out[PHI] = LARGEST_PERSISTENCE * share_below(x[MARKET_PERSISTENCE])


@stage
def find_edges(x: Floats, layout: Layout, s: int, edge: Floats) -> None:
    """Where the bands of a segment begin on the scale of timing scores, latest first. [band + 1]"""
    edge[0] = -INFINITE
    below = 0.0
    for band in range(layout.bands[s]):
        place = layout.stick[s, band]
        below += (1.0 - below) * (share_below(x[place]) if place >= 0 else 1.0)
        edge[band + 1] = score_at(below) if band + 1 < layout.bands[s] else INFINITE


@stage
def find_segment(x: Floats, layout: Layout, s: int, out: Meaning) -> None:
    """Thresholds, rate and win-back of a segment."""
    find_edges(x, layout, s, out.edge[s])
    smaller = share_below(x[layout.smaller[s]])
    larger = (1.0 - smaller) * share_below(x[layout.larger[s]])
    out.smaller[s] = score_at(smaller) if smaller > 0.0 else -INFINITE
    out.larger[s] = -score_at(larger) if larger > 0.0 else INFINITE
    out.rate[s] = math.exp(x[layout.rate[s]]) / layout.per_period
    left = 1.0
    for tier in range(layout.back.shape[1]):
        place = layout.back[s, tier]
        out.back[s, tier] = left * share_below(x[place]) if place >= 0 else 0.0
        left -= out.back[s, tier]


@stage
def find_scores(
    x: Floats, layout: Layout, group: int, place: Floats, z: Floats, y: Floats, score: Floats
) -> None:
    """Score of the churn probability of the account at each place, lowest first. z, y : room for the grid.

    Source: Beta heterogeneity, Fader and Hardie (2007), by its mean and intra-class correlation; the distribution is
    summed by trapezoids over scores, from both ends, with the leading term of each tail.
    """
    centre = x[layout.mean[group]]
    spread = share_below(x[layout.dispersion[layout.owner[group]]])
    if spread <= 1e-9 or abs(centre) > FARTHEST:
        for k in range(len(place)):
            score[k] = min(max(centre, -FARTHEST), FARTHEST)
        return
    mean = share_below(centre)
    strength = 1.0 / spread - 1.0
    a, b = mean * strength, (1.0 - mean) * strength
    width = math.sqrt(mean * (1.0 - mean) * spread) / (0.3989422804 * math.exp(-centre * centre / 2.0))
    reach = WIDEST * max(width, LEAST_SPREAD)
    low, high = max(-FARTHEST, centre - reach), min(FARTHEST, centre + reach)
    step = (high - low) / (GRID - 1)
    top = -INFINITE
    for k in range(GRID):
        y[k] = low + k * step
        below, above = share_below(y[k]), share_below(-y[k])
        z[k] = (a - 1.0) * math.log(below) + (b - 1.0) * math.log(above) - y[k] * y[k] / 2.0
        top = max(top, z[k])
    for k in range(GRID):
        z[k] = math.exp(z[k] - top)
    scale = 2.5066282746 * math.exp(-top)
    first = math.exp(a * math.log(share_below(low)) + (b - 1.0) * math.log(share_below(-low))) / a * scale
    last = math.exp(b * math.log(share_below(-high)) + (a - 1.0) * math.log(share_below(high))) / b * scale
    read_places(z, y, step, first, last, place, score)


@stage
def read_places(
    z: Floats, y: Floats, step: float, first: float, last: float, place: Floats, score: Floats
) -> None:
    """From densities ``z`` at scores ``y`` to the score at each place; ``first`` and ``last`` lie in the tails. Writes
    places over densities.
    """
    total = first + last
    for k in range(GRID - 1):
        total += (z[k] + z[k + 1]) / 2.0 * step
    below, before = first, z[0]
    z[0] = score_at(min(max(below / total, 1e-15), 1.0 - 1e-15))
    for k in range(1, GRID):
        now = z[k]
        below += (before + now) / 2.0 * step
        before = now
        z[k] = score_at(min(max(below / total, 1e-15), 1.0 - 1e-15))
    at = 0
    for k in range(len(place)):
        while at < GRID - 2 and z[at + 1] < place[k]:
            at += 1
        between = z[at + 1] - z[at]
        share = (place[k] - z[at]) / between if between > 1e-12 else 0.0
        score[k] = y[at] + min(max(share, 0.0), 1.0) * (y[at + 1] - y[at])
