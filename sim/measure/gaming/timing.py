"""The best timing of one book under one plan that can be made, with full knowledge of the future, world by world."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.boundary import BoundaryTerms, Flows
from sim.measure.gaming.chain import Chain, Column, backward
from sim.measure.gaming.forward import fill_choices, forward
from sim.measure.gaming.moves import Moves
from sim.measure.gaming.reach import Effects, Sums
from sim.measure.gaming.states import ROWS, States, one_state
from sim.records import FloatPW

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PAIRS = 10
"""Pulled and held cells that are tried together at a boundary. [count]"""


class Slack(NamedTuple):
    """What an early cap may do to bookings that are early of their own accord; only upper bounds allow for it.

    room  : more that could be granted in a period. [period, world] [usd]
    spare : credit that could move into a period. [period, world] [usd]
    """

    room: FloatPW
    spare: FloatPW


class Timing(NamedTuple):
    """The best timing found. value : pay over the horizon [world] [usd]; chosen : moves made. [item]"""

    value: Floats
    chosen: NDArray[np.bool_]


def best_timing(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    cells: int,
    friction: float = 0.0,
    pairs: int = PAIRS,
) -> Timing:
    """The best choice of moves that the grid knows, with full knowledge of the future.

    cells    : of the grid of sums at each boundary; more are slower and closer. [count]
    pairs    : where quotas move, so many cells of each direction are tried together; 0 for one direction a boundary.
    friction : cost to the CSM per usd moved, taken into account by the choice and out of ``value``. [usd/usd]

    Source: METHOD.md, clairvoyant timing as a chain over boundaries.
    """
    worlds, items = flows.base.shape[1], moves.amount.size
    value, chosen = np.empty(worlds), np.zeros(items, dtype=np.bool_)
    split = (cells, 0) if terms.free else (cells // 2, cells // 2)
    sums = choice_memory(moves, split)
    memory = working_memory(flows, sum(split) + 1 + (0 if terms.free else pairs**2))
    find_best(terms, flows, no_slack(flows), moves, effects, friction, sums, pairs, *memory, value, chosen)
    return Timing(value, chosen)


def no_slack(flows: Flows) -> Slack:
    """What choices that are made have: none."""
    return Slack(np.zeros_like(flows.base), np.zeros_like(flows.base))


def choice_memory(moves: Moves, cells: tuple[int, int]) -> tuple[Sums, Sums]:
    """Room for the sums of the two directions at one boundary."""
    items = 2 * int(np.diff(moves.start, axis=1).max(initial=0))
    return _sums(cells[0], items), _sums(cells[1], items)


def _sums(cells: int, items: int) -> Sums:
    cells, items = max(cells, 1), max(items, 1)
    return Sums(np.zeros(cells, np.bool_), np.zeros((6, cells)), np.zeros((items, cells), np.int16))


def working_memory(flows: Flows, size: int) -> tuple[States, Chain]:
    """Room for the states of every boundary and for the recursion."""
    edges = flows.base.shape[0] + 1
    states = States(
        np.zeros(edges, np.int64), np.zeros((edges, ROWS, size)), np.zeros((edges, size), np.int64)
    )
    rows = (np.zeros(size) for _ in range(9))
    return states, Chain(np.zeros((edges, size)), np.zeros((edges, size), np.int64), *rows)


@kernel
def column_of(flows: Flows, slack: Slack, both: Floats, w: int) -> Column:
    """The periods of one world."""
    return Column(
        flows.base[:, w].copy(),
        flows.credit[:, w].copy(),
        flows.quota[:, w].copy(),
        flows.granted_into[:, w].copy(),
        flows.granted_out[:, w].copy(),
        both,
        slack.room[:, w].copy(),
        slack.spare[:, w].copy(),
    )


@kernel
def find_best(
    terms: BoundaryTerms,
    flows: Flows,
    slack: Slack,
    moves: Moves,
    effects: Effects,
    friction: float,
    sums: tuple[Sums, Sums],
    pairs: int,
    states: States,
    chain: Chain,
    value: Floats,
    chosen: Bools,
) -> None:
    """Best value on the states, and moves that reach it or come near, for every world."""
    periods = flows.base.shape[0]
    blocked = np.zeros(chosen.size, np.bool_)
    for w in range(value.size):
        column = column_of(flows, slack, moves.both[w], w)
        one_state(0, states)
        one_state(periods, states)
        for b in range(periods - 1):
            fill_choices(
                terms, effects, moves.start[w, 2 * b : 2 * b + 3], b + 1, blocked, sums, pairs, states
            )
        backward(terms, column, states, friction, chain)
        value[w] = chain.value[0, 0]
        forward(terms, column, moves, effects, w, friction, sums, pairs, states, chain, blocked, chosen)
