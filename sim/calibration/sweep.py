"""One sweep of the sampler: every input and everything hidden is moved once."""

from sim.calibration.hidden import Noise, move_health, move_market, move_places, move_skill
from sim.calibration.likelihood import Scratch
from sim.calibration.loadings import (
    STEP_MARKET,
    STEP_SKILL,
    move_health_path,
    move_levels,
    move_loadings,
    weigh_start,
)
from sim.calibration.meaning import H, M, Meaning, U
from sim.calibration.model import Believed, Cells, Layout, Rows, State
from sim.calibration.moves import find_meaning, move_churn, move_persistence, move_rates, move_told
from sim.calibration.ranks import move_couplings, move_open, move_within
from sim.kernel import kernel


@kernel
def start(
    rows: Rows, cells: Cells, layout: Layout, state: State, scratch: Scratch, now: Meaning, tried: Meaning
) -> None:
    """What a state means, and what its contracts are worth."""
    find_meaning(state.x, layout, now, scratch)
    find_meaning(state.x, layout, tried, scratch)
    weigh_start(rows, cells, state, now, scratch)


@kernel
def sweep(
    rows: Rows,
    cells: Cells,
    layout: Layout,
    believed: Believed,
    noise: Noise,
    scratch: Scratch,
    now: Meaning,
    tried: Meaning,
    odd: bool,
    state: State,
) -> None:
    """Move everything once; of what takes longest, one half in odd sweeps and the other in even ones.

    Source: Metropolis within Gibbs; Tierney, "Markov chains for exploring posterior distributions" (1994).
    """
    inputs = len(state.x)
    move_open(rows, state, now, noise)
    if odd:
        move_couplings(rows, layout, believed, state, now, tried, noise, scratch)
    else:
        move_within(rows, state, now, noise)
    if layout.free[layout.dispersion].any():
        move_places(rows, state, now, noise, scratch)
    if now.number[H] > 0.0:
        move_health(rows, cells, state, now, noise, scratch)
    if now.number[M] > 0.0:
        step = state.step[inputs + STEP_MARKET]
        state.taken[inputs + STEP_MARKET] += move_market(rows, cells, state, now, noise, step, scratch)
    if now.number[U] > 0.0:
        step = state.step[inputs + STEP_SKILL]
        state.taken[inputs + STEP_SKILL] += move_skill(rows, cells, state, now, noise, step, scratch)
    for s in range(len(layout.rate)):
        move_churn(rows, layout, believed, state, now, tried, noise, s, scratch)
        move_told(rows, layout, believed, state, now, tried, noise, s, scratch)
    if len(cells.period):
        move_rates(rows, cells, layout, believed, state, now, noise, scratch)
    move_persistence(rows, cells, layout, believed, state, now, tried, noise, scratch)
    first, last = (3, 5) if odd else (0, 3)
    move_loadings(rows, cells, layout, believed, state, now, tried, noise, first, last, scratch)
    move_health_path(rows, cells, layout, believed, state, now, tried, noise, scratch)
    move_levels(rows, cells, layout, believed, state, now, tried, noise, scratch)
