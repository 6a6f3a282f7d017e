"""Exposure as a curve in what moving costs a CSM, the amount that moves, and the cost that deters."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.questions.gaming.dated import DatedPay, frictions_of
from sim.questions.gaming.setting import YIELD_FRICTION, Gaming
from sim.questions.gaming.summary import FrictionPoint

Floats = NDArray[np.float64]

DETERRED: Final = 0.10
"""Exposure is deterred where this part of it is left. [share]"""
CENT: Final = 0.01


def friction_numbers(found: DatedPay, gaming: Gaming, years: float, by_median: bool) -> dict[str, Any]:
    """The friction curve; moved ARR and yield where moves must pay for a small cost.

    Source: envelope theorem: the slope of the curve is the amount moved, and both are read from the same schedules.
    """
    frictions = frictions_of(gaming)
    gains = found.friction_gain.mean(axis=(1, 2)) / years
    if by_median:
        gains = np.array([of_csm(each, by_median) for each in found.friction_gain]) / years
    moved = found.friction_moved.mean(axis=(1, 2)) / years
    at = frictions.index(YIELD_FRICTION)
    gross = gains[at] + YIELD_FRICTION * moved[at]
    return {
        "moved_arr": float(moved[at]),
        "friction": tuple(
            FrictionPoint(cost=cost, gain=float(gain), moved_arr=float(arr))
            for cost, gain, arr in zip(frictions, gains, moved, strict=True)
        ),
        "yield": float(gross / moved[at]) if moved[at] > 0.0 and not by_median else None,
        "deterrence_price": deterrence(frictions, gains),
    }


def of_csm(gain: Floats, by_median: bool) -> float:
    """Mean over CSMs and worlds; the median over worlds of the mean over CSMs where there is no mean. [csm, world]"""
    return float(np.median(gain.mean(axis=0)) if by_median else gain.mean())


def deterrence(frictions: tuple[float, ...], gains: Floats) -> float | None:
    """The cost per usd moved at which a tenth of the exposure is left, linear between points; None beyond them. [usd/usd]"""
    left = DETERRED * gains[0]
    if gains[0] < CENT:
        return None
    for at in range(1, len(gains)):
        if gains[at] <= left:
            part = (gains[at - 1] - left) / (gains[at - 1] - gains[at])
            return float(frictions[at - 1] + part * (frictions[at] - frictions[at - 1]))
    return None
