"""How far the policy of one book is from the best that any rule without foresight could do."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.boundary import honest_flows
from sim.measure.gaming.dual import timing_dual
from sim.measure.gaming.futures import Play, futures_of
from sim.measure.gaming.gamed import Block, Bounded, Rule, followed
from sim.measure.gaming.moves import effects_of
from sim.measure.gaming.policy import move_totals, train_policy
from sim.measure.gaming.worth import Policy

NODES = 60
"""Steps of the grid of amounts in each direction on which worth is learnt here: what it misses is charged too little."""
FINEST = 200
"""Where all that can cross a boundary, both ways, is so many whole units at most, the grid goes by the unit. [count]"""

Floats = NDArray[np.float64]


class Certificate(NamedTuple):
    """Of one plan and book, pay over the horizon less what hindsight is charged for. [world] [usd]

    best   : of the best timing: its mean is at least the best rule's mean pay.
    policy : of the policy: its mean is the policy's mean pay. Never above ``best``.
    """

    best: Floats
    policy: Floats


def certify(bounded: Bounded, play: Play, training: Block, rule: Rule, cells: int) -> Certificate:
    """Bound every rule on the worlds of ``play``; what choices are worth is learnt anew on ``training``, more finely."""
    block = play.block
    effects = effects_of(block.moves, bounded.boundary, block.frame)
    flows = honest_flows(bounded.terms, block.ledger)
    gamed = followed(bounded, block, rule, cells)
    futures = futures_of(bounded, play)
    learnt = _worth(bounded, training)
    dual = timing_dual(bounded.boundary, flows, block.moves, effects, futures, learnt, gamed.chosen, cells)
    return Certificate(dual.best, gamed.pay - dual.charge)


def _worth(bounded: Bounded, training: Block) -> Policy:
    """What choices are worth later, as closely as can be afforded."""
    moves = training.moves
    flows, effects = (
        honest_flows(bounded.terms, training.ledger),
        effects_of(moves, bounded.boundary, training.frame),
    )
    if not bounded.boundary.free:
        return train_policy(bounded.boundary, flows, moves, effects)
    largest = move_totals(moves, np.stack([moves.amount]), *flows.base.shape[::-1]).max(initial=0.0)
    unit = unit_of(moves.amount)
    known = unit if unit * FINEST >= largest else None
    return train_policy(bounded.boundary, flows, moves, effects, nodes=NODES, unit=known)


def unit_of(amounts: Floats) -> float:
    """The largest whole amount of which all are multiples; 0 where there is none. [usd]"""
    whole = np.rint(amounts)
    if len(amounts) == 0 or (whole != amounts).any():
        return 0.0
    return float(np.gcd.reduce(whole.astype(np.int64)))
