"""Accounts that differ in how likely they are to leave: one Beta probability an account and world."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import leaf
from sim.world.scenario import Scenario
from sim.world.segment import Segment

F32 = np.float32
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

KNOTS: Final = 4097
FARTHEST_SCORE: Final = 5.5
RAREST: Final = 1e-12
MOST_EXACT: Final = 64
"""So many tables are made knot by knot; of more draws they are interpolated: knot by knot takes 5 ms a table."""
FEWER_KNOTS: Final = 257
NODES: Final = 25
"""Knots of an interpolated table, and the places where it is exact."""

FARTHEST = F32(FARTHEST_SCORE)


def churn_tables(scenario: Scenario, terms: tuple[int, ...], draws: int = 1) -> Singles:
    """Normal score of the churn probability of the account at each of ``KNOTS`` evenly spaced places among its segment's,
    places on the normal scale from ``-FARTHEST_SCORE`` to ``FARTHEST_SCORE``; NaN where accounts do not differ.
    [draw, segment, term, knot]; one row where draws do not differ, fewer knots where there are many tables.

    scenario : or its stack of so many draws.

    Source: Beta heterogeneity, Fader and Hardie, "How to project customer retention" (2007), with mean m and
    intra-class correlation d: Beta(m (1/d - 1), (1 - m) (1/d - 1)).
    """
    rows = draws if churn_is_drawn(scenario) else 1
    shape = (len(scenario.segment), len(terms), rows)
    mean, dispersion, wanted = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for index, segment in enumerate(scenario.segment):
        dispersion[index] = segment.churn.dispersion
        for place, months in enumerate(terms):
            mean[index, place], wanted[index, place] = mean_churn(segment, months), differ(segment, months)
    many = int(wanted.sum()) > MOST_EXACT
    tables = np.full((*shape, FEWER_KNOTS if many else KNOTS), np.nan, dtype=np.float32)
    if many:
        tables[wanted] = _beta_tables(mean[wanted], dispersion[wanted])
    else:
        for at in np.argwhere(wanted):
            tables[tuple(at)] = _beta_table(float(mean[tuple(at)]), float(dispersion[tuple(at)]))
    return np.ascontiguousarray(np.moveaxis(tables, 2, 0))


def churn_is_drawn(scenario: Scenario) -> bool:
    """Whether churn differs between draws, the scenario being a stack of them."""
    laws = [segment.churn for segment in scenario.segment]
    numbers = (each for law in laws for each in (law.probability, law.dispersion, *law.by_term.values()))
    return any(isinstance(number, np.ndarray) for number in numbers)


def mean_churn(segment: Segment, months: int) -> float:
    """Mean churn probability over a segment's accounts with contracts of so many months. [share]"""
    return segment.churn.by_term.get(str(months), segment.churn.probability)


def differ(segment: Segment, months: int) -> bool:
    """Whether accounts with contracts of so many months have churn probabilities of their own; by draw in a stack."""
    mean = mean_churn(segment, months)
    return (segment.churn.dispersion > 0.0) & (mean != 0.0) & (mean != 1.0)


@leaf
def knots_at(place: np.float32, knots: int) -> np.float32:
    """A place in a table of so many knots, counted in knots."""
    return (place + FARTHEST) * F32((knots - 1) / (2.0 * FARTHEST_SCORE))


@leaf
def knot_of(at: np.float32, knots: int) -> np.int32:
    """The knot at or below a place, and never the last."""
    return min(max(np.int32(at), np.int32(0)), np.int32(knots - 2))


@lru_cache(maxsize=256)
def _beta_table(mean: float, dispersion: float) -> Floats:
    """Normal score of the Beta quantile at evenly spaced normal scores; smooth, so a straight line between knots is
    within 1e-5 of the quantile (measured in the tests).
    """
    from scipy.special import betaincinv, ndtr, ndtri

    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    strength = 1.0 / dispersion - 1.0
    quantile = betaincinv(mean * strength, (1.0 - mean) * strength, ndtr(knots))
    scores: Floats = ndtri(np.clip(quantile, RAREST, 1.0 - RAREST))
    return scores


def _beta_tables(mean: Floats, dispersion: Floats) -> Floats:
    """The same of many segments and draws, exact at ``NODES`` scores and on a cubic spline between them. [table, knot]

    Probabilities are within 1e-5 of those of the quantile up to a dispersion of 0.1, their mean within 3e-5; within 1e-3 at
    0.6 (measured in the tests).
    """
    from scipy.interpolate import CubicSpline
    from scipy.special import betaincinv, ndtr, ndtri

    nodes = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, NODES)
    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, FEWER_KNOTS)
    strength = (1.0 / dispersion - 1.0)[:, None]
    quantile = betaincinv(mean[:, None] * strength, (1.0 - mean[:, None]) * strength, ndtr(nodes))
    scores = ndtri(np.clip(quantile, RAREST, 1.0 - RAREST))
    return np.asarray(CubicSpline(nodes, scores, axis=1)(knots))
