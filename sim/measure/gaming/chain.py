"""The best timing of one book as a chain over boundaries: exact on its states, in one pass backward.

The pay of a period depends on what crossed the boundary before it and what crosses the boundary after it, on nothing
else. So with W[k][i] the best pay from period k on when state i crossed boundary k,

    W[k][i] = max over j of  bonus x curve(credit_ij / quota_ij) - friction x moved_j + W[k + 1][j]

Source: dynamic programming (Bellman 1957) on the chain of boundaries; on reachable sums it is exact, on covering
intervals no choice of booking dates does better.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.crossing import BoundaryTerms, Flows
from sim.measure.gaming.states import (
    CREDIT_NOW,
    CREDIT_THEN,
    GRANTED,
    HELD,
    HIGH_NOW,
    HIGH_THEN,
    LOW_NOW,
    LOW_THEN,
    PULLED,
    States,
)
from sim.plan.curve import pay_curve
from sim.records import IntP

Floats = NDArray[np.float64]
UNBOUNDED = 1e100
"""An attainment without bound: the quota can come as near to nothing as one likes."""
NEVER_PAID = -1e300
SLACK = 1e-9
"""Rounding that a cap or an amount may be exceeded by. [share]"""


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
def fill_column(flows: Flows, both: Floats, w: int, out: Column) -> None:
    """The periods of one world."""
    for t in range(out.base.size):
        out.base[t], out.credit[t], out.quota[t] = flows.base[t, w], flows.credit[t, w], flows.quota[t, w]
        out.granted_into[t], out.granted_out[t] = flows.granted_into[t, w], flows.granted_out[t, w]
        out.ahead[t], out.ahead_next[t] = flows.ahead[t, w], flows.ahead_next[t, w]
        out.ahead_credit[t], out.far[t], out.both[t] = flows.ahead_credit[t, w], flows.far[t, w], both[w, t]


@kernel
def backward(terms: BoundaryTerms, column: Column, states: States, friction: float, out: Chain) -> None:
    """Fill ``value`` and ``choice`` from the last period to the first; the answer is ``value[0, 0]``. [usd]"""
    periods = column.base.size
    out.value[periods, 0] = 0.0
    worth = np.empty(states.row.shape[2])
    for t in range(periods - 1, -1, -1):
        n, row = states.size[t], states.row[t + 1]
        for j in range(states.size[t + 1]):
            worth[j] = out.value[t + 1, j] - friction * (row[PULLED, j] + row[HELD, j])
        arrive(terms, column, states, t, out)
        try_states(terms, column.base[t], states, states, worth, t, out)
        for i in range(n):
            out.value[t, i] -= out.penalty[t, i]


@kernel
def try_states(
    terms: BoundaryTerms, base: float, states: States, after: States, worth: Floats, t: int, out: Chain
) -> None:
    """For every state before period ``t`` the one after it that pays most, and its pay with what is worth later.

    after : what may cross the boundary after the period.
    worth : of every state of ``after``, ``NEVER_PAID`` where it is not possible. [state] [usd]
    """
    n, row = states.size[t], after.row[t + 1]
    moves_now = terms.pulled_quota[0] != 0.0 or terms.held_quota[0] != 0.0
    value, choice = out.value[t, :n], out.choice[t, :n]
    reached, multiple = out.reached[:n], out.multiple[:n]
    attainment, paid = reached.reshape(1, n), multiple.reshape(1, n)
    shift, credit, scale, used = out.shift, out.credit, out.scale, out.used
    pieces, bonus = terms.curve.pieces, terms.bonus
    value[:] = NEVER_PAID
    if not moves_now:
        divide(terms, base, 0.0, 0.0, n, out)
    for j in candidates(after, moves_now, t + 1, worth):
        if moves_now:
            divide(terms, base, row[LOW_NOW, j], row[HIGH_NOW, j], n, out)
        now, held, later = row[CREDIT_NOW, j], row[HELD, j], worth[j]
        for i in range(n):
            reached[i] = shift[i] + (credit[i] + now) * scale[i]
        pay_curve(pieces, attainment, paid)
        for i in range(n):
            pay = bonus * multiple[i] + later
            possible = held <= used[i] or held == 0.0
            better = possible & (pay > value[i])
            value[i] = pay if better else value[i]
            choice[i] = j if better else choice[i]


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
        out.limit[i] = np.inf
        if terms.cap < np.inf:
            granted = column.granted_out[t] + row[GRANTED]
            out.limit[i] = terms.cap * max(column.base[t] - terms.out_of_base * granted, 0.0)
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
def step(
    terms: BoundaryTerms, column: Column, states: States, t: int, before: Floats, later: Floats, out: Chain
) -> int:
    """The state of boundary ``t + 1`` that pays most from period ``t`` on, given what crossed the boundary before it.

    before : the state that crossed it, as a row of ``States``. [row] [usd]
    later  : pay from the next period on, for every state. [state] [usd]
    """
    states.size[t] = 1
    states.row[t, :, 0] = before
    arrive(terms, column, states, t, out)
    best, value = 0, NEVER_PAID
    reached, multiple = out.reached[:1].reshape(1, 1), out.multiple[:1].reshape(1, 1)
    for j in range(states.size[t + 1]):
        row = states.row[t + 1, :, j]
        divide(terms, column.base[t], row[LOW_NOW], row[HIGH_NOW], 1, out)
        reached[0, 0] = out.shift[0] + (out.credit[0] + row[CREDIT_NOW]) * out.scale[0]
        pay_curve(terms.curve.pieces, reached, multiple)
        paid = terms.bonus * multiple[0, 0] + later[j]
        if (row[HELD] <= out.used[0] or row[HELD] == 0.0) and paid > value:
            best, value = j, paid
    return best
