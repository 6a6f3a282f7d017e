"""Joint draws from the posterior: its mode, its curvature there, and chains where both make it about standard."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.chain import Density, run_chain
from sim.calibration.model import (
    LARGEST_PERSISTENCE,
    MARKET,
    MARKET_PERSISTENCE,
    NOT_DUE,
    SKILL,
    Cells,
    Floats,
    Places,
    Rows,
)
from sim.calibration.opening import opening_inputs
from sim.calibration.posterior import Held, log_posterior, work_room
from sim.calibration.prior import Prior, draw_prior
from sim.calibration.told import terms_of
from sim.engine.pool import Threads, Workers

Progress = Callable[[int, int], None]

CHAINS: Final = 2
BURN_IN: Final = 0.2
"""Share of the sweeps in which steps are tuned, and nothing is kept."""
WORK: Final = 1_000_000
"""Contracts x sweeps of a chain: some seconds."""
FEWEST, MOST = 80, 800
"""Sweeps of a chain."""
NEWTON: Final = 200
BESIDE: Final = 0.5
"""Of a typical spread, for curvatures."""
LEAST_TOLD: Final = 0.5
"""Curvature at a point may be less than that of the prior, which no coordinate is taken as much wider than."""
TOLD: Final = 0.35
"""What one renewal tells of a score. Source: Fisher information of a probit at a tenth to a half, 0.34 to 0.64."""


class Sampled(NamedTuple):
    """Joint draws of all inputs on their scales, and how well they mix.

    x          : [draw, input]
    market     : mean path of the market. [period]
    effective  : independent draws that a chain's are worth, by input. [input]
    agreement  : spread between chains over spread within (R hat). [input]
    """

    x: Floats
    market: Floats
    effective: Floats
    agreement: Floats
    sweeps: int


class _Problem:
    """A posterior as a function of coordinates: inputs that are estimated, market, skill."""

    def __init__(self, rows: Rows, cells: Cells, prior: Prior, periods: int, csms: int) -> None:
        self._data = (rows, cells, terms_of(rows, prior.layout.stick.shape[1]), prior.layout, prior.believed)
        self._counts = (periods, csms)
        self.free = np.flatnonzero(prior.layout.free)
        self.start, narrower = opening_inputs(rows, prior)
        due = int((rows.kind != NOT_DUE).sum())
        loads = [float(np.sqrt(_share_of(prior, place))) for place in (MARKET, SKILL)]
        self._held = Held(
            self.free, *(_hold(load, due / count) for load, count in zip(loads, self._counts, strict=True))
        )
        hidden = [
            np.full(count, 1.0 / np.sqrt(1.0 + TOLD * due / count * load**2))
            for load, count in zip(loads, self._counts, strict=True)
        ]
        self.y = np.concatenate([self.start[self.free], np.zeros(periods + csms)])
        self.scale = np.concatenate([narrower * prior.sd[self.free], *hidden])
        self.prior = _root(prior, self.free, *self._counts)

    def density(self) -> Density:
        """The log density, with room of its own: for one thread."""
        work = work_room(self._data[0], self._data[3], *self._counts, self.start)
        return lambda y, slope: float(log_posterior(*self._data, self._held, work, y, slope))


def sample(
    rows: Rows,
    cells: Cells,
    prior: Prior,
    periods: int,
    csms: int,
    draws: int,
    seed: int,
    progress: Progress | None = None,
    sweeps: int | None = None,
    workers: Workers | None = None,
) -> Sampled:
    """Joint draws from the posterior. Of no contracts it is the prior, drawn exactly.

    workers : run the chains; where left out, a thread each.
    """
    if not len(rows.kind):
        x = draw_prior(prior, draws, seed)
        return Sampled(x, np.zeros(periods), np.full(x.shape[1], float(draws)), np.ones(x.shape[1]), 0)
    sweeps = sweeps or min(max(WORK // len(rows.kind), FEWEST), MOST)
    problem = _Problem(rows, cells, prior, periods, csms)
    centre = find_mode(problem.density(), problem.y, problem.scale)
    spread = find_spread(problem.density, centre, problem.scale, problem.prior, csms)
    workers = workers or Threads(CHAINS)
    told = progress if workers.take_turns else None  # it cannot be told from another process
    shared = (problem, centre, spread, sweeps, seed, told)
    chains = np.stack(list(workers.in_order(_run, shared, range(CHAINS))))
    kept = np.broadcast_to(problem.start, (*chains.shape[:2], len(problem.start))).copy()
    kept[:, :, problem.free] = chains[:, :, : len(problem.free)]
    moving = np.where(np.isfinite(kept), kept, 0.0)  # what the prior has at nothing stands at minus infinity
    flat = kept.reshape(-1, kept.shape[-1])
    chosen = np.linspace(0, len(flat) - 1, draws).round().astype(np.int64)
    market = chains[:, :, len(problem.free) : len(problem.free) + periods].mean(axis=(0, 1))
    return Sampled(flat[chosen], market, effective_draws(moving), agreement(moving), sweeps)


def _run(shared: tuple[_Problem, Floats, Floats, int, int, Progress | None], number: int) -> Floats:
    problem, centre, spread, sweeps, seed, progress = shared
    told = progress if number == 0 else None
    warm = int(sweeps * BURN_IN)
    return run_chain(problem.density(), centre, spread, warm, sweeps, (seed, number), told).y


def find_mode(density: Density, start: Floats, scale: Floats) -> Floats:
    """Where the density is highest. scale : typical spreads. [coordinate]"""
    from scipy.optimize import minimize

    slope = np.empty(len(start))

    def worse(z: Floats) -> tuple[float, Floats]:
        value = density(start + scale * z, slope)
        return -value, -scale * slope

    options = {"maxiter": NEWTON, "ftol": 1e-7}
    found = minimize(worse, np.zeros(len(start)), jac=True, method="L-BFGS-B", options=options)
    mode: Floats = start + scale * found.x
    return mode


def find_spread(
    make: Callable[[], Density], centre: Floats, scale: Floats, prior: Floats, csms: int
) -> Floats:
    """A root of the inverse of the curvature at a point, from slopes beside it. [coordinate, coordinate]

    scale : typical spreads. prior : a root of the covariance of the prior. Skills, the last coordinates, are moved
    together: two CSMs have hardly an account in common.

    Source: Laplace's approximation.
    """
    size, alone = len(centre), len(centre) - csms
    moves = np.zeros((alone + 1, size))
    moves[np.arange(alone), np.arange(alone)] = BESIDE * scale[:alone]
    moves[alone, alone:] = BESIDE * scale[alone:]

    def curve(which: Floats) -> Floats:
        density, found = make(), np.empty((2, len(which), size))
        for row, move in enumerate(which):
            for side in range(2):
                density(centre + (move, -move)[side], found[side, row])
        curved: Floats = (found[1] - found[0]) / 2.0
        return curved

    with ThreadPoolExecutor(CHAINS) as pool:
        rows = np.concatenate(list(pool.map(curve, np.array_split(moves, CHAINS))))
    curvature = np.zeros((size, size))
    curvature[:alone] = rows[:alone] / moves[np.arange(alone), np.arange(alone)][:, None]
    curvature[alone:, :alone] = curvature[:alone, alone:].T
    curvature[np.arange(alone, size), np.arange(alone, size)] = rows[alone, alone:] / moves[alone, alone:]
    values, axes = np.linalg.eigh(prior.T @ (curvature + curvature.T) @ prior / 2.0)
    return np.asarray(prior @ axes / np.sqrt(np.maximum(values, LEAST_TOLD)))


def _share_of(prior: Prior, place: int) -> float:
    """Share of variance at the prior's mean."""
    from scipy.special import ndtr

    health = ndtr(prior.believed.mean[:3])
    left = {MARKET: 1.0, SKILL: (1.0 - health[0]) * (1.0 - health[1])}[place]
    return float(left * health[place])


def _root(prior: Prior, free: Places, periods: int, csms: int) -> Floats:
    """A root of the covariance of all coordinates before any data, market at the persistence of the prior."""
    from scipy.linalg import block_diag
    from scipy.special import ndtr

    phi = LARGEST_PERSISTENCE * float(ndtr(prior.believed.mean[MARKET_PERSISTENCE]))
    apart = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    inputs = np.linalg.inv(prior.believed.precision[np.ix_(free, free)])
    roots = (np.linalg.cholesky(inputs), np.linalg.cholesky(phi**apart), np.eye(csms))
    return np.asarray(block_diag(*roots))


def _hold(load: float, renewals: float) -> Floats:
    """How a path is held: the more is told of each of its steps, the more by what it does. renewals : of each step.

    Source: partially non-centred coordinates; Papaspiliopoulos, Roberts and Skold (2003).
    """
    told = TOLD * renewals * load**2
    return np.array([max(load, 1e-3), told / (1.0 + told) if load > 0.0 else 0.0])


def effective_draws(chains: Floats) -> Floats:
    """Independent draws that correlated ones are worth. chains : [chain, sweep, input]

    Source: Geyer's initial positive sequence of autocorrelations (1992), by the fast Fourier transform.
    """
    from scipy.fft import irfft, rfft

    count, length, inputs = chains.shape
    centred = chains - chains.mean(axis=1, keepdims=True)
    spectrum = rfft(centred, 2 * length, axis=1)
    covariance = irfft(np.abs(spectrum) ** 2, axis=1)[:, :length].mean(axis=0) / length
    out = np.full(inputs, float(count * length))
    for i in np.flatnonzero(covariance[0] > 1e-18):
        rho = covariance[:, i] / covariance[0, i]
        pairs = rho[: length // 2 * 2].reshape(-1, 2).sum(axis=1)
        stop = int(np.argmax(pairs < 0.0)) if (pairs < 0.0).any() else len(pairs)
        out[i] = count * length / max(2.0 * float(pairs[:stop].sum()) - 1.0, 1e-3)
    return np.asarray(np.minimum(out, count * length))


def agreement(chains: Floats) -> Floats:
    """Potential scale reduction of split chains. Source: Gelman and Rubin (1992); Vehtari et al. (2021)."""
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = half * parts.mean(axis=1).var(axis=0, ddof=1)
    scale = ((half - 1) / half * within + between / half) / np.maximum(within, 1e-300)
    return np.asarray(np.sqrt(np.where(within > 0.0, scale, 1.0)))
