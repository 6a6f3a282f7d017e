"""Chains of the sampler: started apart, tuned, run side by side, and thinned to joint draws."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.hidden import Noise
from sim.calibration.likelihood import Scratch, room
from sim.calibration.loadings import STRETCH_MARKET, STRETCH_SKILL
from sim.calibration.meaning import GRID, Meaning, empty_meaning
from sim.calibration.model import (
    AMOUNT,
    EITHER,
    HEALTH,
    LOST,
    MARKET,
    SKILL,
    TIMING,
    Cells,
    Floats,
    Rows,
    State,
)
from sim.calibration.opening import opening_inputs
from sim.calibration.prior import Prior, draw_prior
from sim.calibration.sweep import start, sweep
from sim.engine.pool import Threads, Workers

Progress = Callable[[int, int], None]

CHAINS: Final = 2
MOVES: Final = 7
TUNED_BY: Final = 10
"""Sweeps between two looks at the acceptance of proposals."""
WANTED: Final = 0.44
"""Acceptance at which proposals of one number are best. Source: Gelman, Roberts and Gilks (1996)."""
BURN_IN: Final = 0.4
"""Share of the sweeps in which proposals are tuned, and nothing is kept."""
WORK: Final = 3_000_000
"""Contracts x sweeps of a chain: some seconds."""
FEWEST, MOST = 300, 3_000
"""Sweeps of a chain."""


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


class Chain(NamedTuple):
    """One chain: [sweep, input], [sweep, period]."""

    x: Floats
    market: Floats


def sample(
    rows: Rows,
    cells: Cells,
    prior: Prior,
    periods: int,
    csms: int,
    draws: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
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

    workers = workers or Threads(CHAINS)
    told = progress if workers.take_turns else None  # it cannot be told from another process
    shared = ((rows, cells, prior, periods, csms, sweeps), seed, told)
    chains = list(workers.in_order(_run, shared, range(CHAINS)))
    kept = np.stack([each.x for each in chains])
    moving = np.where(np.isfinite(kept), kept, 0.0)  # what the prior has at nothing stands at minus infinity
    flat = kept.reshape(-1, kept.shape[-1])
    chosen = np.linspace(0, len(flat) - 1, draws).round().astype(np.int64)
    market = np.concatenate([each.market for each in chains]).mean(axis=0)
    return Sampled(flat[chosen], market, effective_draws(moving), agreement(moving), sweeps)


def _run(shared: tuple[tuple[Rows, Cells, Prior, int, int, int], int, Progress | None], number: int) -> Chain:
    given, seed, progress = shared
    return _chain(*given, (seed, number), progress if number == 0 else None)


def _chain(
    rows: Rows,
    cells: Cells,
    prior: Prior,
    periods: int,
    csms: int,
    sweeps: int,
    seed: tuple[int, int],
    progress: Callable[[int, int], None] | None,
) -> Chain:
    rng = np.random.default_rng(seed)
    inputs, accounts = len(prior.inputs), len(rows.account) - 1
    state = _opening(rows, len(cells.period), prior, periods, csms, rng)
    scratch: Scratch = room(len(rows.kind), len(cells.period), accounts, periods, csms, GRID)
    now: Meaning = empty_meaning(prior.layout)
    tried: Meaning = empty_meaning(prior.layout)
    start(rows, cells, prior.layout, state, scratch, now, tried)
    noise = _noise(len(rows.kind), accounts, periods, csms, inputs + MOVES)
    warm = int(sweeps * BURN_IN)
    halved = np.isin(np.arange(inputs + MOVES), [MARKET, HEALTH, SKILL, TIMING, AMOUNT])
    halved[[inputs + STRETCH_MARKET, inputs + STRETCH_SKILL]] = True
    kept, paths = np.empty((sweeps - warm, inputs)), np.empty((sweeps - warm, periods))
    for number in range(sweeps):
        _refill(noise, rng)
        sweep(rows, cells, prior.layout, prior.believed, noise, scratch, now, tried, number % 2 == 1, state)
        if number < warm and number % TUNED_BY == TUNED_BY - 1:
            tries = np.where(halved, TUNED_BY / 2.0, TUNED_BY)
            state.step[:] *= np.exp(1.5 * (state.taken / tries - WANTED))
            np.clip(state.step, 1e-4, 5.0, out=state.step)
            state.taken[:] = 0.0
        if number >= warm:
            kept[number - warm], paths[number - warm] = state.x, state.market
        if progress is not None and (number % TUNED_BY == TUNED_BY - 1 or number == sweeps - 1):
            progress(number + 1, sweeps)
    return Chain(kept, paths)


def _opening(
    rows: Rows, cells: int, prior: Prior, periods: int, csms: int, rng: np.random.Generator
) -> State:
    """Where a chain starts: near what is counted, its own noise on everything hidden."""
    inputs, contracts, accounts = len(prior.inputs), len(rows.kind), len(rows.account) - 1
    free = prior.layout.free
    x, narrower = opening_inputs(rows, prior)
    x[free] += prior.sd[free] * narrower * rng.standard_normal(int(free.sum()))
    pull = np.zeros(inputs)
    away = np.zeros(inputs)
    away[free] = x[free] - prior.believed.mean[free]
    pull[free] = (prior.believed.precision @ away)[free]
    lost = (rows.kind == LOST) | ((rows.kind == EITHER) & (rows.tier < 0))
    step = np.concatenate([2.0 * narrower * prior.sd, [0.3, 0.3, 0.2, 0.2, 0.5, 0.8, 0.2]])
    hidden = (rng.standard_normal(accounts), rng.standard_normal(contracts))
    shared = (0.3 * rng.standard_normal(periods), 0.3 * rng.standard_normal(csms))
    nothing = (np.zeros(contracts), np.zeros(contracts), np.zeros(contracts))
    return State(
        x,
        pull,
        *hidden,
        *shared,
        lost,
        rng.random(contracts),
        *nothing,
        np.zeros(cells),
        step,
        np.zeros(inputs + MOVES),
    )


def _noise(contracts: int, accounts: int, periods: int, csms: int, inputs: int) -> Noise:
    sizes = (*(contracts,) * 5, accounts, accounts)
    return Noise(*(np.empty(size) for size in (*sizes, periods, periods, csms, csms, inputs, inputs)))


def _refill(noise: Noise, rng: np.random.Generator) -> None:
    for name, values in zip(Noise._fields, noise, strict=True):
        if name.startswith("u"):
            rng.random(out=values)
        else:
            rng.standard_normal(out=values)


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
