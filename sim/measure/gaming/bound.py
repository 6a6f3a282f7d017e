"""Pay that no timing of one book under one plan exceeds, world by world."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measure.gaming.boundary_terms import BoundaryTerms, Column, Flows, fill_column
from sim.measure.gaming.chain import Chain, backward
from sim.measure.gaming.choices import States, one_state
from sim.measure.gaming.cover import Cover, cover_free, cover_memory
from sim.measure.gaming.moves import NOW, THEN, Moves, boundary_of
from sim.measure.gaming.pairs import BUCKETS_PER_CELL, Lane, pairs_backward
from sim.measure.gaming.sides import Side, edge, fill_pairs, prepare
from sim.measure.gaming.sums import Effects
from sim.measure.gaming.timing import working_memory

Floats = NDArray[np.float64]
LARGEST_PAY = 1e30
"""A bound above this is no bound: a quota can be moved away to as little as one likes. [usd]"""


def timing_bound(terms: BoundaryTerms, flows: Flows, moves: Moves, effects: Effects, cells: int) -> Floats:
    """Pay over the horizon that no choice of moves exceeds; infinite where there is no bound. [world] [usd]

    Where only credit moves both directions share one grid of ``cells``; where quotas move, every pair of a pull and a
    hold is a state, on a coarser grid of each.
    """
    value = np.empty(flows.base.shape[1])
    edges = flows.base.shape[0] + 1
    if terms.free:
        find_bound(
            terms, flows, moves, effects, cover_memory(cells), *working_memory(flows, cells + 1), value
        )
        if terms.curve.pieces.shape[1] == 1:
            value = np.minimum(value, linear_bound(terms, flows, moves, effects))
    else:
        find_pair_bound(terms, flows, moves, effects, *pair_memory(edges, pair_cells(terms, cells)), value)
    value[value > LARGEST_PAY] = np.inf
    return value


def pair_cells(terms: BoundaryTerms, cells: int) -> tuple[int, int]:
    """Cells of pulls and of holds where pairs are states. [count]

    Measured: what is held matters most, because late credit may be had at either end of its cell; under a cap what is
    pulled does as well, because the cap itself moves with it.
    """
    if terms.pulled_quota[0] != 0.0 or terms.held_quota[0] != 0.0:
        return max(cells // 10, 2), max(3 * cells // 16, 2)
    if terms.cap < np.inf:
        return max(cells // 4, 2), max(3 * cells // 8, 2)
    return max(3 * cells // 16, 2), max(3 * cells // 16, 2)


class PairMemory(NamedTuple):
    """Room for the cells of both directions, for the values of pairs, for the lanes and for the periods of one world."""

    covers: tuple[Cover, Cover]
    sides: tuple[Side, Side]
    grid: NDArray[np.float64]
    lane: Lane
    column: Column


def pair_memory(edges: int, cells: tuple[int, int]) -> PairMemory:
    """Working memory for so many cells of pulls and of holds at ``edges`` boundaries, nothing penalised."""
    pulls, holds = cells[0] + 1, cells[1] + 1
    rows = {name: np.zeros(2 * holds) for name in Lane._fields[:-3]}
    choices = BUCKETS_PER_CELL * pulls + holds
    return PairMemory(
        (cover_memory(cells[0]), cover_memory(cells[1])),
        (side_memory(edges, pulls), side_memory(edges, holds)),
        np.zeros((2, pulls, holds)),
        Lane(**rows, now=np.zeros(choices), later=np.zeros(choices), penalty=np.zeros((edges, pulls, holds))),
        Column(*(np.zeros(edges - 1) for _ in Column._fields)),
    )


def linear_bound(terms: BoundaryTerms, flows: Flows, moves: Moves, effects: Effects) -> Floats:
    """The bound where pay is linear and quotas stay: every move is worth what it is worth alone. [world] [usd]"""
    slope, pays = terms.curve.pieces[4, 0], terms.curve.pieces[3, 0]
    asked = flows.quota > 0.0
    bonus = terms.bonus[:, np.newaxis]
    rate = np.divide(bonus * slope, flows.quota, out=np.zeros_like(flows.quota), where=asked)
    exhausted = bonus * (pays + slope)
    value = np.where(asked, bonus * pays + rate * flows.credit, exhausted).sum(axis=0)
    world, boundary = boundary_of(moves)
    gain = rate[boundary, world] * effects[NOW] + rate[boundary + 1, world] * effects[THEN]
    found = np.zeros((int(moves.row.max(initial=0)) + 1, len(value)))
    np.maximum.at(found, (moves.row, world), gain)
    out: Floats = value + found.sum(axis=0)
    return out


def side_memory(edges: int, cells: int) -> Side:
    """Room for the cells of one direction at every boundary."""
    grids = {name: np.zeros((edges, cells)) for name in Side._fields[1:-1]}
    return Side(size=np.zeros(edges, np.int64), **grids, dearest=np.zeros(edges))


@kernel
def find_bound(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    found: Cover,
    states: States,
    chain: Chain,
    column: Column,
    value: Floats,
) -> None:
    """The bound for every world where only credit moves."""
    periods = flows.base.shape[0]
    for w in range(value.size):
        one_state(0, states)
        one_state(periods, states)
        for b in range(periods - 1):
            cover_free(effects, moves.start[w, 2 * b : 2 * b + 3], b + 1, found, states)
        fill_column(flows, moves.both, w, column)
        backward(terms, column, states, 0.0, chain)
        value[w] = chain.value[0, 0]


@kernel
def find_pair_bound(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    covers: tuple[Cover, Cover],
    sides: tuple[Side, Side],
    grid: NDArray[np.float64],
    lane: Lane,
    column: Column,
    value: Floats,
) -> None:
    """The bound for every world where quotas move or a cap holds."""
    pulls, holds = sides
    periods = flows.base.shape[0]
    for w in range(value.size):
        edge(0, pulls, holds)
        edge(periods, pulls, holds)
        fill_column(flows, moves.both, w, column)
        prepare(terms, effects, moves.start[w], column)
        for b in range(periods - 1):
            fill_pairs(effects, moves.start[w, 2 * b : 2 * b + 3], b + 1, terms, column, covers, pulls, holds)
        pairs_backward(terms, column, pulls, holds, grid, lane, value[w : w + 1])
