"""The payout curve: the multiple of the target bonus that an attainment pays."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.piece import Piece
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW

SNAP: Final = 1e-12
"""An attainment this close to an interval's end is on it, so that the order in which a sum was taken never
decides a tier. [share of the end]"""


class CurveTerms(NamedTuple):
    """A payout curve as an array with a row for each of the columns below. [5, piece]

    entry       : smallest attainment paid by the piece, moved by ``SNAP`` to the safe side. [share]
    left, right : ends of the interval. [share]
    pays        : at the left end. [multiple of target bonus]
    slope       : inside. [multiple of target bonus per unit of attainment]
    """

    pieces: NDArray[np.float64]


def curve_terms(pieces: Sequence[Piece]) -> CurveTerms:
    """The curve as arrays."""
    columns = []
    for piece in pieces:
        each = piece.interval
        reached, beyond = each.left * (1 - SNAP), np.nextafter(each.left * (1 + SNAP), np.inf)
        entry = reached if each.owns_left else beyond
        columns.append((entry, each.left, each.right, piece.pays, piece.slope))
    return CurveTerms(np.array(columns, dtype=np.float64).T.copy())


def paid(terms: CurveTerms, attainment: FloatPW, sheet: Worksheet) -> FloatPW:
    """The multiple of the target bonus that each attainment pays. [period, world]"""
    multiple = sheet.empty(*attainment.shape)
    pay_curve(terms.pieces, attainment, multiple)
    return multiple


@kernel
def pay_curve(pieces: NDArray[np.float64], attainment: FloatPW, multiple: FloatPW) -> None:
    """The multiple of the target bonus for each attainment: the last piece that it reaches, at its value.

    Source: threshold, tiers, accelerator and cap are all such pieces. Compensating Customer Success Managers
    (founding document) for the linear scale; the founding guide to CS compensation for threshold and tiers.
    """
    for t in range(attainment.shape[0]):
        for i in range(pieces.shape[1]):
            entry, left, right, pays, slope = (
                pieces[0, i],
                pieces[1, i],
                pieces[2, i],
                pieces[3, i],
                pieces[4, i],
            )
            for w in range(attainment.shape[1]):
                reached = attainment[t, w]
                before = multiple[t, w]
                value = pays + slope * (min(max(reached, left), right) - left)
                multiple[t, w] = value if i == 0 or reached >= entry else before
