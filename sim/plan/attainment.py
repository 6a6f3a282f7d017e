"""Attainment: credit over quota, also where the quota has been moved away."""

from sim.kernel import kernel
from sim.records import BoolPW, FloatPCW, FloatPW


@kernel
def attain(
    credit: FloatPCW, base: FloatPW, quota: FloatPW, total: FloatPW, attainment: FloatPW, exhausted: BoolPW
) -> None:
    """Sum the credit of the rows, and set it against the quota.

    Where the quota is not positive there is nothing to divide by: attainment is then 1 + (credit - quota) /
    base quota, and the period is marked as exhausted. Where nothing was asked it is 1. Assumptions both.
    """
    for t in range(base.shape[0]):
        for w in range(base.shape[1]):
            earned = credit[0, t, w] + credit[1, t, w] + credit[2, t, w]
            asked, planned = quota[t, w], base[t, w]
            over = earned - asked if planned > 0.0 else 0.0
            divisor = planned if planned > 0.0 else 1.0
            total[t, w] = earned
            attainment[t, w] = (earned if asked > 0.0 else over) / (asked if asked > 0.0 else divisor) + (
                0.0 if asked > 0.0 else 1.0
            )
            exhausted[t, w] = asked <= 0.0
