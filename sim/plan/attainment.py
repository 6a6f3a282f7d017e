"""Attainment: credit over quota, also where the quota has been moved away."""

from typing import NamedTuple

import numpy as np

from sim.kernel import kernel
from sim.plan.worksheet import Worksheet
from sim.records import BoolPW, FloatPW


class Attainment(NamedTuple):
    """Credit against quota. All [period, world].

    credit     : of all sides. [usd]
    attainment : credit over quota. [share]
    exhausted  : the quota was not positive.
    """

    credit: FloatPW
    attainment: FloatPW
    exhausted: BoolPW


def attained(credit: tuple[FloatPW, ...], base: FloatPW, quota: FloatPW, sheet: Worksheet) -> Attainment:
    """Set the credit of the three sides against the quota. [period, world]"""
    shape = base.shape
    out = Attainment(sheet.empty(*shape), sheet.empty(*shape), np.empty(shape, dtype=np.bool_))
    early, late, on_time = credit
    attain(early, late, on_time, base, quota, *out)
    return out


def attained_in_all(credit: FloatPW, base: FloatPW, quota: FloatPW, sheet: Worksheet) -> Attainment:
    """The same for credit that has no sides. [period, world]"""
    nothing = sheet.once(b"nothing", lambda: np.zeros_like(credit))
    return attained((nothing, nothing, credit), base, quota, sheet)


@kernel
def attain(
    early: FloatPW,
    late: FloatPW,
    on_time: FloatPW,
    base: FloatPW,
    quota: FloatPW,
    credit: FloatPW,
    attainment: FloatPW,
    exhausted: BoolPW,
) -> None:
    """Credit over quota, period by period and world by world.

    Where the quota is not positive there is nothing to divide by: attainment is then 1 + (credit - quota) /
    base quota, and the period is marked as exhausted. Where nothing was asked it is 1. Assumptions both.
    """
    for t in range(base.shape[0]):
        for w in range(base.shape[1]):
            earned = early[t, w] + late[t, w] + on_time[t, w]
            asked, planned = quota[t, w], base[t, w]
            over = earned - asked if planned > 0.0 else 0.0
            above = over if asked <= 0.0 else earned
            divisor = (planned if planned > 0.0 else 1.0) if asked <= 0.0 else asked
            credit[t, w] = earned
            attainment[t, w] = above / divisor + (1.0 if asked <= 0.0 else 0.0)
            exhausted[t, w] = asked <= 0.0
