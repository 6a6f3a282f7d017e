"""Bunching: how often periods end just below and just above each break of a curve."""

from typing import Final

import numpy as np

from sim.measure.histogram import BINS, values_of
from sim.plan.plan import Plan
from sim.questions.gaming.dated import DatedPay
from sim.questions.gaming.summary import BreakBunching

NEAR: Final = 0.05
"""Width of the bins beside a break. [share of attainment]"""


def bunching_of(plan: Plan, found: DatedPay) -> tuple[BreakBunching, ...]:
    """Share of CSM-periods just below and just above each break of the curve, honest and gamed."""
    values = values_of(np.arange(BINS))
    counts = found.bins.sum(axis=0)
    total = np.maximum(counts.sum(axis=1), 1)
    bunching = []
    for at in sorted({piece.interval.left for piece in plan.lead.curve} - {0.0}):
        below = (values >= at - NEAR) & (values < at - 1e-9)
        above = (values >= at - 1e-9) & (values < at + NEAR)
        shares = {
            f"{dates}_{side}": float(counts[row][near].sum() / total[row])
            for row, dates in enumerate(("honest", "gamed"))
            for side, near in (("below", below), ("above", above))
        }
        bunching.append(BreakBunching.of(attainment=at, width=NEAR, **shares))
    return tuple(bunching)
