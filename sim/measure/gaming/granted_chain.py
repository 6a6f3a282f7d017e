"""The chain over boundaries where an early cap moves with what was granted before: one step from many states to many.

What the next boundary's pulls are granted depends on the state that a period is met in. Where they fit under the cap a
state of the next boundary is what it says; where they do not, the cap is filled to the brim, whatever is pulled beyond
it, and what follows is worth what that amount granted is worth.
"""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.chain import NEVER_PAID, Chain, Column, arrive, divide, divide_one
from sim.measure.gaming.crossing import BoundaryTerms
from sim.measure.gaming.granted_states import between_granted
from sim.measure.gaming.grants import fully_granted, share_of
from sim.measure.gaming.states import CREDIT_NOW, GRANTED, HELD, LOW_NOW, PULL_CREDIT, PULLED, States
from sim.plan.curve import pay_curve

Floats = NDArray[np.float64]


@kernel
def backward_granted(
    terms: BoundaryTerms, column: Column, states: States, limits: Floats, friction: float, out: Chain
) -> None:
    """As ``backward``. ``limits``: the cap at which the states after a period were worked out. [period] [usd]"""
    periods, size = column.base.size, states.row.shape[2]
    out.value[periods, 0] = 0.0
    worth, full = np.empty(size), np.empty((size, size))
    for t in range(periods - 1, -1, -1):
        row = states.row[t + 1]
        for j in range(states.size[t + 1]):
            worth[j] = out.value[t + 1, j] - friction * (row[PULLED, j] + row[HELD, j])
        arrive(terms, column, states, t, out)
        for i in range(states.size[t]):
            fill_full(column, states, worth, out.limit[i], t, full[:, i])
        try_granted(terms, column, limits[t], states, states, worth, full, t, out)


@kernel
def fill_full(column: Column, states: States, worth: Floats, limit: float, t: int, out: Floats) -> None:
    """What each state after period ``t`` is worth where its pulls are granted only up to the cap. [state] [usd]"""
    brim, granted = fully_granted(column, limit, t), states.row[t + 1, GRANTED]
    found, last = 0.0, 0
    for j in range(states.size[t + 1]):
        if states.first[t + 1, j] == j:  # a row of states with the same hold begins
            last = j + 1
            while last < states.size[t + 1] and states.first[t + 1, last] == j:
                last += 1
            found = between_granted(granted, worth, j, last, brim)
        out[j] = found


@kernel
def try_granted(
    terms: BoundaryTerms,
    column: Column,
    limit: float,
    states: States,
    after: States,
    worth: Floats,
    full: Floats,
    t: int,
    out: Chain,
) -> None:
    """As ``try_states``, each pull granted as the cap of each state before the period allows.

    limit : the cap at which the states of ``after`` were worked out. [usd]
    worth : of every state of ``after``, ``NEVER_PAID`` where it is not possible. [state] [usd]
    full  : the same where its pulls are granted up to the cap only. [state after, state before] [usd]
    """
    n, row = states.size[t], after.row[t + 1]
    value, choice = out.value[t, :n], out.choice[t, :n]
    reached, multiple = out.reached[:n], out.multiple[:n]
    attainment, paid = reached.reshape(1, n), multiple.reshape(1, n)
    shift, credit, scale, used, room = out.shift, out.credit, out.scale, out.used, out.limit
    into, base = terms.pulled_quota[0], column.base[t]
    follows = into != 0.0 or terms.held_quota[0] != 0.0
    value[:] = NEVER_PAID
    if not follows:
        divide(terms, base, 0.0, 0.0, n, out)
    for j in range(after.size[t + 1]):
        if worth[j] == NEVER_PAID:
            continue
        asked = column.ahead[t] + row[PULLED, j]
        counted, share = column.ahead_credit[t] + row[PULL_CREDIT, j], share_of(limit, asked)
        held, now, later = row[HELD, j], row[CREDIT_NOW, j] - share * counted, worth[j]
        if into != 0.0:
            divide_shared(terms, column, asked, row[LOW_NOW, j] - into * share * asked, t, n, out)
        elif follows:
            divide(terms, base, row[LOW_NOW, j], row[LOW_NOW, j], n, out)
        for i in range(n):
            granted = share_of(room[i], asked) * counted
            reached[i] = shift[i] + (credit[i] + now + granted) * scale[i]
        pay_curve(terms.curve.pieces, attainment, paid)
        for i in range(n):
            filled = room[i] < asked and room[i] < limit
            pay = terms.bonus * multiple[i] + (full[j, i] if filled else later)
            possible = held <= used[i] or held == 0.0
            better = possible & (pay > value[i])
            value[i] = pay if better else value[i]
            choice[i] = j if better else choice[i]


@kernel
def divide_shared(
    terms: BoundaryTerms, column: Column, asked: float, quota: float, t: int, n: int, out: Chain
) -> None:
    """As ``divide`` where the quota of the period follows what is granted early in it. [state]"""
    for i in range(n):
        granted = terms.pulled_quota[0] * share_of(out.limit[i], asked) * asked
        divide_one(terms, column.base[t], quota + granted, quota + granted, i, out)
