"""What a choice of moves is worth later: a table over what was moved and what is ready next, linear between its nodes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
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
    one_state,
)
from sim.measure.gaming.moves import NOW, QUOTA_NOW, QUOTA_THEN, THEN

Floats = NDArray[np.float64]


class Policy(NamedTuple):
    """What a choice at each boundary is worth later. Boundary k + 1 lies between periods k and k + 1.

    worth      : pay from the next period on. [boundary, ready, node] [usd]
    held, pulled : largest amounts of the grid. [boundary] [usd]
    least, most  : ends of the grid of what is ready to be pulled. [boundary] [usd]
    nodes      : steps of the grid in each direction.
    per_usd    : mean effects of a usd held and pulled. [direction, effect, boundary] [usd/usd]
    both       : nodes are pairs of a pull and a hold; else they run from all held, through nothing, to all pulled.
    """

    worth: NDArray[np.float64]
    held: Floats
    pulled: Floats
    least: Floats
    most: Floats
    nodes: int
    per_usd: NDArray[np.float64]
    both: bool


@kernel
def fill_nodes(policy: Policy, out: States) -> None:
    """The nodes of every boundary as states."""
    n = policy.nodes
    last = out.size.size - 1
    one_state(0, out)
    one_state(last, out)
    for k in range(1, last):
        out.size[k] = policy.worth.shape[2]
        hold, pull, row = policy.per_usd[0, :, k - 1], policy.per_usd[1, :, k - 1], out.row[k]
        for s in range(policy.worth.shape[2]):
            pulled = (s // (n + 1) if policy.both else max(s - n, 0)) * policy.pulled[k] / n
            held = (s % (n + 1) if policy.both else max(n - s, 0)) * policy.held[k] / n
            row[CREDIT_NOW, s] = pulled * pull[NOW] + held * hold[NOW]
            row[CREDIT_THEN, s] = pulled * pull[THEN] + held * hold[THEN]
            row[LOW_NOW, s] = row[HIGH_NOW, s] = pulled * pull[QUOTA_NOW] + held * hold[QUOTA_NOW]
            row[LOW_THEN, s] = row[HIGH_THEN, s] = pulled * pull[QUOTA_THEN] + held * hold[QUOTA_THEN]
            row[PULLED, s], row[HELD, s] = pulled, held
            row[GRANTED, s], row[PULL_CREDIT, s] = pulled, pulled * pull[NOW]


@leaf
def node_of(value: float, low: float, high: float, nodes: int) -> float:
    """Position of a value on an even grid, inside it."""
    if high <= low:
        return 0.0
    return min(max((value - low) / (high - low), 0.0), 1.0) * (nodes - 1)


@kernel
def worth_at(policy: Policy, k: int, pulled: float, held: float, ready: float) -> float:
    """What a choice is worth later, linear between nodes. [usd]"""
    rows, n = policy.worth.shape[1], policy.nodes
    y = node_of(ready, policy.least[k], policy.most[k], rows)
    i = min(int(y), max(rows - 2, 0))
    low, high = policy.worth[k, i], policy.worth[k, min(i + 1, rows - 1)]
    if policy.both:
        e = node_of(pulled, 0.0, policy.pulled[k], n + 1)
        x = node_of(held, 0.0, policy.held[k], n + 1)
        j = min(int(e), n - 1)
        u, first = e - j, j * (n + 1)
        below = (1.0 - u) * between(low[first : first + n + 1], x) + u * between(low[first + n + 1 :], x)
        above = (1.0 - u) * between(high[first : first + n + 1], x) + u * between(high[first + n + 1 :], x)
    else:
        x = n + node_of(pulled - held, 0.0, policy.pulled[k], n + 1)
        if held > pulled:
            x = n - node_of(held - pulled, 0.0, policy.held[k], n + 1)
        below, above = between(low, x), between(high, x)
    worth: float = (1.0 - (y - i)) * below + (y - i) * above
    return worth


@leaf
def between(table: Floats, x: float) -> float:
    """Linear between the entries of a table."""
    j = min(int(x), table.size - 2)
    value: float = (1.0 - (x - j)) * table[j] + (x - j) * table[j + 1]
    return value
