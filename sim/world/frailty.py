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

FARTHEST = F32(FARTHEST_SCORE)
STEPS = F32((KNOTS - 1) / (2.0 * FARTHEST_SCORE))
LAST_STEP = np.int32(KNOTS - 2)


def churn_tables(scenario: Scenario, terms: tuple[int, ...]) -> Singles:
    """Normal score of the churn probability of the account at each of ``KNOTS`` evenly spaced places among its segment's,
    places on the normal scale from ``-FARTHEST_SCORE`` to ``FARTHEST_SCORE``; NaN where accounts do not differ.
    [segment, term, knot]

    Source: Beta heterogeneity, Fader and Hardie, "How to project customer retention" (2007), with mean m and
    intra-class correlation d: Beta(m (1/d - 1), (1 - m) (1/d - 1)).
    """
    tables = np.full((len(scenario.segment), len(terms), KNOTS), np.nan, dtype=np.float32)
    for index, segment in enumerate(scenario.segment):
        for place, months in enumerate(terms):
            if differ(segment, months):
                tables[index, place] = _beta_table(mean_churn(segment, months), segment.churn.dispersion)
    return tables


def mean_churn(segment: Segment, months: int) -> float:
    """Mean churn probability over a segment's accounts with contracts of so many months. [share]"""
    return segment.churn.by_term.get(str(months), segment.churn.probability)


def differ(segment: Segment, months: int) -> bool:
    """Whether accounts with contracts of so many months have churn probabilities of their own."""
    return segment.churn.dispersion > 0.0 and mean_churn(segment, months) not in (0.0, 1.0)


@leaf
def knot_of(place: np.float32) -> np.int32:
    """The knot at or below a place, and never the last."""
    return min(max(np.int32((place + FARTHEST) * STEPS), np.int32(0)), LAST_STEP)


@leaf
def beyond_knot(place: np.float32, knot: np.int32) -> np.float32:
    """How far a place lies from its knot to the next. [share]"""
    return (place + FARTHEST) * STEPS - F32(knot)


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
