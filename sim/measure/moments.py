"""Means and spreads of quantities that are not kept world by world: summed per tile, merged in tile order.

A tile is 64 aligned worlds. Blocks are whole numbers of tiles, so the additions, and their order, are the
same for every block size and number of threads.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel

TILE: Final = 64
"""Worlds whose sums are formed in one piece. [world]"""


class Moments(NamedTuple):
    """Number of worlds, their mean, and the sum of squared deviations from it. All [row] (or [tile, row])."""

    worlds: NDArray[np.float64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]

    @property
    def sd(self) -> NDArray[np.float64]:
        """Standard deviation between worlds; 0 where fewer than two worlds count. [row]"""
        return np.sqrt(self.squares / np.maximum(self.worlds - 1.0, 1.0))


def no_moments(shape: tuple[int, ...]) -> Moments:
    """Moments of no worlds yet."""
    return Moments(np.zeros(shape), np.zeros(shape), np.zeros(shape))


def merge(one: Moments, other: Moments) -> Moments:
    """Moments of two disjoint sets of worlds together.

    Source: Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance", The American
    Statistician 37(3).
    """
    count = one.worlds + other.worlds
    weight = other.worlds / np.maximum(count, 1.0)
    step = other.mean - one.mean
    return Moments(
        count,
        one.mean + weight * step,
        one.squares + other.squares + one.worlds * weight * step * step,
    )


def tiles_of(values: NDArray[np.float64]) -> Moments:
    """Moments of every tile of ``values`` [row, world]; a NaN is a world that does not count. [tile, row]"""
    rows, worlds = values.shape
    out = no_moments(((worlds + TILE - 1) // TILE, rows))
    tile_moments(values, *out)
    return out


@kernel
def tile_moments(
    values: NDArray[np.float64],
    counted: NDArray[np.float64],
    mean: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> None:
    """Fill ``counted``, ``mean``, ``squares`` [tile, row] from ``values`` [row, world]; NaN is left out."""
    rows, worlds = values.shape
    for tile in range(counted.shape[0]):
        first = tile * TILE
        last = min(first + TILE, worlds)
        for row in range(rows):
            number = 0
            total = 0.0
            for world in range(first, last):
                value = values[row, world]
                if value == value:
                    number += 1
                    total += value
            centre = total / number if number > 0 else 0.0
            deviation = 0.0
            for world in range(first, last):
                value = values[row, world]
                if value == value:
                    deviation += (value - centre) * (value - centre)
            counted[tile, row] = number
            mean[tile, row] = centre
            squares[tile, row] = deviation
