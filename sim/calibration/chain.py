"""One chain of the sampler: trajectories of Hamiltonian dynamics, where the posterior is about a standard normal."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.model import Floats

LONG: Final = 1.5
"""Length of a trajectory: after a quarter of a turn, pi / 2, a standard normal has forgotten where it was."""
WANTED: Final = 0.8
"""Acceptance to which steps are tuned. Source: Betancourt, Byrne and Girolami (2014)."""
FIRST_STEP: Final = 0.4
SHORTEST, LONGEST = 0.05, 1.2
SHRINKS, SETTLES, SLOWS = 0.05, 10.0, 0.75
"""Of the tuning. Source: dual averaging; Hoffman and Gelman (2014)."""

Density = Callable[[Floats, Floats], float]
"""The log density at coordinates; slopes are written into the second."""


class Chain(NamedTuple):
    """Coordinates after each sweep that is kept, and the share of trajectories that were accepted. [sweep, coordinate]"""

    y: Floats
    accepted: float


class _Tuning:
    """The length of a step, by dual averaging."""

    def __init__(self) -> None:
        self._centre = math.log(2.0 * FIRST_STEP)
        self._missed, self._mean, self._count = 0.0, math.log(FIRST_STEP), 0

    def next(self, accepted: float) -> float:
        self._count += 1
        k = self._count
        self._missed += (WANTED - accepted - self._missed) / (k + SETTLES)
        log_step = self._centre - math.sqrt(k) / SHRINKS * self._missed
        weight = k**-SLOWS
        self._mean = weight * log_step + (1.0 - weight) * self._mean
        return min(max(math.exp(log_step), SHORTEST), LONGEST)

    @property
    def tuned(self) -> float:
        return min(max(math.exp(self._mean), SHORTEST), LONGEST)


def run_chain(
    density: Density,
    centre: Floats,
    spread: Floats,
    warm: int,
    sweeps: int,
    seed: tuple[int, int],
    progress: Callable[[int, int], None] | None = None,
) -> Chain:
    """Draw ``sweeps`` times, of which the first ``warm`` tune the step and are left out.

    centre, spread : y = centre + spread z makes z about standard normal. [coordinate], [coordinate, coordinate]

    Source: Neal, "MCMC using Hamiltonian dynamics" (2011).
    """
    rng = np.random.default_rng(seed)
    slope, kept = np.empty(len(centre)), np.empty((sweeps - warm, len(centre)))

    def at(z: Floats) -> tuple[float, Floats]:
        value = density(centre + spread @ z, slope)
        return (value if math.isfinite(value) else -math.inf), spread.T @ slope

    z = rng.standard_normal(len(centre))
    value, on_z = at(z)
    tuning, step, taken = _Tuning(), FIRST_STEP, 0
    for number in range(sweeps):
        force, new, slopes = rng.standard_normal(len(z)), z.copy(), on_z
        energy = value - float(force @ force) / 2.0
        own_step = step * rng.uniform(0.8, 1.2)
        for _ in range(max(round(LONG / step), 1)):
            force += own_step / 2.0 * slopes
            new += own_step * force
            found, slopes = at(new)
            force += own_step / 2.0 * slopes
            if not math.isfinite(found):
                break
        gain = found - float(force @ force) / 2.0 - energy
        chance = math.exp(min(gain, 0.0)) if math.isfinite(gain) else 0.0
        if rng.random() < chance:
            z, value, on_z = new, found, slopes
            taken += number >= warm
        if number < warm:
            step = tuning.next(chance) if number + 1 < warm else tuning.tuned
        else:
            kept[number - warm] = centre + spread @ z
        if progress is not None:
            progress(number + 1, sweeps)
    return Chain(kept, taken / max(sweeps - warm, 1))
