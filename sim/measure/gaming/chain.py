"""The best timing of one book as a chain over boundaries: exact on its states, in one pass backward.

The pay of a period depends on what crossed the boundary before it and what crosses the boundary after it, on nothing
else. So with W[k][i] the best pay from period k on when state i crossed boundary k,

    W[k][i] = max over j of  bonus_t x curve(credit_ij / quota_ij) - friction x moved_j + W[k + 1][j]

Under an early cap that moves with what was granted before, what j's pulls are granted depends on i: where they do not fit,
the cap is filled to the brim, whatever is pulled beyond it, and what follows is worth what that amount granted is worth.

Source: dynamic programming (Bellman 1957) on the chain of boundaries; on reachable sums it is exact, on covering
intervals no choice of booking dates does better.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import SLACK, BoundaryTerms, Column
from sim.measure.gaming.choices import (
    CREDIT_NOW,
    CREDIT_THEN,
    GRANTED,
    HELD,
    HIGH_NOW,
    HIGH_THEN,
    LOW_NOW,
    LOW_THEN,
    PULL_CREDIT,
    PULLED,
    States,
)
from sim.measure.gaming.early_cap import fully_granted, limit_of, share_of
from sim.plan.curve import pay_curve
from sim.records import IntP

Floats = NDArray[np.float64]
UNBOUNDED = 1e100
"""An attainment without bound: the quota can come as near to nothing as one likes."""
NEVER_PAID = -1e300


class Chain(NamedTuple):
    """Working memory of the recursion. value, choice, penalty: [boundary, state]; the rest [state].

    penalty : taken off what a state is worth from its boundary on; nothing unless knowledge is charged for. [usd]
    """

    value: Floats
    choice: IntP
    penalty: Floats
    credit: Floats
    low: Floats
    high: Floats
    limit: Floats
    used: Floats
    scale: Floats
    shift: Floats
    reached: Floats
    multiple: Floats


@kernel
def backward(terms: BoundaryTerms, column: Column, states: States, friction: float, out: Chain) -> None:
    """Fill ``value`` and ``choice`` from the last period to the first; the answer is ``value[0, 0]``. [usd]"""
    periods, size = column.base.size, states.row.shape[2]
    moving = size if terms.cap < np.inf and terms.out_of_base > 0.0 else 0
    out.value[periods, 0] = 0.0
    worth, full = np.empty(size), np.empty((moving, moving))
    for t in range(periods - 1, -1, -1):
        row = states.row[t + 1]
        for j in range(states.size[t + 1]):
            worth[j] = out.value[t + 1, j] - friction * (row[PULLED, j] + row[HELD, j])
        arrive(terms, column, states, t, out)
        if moving > 0:
            for i in range(states.size[t]):
                fill_full(column, states, worth, out.limit[i], t, full[:, i])
        try_states(terms, column, states, states, worth, full, t, out)
        for i in range(states.size[t]):
            out.value[t, i] -= out.penalty[t, i]


@kernel
def try_states(
    terms: BoundaryTerms,
    column: Column,
    states: States,
    after: States,
    worth: Floats,
    full: Floats,
    t: int,
    out: Chain,
) -> None:
    """For every state before period ``t`` the one after it that pays most, and its pay with what is worth later.

    after : what may cross the boundary after the period.
    worth : of every state of ``after``, ``NEVER_PAID`` where it is not possible. [state] [usd]
    full  : the same where its pulls are granted up to the cap only. No entries where what is granted does not depend on the
            state before. [state after, state before] [usd]
    """
    n, row, base = states.size[t], after.row[t + 1], column.base[t]
    capped, into = full.size > 0, terms.pulled_quota[0]
    moves_now = into != 0.0 or terms.held_quota[0] != 0.0
    value, choice = out.value[t, :n], out.choice[t, :n]
    reached, multiple = out.reached[:n], out.multiple[:n]
    attainment, paid = reached.reshape(1, n), multiple.reshape(1, n)
    shift, credit, scale, used, room = out.shift, out.credit, out.scale, out.used, out.limit
    pieces, bonus, limit = terms.curve.pieces, terms.bonus[t], after.limit[t + 1]
    value[:] = NEVER_PAID
    if not moves_now:
        divide(terms, base, 0.0, 0.0, n, out)
    for j in candidates(after, moves_now or capped, t + 1, worth):
        now, held, later = row[CREDIT_NOW, j], row[HELD, j], worth[j]
        asked, counted = column.ahead[t] + row[PULLED, j], column.ahead_credit[t] + row[PULL_CREDIT, j]
        if capped and into != 0.0:
            quota = row[LOW_NOW, j] - into * share_of(limit, asked) * asked
            divide_granted(terms, base, asked, quota, n, out)
        elif moves_now:
            divide(terms, base, row[LOW_NOW, j], row[HIGH_NOW, j], n, out)
        if capped:
            rest = now - share_of(limit, asked) * counted
            for i in range(n):
                granted = share_of(room[i], asked) * counted
                reached[i] = shift[i] + (credit[i] + rest + granted) * scale[i]
        else:
            for i in range(n):
                reached[i] = shift[i] + (credit[i] + now) * scale[i]
        pay_curve(pieces, attainment, paid)
        if capped:
            for i in range(n):
                filled = room[i] < asked and room[i] < limit
                pay = bonus * multiple[i] + (full[j, i] if filled else later)
                keep_better(pay, held <= used[i] or held == 0.0, i, j, value, choice)
        else:
            for i in range(n):
                pay = bonus * multiple[i] + later
                keep_better(pay, held <= used[i] or held == 0.0, i, j, value, choice)


@leaf
def keep_better(pay: float, possible: bool, i: int, j: int, value: Floats, choice: IntP) -> None:
    """Keep state ``j`` and its pay for state ``i`` where it is possible and pays more."""
    better = possible & (pay > value[i])
    value[i] = pay if better else value[i]
    choice[i] = j if better else choice[i]


@kernel
def divide_granted(terms: BoundaryTerms, base: float, asked: float, quota: float, n: int, out: Chain) -> None:
    """As ``divide`` where the quota of the period follows what is granted of the amount ``asked`` early in it. [state]"""
    for i in range(n):
        moved = quota + terms.pulled_quota[0] * share_of(out.limit[i], asked) * asked
        divide_one(terms, base, moved, moved, i, out)


@kernel
def fill_full(column: Column, states: States, worth: Floats, limit: float, t: int, out: Floats) -> None:
    """What each state after period ``t`` is worth where its pulls are granted only up to the cap. [state] [usd]"""
    brim, value = fully_granted(column, limit, t), 0.0
    for j in range(states.size[t + 1]):
        if states.first[t + 1, j] == j:
            value = worth_of_granted(states, worth, t + 1, j, brim)
        out[j] = value


@leaf
def worth_of_granted(states: States, worth: Floats, k: int, first: int, granted: float) -> float:
    """The worth of an amount granted, linear between the states of the row that begins at ``first``, which grant more and
    more. [usd]
    """
    row, s = states.row[k, GRANTED], first
    if granted <= row[first]:
        return float(worth[first])
    while s + 1 < states.size[k] and states.first[k, s + 1] == first:
        s += 1
        if granted <= row[s]:
            width = row[s] - row[s - 1]
            part = (granted - row[s - 1]) / width if width > 0.0 else 1.0
            value: float = worth[s - 1] + part * (worth[s] - worth[s - 1])
            return value
    return float(worth[s])


@kernel
def candidates(states: States, moves_now: bool, k: int, worth: Floats) -> IntP:
    """The states of boundary ``k`` that can be the best ones: the possible, less those that another beats in any case.

    Where the quota of the period does not follow, a state is beaten by one with as much credit now, worth as much later,
    that holds no more.
    """
    n, row = states.size[k], states.row[k]
    order = np.arange(n) if moves_now else np.argsort(-row[CREDIT_NOW, :n])
    kept, best = 0, -1
    for at in range(n):
        j = order[at]
        if worth[j] == NEVER_PAID:
            continue
        if best >= 0 and not moves_now and worth[j] <= worth[best] and row[HELD, best] <= row[HELD, j]:
            continue
        order[kept] = j
        kept += 1
        if best < 0 or worth[j] > worth[best]:
            best = j
    return order[:kept]


@kernel
def arrive(terms: BoundaryTerms, column: Column, states: States, t: int, out: Chain) -> None:
    """Credit, quota and what is left to move in period ``t`` for every state of the boundary before it. [state]"""
    for i in range(states.size[t]):
        row = states.row[t, :, i]
        out.credit[i] = column.credit[t] + row[CREDIT_THEN]
        out.low[i] = column.quota[t] + row[LOW_THEN]
        out.high[i] = column.quota[t] + row[HIGH_THEN]
        out.limit[i] = limit_of(terms, column, row[GRANTED], t)
        out.used[i] = column.both[t] * (1.0 + SLACK) - row[PULLED]


@kernel
def divide(terms: BoundaryTerms, base: float, low: float, high: float, n: int, out: Chain) -> None:
    """Attainment as ``shift + credit x scale`` for every state, at the end of the quota that pays most. [state]

    As ``sim.plan.quota`` and ``sim.plan.attainment`` have it: never below the floor; exhausted, attainment is one plus
    credit over base quota. An interval that reaches down to nothing without being sure of it has no bound.
    """
    for i in range(n):
        divide_one(terms, base, low, high, i, out)


@leaf
def divide_one(terms: BoundaryTerms, base: float, low: float, high: float, i: int, out: Chain) -> None:
    """The same for one state."""
    least = max(out.low[i] + low, terms.floor * base)
    most = max(out.high[i] + high, terms.floor * base)
    nothing = terms.rounding * (base + abs(out.low[i]))
    gone, surely = least <= nothing, most <= nothing
    divisor = base if surely else least
    exhausted = 1.0 / base if base > 0.0 else 0.0
    out.scale[i] = (exhausted if surely else UNBOUNDED) if gone else 1.0 / divisor
    out.shift[i] = 1.0 if surely else 0.0


@kernel
def step(terms: BoundaryTerms, column: Column, states: States, t: int, later: Floats, out: Chain) -> int:
    """The state of boundary ``t + 1`` that pays most from period ``t`` on, given the first of the boundary before it.

    later : pay from the next period on, for every state. [state] [usd]
    """
    states.size[t] = 1
    arrive(terms, column, states, t, out)
    best, value = 0, NEVER_PAID
    reached, multiple = out.reached[:1].reshape(1, 1), out.multiple[:1].reshape(1, 1)
    for j in range(states.size[t + 1]):
        row = states.row[t + 1, :, j]
        divide(terms, column.base[t], row[LOW_NOW], row[HIGH_NOW], 1, out)
        reached[0, 0] = out.shift[0] + (out.credit[0] + row[CREDIT_NOW]) * out.scale[0]
        pay_curve(terms.curve.pieces, reached, multiple)
        paid = terms.bonus[t] * multiple[0, 0] + later[j]
        if (row[HELD] <= out.used[0] or row[HELD] == 0.0) and paid > value:
            best, value = j, paid
    return best
