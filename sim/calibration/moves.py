"""Moves of the inputs, one at a time: each weighed by what depends on it alone."""

import math

import numpy as np

from sim.calibration.hidden import Noise, as_it_is
from sim.calibration.likelihood import (
    Scratch,
    choose,
    copy,
    keep,
    keep_told,
    weigh,
    weigh_growth,
    weigh_returns,
    weigh_told,
)
from sim.calibration.meaning import (
    PHI,
    PSI,
    Meaning,
    find_numbers,
    find_scores,
    find_segment,
)
from sim.calibration.model import (
    EXPANSION,
    HEALTH_PERSISTENCE,
    MARKET_PERSISTENCE,
    Believed,
    Cells,
    Floats,
    Layout,
    Rows,
    State,
)
from sim.kernel import stage


@stage
def take(meaning: Meaning, tried: Meaning) -> None:
    """Let one meaning be another."""
    copy(tried.number, meaning.number)
    for group in range(len(tried.score)):
        copy(tried.score[group], meaning.score[group])
    for s in range(len(tried.rate)):
        copy(tried.edge[s], meaning.edge[s])
        copy(tried.back[s], meaning.back[s])
    copy(tried.smaller, meaning.smaller)
    copy(tried.larger, meaning.larger)
    copy(tried.rate, meaning.rate)


@stage
def find_meaning(x: Floats, layout: Layout, out: Meaning, scratch: Scratch) -> None:
    """What a point of the inputs means."""
    find_numbers(x, out.number)
    for s in range(len(layout.rate)):
        find_segment(x, layout, s, out)
    for group in range(len(layout.mean)):
        find_scores(x, layout, group, scratch.z, scratch.y, out.score[group])


@stage
def shift(i: int, by: float, state: State, believed: Believed) -> float:
    """Move one input; what its prior gains."""
    x, pull, precision = state.x, state.pull, believed.precision
    gain: float = -by * pull[i] - by * by * precision[i, i] / 2.0
    x[i] += by
    for j in range(len(x)):
        pull[j] += precision[j, i] * by
    return gain


@stage
def is_taken(which: int, gain: float, noise: Noise, state: State) -> bool:
    """Whether a move of so much gain stands; it is counted where it does."""
    if math.log(noise.u_input[which]) < gain:
        state.taken[which] += 1.0
        return True
    return False


@stage
def accept(i: int, by: float, gain: float, noise: Noise, state: State, believed: Believed) -> bool:
    """Whether a move of one input stands; else it is taken back."""
    taken = is_taken(i, gain, noise, state)
    if not taken:
        shift(i, -by, state, believed)
    return taken


@stage
def move_churn(
    rows: Rows,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    tried: Meaning,
    noise: Noise,
    s: int,
    found: Scratch,
) -> None:
    """The churn probabilities of a segment, term by term, then how much its accounts differ."""
    groups = len(layout.mean)
    take(tried, now)
    for turn in range(groups + 1):
        only = turn if turn < groups else -1
        i = layout.mean[only] if only >= 0 else layout.dispersion[s]
        if not layout.free[i] or (only >= 0 and layout.owner[only] != s):
            continue
        by = state.step[i] * noise.e_input[i]
        gain = shift(i, by, state, believed)
        for group in range(len(layout.mean)):
            if layout.owner[group] != s:
                continue
            if only < 0 or group == only:
                find_scores(state.x, layout, group, found.z, found.y, tried.score[group])
        choose(rows, s, only, found.which)
        gain += weigh(rows, state, as_it_is(state), tried, found)
        stands = accept(i, by, gain, noise, state, believed)
        for group in range(len(layout.mean)):
            if stands:
                copy(tried.score[group], now.score[group])
            else:
                copy(now.score[group], tried.score[group])
        if stands:
            keep(rows, state, found.which, found)


@stage
def move_told(
    rows: Rows,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    tried: Meaning,
    noise: Noise,
    s: int,
    found: Scratch,
) -> None:
    """When the kept of a segment book, how many shrink and grow, and how many of the lost return."""
    bands, tiers = layout.bands[s], layout.back.shape[1]
    take(tried, now)
    choose(rows, s, -1, found.which)
    for turn in range(bands - 1 + 2 + tiers):
        if turn < bands - 1:
            i = layout.stick[s, turn]
        elif turn < bands + 1:
            i = layout.smaller[s] if turn == bands - 1 else layout.larger[s]
        else:
            i = layout.back[s, turn - bands - 1]
        if i < 0 or not layout.free[i]:
            continue
        returns = turn >= bands + 1
        by = state.step[i] * noise.e_input[i]
        gain = shift(i, by, state, believed)
        find_segment(state.x, layout, s, tried)
        if returns:
            gain += weigh_returns(rows, state, tried, s) - weigh_returns(rows, state, now, s)
        else:
            gain += weigh_told(rows, state, state.standing, tried, found)
        if accept(i, by, gain, noise, state, believed):
            find_segment(state.x, layout, s, now)
            if not returns:
                keep_told(state, found.which, found)


@stage
def move_rates(
    rows: Rows,
    cells: Cells,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    noise: Noise,
    found: Scratch,
) -> None:
    """How often each segment grows: the likelihood of a rate is known from two sums."""
    count, expected = np.zeros(len(layout.rate)), np.zeros(len(layout.rate))
    start, segment, counts, grown = cells.start, rows.segment, cells.events, state.grown
    weigh_growth(rows, cells, state, as_it_is(state), now, grown)
    unit = np.zeros(len(now.rate))
    copy(now.rate, unit)
    for s in range(len(unit)):
        now.rate[s] = 1.0
    weigh_growth(rows, cells, state, as_it_is(state), now, found.grown)
    copy(unit, now.rate)
    for n in range(len(segment)):
        s = segment[n]
        for cell in range(start[n], start[n + 1]):
            count[s] += counts[cell]
            # out(rate) - out(1) = count ln rate - (rate - 1) x expected at 1
            if unit[s] != 1.0:
                lost = counts[cell] * math.log(unit[s]) - (grown[cell] - found.grown[cell])
                expected[s] += lost / (unit[s] - 1.0) * unit[s]
    for s in range(len(layout.rate)):
        i = layout.rate[s]
        if layout.free[i]:
            by = state.step[i] * noise.e_input[i]
            gain = shift(i, by, state, believed) + count[s] * by - expected[s] * (math.exp(by) - 1.0)
            if accept(i, by, gain, noise, state, believed):
                find_segment(state.x, layout, s, now)
    weigh_growth(rows, cells, state, as_it_is(state), now, grown)


@stage
def move_persistence(
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
    """How growth hangs on what is shared, and how health and the market persist."""
    take(tried, now)
    for i in (EXPANSION, HEALTH_PERSISTENCE, MARKET_PERSISTENCE):
        if not layout.free[i]:
            continue
        by = state.step[i] * noise.e_input[i]
        gain = shift(i, by, state, believed)
        find_numbers(state.x, tried.number)
        if i == EXPANSION:
            gain += weigh_growth(rows, cells, state, as_it_is(state), tried, found.grown)
        elif i == HEALTH_PERSISTENCE:
            gain += weigh_health(rows, state, tried) - weigh_health(rows, state, now)
        else:
            gain += density(state.market, tried.number[PHI]) - density(state.market, now.number[PHI])
        if accept(i, by, gain, noise, state, believed):
            copy(tried.number, now.number)
            if i == EXPANSION:
                copy(found.grown, state.grown)


@stage
def weigh_health(rows: Rows, state: State, meaning: Meaning) -> float:
    """Log density of the health of every account, from one contract to the next."""
    psi, health, account, total = meaning.number[PSI], state.health, rows.account, 0.0
    own = 1.0 - psi * psi
    for a in range(len(account) - 1):
        for n in range(account[a] + 1, account[a + 1]):
            step = health[n] - psi * health[n - 1]
            total -= step * step / (2.0 * own) + math.log(own) / 2.0
    return total


@stage
def density(path: Floats, phi: float) -> float:
    """Log density of a stationary path with unit variance, up to a constant."""
    own = 1.0 - phi * phi
    total = -(path[0] ** 2) / 2.0 if len(path) else 0.0
    for t in range(1, len(path)):
        step = path[t] - phi * path[t - 1]
        total -= step * step / (2.0 * own) + math.log(own) / 2.0
    return total
