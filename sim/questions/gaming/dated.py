"""What one plan pays for each choice of dates."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.histogram import BINS, count_values
from sim.questions.gaming.setting import YIELD_FRICTION, Gaming
from sim.records import IntP, Statement

Floats = NDArray[np.float64]


class DatedPay(NamedTuple):
    """What one plan pays for each choice of dates. [csm, world] [usd over the horizon] unless said otherwise.

    due, honest, policy, best, upper : pay for outcomes alone, with honest dates, of a CSM who follows
        the policy, of the best schedule found, and what no schedule exceeds.
    pulled, held_years : of the policy: ARR signed early, and ARR times years of lapse. [usd], [usd yr]
    best_gain : gain of the best schedule by period, mean over worlds. [csm, period] [usd]
    friction_gain, friction_moved : net gain and amount moved at each friction. [friction, csm, world]
    movable_gain : gain at each factor of movability. [factor, csm, world]
    certified : best timing and policy, each less what hindsight is charged for; no worlds where not asked.
        [csm, 2, world]
    bins : histograms of attainment, honest and of the best schedule. [csm, 2, bin] [count]
    """

    due: Floats
    honest: Floats
    policy: Floats
    best: Floats
    upper: Floats
    pulled: Floats
    held_years: Floats
    best_gain: Floats
    friction_gain: Floats
    friction_moved: Floats
    movable_gain: Floats
    certified: Floats
    bins: IntP


def frictions_of(gaming: Gaming) -> tuple[float, ...]:
    """The frictions at which exposure is measured, none and the one of the yield among them. [usd/usd]"""
    return tuple(sorted({0.0, YIELD_FRICTION, *gaming.friction}))


def bins_of(statement: Statement) -> IntP:
    """How often each attainment is reached. [bin]"""
    shifted = np.empty(statement.attainment.shape[1])
    out = np.zeros(BINS, dtype=np.int64)
    count_values(statement.attainment.copy(), 1.0, shifted.view(np.int64), shifted, out)
    return out


def stacked(books: tuple[DatedPay, ...]) -> DatedPay:
    """All books of one plan; the axis of books follows that of frictions and factors."""
    axis = {"friction_gain": 1, "friction_moved": 1, "movable_gain": 1}
    return DatedPay(
        *(
            np.stack([getattr(book, name) for book in books], axis=axis.get(name, 0))
            for name in DatedPay._fields
        )
    )
