"""What follows a choice under an early cap, for a rule that knows nothing later."""

import numpy as np

from sim.kernel import kernel, leaf
from sim.measure.gaming.chain import NEVER_PAID, SLACK, Chain, Column, Floats, arrive
from sim.measure.gaming.crossing import BoundaryTerms
from sim.measure.gaming.granted_chain import try_granted
from sim.measure.gaming.grants import fully_granted, honest_share
from sim.measure.gaming.moves import NOW, QUOTA_NOW
from sim.measure.gaming.states import CREDIT_NOW, HELD, LOW_NOW, PULL_CREDIT, PULLED, States
from sim.measure.gaming.worth import Policy, worth_at


@kernel
def continue_granted(
    terms: BoundaryTerms,
    column: Column,
    states: States,
    nodes: States,
    policy: Policy,
    k: int,
    ready: tuple[float, float],
    chain: Chain,
) -> None:
    """As ``continue_best`` under an early cap. A node pulls what it says or all that is ready; the cap may grant less."""
    n, size, row = policy.nodes, nodes.size[k + 1], nodes.row[k + 1]
    last = k == column.base.size - 1
    worth, full = np.zeros(size), np.zeros((size, states.size[k]))
    own, into = honest_share(column, k), terms.pulled_quota[0]
    per_usd = 0.0 if last else policy.per_usd[1, NOW, k]
    arrive(terms, column, states, k, chain)
    for j in range(size):
        node = (j // (n + 1) if policy.both else max(j - n, 0)) * policy.pulled[k + 1] / n
        pulled, held = 0.0 if last else min(node, ready[0]), row[HELD, j]
        row[PULLED, j], row[PULL_CREDIT, j] = pulled, pulled * per_usd
        row[CREDIT_NOW, j] = (1.0 - own) * column.ahead_credit[k] + pulled * per_usd
        row[LOW_NOW, j] = into * (column.ahead[k] + pulled - column.granted_into[k])
        if held > 0.0:
            row[CREDIT_NOW, j] += held * policy.per_usd[0, NOW, k]
            row[LOW_NOW, j] += held * policy.per_usd[0, QUOTA_NOW, k]
        again = not last and node - policy.pulled[k + 1] / n >= ready[0] and node > 0.0
        if held > ready[1] * (1.0 + SLACK) or again:
            worth[j] = NEVER_PAID
        elif not last:
            granted = pulled + column.ahead_next[k] * (1.0 - own)
            worth[j] = worth_at(policy, k + 1, granted, held, ready[0])
            fill_full_node(column, policy, nodes, (k, j), ready[0], chain, full)
    try_granted(terms, column, np.inf, states, nodes, worth, full, k, chain)


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
