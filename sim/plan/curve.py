"""The payout curve: the multiple of the target bonus that an attainment pays."""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.component import Piece
from sim.records import FloatPW

SNAP: Final = 1e-12
"""An attainment this close to an interval's end is on it, so that the order in which a sum was taken never
decides a tier. [share of the end]"""

Ends: TypeAlias = NDArray[np.float64]


class CurveTerms(NamedTuple):
    """A payout curve as arrays. All [piece].

    entry       : smallest attainment paid by the piece, moved by ``SNAP`` to the safe side. [share]
    left, right : ends of the interval. [share]
    pays        : at the left end. [multiple of target bonus]
    slope       : inside. [multiple of target bonus per unit of attainment]
    """

    entry: Ends
    left: Ends
    right: Ends
    pays: Ends
    slope: Ends


def curve_terms(pieces: Sequence[Piece]) -> CurveTerms:
    """The curve as arrays."""
    intervals = [piece.interval for piece in pieces]
    entry = [
        each.left * (1 - SNAP) if each.owns_left else np.nextafter(each.left * (1 + SNAP), np.inf)
        for each in intervals
    ]
    columns = (
        entry,
        [each.left for each in intervals],
        [each.right for each in intervals],
        [piece.pays for piece in pieces],
        [piece.slope for piece in pieces],
    )
    return CurveTerms(*(np.array(column, dtype=np.float64) for column in columns))


def paid(terms: CurveTerms, attainment: FloatPW) -> FloatPW:
    """The multiple of the target bonus that each attainment pays. [period, world]"""
    multiple = np.empty_like(attainment)
    pay_curve(terms, attainment, multiple)
    return multiple


@kernel
def pay_curve(terms: CurveTerms, attainment: FloatPW, multiple: FloatPW) -> None:
    """The multiple of the target bonus for each attainment: the last piece that it reaches, at its value.

    Source: threshold, tiers, accelerator and cap are all such pieces. Compensating Customer Success Managers
    (founding document) for the linear scale; the founding guide to CS compensation for threshold and tiers.
    """
    for t in range(attainment.shape[0]):
        for i in range(terms.entry.size):
            entry, left, right = terms.entry[i], terms.left[i], terms.right[i]
            pays, slope = terms.pays[i], terms.slope[i]
            for w in range(attainment.shape[1]):
                reached = attainment[t, w]
                before = multiple[t, w]
                value = pays + slope * (min(max(reached, left), right) - left)
                multiple[t, w] = value if i == 0 or reached >= entry else before
