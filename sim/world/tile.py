"""A tile: what one account in up to ``LANES`` worlds at once is worked out in, and what these worlds share."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import stage
from sim.records import NEVER, FloatPW
from sim.world.lanes import (
    BOOKED,
    DUE,
    DUE_PERIOD,
    FACTOR,
    I32,
    INTEGER_ROWS,
    LANES,
    REACHED,
    SIGNED,
    SINGLE_ROWS,
    TERM,
    WORD_ROWS,
    Integers,
    Singles,
    Words,
)

SPARE_CHANCES: Final = 6
"""Periods of the first and the last group of four that lie outside the edges, at most."""


class Shared(NamedTuple):
    """The factors that all accounts of a book share, [due period, world].

    market : the market factor.
    boost  : effect of the market and of that skill on the rate of expansion.
    skill  : of whoever holds the book.
    """

    market: Singles
    boost: Singles
    skill: Singles


class Tile(NamedTuple):
    """Buffers for one account in up to ``LANES`` worlds, and what a tile of worlds shares.

    w, f, i                : rows named in ``sim.world.lanes``.
    chances                : words of growth, by groups of four periods. [period, lane], flat
    market, boost, skill   : as in ``Shared``. [due period, lane], flat
    arr                    : of the account. [lane] [usd/yr]
    expansion, expansions, newcomers : as in ``Path``. [due period, lane], flat
    """

    w: Words
    f: Singles
    i: Integers
    chances: Words
    market: Singles
    boost: Singles
    skill: Singles
    arr: NDArray[np.float64]
    expansion: NDArray[np.float64]
    expansions: NDArray[np.float64]
    newcomers: NDArray[np.float64]


@stage
def make_tile(span: int) -> Tile:
    """Empty buffers."""
    room = span * LANES
    return Tile(
        np.empty(WORD_ROWS * LANES, dtype=np.uint32),
        np.zeros(SINGLE_ROWS * LANES, dtype=np.float32),
        np.zeros(INTEGER_ROWS * LANES, dtype=np.int32),
        np.empty(room + SPARE_CHANCES * LANES, dtype=np.uint32),
        np.empty(room, dtype=np.float32),
        np.empty(room, dtype=np.float32),
        np.empty(room, dtype=np.float32),
        np.empty(LANES, dtype=np.float64),
        np.empty(room, dtype=np.float64),
        np.empty(room, dtype=np.float64),
        np.empty(room, dtype=np.float64),
    )


@stage
def open_tile(shared: Shared, first: int, n: int, out: Tile) -> None:
    """The shared factors of these worlds, and nothing grown yet."""
    for period in range(shared.market.shape[0]):
        for lane in range(n):
            out.market[period * LANES + lane] = shared.market[period, first + lane]
            out.boost[period * LANES + lane] = shared.boost[period, first + lane]
            out.skill[period * LANES + lane] = shared.skill[period, first + lane]
    out.expansion[:] = 0.0
    out.expansions[:] = 0.0
    out.newcomers[:] = 0.0


@stage
def close_tile(
    tile: Tile, first: int, n: int, expansion: FloatPW, expansions: FloatPW, newcomers: FloatPW
) -> None:
    """Write what has grown in these worlds."""
    for period in range(expansion.shape[0]):
        for lane in range(n):
            expansion[period, first + lane] = tile.expansion[period * LANES + lane]
            expansions[period, first + lane] = tile.expansions[period * LANES + lane]
            newcomers[period, first + lane] = tile.newcomers[period * LANES + lane]


@stage
def write_days(
    span: int, n: int, i: Integers, due_day: Integers, booked_day: Integers, term: NDArray[np.int8]
) -> None:
    """Write the renewal's days and term [lane], and whether it is REACHED and SIGNED."""
    for lane in range(n):
        reached = i[DUE_PERIOD * LANES + lane] < span
        signed = reached & (i[BOOKED * LANES + lane] < NEVER)
        due, booked, months = i[DUE * LANES + lane], i[BOOKED * LANES + lane], i[TERM * LANES + lane]
        i[REACHED * LANES + lane] = I32(reached)
        i[SIGNED * LANES + lane] = I32(signed)
        due_day[lane] = due if reached else I32(NEVER)
        booked_day[lane] = booked if signed else I32(NEVER)
        term[lane] = np.int8(months) if signed else np.int8(-1)


@stage
def write_arr(
    n: int,
    f: Singles,
    i: Integers,
    arr: NDArray[np.float64],
    due_arr: NDArray[np.float64],
    booked_arr: NDArray[np.float64],
) -> None:
    """Write the renewal's ARR before and after [lane], and let the account go on with what it has then. [usd/yr]"""
    for lane in range(n):
        before = arr[lane]
        after = before * np.float64(f[FACTOR * LANES + lane])
        renewed = after if i[SIGNED * LANES + lane] == 1 else 0.0
        reached = i[REACHED * LANES + lane] == 1
        due_arr[lane] = before if reached else 0.0
        booked_arr[lane] = renewed
        arr[lane] = renewed if reached else before
