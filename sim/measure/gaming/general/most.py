"""The most that a component can pay in a window for a value and an attainment that are known from above."""

import numpy as np
from numpy.typing import NDArray

from sim.plan.commission import CommissionTerms, pay_tiers
from sim.plan.curve import CurveTerms

Floats = NDArray[np.float64]
FARTHEST = 1e12
"""No attainment is above this, nor a value. [share], [usd]"""
JUST_BELOW = 1e-9
"""How far below a tier's start pay is looked at too. [share of the start]"""


def most_multiple(curve: CurveTerms, attainment: Floats) -> Floats:
    """The largest multiple that any attainment up to this one pays: of a curve that never falls what it pays. Any shape."""
    best: Floats = np.full(attainment.shape, -np.inf)
    for place, (entry, left, right, pays, slope) in enumerate(curve.pieces.T):
        reached = np.maximum(attainment, left) if place == 0 else attainment
        inside = np.minimum(reached, right) - left
        with np.errstate(invalid="ignore"):
            value = pays + (slope * inside if slope > 0.0 else 0.0)
        best = np.maximum(best, np.where((place == 0) | (attainment >= entry), value, -np.inf))
    return best


def most_commission(terms: CommissionTerms, value: Floats, reached: Floats, asked: Floats | None) -> Floats:
    """The largest commission for any value up to this one. Any shape.

    reached : attainment, or the value where tiers go by dollars or events.
    asked   : that attainment is measured against, where moves do not change it; None where they do: then the best rate of
              any attainment up to this one is paid on all of the value.
    """
    if len(terms.rate) == 1:
        flat: Floats = value * terms.rate[0]
        return flat
    ends = np.concatenate([terms.start, terms.start[1:] * (1.0 - JUST_BELOW)])
    if asked is None and terms.by_attainment:
        rate = _rate(terms, reached)
        for end in ends[ends > 0.0]:
            rate = np.maximum(rate, np.where(reached >= end, _rate(terms, np.full_like(reached, end)), 0.0))
        return np.where(value > 0.0, value * rate, value * terms.rate[0])
    scale = np.ones_like(value) if asked is None or not terms.by_attainment else asked
    best = _pay(terms, value, reached)
    for end in ends[ends > 0.0]:
        there = (reached >= end) & (scale > 0.0)
        best = np.maximum(
            best, np.where(there, _pay(terms, end * scale, np.full_like(reached, end)), -np.inf)
        )
    return best


def _rate(terms: CommissionTerms, reached: Floats) -> Floats:
    return _pay(terms, np.ones_like(reached), reached)


def _pay(terms: CommissionTerms, value: Floats, reached: Floats) -> Floats:
    shape = np.broadcast_shapes(value.shape, reached.shape)
    dollars, at = (np.broadcast_to(each, shape).copy().reshape(1, -1) for each in (value, reached))
    out = np.empty_like(dollars)
    pay_tiers(dollars, np.minimum(at, FARTHEST), terms.start, terms.entry, terms.rate, terms.retroactive, out)
    return out.reshape(shape)
