"""The choices at one boundary under an early cap, as states with what the cap grants of them."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.chain import Column
from sim.measure.gaming.crossing import BoundaryTerms
from sim.measure.gaming.grants import honest_share, share_of
from sim.measure.gaming.moves import HOLD, NOW, PULL, QUOTA_NOW, QUOTA_THEN, THEN
from sim.measure.gaming.reach import Effects, Sums, grid_of, reach
from sim.measure.gaming.states import (
    CREDIT_NOW,
    CREDIT_THEN,
    GRANTED,
    HELD,
    HIGH_NOW,
    HIGH_THEN,
    LOW_NOW,
    LOW_THEN,
    NOTHING,
    PULL_CREDIT,
    PULLED,
    States,
    spacing,
)
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@kernel
def put_granted(
    terms: BoundaryTerms,
    column: Column,
    limit: float,
    pulled: Floats,
    held: Floats,
    cell: int,
    k: int,
    out: States,
) -> None:
    """Add a pull and a hold across boundary ``k`` as a state, with what the cap grants of it.

    pulled, held : effects in full. [effect] [usd]
    """
    t, s = k - 1, out.size[k]
    out.size[k] = s + 1
    out.cell[k, s] = cell
    row = out.row[k, :, s]
    own = honest_share(column, t)
    asked = column.ahead[t] + pulled[PULL]
    share = share_of(limit, asked)
    granted = share * (column.ahead_next[t] + pulled[PULL]) - own * column.ahead_next[t]
    into = terms.pulled_quota[0] * (share * asked - column.granted_into[t])
    credit = share * (column.ahead_credit[t] + pulled[NOW]) - own * column.ahead_credit[t]
    row[CREDIT_NOW] = credit + held[NOW]
    row[CREDIT_THEN] = held[THEN] - granted
    row[LOW_NOW] = row[HIGH_NOW] = into + held[QUOTA_NOW]
    row[LOW_THEN] = row[HIGH_THEN] = terms.pulled_quota[1] * granted + held[QUOTA_THEN]
    row[PULLED], row[HELD] = pulled[PULL], held[HOLD]
    row[GRANTED], row[PULL_CREDIT] = granted, pulled[NOW]


@kernel
def fill_granted(
    terms: BoundaryTerms,
    column: Column,
    limits: tuple[float, float],
    effects: Effects,
    start: IntP,
    k: int,
    blocked: Bools,
    pairs: int,
    sums: tuple[Sums, Sums],
    out: States,
) -> None:
    """The choices at one boundary under an early cap: pulls, holds and some pairs of the two, in rows of the same hold.

    limits : the most that is granted in the period before, and the one that the cells of what is pulled reach up to: what
             goes beyond it is in the last cell. [usd]
    pairs  : so many cells of each direction, evenly spread, are paired. [count]
    """
    pulls, holds = sums
    cells = pulls.known.size
    room = max(limits[1] - column.ahead[k - 1], 0.0)
    origin, width = grid_of(effects, start[0], start[1], PULL, cells)
    beyond = cells > 1 and width * cells > room
    if beyond:
        width = max(room / (cells - 1), 1e-9)
    reach(effects, (start[0], start[1]), (PULL, NOW), (origin, width), blocked, beyond, pulls)
    grid = grid_of(effects, start[1], start[2], HOLD, cells)
    reach(effects, (start[1], start[2]), (HOLD, THEN), grid, blocked, False, holds)
    c_step, d_step = spacing(pulls.known, pairs), spacing(holds.known, pairs)
    c_left, d_left = count_known(pulls.known), count_known(holds.known)
    out.size[k] = 0
    nothing = np.zeros(effects.shape[0])
    for d in range(-1, cells):
        if d >= 0 and (not holds.known[d] or holds.total[HOLD, d] == 0.0):
            continue
        first, held = out.size[k], holds.total[:, max(d, 0)] if d >= 0 else nothing
        put_granted(terms, column, limits[0], nothing, held, cells + d if d >= 0 else NOTHING, k, out)
        d_left -= 1 if d > 0 else 0
        if d < 0 or (pairs > 0 and d > 0 and d_left % d_step == 0):
            left = c_left
            for c in range(cells):
                left -= 1 if c > 0 and pulls.known[c] else 0
                if (
                    pulls.known[c]
                    and pulls.total[PULL, c] > 0.0
                    and (d < 0 or (c > 0 and left % c_step == 0))
                ):
                    cell = c if d < 0 else 2 * cells + c * cells + d
                    put_granted(terms, column, limits[0], pulls.total[:, c], held, cell, k, out)
        for s in range(first, out.size[k]):
            out.first[k, s] = first


@kernel
def count_known(known: Bools) -> int:
    """How many cells but the first are known. [count]"""
    count = 0
    for c in range(1, known.size):
        count += 1 if known[c] else 0
    return count


@leaf
def between_granted(granted: Floats, worth: Floats, first: int, last: int, at: float) -> float:
    """The worth of an amount granted, linear between the states of one row, which grant more and more. [usd]"""
    if at <= granted[first]:
        return float(worth[first])
    for s in range(first + 1, last):
        if at <= granted[s]:
            step = granted[s] - granted[s - 1]
            part = (at - granted[s - 1]) / step if step > 0.0 else 1.0
            found: float = worth[s - 1] + part * (worth[s] - worth[s - 1])
            return found
    return float(worth[last - 1])
