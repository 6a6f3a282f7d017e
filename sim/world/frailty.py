"""Accounts that differ in how likely they are to leave: one Beta probability an account, drawn once."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.world.segment import Segment

KNOTS = 4097
FARTHEST_SCORE = 5.5
RAREST = 1e-12


def churn_scores(segment: Segment, terms: tuple[int, ...], share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Normal score of each account's churn probability under each term, [account, term, world].

    ``share`` places the account among its segment's, [account, world]. A probability of 0 scores -inf, of 1 inf.

    Source: Beta heterogeneity, Fader and Hardie, "How to project customer retention" (2007), with mean m and
    intra-class correlation d: Beta(m (1/d - 1), (1 - m) (1/d - 1)).
    """
    from scipy.special import ndtri

    place = ndtri(share.astype(np.float64))
    scores = np.empty((share.shape[0], len(terms), share.shape[1]), dtype=np.float32)
    for index, months in enumerate(terms):
        mean = segment.churn.by_term.get(str(months), segment.churn.probability)
        if segment.churn.dispersion == 0.0 or mean in (0.0, 1.0):
            scores[:, index] = ndtri(mean)
        else:
            knots, table = _beta_table(mean, segment.churn.dispersion)
            scores[:, index] = np.interp(place, knots, table)
    return scores


@lru_cache(maxsize=256)
def _beta_table(mean: float, dispersion: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Normal score of the Beta quantile at evenly spaced normal scores; smooth, so a straight line between knots is
    within 1e-5 of the quantile (measured in the tests).
    """
    from scipy.special import betaincinv, ndtr, ndtri

    knots = np.linspace(-FARTHEST_SCORE, FARTHEST_SCORE, KNOTS)
    strength = 1.0 / dispersion - 1.0
    quantile = betaincinv(mean * strength, (1.0 - mean) * strength, ndtr(knots))
    return knots, ndtri(np.clip(quantile, RAREST, 1.0 - RAREST))
