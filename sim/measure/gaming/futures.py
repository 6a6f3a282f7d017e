"""What may happen in each period, given all that is known before it: fresh draws for every world, beside what did happen."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.gaming.boundary import honest_flows
from sim.measure.gaming.boundary_terms import FUTURE, Futures
from sim.measure.gaming.gamed import Block, Bounded
from sim.measure.gaming.policy import move_totals
from sim.records import Ledger

Floats = NDArray[np.float64]


class Redrawn(NamedTuple):
    """Worlds with all that is not known at the start of a period drawn anew, as plans and their boundaries see them.

    both  : amount that could be moved in either direction, by due period. [period, world] [usd]
    ready : amounts that can be pulled and held across each boundary. [direction, boundary, world] [usd]
    """

    ledger: Ledger
    both: Floats
    ready: Floats


class Play(NamedTuple):
    """Worlds to be bounded, and fresh draws of what follows in each of them.

    block   : the worlds.
    redrawn : for each period, the worlds again, each ``samples`` times; world ``w``, sample ``m`` is world
              ``w * samples + m``.
    samples : [count]
    """

    block: Block
    redrawn: Sequence[Redrawn]
    samples: int


def seen(block: Block) -> Redrawn:
    """What counts of a block of worlds."""
    moves = block.moves
    worlds, periods = moves.both.shape
    pulled = moves.days < 0
    amounts = np.stack([np.where(pulled, moves.amount, 0.0), np.where(pulled, 0.0, moves.amount)])
    return Redrawn(block.ledger, moves.both.T, move_totals(moves, amounts, worlds, periods))


def futures_of(bounded: Bounded, play: Play) -> Futures:
    """The futures of every world under one plan."""
    actual = _rows(bounded, seen(play.block))
    _, periods, worlds = actual.shape
    out = np.empty((periods, worlds, FUTURE, 1 + play.samples))
    for k, redrawn in enumerate(play.redrawn):
        fresh = _rows(bounded, redrawn)[:, k]
        out[k, :, :, 0] = actual[:, k].T
        out[k, :, :, 1:] = fresh.reshape(FUTURE, worlds, play.samples).transpose(1, 0, 2)
    return out


def _rows(bounded: Bounded, redrawn: Redrawn) -> Floats:
    """[row, period, world] [usd]"""
    flows = honest_flows(bounded.terms, redrawn.ledger)
    ready = np.zeros((2, *flows.base.shape))
    ready[:, :-1] = redrawn.ready
    return np.stack([*flows, redrawn.both, *ready])
