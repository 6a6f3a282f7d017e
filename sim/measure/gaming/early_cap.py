"""What an early cap makes of pulls: a booking may be granted in part, and all that is early in a period shares the cap.

With A what is booked ahead in a period, pulled or of its own accord, L the cap and s = min(1, L / A), the share s of every
such booking counts in the period, at its multiplier, and 1 - s of it waits for its due period at multiplier one. So
what a pull does to either period depends on what was granted before it (through L, where the base of the cap moves)
and on nothing else: credit now is s x (credit of A in full), credit then falls by the amount granted, not by the amount
pulled. The amount granted of what is due next, beyond what is granted when nobody moves a date, is the state that
counts: ``GRANTED``.

Source: Compensating Customer Success Managers (founding document), provision of early case 4; ``sim.plan.cap``.
"""

import numpy as np

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import SLACK, BoundaryTerms, Column, Floats

Early = tuple[float, float, float, float, float, float]
"""What is early of its own accord in a period: the share of it that is granted; what is due in the next period, and later
[usd]; its credit in full [usd]; the least share that may be granted; what is rounding [usd]. Numbers without their arrays:
a kernel that passes arrays on counts references, which takes longer than the sums."""


@leaf
def limit_of(terms: BoundaryTerms, column: Column, granted: float, t: int) -> float:
    """The most that is granted early in period ``t`` where so much more than of its own accord was before; infinite without
    a cap. [usd]
    """
    if terms.cap == np.inf:
        return np.inf
    left = column.base[t] - terms.out_of_base * (column.granted_out[t] + granted)
    limit: float = terms.cap * max(left, 0.0)
    return limit


@leaf
def share_of(limit: float, asked: float) -> float:
    """The part of all early amounts that is granted. [share]"""
    return limit / asked if asked > limit else 1.0


@leaf
def honest_share(column: Column, t: int) -> float:
    """The same where nobody moves a date. [share]"""
    share: float = column.granted_into[t] / column.ahead[t] if column.ahead[t] > 0.0 else 1.0
    return share


@leaf
def fully_granted(column: Column, limit: float, t: int) -> float:
    """What is granted more than of its own accord of what is due next, where pulls fill the cap to the brim. [usd]"""
    free: float = limit - column.ahead[t] + column.ahead_next[t] * (1.0 - honest_share(column, t))
    return free


@kernel
def fill_ends(terms: BoundaryTerms, column: Column, pullable: Floats) -> None:
    """Fill the ends between which shares and amounts granted lie, whatever is pulled.

    pullable : across the boundary after each period. [period] [usd]
    """
    least_before = 1.0  # share of what was booked two or more periods before
    for t in range(column.base.size):
        column.far_less[t] = column.far_more[t] = 0.0
        less, more = 0.0, 0.0
        if t > 0:
            less, more = column.least[t - 1], column.most[t - 1]
        if t > 1:
            least_before = min(least_before, column.least_share[t - 2])
            if least_before < 1.0:
                before = honest_share(column, t - 1) * column.ahead_next[t - 1]
                far = max(column.granted_out[t] - before, 0.0)
                column.far_less[t] = -(1.0 - least_before) * far
                column.far_more[t] = max(column.far[t] - far, 0.0)
        tight = limit_of(terms, column, more + column.far_more[t], t)
        wide = limit_of(terms, column, less + column.far_less[t], t)
        granted = honest_share(column, t) * column.ahead_next[t]
        share = share_of(tight, column.ahead[t] + pullable[t])
        column.least_share[t] = share
        column.least[t] = min(share * column.ahead_next[t] - granted, 0.0)
        most = min(column.ahead_next[t] + pullable[t], wide)
        if pullable[t] == 0.0:
            most = share_of(wide, column.ahead[t]) * column.ahead_next[t]
        column.most[t] = max(most - granted, 0.0)


@leaf
def early_of(column: Column, t: int, crossing: bool) -> Early:
    """What is early of its own accord in period ``t``. ``crossing``: pulls can be granted in it (not in the last one)."""
    own = honest_share(column, t)
    rounding = SLACK * (column.base[t] + column.ahead[t]) if crossing else np.inf
    farther = column.ahead[t] - column.ahead_next[t]
    credit: float = column.ahead_credit[t]
    return own, column.ahead_next[t], farther, credit, column.least_share[t], rounding


@leaf
def most_credit(early: Early, room: tuple[float, float], dearest: float, granted: float) -> float:
    """The most credit that what is early can bring in a period, beyond that of its own accord. [usd]

    room    : least and most that may be granted. [usd]
    dearest : most credit per usd pulled. [usd/usd]
    granted : of what is due next, beyond that of its own accord. [usd]

    With a share s of what came of its own accord granted, pulls are granted the rest of the amount, at ``dearest`` at most:
    linear in s up to where all that is granted fills the room, and linear from there; so one of three shares is the best.
    """
    own, following, farther, credit, least, _ = early
    amount = granted + own * following
    most = share_of(room[1], following + farther)
    brim = min(max((room[1] - amount) / farther, least), most) if farther > 0.0 else most
    best = -np.inf
    for share in (least, most, brim):
        pulled = min(amount, max(room[1] - share * farther, 0.0))
        best = max(best, dearest * pulled + share * (credit - dearest * following))
    return best - own * credit


@leaf
def granted_fits(early: Early, room: tuple[float, float], low: float, high: float) -> bool:
    """Whether an amount between the ends can be granted of what is due after a period, beyond that of its own accord.

    Not more than the room; and not less than what came of its own accord, as far as there is room for it.
    """
    share, following, farther, _, least_share, rounding = early
    own = share * following
    least = least_share * following if farther > 0.0 else min(following, room[0])
    return low + own <= room[1] + rounding and high + own >= least - rounding
