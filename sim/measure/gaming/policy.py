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

from sim.kernel import kernel, leaf
from sim.measure.gaming.boundary_terms import SLACK, BoundaryTerms, Column, Flows, fill_column
from sim.measure.gaming.chain import NEVER_PAID, Chain, arrive, step, try_states
from sim.measure.gaming.choices import (
    CREDIT_NOW,
    GRANTED,
    HELD,
    HIGH_NOW,
    LOW_NOW,
    PULL_CREDIT,
    PULLED,
    States,
    block_pulled,
    fill_choices,
    keep_state,
    mark,
    one_state,
)
from sim.measure.gaming.early_cap import fully_granted, honest_share, limit_of
from sim.measure.gaming.moves import EFFECTS, HOLD, NOW, PULL, QUOTA_NOW, Moves, boundary_of
from sim.measure.gaming.sums import Effects, Sums
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
    held, pulled, least, most = (np.concatenate([[0.0], end, [0.0]]) for end in ends)
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
    sums = [np.bincount(flat, effect, minlength=shape[0] * worlds).reshape(shape) for effect in effects]
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
    (pull, hold), last, size, row = ready, k == column.base.size - 1, nodes.size[k + 1], nodes.row[k + 1]
    capped, waiting = terms.cap < np.inf, column.ahead_next[k] * (1.0 - honest_share(column, k))
    worth, full = np.zeros(size), np.zeros((size, states.size[k]) if capped else (0, 0))
    arrive(terms, column, states, k, chain)
    if capped:
        pull_ready(terms, column, policy, k, 0.0 if last else pull, nodes, worth)
    for j in range(size):
        pulled, held = row[PULLED, j], row[HELD, j]
        if pulled > pull * (1.0 + SLACK) or held > hold * (1.0 + SLACK) or worth[j] == NEVER_PAID:
            worth[j] = NEVER_PAID
        elif not last:
            worth[j] = worth_at(policy, k + 1, pulled + waiting, held, pull)
            if capped:
                fill_full_node(column, policy, nodes, (k, j), pull, chain, full)
    try_states(terms, column, states, nodes, worth, full, k, chain)


@kernel
def pull_ready(
    terms: BoundaryTerms, column: Column, policy: Policy, k: int, ready: float, nodes: States, worth: Floats
) -> None:
    """Under an early cap let each node after period ``k`` pull what it says, or all that is ready if less; the cap
    may grant less of it. A node is ``NEVER_PAID`` where one that pulls less pulls all that is ready.
    """
    row, n, most, into = nodes.row[k + 1], policy.nodes, policy.pulled[k + 1], terms.pulled_quota[0]
    early_credit = (1.0 - honest_share(column, k)) * column.ahead_credit[k]
    per_usd = policy.per_usd[1, NOW, k] if k < policy.per_usd.shape[2] else 0.0
    for j in range(nodes.size[k + 1]):
        node = (j // (n + 1) if policy.both else max(j - n, 0)) * most / n
        pulled, held = min(node, ready), row[HELD, j]
        row[PULLED, j], row[PULL_CREDIT, j] = pulled, pulled * per_usd
        row[CREDIT_NOW, j] = early_credit + pulled * per_usd
        row[LOW_NOW, j] = into * (column.ahead[k] + pulled - column.granted_into[k])
        if held > 0.0:
            row[CREDIT_NOW, j] += held * policy.per_usd[0, NOW, k]
            row[LOW_NOW, j] += held * policy.per_usd[0, QUOTA_NOW, k]
        row[HIGH_NOW, j] = row[LOW_NOW, j]
        if node > 0.0 and node - most / n >= ready:
            worth[j] = NEVER_PAID


@leaf
def fill_full_node(
    column: Column,
    policy: Policy,
    nodes: States,
    at: tuple[int, int],
    ready: float,
    chain: Chain,
    full: Floats,
) -> None:
    """What a node is worth where the cap is filled to the brim, for every state before: the same for all of one hold."""
    (k, j), row = at, nodes.row[at[0] + 1]
    held = row[HELD, j]
    same = j - (policy.nodes + 1) if policy.both else (policy.nodes if j > policy.nodes else -1)
    if same >= 0:
        full[j] = full[same]
        return
    for i in range(full.shape[1]):
        if i > 0 and chain.limit[i] == chain.limit[i - 1]:
            full[j, i] = full[j, i - 1]
        else:
            brim = fully_granted(column, chain.limit[i], k)
            full[j, i] = worth_at(policy, k + 1, max(brim, 0.0), held, ready)


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
    for w in range(worlds):
        fill_column(flows, moves.both, w, column)
        one_state(0, states)
        for b in range(periods - 1):
            start = moves.start[w, 2 * b : 2 * b + 3]
            block_pulled(moves, w, b, chosen, blocked)
            limit = limit_of(terms, column, states.row[b, GRANTED, 0], b)
            ends = (limit, limit)
            fill_choices(terms, column, ends, effects, start, b + 1, blocked, False, pairs, sums, states)
            for j in range(states.size[b + 1]):
                granted, held = states.row[b + 1, GRANTED, j], states.row[b + 1, HELD, j]
                later[j] = worth_at(policy, b + 1, granted, held, ready[b, w])
            best = step(terms, column, states, b, later, chain)
            mark(states.cell[b + 1, best], start, False, sums, chosen)
            keep_state(b + 1, best, states)
