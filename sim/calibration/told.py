"""What is told of a kept renewal, when it is booked and for how much, by its standing among the kept.

The standing of a kept renewal is uniform among the kept as a share (``sim.world.lanes``), so that cells of standings cover
all of them. What is told is a code: a band of booking days with what became of the ARR, or all bands up to one.
"""

from statistics import NormalDist
from typing import Final

import numpy as np

from sim.calibration.meaning import OWN_AMOUNT, OWN_TIMING, R_AMOUNT, R_TIMING
from sim.calibration.model import EITHER, KEPT, LOST, UNKNOWN, Floats, Rows, Terms
from sim.calibration.normal import share_below
from sim.kernel import stage

STANDINGS: Final = 12
"""Cells of standings."""
AMOUNTS: Final = 3
_NORMAL = NormalDist()
_BOUND = [-9.0, *np.linspace(-2.0, 2.0, STANDINGS - 1), 9.0]
LEFT: Final = np.array([1.0, *(_NORMAL.cdf(-each) for each in _BOUND[1:-1]), 0.0])
"""Share of the kept that stands above each cell's lower end. [cell + 1] [share]"""
_INSIDE = (1.0 + np.array([-1.0, 1.0]) / np.sqrt(3.0)) / 2.0
_SHARE = 1.0 - LEFT[:-1, None] + (LEFT[:-1] - LEFT[1:])[:, None] * _INSIDE
STANDING: Final = np.vectorize(_NORMAL.inv_cdf)(_SHARE)
"""Standings at which a cell is weighed. Source: Gauss-Legendre quadrature of two points. [cell, point]"""


def codes(bands: int) -> int:
    """How many codes there are: a band and a change of ARR, and each number of the latest bands with any change."""
    return AMOUNTS * bands + bands + 1


def terms_of(rows: Rows, bands: int) -> Terms:
    """The codes of each contract. bands : the most that a segment has."""
    kind, low, high, part = rows.kind, rows.low, rows.high, rows.part
    code, weight = np.zeros((len(kind), 2), dtype=np.int64), np.zeros((len(kind), 2))
    booked = (kind == KEPT) | ((kind == EITHER) & (rows.amount != UNKNOWN))
    code[booked, 0], weight[booked, 0] = AMOUNTS * low[booked] + rows.amount[booked], 1.0
    waits = (kind == EITHER) & ~booked
    code[waits, 0], weight[waits, 0] = AMOUNTS * bands + high[waits], 1.0 - part[waits]
    code[waits, 1], weight[waits, 1] = AMOUNTS * bands + np.minimum(high[waits] + 1, bands), part[waits]
    return Terms((kind == LOST) | (kind == EITHER), code, weight)


@stage
def find_told(
    number: Floats, edge: Floats, smaller: float, larger: float, bands: int, most: int, out: Floats
) -> None:
    """Probability of each code given each cell of standings. bands, most : of this segment, and of any. [cell, code]

    Source: timing and amount are normal with the correlations ``timing`` and ``amount`` with the standing.
    """
    r, own, r_amount, own_amount = number[R_TIMING], number[OWN_TIMING], number[R_AMOUNT], number[OWN_AMOUNT]
    for cell in range(STANDINGS):
        for code in range(out.shape[1]):
            out[cell, code] = 0.0
        for point in range(2):
            standing = STANDING[cell, point]
            shrinks = share_below((smaller - r_amount * standing) / own_amount) / 2.0
            grows = share_below((r_amount * standing - larger) / own_amount) / 2.0
            same = max(0.5 - shrinks - grows, 0.0)
            before = 0.0
            for band in range(bands):
                upto = share_below((edge[band + 1] - r * standing) / own)
                inside = upto - before
                before = upto
                out[cell, AMOUNTS * band] += inside * shrinks
                out[cell, AMOUNTS * band + 1] += inside * same
                out[cell, AMOUNTS * band + 2] += inside * grows
                out[cell, AMOUNTS * most + band + 1] += upto / 2.0
