"""A rule that a real CSM could follow: at the end of a period, with its results and what is ready next, choose moves.

What a choice is worth later is learnt on some worlds, as the mean over them of the best that follows, given what was
moved and how much of the next period was ready; the rule is then followed on other worlds. Any such rule gives a
lower bound, however well or badly it was learnt.

Source: Tsitsiklis and Van Roy (2001), "Regression methods for pricing complex American-style options", IEEE
Transactions on Neural Networks 12(4), on the state after the decision (Powell 2011, "Approximate dynamic
programming", 2nd ed., section 4.6).
"""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.chain import NEVER_PAID, SLACK, Chain, Column, arrive, fill_column, step, try_states
from sim.measure.gaming.crossing import BoundaryTerms, Flows
from sim.measure.gaming.forward import block_pulled, mark
from sim.measure.gaming.granted_policy import continue_granted
from sim.measure.gaming.granted_states import fill_granted
from sim.measure.gaming.grants import limit_of
from sim.measure.gaming.moves import EFFECTS, HOLD, PULL, Moves, boundary_of
from sim.measure.gaming.reach import Effects, Sums
from sim.measure.gaming.states import GRANTED, HELD, PULLED, ROWS, States, fill_choices
from sim.measure.gaming.timing import PAIRS, choice_memory, working_memory
from sim.measure.gaming.worth import Policy, fill_nodes, worth_at
from sim.records import FloatPW

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NODES = 20
"""Steps of the grid of amounts in each direction, where one direction at a time is considered."""
PAIR_NODES = 9
"""The same where both are."""
READY_NODES = 5
"""Nodes of the grid of what is ready."""


def train_policy(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    both: bool | None = None,
    nodes: int | None = None,
    unit: float | None = None,
) -> Policy:
    """Learn what choices are worth on the worlds of ``flows``.

    both  : consider pulls and holds across the same boundary together; by default where quotas move.
    nodes : steps of the grid of amounts in each direction; ``NODES`` or ``PAIR_NODES`` by default.
    unit  : of which all amounts are multiples; where given, the grid goes by it, so that nodes can be reached. [usd]
    """
    both = not terms.free if both is None else both
    periods, worlds = flows.base.shape
    totals = move_totals(moves, effects, worlds, periods)
    pull, hold = totals[PULL], totals[HOLD]
    nodes = nodes or (PAIR_NODES if both else NODES)
    if unit is not None:
        nodes = max(int(np.ceil(max(pull.max(), hold.max()) / unit - SLACK)), 1)
    size = (nodes + 1) ** 2 if both else 2 * nodes + 1
    worth = np.zeros((periods + 1, READY_NODES, size))
    grantable = pull if terms.cap == np.inf else np.minimum(pull, room_for_pulls(terms, flows)[:-1])
    ends = (hold.max(axis=1), grantable.max(axis=1), pull.min(axis=1), pull.max(axis=1))
    held, pulled, least, most = (np.concatenate([[0.0], each, [0.0]]) for each in ends)
    if unit is not None:
        held, pulled = (np.where(each > 0.0, nodes * unit, 0.0) for each in (held, pulled))
    per_usd = mean_effects(moves, effects, periods)
    policy = Policy(worth, held, pulled, least, most, nodes, per_usd, both)
    states, chain, column = working_memory(flows, size)
    fill_nodes(policy, states)
    learn(terms, flows, moves.both, pull, hold, states, chain, column, policy)
    return policy


def follow_policy(
    terms: BoundaryTerms, flows: Flows, moves: Moves, effects: Effects, policy: Policy, cells: int
) -> Bools:
    """The moves of a CSM who follows the policy, on other worlds than it was learnt on. [item]"""
    chosen = np.zeros(moves.amount.size, dtype=np.bool_)
    half, pairs = cells // 2, PAIRS if policy.both else 0
    sums, memory = choice_memory(moves, (half, half)), working_memory(flows, 2 * half + 1 + pairs**2)
    ready = move_totals(moves, effects, flows.base.shape[1], flows.base.shape[0])[PULL]
    follow(terms, flows, moves, effects, policy, ready, sums, pairs, *memory, chosen)
    return chosen


def room_for_pulls(terms: BoundaryTerms, flows: Flows) -> FloatPW:
    """What an early cap leaves for pulls where nothing was pulled before. [period, world] [usd]"""
    left = np.maximum(flows.base - terms.out_of_base * flows.granted_out, 0.0)
    room: FloatPW = np.maximum(terms.cap * left - flows.ahead, 0.0)
    return room


def move_totals(moves: Moves, effects: Effects, worlds: int, periods: int) -> NDArray[np.float64]:
    """Sum of each effect of all possible moves. [effect, boundary, world] [usd]"""
    world, boundary = boundary_of(moves)
    flat = boundary * worlds + world
    shape = ((periods - 1), worlds)
    sums = [np.bincount(flat, each, minlength=shape[0] * worlds).reshape(shape) for each in effects]
    return np.array(sums)


def mean_effects(moves: Moves, effects: Effects, periods: int) -> NDArray[np.float64]:
    """Mean effect per usd held and pulled across each boundary. [direction, effect, boundary] [usd/usd]"""
    _, boundary = boundary_of(moves)
    out = np.zeros((2, EFFECTS, periods - 1))
    for direction, mine in enumerate((moves.days > 0, moves.days < 0)):
        amount = np.bincount(boundary[mine], moves.amount[mine], minlength=periods - 1)
        for row in range(EFFECTS):
            total = np.bincount(boundary[mine], effects[row, mine], minlength=periods - 1)
            out[direction, row] = np.divide(total, amount, out=np.zeros(periods - 1), where=amount > 0.0)
    return out


@kernel
def learn(
    terms: BoundaryTerms,
    flows: Flows,
    both: Floats,
    pull: FloatPW,
    hold: FloatPW,
    states: States,
    chain: Chain,
    column: Column,
    policy: Policy,
) -> None:
    """Fill ``worth`` from the last boundary to the first: the mean over worlds of the best that follows.

    For each amount ready the rest of a world is taken as it came, and its own ready amount replaced.
    """
    periods, worlds = flows.base.shape
    for k in range(periods - 1, 0, -1):
        n = states.size[k]
        for i in range(policy.worth.shape[1]):
            share = i / max(policy.worth.shape[1] - 1, 1)
            ready = policy.least[k] + share * (policy.most[k] - policy.least[k])
            policy.worth[k, i] = 0.0
            for w in range(worlds):
                fill_column(flows, both, w, column)
                column.credit[k] += ready - pull[k - 1, w]
                column.both[k] = max(both[w, k] + ready - pull[k - 1, w], 0.0)
                next_pull = pull[k, w] if k < periods - 1 else 0.0
                next_hold = hold[k, w] if k < periods - 1 else 0.0
                continue_best(terms, column, states, states, policy, k, (next_pull, next_hold), chain)
                for s in range(n):
                    policy.worth[k, i, s] += chain.value[k, s] / worlds


@kernel
def continue_best(
    terms: BoundaryTerms,
    column: Column,
    states: States,
    nodes: States,
    policy: Policy,
    k: int,
    ready: tuple[float, float],
    chain: Chain,
) -> None:
    """Pay of period ``k`` and what is worth later, of the best node that can follow each state of the boundary before.

    ready : amounts that can be pulled and held across the boundary after the period. [usd]
    """
    if terms.cap < np.inf:
        continue_granted(terms, column, states, nodes, policy, k, ready, chain)
        return
    pull, hold = ready
    worth = np.zeros(nodes.size[k + 1])
    for j in range(worth.size):
        pulled, held = nodes.row[k + 1, PULLED, j], nodes.row[k + 1, HELD, j]
        if pulled > pull * (1.0 + SLACK) or held > hold * (1.0 + SLACK):
            worth[j] = NEVER_PAID
        elif k < column.base.size - 1:
            worth[j] = worth_at(policy, k + 1, pulled, held, pull)
    arrive(terms, column, states, k, chain)
    try_states(terms, column.base[k], states, nodes, worth, k, chain)


@kernel
def follow(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    policy: Policy,
    ready: FloatPW,
    sums: tuple[Sums, Sums],
    pairs: int,
    states: States,
    chain: Chain,
    column: Column,
    chosen: Bools,
) -> None:
    """Go through the boundaries of every world in order, and take the choice that pays most now and later."""
    periods, worlds = flows.base.shape
    blocked = np.zeros(chosen.size, np.bool_)
    later = np.zeros(states.row.shape[2])
    before = np.zeros(ROWS)
    capped = terms.cap < np.inf
    for w in range(worlds):
        fill_column(flows, moves.both, w, column)
        before[:] = 0.0
        for b in range(periods - 1):
            start = moves.start[w, 2 * b : 2 * b + 3]
            block_pulled(moves, w, b, chosen, blocked)
            if capped:
                limit = limit_of(terms, column, before[GRANTED], b)
                fill_granted(
                    terms, column, (limit, limit), effects, start, b + 1, blocked, pairs, sums, states
                )
            else:
                fill_choices(effects, start, b + 1, blocked, False, pairs, sums, states)
            for j in range(states.size[b + 1]):
                pulled, held = states.row[b + 1, GRANTED if capped else PULLED, j], states.row[b + 1, HELD, j]
                later[j] = worth_at(policy, b + 1, pulled, held, ready[b, w])
            best = step(terms, column, states, b, before, later, chain)
            mark(states.cell[b + 1, best], start, False, sums, chosen)
            before[:] = states.row[b + 1, :, best]
