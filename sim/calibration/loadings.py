"""Moves of what is shared: how much market, skill and health weigh, and their levels against those of churn and growth."""

import math

from sim.calibration.hidden import Noise, as_it_is
from sim.calibration.likelihood import Hidden, Scratch, choose, copy, keep, weigh, weigh_growth
from sim.calibration.meaning import B_M, B_U, PHI, PSI, H, M, Meaning, U, find_numbers
from sim.calibration.model import (
    HEALTH,
    HEALTH_PERSISTENCE,
    MARKET,
    SKILL,
    Believed,
    Cells,
    Layout,
    Rows,
    State,
)
from sim.calibration.moves import density, find_meaning, is_taken, shift, take
from sim.kernel import stage

HOLD_MARKET, HOLD_SKILL, STRETCH_MARKET, STRETCH_SKILL, STEP_MARKET, STEP_SKILL, PERSIST_HEALTH = range(7)
"""Moves beside those of single inputs, counted from the last input."""


@stage
def move_loadings(
    rows: Rows,
    cells: Cells,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    tried: Meaning,
    noise: Noise,
    first: int,
    last: int,
    found: Scratch,
) -> None:
    """The shares of market, health and skill: with what hides behind them held, then, of market and skill, with what they do
    held, so that a well-known path and its share move together. first, last : which of the five moves.

    Source: centred and non-centred moves by turns; Yu and Meng, "To center or not to center" (2011).
    """
    take(tried, now)
    for turn in range(first, last):
        i = (MARKET, HEALTH, SKILL, MARKET, SKILL)[turn]
        if not layout.free[i]:
            continue
        which = i if turn < 3 else len(state.x) + (STRETCH_MARKET if turn == 3 else STRETCH_SKILL)
        by = state.step[which] * noise.e_input[which]
        gain = shift(i, by, state, believed)
        find_numbers(state.x, tried.number)
        market, skill = found.tried.market, found.tried.skill
        copy(state.market, market)
        copy(state.skill, skill)
        if turn == 3:
            ratio = now.number[M] / max(tried.number[M], 1e-9)
            for t in range(len(market)):
                market[t] *= ratio
            gain += density(market, now.number[PHI]) - density(state.market, now.number[PHI])
            gain += len(market) * math.log(ratio)
        elif turn == 4:
            ratio = now.number[U] / max(tried.number[U], 1e-9)
            for c in range(len(skill)):
                skill[c] *= ratio
            gain += density(skill, 0.0) - density(state.skill, 0.0) + len(skill) * math.log(ratio)
        hidden = Hidden(state.place, state.health, market, skill)
        gain += weigh_shared(rows, cells, state, hidden, tried, found)
        if is_taken(which, gain, noise, state):
            copy(tried.number, now.number)
            keep_shared(rows, state, found)
        else:
            shift(i, -by, state, believed)


@stage
def move_health_path(
    rows: Rows,
    cells: Cells,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    tried: Meaning,
    noise: Noise,
    found: Scratch,
) -> None:
    """How health persists, with its own steps held: what a few contracts of an account tell of its path is little."""
    which = len(state.x) + PERSIST_HEALTH
    if not layout.free[HEALTH_PERSISTENCE] or now.number[H] == 0.0:
        return
    take(tried, now)
    by = state.step[which] * noise.e_input[which]
    gain = shift(HEALTH_PERSISTENCE, by, state, believed)
    find_numbers(state.x, tried.number)
    before, after = now.number[PSI], tried.number[PSI]
    ratio = math.sqrt((1.0 - after * after) / (1.0 - before * before))
    health, new, account = state.health, found.tried.health, rows.account
    for a in range(len(account) - 1):
        for n in range(account[a], account[a + 1]):
            new[n] = health[n]
            if n > account[a]:
                new[n] = after * new[n - 1] + ratio * (health[n] - before * health[n - 1])
    hidden = Hidden(state.place, new, state.market, state.skill)
    gain += weigh_shared(rows, cells, state, hidden, tried, found)
    if is_taken(which, gain, noise, state):
        copy(tried.number, now.number)
        copy(new, health)
        copy(found.grown, state.grown)
        keep(rows, state, found.which, found)
    else:
        shift(HEALTH_PERSISTENCE, -by, state, believed)


@stage
def move_levels(
    rows: Rows,
    cells: Cells,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    tried: Meaning,
    noise: Noise,
    found: Scratch,
) -> None:
    """Market, then skill, as a whole against the levels of churn and growth: hard to tell apart, they move together."""
    for turn in range(2):
        which = len(state.x) + (HOLD_MARKET if turn == 0 else HOLD_SKILL)
        load, pace = (now.number[M], now.number[B_M]) if turn == 0 else (now.number[U], now.number[B_U])
        if load == 0.0:
            continue
        by = state.step[which] * noise.e_input[which]
        market, skill, phi = found.tried.market, found.tried.skill, now.number[PHI]
        copy(state.market, market)
        copy(state.skill, skill)
        hidden_path = market if turn == 0 else skill
        for t in range(len(hidden_path)):
            hidden_path[t] += by
        gain = density(market, phi) - density(state.market, phi)
        gain += density(skill, 0.0) - density(state.skill, 0.0)
        gain += shift_levels(layout, believed, state, by * load, by * pace)
        find_meaning(state.x, layout, tried, found)
        hidden = Hidden(state.place, state.health, market, skill)
        gain += weigh_shared(rows, cells, state, hidden, tried, found)
        if is_taken(which, gain, noise, state):
            take(now, tried)
            keep_shared(rows, state, found)
        else:
            shift_levels(layout, believed, state, -by * load, -by * pace)


@stage
def shift_levels(layout: Layout, believed: Believed, state: State, score: float, pace: float) -> float:
    """Move every churn probability up by a score, and every rate of growth down; what their priors gain."""
    gain = 0.0
    for group in range(len(layout.mean)):
        if layout.free[layout.mean[group]]:
            gain += shift(layout.mean[group], score, state, believed)
    for s in range(len(layout.rate)):
        if layout.free[layout.rate[s]]:
            gain += shift(layout.rate[s], -pace, state, believed)
    return gain


@stage
def weigh_shared(
    rows: Rows, cells: Cells, state: State, hidden: Hidden, meaning: Meaning, found: Scratch
) -> float:
    """What every contract, and all growth, gains."""
    choose(rows, -1, -1, found.which)
    return weigh(rows, state, hidden, meaning, found) + weigh_growth(
        rows, cells, state, hidden, meaning, found.grown
    )


@stage
def keep_shared(rows: Rows, state: State, found: Scratch) -> None:
    """Take what was found, with the market and the skill of the move."""
    copy(found.tried.market, state.market)
    copy(found.tried.skill, state.skill)
    copy(found.grown, state.grown)
    keep(rows, state, found.which, found)


@stage
def weigh_start(rows: Rows, cells: Cells, state: State, meaning: Meaning, found: Scratch) -> None:
    """What contracts and growth are worth as they are."""
    weigh_shared(rows, cells, state, as_it_is(state), meaning, found)
    keep(rows, state, found.which, found)
    copy(found.grown, state.grown)
