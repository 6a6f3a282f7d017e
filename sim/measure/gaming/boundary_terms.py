"""What kernels know of a plan and a book: terms of a move across a boundary, and the book when nobody moves a date.

Apart from ``boundary``, which makes them, so that a changed plan rule does not compile the kernels anew.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.curve import CurveTerms
from sim.records import FloatPW

Floats = NDArray[np.float64]
Futures = NDArray[np.float64]
"""``FUTURE`` rows by sample: sample 0 is what happened, the others are drawn anew. [period, world, row, sample] [usd]"""
(
    BASE,
    CREDIT,
    QUOTA,
    GRANTED_INTO,
    GRANTED_OUT,
    AHEAD,
    AHEAD_NEXT,
    AHEAD_CREDIT,
    FAR,
    BOTH,
    NEXT_PULL,
    NEXT_HOLD,
) = range(12)
"""Rows of a future: the period when nobody moves a date as in ``Flows``, and what can cross the boundary after it."""
FUTURE = 12
SLACK = 1e-9
"""Rounding that a cap or an amount may be exceeded by. [share]"""


class BoundaryTerms(NamedTuple):
    """What a plan makes of a booking that is moved by one period, per usd. All weights are by Ledger cell.

    early_now, early_then : credit of the period it is pulled into, and of its due period. [usd/usd]
    late_now, late_then   : credit of its due period, and of the period it is held into. [usd/usd]
    late_follows          : whether the quota follows a booking held into this cell. [share]
    pulled_quota, held_quota : quota of the earlier and of the later period, per usd moved. [usd/usd]
    shortfall             : for held bookings the quota follows the ARR that was due, not what was booked.
    cap, out_of_base      : early cap (infinite for none), and quota leaving its base per usd granted. [share], [usd/usd]
    floor                 : least quota. [share of the base quota]
    rounding              : a difference of quotas below this is none. [share]
    bonus                 : at target, of whoever holds the book. [period] [usd]
    """

    early_now: Floats
    early_then: Floats
    late_now: Floats
    late_then: Floats
    late_follows: Floats
    pulled_quota: tuple[float, float]
    held_quota: tuple[float, float]
    shortfall: bool
    cap: float
    out_of_base: float
    floor: float
    rounding: float
    bonus: Floats
    curve: CurveTerms

    @property
    def free(self) -> bool:
        """Whether nothing but credit moves: no quota follows, and no cap couples the boundaries."""
        return not any((*self.pulled_quota, *self.held_quota)) and self.cap == np.inf


class Flows(NamedTuple):
    """A book under a plan when nobody moves a date. All [period, world] [usd].

    base    : base quota.
    credit  : after multipliers.
    quota   : after moves, before the floor; it may be negative.
    granted_into, granted_out : early amounts granted in the period, and of those due in it.
    ahead : booked in the period and due in a later one of their own accord, whether a cap grants them or not;
    ahead_next : of these, due in the very next period.   ahead_credit : their credit if granted in full.
    far   : due in the period and booked two or more periods before it. These four are nothing where there is no cap.
    """

    base: FloatPW
    credit: FloatPW
    quota: FloatPW
    granted_into: FloatPW
    granted_out: FloatPW
    ahead: FloatPW
    ahead_next: FloatPW
    ahead_credit: FloatPW
    far: FloatPW


class Column(NamedTuple):
    """One book in one world under a plan when nobody moves a date; as ``Flows``. All [period] [usd].

    both : amount that could be moved in either direction, by due period.
    For bounds under an early cap (``fill_ends``):
    far_less, far_more : how much less and more than of its own accord may be granted of ``far``.
    least_share : of what is early in the period that may be granted. [share]
    least, most : what may be granted in the period of what is due in the next, beyond that of its own accord.
    """

    base: Floats
    credit: Floats
    quota: Floats
    granted_into: Floats
    granted_out: Floats
    ahead: Floats
    ahead_next: Floats
    ahead_credit: Floats
    far: Floats
    both: Floats
    far_less: Floats
    far_more: Floats
    least_share: Floats
    least: Floats
    most: Floats


@kernel
def fill_column(flows: Flows, both: Floats, w: int, out: Column) -> None:
    """The periods of one world."""
    for t in range(out.base.size):
        out.base[t], out.credit[t], out.quota[t] = flows.base[t, w], flows.credit[t, w], flows.quota[t, w]
        out.granted_into[t], out.granted_out[t] = flows.granted_into[t, w], flows.granted_out[t, w]
        out.ahead[t], out.ahead_next[t] = flows.ahead[t, w], flows.ahead_next[t, w]
        out.ahead_credit[t], out.far[t], out.both[t] = flows.ahead_credit[t, w], flows.far[t, w], both[w, t]
