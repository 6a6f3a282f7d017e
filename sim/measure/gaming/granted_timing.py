"""The best timing that can be made under an early cap, where a pull may be granted in part."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, leaf
from sim.measure.gaming.chain import NEVER_PAID, Chain, Column, backward, fill_column, step
from sim.measure.gaming.crossing import BoundaryTerms, Flows
from sim.measure.gaming.forward import block_pulled, mark
from sim.measure.gaming.granted_chain import backward_granted
from sim.measure.gaming.granted_states import between_granted, fill_granted
from sim.measure.gaming.grants import limit_of
from sim.measure.gaming.moves import Moves
from sim.measure.gaming.reach import Effects, Sums
from sim.measure.gaming.states import GRANTED, HELD, PULLED, ROWS, States, one_state
from sim.records import IntP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@kernel
def find_best_granted(
    terms: BoundaryTerms,
    flows: Flows,
    moves: Moves,
    effects: Effects,
    friction: float,
    sums: tuple[Sums, Sums],
    pairs: int,
    states: States,
    chain: Chain,
    column: Column,
    chosen: Bools,
) -> None:
    """As ``find_best``. Backward, choices are granted what the cap allows where nothing was granted before; where more was,
    the chain works out what is left. In time, they are granted what it then allows.
    """
    periods = flows.base.shape[0]
    blocked, limits = np.zeros(chosen.size, np.bool_), np.zeros(periods)
    later, before = np.empty(states.row.shape[2]), np.zeros(ROWS)
    nothing = np.zeros(3, np.int64)
    for w in range(flows.base.shape[1]):
        fill_column(flows, moves.both, w, column)
        one_state(0, states)
        states.row[0, :, 0] = 0.0
        lowest = 0.0
        for b in range(periods):
            limits[b] = limit_of(terms, column, lowest, b)
            start = moves.start[w, 2 * b : 2 * b + 3] if b < periods - 1 else nothing
            ends = (limits[b], limits[b])
            fill_granted(terms, column, ends, effects, start, b + 1, blocked, pairs, sums, states)
            lowest = states.row[b + 1, GRANTED, : states.size[b + 1]].min()
        if terms.out_of_base > 0.0:
            backward_granted(terms, column, states, limits, friction, chain)
        else:
            backward(terms, column, states, friction, chain)
        before[:] = 0.0
        for b in range(periods - 1):
            limit = limit_of(terms, column, before[GRANTED], b)
            start = moves.start[w, 2 * b : 2 * b + 3]
            block_pulled(moves, w, b, chosen, blocked)
            known = known_worth(states, chain, b + 1, sums[0].known.size)
            ends = (limit, limits[b])
            fill_granted(terms, column, ends, effects, start, b + 1, blocked, pairs, sums, states)
            foresee(states, known, b + 1, sums[0].known.size, friction, later)
            best = step(terms, column, states, b, before, later, chain)
            mark(states.cell[b + 1, best], start, False, sums, chosen)
            for row in range(ROWS):
                before[row] = states.row[b + 1, row, best]


@kernel
def known_worth(states: States, chain: Chain, k: int, cells: int) -> tuple[Floats, Floats, IntP, IntP]:
    """What the chain found at boundary ``k``: amounts granted, their worth and the first of their row, by state; and where
    each hold's row begins, the row without a hold first. [state] [usd], [state] [usd], [state], [hold]
    """
    n = states.size[k]
    rows = np.full(cells + 1, -1, np.int64)
    for s in range(n):
        if states.first[k, s] == s:
            rows[hold_of(states.cell[k, s], cells) + 1] = s
    return states.row[k, GRANTED, :n].copy(), chain.value[k, :n].copy(), states.first[k, :n].copy(), rows


@leaf
def hold_of(cell: int, cells: int) -> int:
    """The held cell of a state's cell; -1 where nothing is held."""
    if cell < cells:
        return -1
    return cell - cells if cell < 2 * cells else (cell - 2 * cells) % cells


@kernel
def foresee(
    states: States,
    known: tuple[Floats, Floats, IntP, IntP],
    k: int,
    cells: int,
    friction: float,
    out: Floats,
) -> None:
    """What each state of boundary ``k`` is worth later, by what is granted of it, less the friction of its moves. [state]"""
    granted, worth, firsts, rows = known
    for j in range(states.size[k]):
        row = states.row[k, :, j]
        first = rows[hold_of(states.cell[k, j], cells) + 1]
        out[j] = NEVER_PAID
        if first >= 0:
            last = first + 1
            while last < firsts.size and firsts[last] == first:
                last += 1
            found = between_granted(granted, worth, first, last, row[GRANTED])
            out[j] = found - friction * (row[PULLED] + row[HELD])
