"""How far the policy of one book is from the best that any rule without foresight could do."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.boundary import honest_flows
from sim.measure.gaming.dual import timing_dual
from sim.measure.gaming.futures import Play, futures_of
from sim.measure.gaming.gamed import Block, Bounded, Rule, followed
from sim.measure.gaming.moves import effects_of
from sim.measure.gaming.policy import train_policy

NODES = 60
"""Steps of the grid of amounts in each direction on which worth is learnt here: what it misses is charged too little."""

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
    flows_then, effects_then = (
        honest_flows(bounded.terms, training.ledger),
        effects_of(training.moves, bounded.boundary, training.frame),
    )
    nodes = None if not bounded.boundary.free else NODES
    learnt = train_policy(bounded.boundary, flows_then, training.moves, effects_then, nodes=nodes)
    dual = timing_dual(bounded.boundary, flows, block.moves, effects, futures, learnt, gamed.chosen, cells)
    return Certificate(dual.best, gamed.pay - dual.charge)
