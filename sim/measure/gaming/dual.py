"""A bound on every rule that does not know the future: the best timing in hindsight, charged for what hindsight knows.

    penalty of crossing boundary k in state y = v(y, what happens in period k and is ready after it) - E[v(y, .) | known]

with v the best of the period's pay and what the learnt policy holds worth later. Given what is known when y is chosen
the penalty has mean zero, whatever y is and however v was learnt: no rule without foresight pays it in the mean, and

    E[pay of any such rule] <= E[max over timings of pay - penalties].

With the best v the right side is the best rule's pay, on every path (strong duality). The mean is over fresh draws of
each path's own future: a pool shared by paths has an error that does not average out, and no standard error shows it.
The penalty is a function of the cell of the amount moved, so the intervals of the upper bound go on holding.

Source: Rogers (2002), "Monte Carlo valuation of American options", Mathematical Finance 12(3); Haugh and Kogan (2004),
"Pricing American options: a duality approach", Operations Research 52(2); Brown, Smith and Sun (2010), "Information
relaxations and duality in stochastic dynamic programs", Operations Research 58(4); the gap to a policy on the same
paths is Andersen and Broadie (2004), Management Science 50(9).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.bound import LARGEST_PAY, pair_cells, pair_memory
from sim.measure.gaming.boundary_terms import (
    AHEAD,
    AHEAD_CREDIT,
    AHEAD_NEXT,
    BASE,
    BOTH,
    CREDIT,
    GRANTED_INTO,
    GRANTED_OUT,
    NEXT_HOLD,
    NEXT_PULL,
    QUOTA,
    BoundaryTerms,
    Column,
    Flows,
    Futures,
    fill_column,
)
from sim.measure.gaming.chain import UNBOUNDED, Chain, backward
from sim.measure.gaming.choices import (
    CREDIT_THEN,
    GRANTED,
    HELD,
    HIGH_THEN,
    LOW_THEN,
    NOTHING,
    PULLED,
    States,
    one_state,
)
from sim.measure.gaming.cover import cover_free, cover_memory
from sim.measure.gaming.early_cap import honest_share, limit_of, share_of
from sim.measure.gaming.moves import HOLD, NOW, PULL, Moves
from sim.measure.gaming.pairs import pairs_backward
from sim.measure.gaming.policy import continue_best
from sim.measure.gaming.sides import Side, edge, fill_pairs, prepare
from sim.measure.gaming.sums import Effects, cell_of, grid_of
from sim.measure.gaming.timing import working_memory
from sim.measure.gaming.worth import Policy, fill_nodes
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Dual(NamedTuple):
    """Two figures whose means hold the best rule's pay between them, and whose difference is never negative.

    best   : the best timing's pay less its penalties; infinite where nothing bounds it. [world] [usd]
    charge : penalties of the moves that the policy chose; its pay less these has the mean of its pay. [world] [usd]
    """

    best: Floats
    charge: Floats


class Learnt(NamedTuple):
    """A policy with its nodes as states, and memory to work out what follows a choice. found : [state] [usd]"""

    policy: Policy
    nodes: States
    incoming: States
    chain: Chain
    column: Column
    found: Floats


def timing_dual(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    futures: Futures,
    policy: Policy,
    chosen: Bools,
    cells: int,
) -> Dual:
    """The best penalised timing of every world, and the penalties of the timing ``chosen``.

    cells : as in ``timing_bound``; of each direction where quotas move and the policy considers one direction at a time.
    """
    game = Game(terms, flows, moves, effects, chosen, futures)
    if terms.free:
        return _dual(game, policy, cells)
    return _pair_dual(game, policy, pair_cells(terms, cells) if policy.both else (cells, cells))


class Game(NamedTuple):
    """What is played: arguments of ``timing_dual``, in one place."""

    terms: BoundaryTerms
    flows: Flows
    moves: Moves
    effects: Effects
    chosen: Bools
    futures: Futures


def _dual(game: Game, policy: Policy, cells: int) -> Dual:
    """The dual where only credit moves. The kernels of the bound are called one by one, not compiled into another."""
    terms, flows, moves = game.terms, game.flows, game.moves
    periods, worlds = flows.base.shape
    states, chain, column = working_memory(flows, cells + 1)
    learnt, cover = with_memory(policy, flows, states), cover_memory(cells)
    best, charge = np.empty(worlds), np.zeros(worlds)
    one_state(0, states)
    one_state(periods, states)
    for w in range(worlds):
        for b in range(periods - 1):
            cover_free(game.effects, moves.start[w, 2 * b : 2 * b + 3], b + 1, cover, states)
        for k in range(periods):
            innovate(terms, game.futures, k, w, learnt)
            n, at = states.size[k], 0
            chain.penalty[k, :n] = learnt.found[:n]
            if k > 0:
                start = moves.start[w, 2 * k - 2 : 2 * k + 1]
                at = state_of(game.effects, game.chosen, start, cells, states.cell[k, :n])
            charge[w] += learnt.found[at]
        fill_column(flows, moves.both, w, column)
        backward(terms, column, states, 0.0, chain)
        best[w] = chain.value[0, 0]
    return Dual(best, charge)


def _pair_dual(game: Game, policy: Policy, cells: tuple[int, int]) -> Dual:
    """The dual where quotas move or a cap holds."""
    terms, flows, moves = game.terms, game.flows, game.moves
    periods, worlds = flows.base.shape
    size = (cells[0] + 1) * (cells[1] + 1) if policy.both else sum(cells) + 1
    room, learnt = pair_memory(periods + 1, cells), with_memory(policy, flows, working_memory(flows, size)[0])
    (pulls, holds), penalty = room.sides, room.lane.penalty
    best, charge = np.empty(worlds), np.zeros(worlds)
    edge(0, pulls, holds)
    edge(periods, pulls, holds)
    for w in range(worlds):
        fill_column(flows, moves.both, w, room.column)
        prepare(terms, game.effects, moves.start[w], room.column)
        for b in range(periods - 1):
            start = moves.start[w, 2 * b : 2 * b + 3]
            fill_pairs(game.effects, start, b + 1, terms, room.column, room.covers, pulls, holds)
        granted = granted_by(terms, room.column, game.effects, moves.start[w], game.chosen)
        for k in range(periods):
            come_in(terms, pulls, holds, policy.both, k, learnt.incoming)
            innovate(terms, game.futures, k, w, learnt)
            spread(pulls, holds, policy.both, k, learnt.found, penalty)
            charge[w] += penalty[(k, *_pair_of(game, w, k, room.sides, granted))]
        pairs_backward(terms, room.column, pulls, holds, room.grid, room.lane, best[w : w + 1])
    # penalties are finite, so where a quota may come as near to nothing as one likes they take nothing off
    best[best > LARGEST_PAY] = np.inf
    return Dual(best, charge)


def _pair_of(game: Game, w: int, k: int, sides: tuple[Side, Side], granted: Floats) -> tuple[int, int]:
    """The pair of cells of what was chosen at boundary ``k``. ``granted``: of pulls, by period."""
    if k == 0:
        return 0, 0
    hold, end = game.moves.start[w, 2 * k - 1 : 2 * k + 1]
    held = game.effects[HOLD, hold:end][game.chosen[hold:end]].sum()
    return nearest_cell(float(granted[k - 1]), k, sides[0]), nearest_cell(float(held), k, sides[1])


def with_memory(policy: Policy, flows: Flows, incoming: States) -> Learnt:
    """A policy ready to be asked what follows the states ``incoming``."""
    nodes = working_memory(flows, policy.worth.shape[2])[0]
    fill_nodes(policy, nodes)
    size = incoming.row.shape[2]
    _, chain, column = working_memory(flows, size)
    return Learnt(policy, nodes, incoming, chain, column, np.zeros(size))


@kernel
def innovate(terms: BoundaryTerms, futures: Futures, k: int, w: int, learnt: Learnt) -> None:
    """Fill ``found``: what each incoming state of boundary ``k`` is worth as it came, less the mean of what may come."""
    column, chain, n = learnt.column, learnt.chain, learnt.incoming.size[k]
    samples = futures.shape[3]
    learnt.found[:n] = 0.0
    for m in range(samples):
        future = futures[k, w, :, m]
        column.base[k], column.credit[k], column.quota[k] = future[BASE], future[CREDIT], future[QUOTA]
        column.granted_into[k], column.granted_out[k] = future[GRANTED_INTO], future[GRANTED_OUT]
        column.ahead[k], column.ahead_next[k] = future[AHEAD], future[AHEAD_NEXT]
        column.ahead_credit[k], column.both[k] = future[AHEAD_CREDIT], future[BOTH]
        ready = (future[NEXT_PULL], future[NEXT_HOLD])
        continue_best(terms, column, learnt.incoming, learnt.nodes, learnt.policy, k, ready, chain)
        weight = 1.0 if m == 0 else -1.0 / (samples - 1)
        for s in range(n):
            learnt.found[s] += weight * chain.value[k, s]


@kernel
def state_of(effects: Effects, chosen: Bools, start: IntP, cells: int, cell: IntP) -> int:
    """The state of the chosen moves of one boundary: of their cell, or of the nearest that has one (rounding)."""
    first, last = start[0], start[2]
    key, count = 0.0, 0
    for item in range(first, last):
        if chosen[item]:
            key += effects[NOW, item]
            count += 1
    if count == 0:
        return 0
    origin, width = grid_of(effects, first, last, NOW, cells)
    mine = cell_of(key, origin, width, cells)
    best = 0
    for s in range(1, cell.size):
        if cell[best] == NOTHING or abs(cell[s] - mine) < abs(cell[best] - mine):
            best = s
    return best


@kernel
def come_in(terms: BoundaryTerms, pulls: Side, holds: Side, both: bool, k: int, out: States) -> None:
    """The pairs of boundary ``k`` as states, each at the upper end of its cells: all of them, or of one direction only."""
    leaving, follow = terms.pulled_quota[1], terms.held_quota[1]
    n = 0
    for c in range(pulls.size[k]):
        for d in range(holds.size[k]):
            if both or c == 0 or d == 0:
                pulled = pulls.high[k, c]
                out.row[k, CREDIT_THEN, n] = holds.high_credit[k, d] - pulled
                quota = leaving * pulled + follow * holds.most[k, d]
                out.row[k, LOW_THEN, n] = out.row[k, HIGH_THEN, n] = quota
                out.row[k, PULLED, n], out.row[k, HELD, n] = max(pulled, 0.0), holds.high[k, d]
                out.row[k, GRANTED, n] = pulled
                n += 1
    out.size[k] = n


@kernel
def spread(pulls: Side, holds: Side, both: bool, k: int, found: Floats, penalty: Floats) -> None:
    """The penalties of the states of ``come_in`` by pair; without bound where a pair is not considered."""
    n = 0
    for c in range(pulls.size[k]):
        for d in range(holds.size[k]):
            penalty[k, c, d] = UNBOUNDED
            if both or c == 0 or d == 0:
                penalty[k, c, d] = found[n]
                n += 1


@kernel
def nearest_cell(amount: float, k: int, side: Side) -> int:
    """The cell of one direction that an amount lies in, or the nearest (rounding)."""
    best, nearest = 0, abs(amount)
    for s in range(1, side.size[k]):
        off = max(side.low[k, s] - amount, amount - side.high[k, s], 0.0)
        if amount != 0.0 and off < nearest:
            best, nearest = s, off
    return best


@kernel
def granted_by(terms: BoundaryTerms, column: Column, effects: Effects, start: IntP, chosen: Bools) -> Floats:
    """What of the chosen pulls each period grants more than of its own accord; all of them without a cap. [period] [usd]"""
    out, before = np.zeros(column.base.size), 0.0
    for t in range(column.base.size):
        pulled = 0.0
        for item in range(start[2 * t], start[2 * t + 1]) if 2 * t + 1 < start.size else range(0):
            pulled += effects[PULL, item] if chosen[item] else 0.0
        out[t] = pulled
        if terms.cap < np.inf:
            share = share_of(limit_of(terms, column, before, t), column.ahead[t] + pulled)
            own = honest_share(column, t) * column.ahead_next[t]
            out[t] = before = share * (column.ahead_next[t] + pulled) - own
    return out
