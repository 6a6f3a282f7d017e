"""Moves of what hides behind outcomes: ranks, what is open, accounts, health, market and skill.

Whatever does not hang together is moved at once: all accounts, all CSMs, every other period and every other contract.
"""

import math
from typing import Final, NamedTuple

from sim.calibration.likelihood import (
    Hidden,
    Scratch,
    choose,
    copy,
    keep,
    weigh,
    weigh_growth,
)
from sim.calibration.meaning import PHI, PSI, Meaning
from sim.calibration.model import NOT_DUE, Cells, Floats, Rows, State
from sim.kernel import stage

KEEPS: Final = 0.7
MOVES: Final = math.sqrt(1.0 - KEEPS * KEEPS)
"""A place moves so that its law stays: 0.7 of it, and new noise. Source: preconditioned Crank-Nicolson; Cotter, Roberts,
Stuart and White, "MCMC methods for functions" (2013)."""


class Noise(NamedTuple):
    """The random numbers of one sweep: ``u`` are shares, ``e`` are standard normal. Axes as their names say."""

    u_rank: Floats
    u_told: Floats
    u_side: Floats
    e_health: Floats
    u_health: Floats
    e_place: Floats
    u_place: Floats
    e_market: Floats
    u_market: Floats
    e_skill: Floats
    u_skill: Floats
    e_input: Floats
    u_input: Floats


@stage
def as_it_is(state: State) -> Hidden:
    """What hides behind outcomes now."""
    return Hidden(state.place, state.health, state.market, state.skill)


@stage
def move_places(rows: Rows, state: State, meaning: Meaning, noise: Noise, found: Scratch) -> None:
    """Accounts among their segment's."""
    account, place, tried = rows.account, state.place, found.tried.place
    for a in range(len(place)):
        tried[a] = KEEPS * place[a] + MOVES * noise.e_place[a]
    choose(rows, -1, -1, found.which)
    weigh(rows, state, Hidden(tried, state.health, state.market, state.skill), meaning, found)
    for a in range(len(place)):
        gain = 0.0
        for n in range(account[a], account[a + 1]):
            if found.which[n]:
                gain += gain_of(state, n, found)
        stands = math.log(noise.u_place[a]) < gain
        if stands:
            place[a] = tried[a]
        for n in range(account[a], account[a + 1]):
            found.which[n] = found.which[n] and stands
    keep(rows, state, found.which, found)


@stage
def gain_of(state: State, n: int, found: Scratch) -> float:
    """What one contract gains by a move."""
    gain: float = found.left[n] - state.left[n]
    told: float = found.told[n] - state.told[n]
    return gain + told if not state.lost[n] else gain


@stage
def move_health(
    rows: Rows, cells: Cells, state: State, meaning: Meaning, noise: Noise, found: Scratch
) -> None:
    """Health at every other contract of each account, drawn from what the contracts before and after it say."""
    psi, account, health, tried = meaning.number[PSI], rows.account, state.health, found.tried.health
    own = 1.0 - psi * psi
    for odd in range(2):
        copy(health, tried)
        for a in range(len(account) - 1):
            for n in range(account[a], account[a + 1]):
                found.which[n] = (n - account[a]) % 2 == odd
                if not found.which[n]:
                    continue
                mean, precision = 0.0, 1.0
                if n > account[a]:
                    mean, precision = psi * health[n - 1] / own, 1.0 / own
                if n + 1 < account[a + 1]:
                    mean, precision = mean + psi * health[n + 1] / own, precision + psi * psi / own
                tried[n] = mean / precision + noise.e_health[n] / math.sqrt(precision)
        take_health(rows, cells, state, meaning, noise, found)


@stage
def take_health(
    rows: Rows, cells: Cells, state: State, meaning: Meaning, noise: Noise, found: Scratch
) -> None:
    """Take the health of some contracts, or leave it."""
    which, kind, start = found.which, rows.kind, cells.start
    hidden = Hidden(state.place, found.tried.health, state.market, state.skill)
    weigh_growth(rows, cells, state, hidden, meaning, found.grown)
    for n in range(len(which)):
        found.gain[n] = 1.0 if which[n] else 0.0
        which[n] = which[n] and kind[n] != NOT_DUE
    weigh(rows, state, hidden, meaning, found)
    for n in range(len(which)):
        if found.gain[n] == 0.0:
            continue
        gain = gain_of(state, n, found) if which[n] else 0.0
        for cell in range(start[n], start[n + 1]):
            gain += found.grown[cell] - state.grown[cell]
        stands = math.log(noise.u_health[n]) < gain
        which[n] = which[n] and stands
        if stands:
            state.health[n] = found.tried.health[n]
            for cell in range(start[n], start[n + 1]):
                state.grown[cell] = found.grown[cell]
    keep(rows, state, which, found)


@stage
def move_market(
    rows: Rows, cells: Cells, state: State, meaning: Meaning, noise: Noise, step: float, found: Scratch
) -> float:
    """The market in every other period; the share of periods in which it moved."""
    moved, market, tried, phi = 0.0, state.market, found.tried.market, meaning.number[PHI]
    for odd in range(2):
        copy(market, tried)
        for t in range(odd, len(market), 2):
            tried[t] += step * noise.e_market[t]
        for t in range(odd, len(market), 2):
            found.gain[t] = path_weight(tried, t, phi) - path_weight(market, t, phi)
        hidden = Hidden(state.place, state.health, tried, state.skill)
        weigh_growth(rows, cells, state, hidden, meaning, found.grown)
        for cell in range(len(found.grown)):
            found.gain[cells.period[cell]] += found.grown[cell] - state.grown[cell]
        for n in range(len(rows.kind)):
            found.which[n] = rows.kind[n] != NOT_DUE and rows.period[n] % 2 == odd
        weigh(rows, state, hidden, meaning, found)
        for n in range(len(rows.kind)):
            if found.which[n]:
                found.gain[rows.period[n]] += gain_of(state, n, found)
        for t in range(odd, len(market), 2):
            stands = math.log(noise.u_market[t]) < found.gain[t]
            found.gain[t] = 1.0 if stands else 0.0
            if stands:
                market[t] = tried[t]
                moved += 1.0 / len(market)
        for n in range(len(rows.kind)):
            found.which[n] = found.which[n] and found.gain[rows.period[n]] == 1.0
        for cell in range(len(found.grown)):
            t = cells.period[cell]
            if t % 2 == odd and found.gain[t] == 1.0:
                state.grown[cell] = found.grown[cell]
        keep(rows, state, found.which, found)
    return moved


@stage
def path_weight(market: Floats, t: int, phi: float) -> float:
    """Log density of one period of the market given its neighbours, up to what they fix."""
    own = 1.0 - phi * phi
    weight: float = (
        -(market[t] ** 2) / 2.0 if t == 0 else -((market[t] - phi * market[t - 1]) ** 2) / (2.0 * own)
    )
    if t + 1 < len(market):
        weight -= (market[t + 1] - phi * market[t]) ** 2 / (2.0 * own)
    return weight


@stage
def move_skill(
    rows: Rows, cells: Cells, state: State, meaning: Meaning, noise: Noise, step: float, found: Scratch
) -> float:
    """The skill of every CSM; the share of them that moved."""
    skill, tried, start, moved = state.skill, found.tried.skill, cells.start, 0.0
    for c in range(len(skill)):
        tried[c] = skill[c] + step * noise.e_skill[c]
        found.gain[c] = (skill[c] ** 2 - tried[c] ** 2) / 2.0
    hidden = Hidden(state.place, state.health, state.market, tried)
    weigh_growth(rows, cells, state, hidden, meaning, found.grown)
    choose(rows, -1, -1, found.which)
    weigh(rows, state, hidden, meaning, found)
    for n in range(len(rows.kind)):
        if found.which[n]:
            found.gain[rows.csm[n]] += gain_of(state, n, found)
        for cell in range(start[n], start[n + 1]):
            found.gain[rows.csm[n]] += found.grown[cell] - state.grown[cell]
    for c in range(len(skill)):
        stands = math.log(noise.u_skill[c]) < found.gain[c]
        found.gain[c] = 1.0 if stands else 0.0
        if stands:
            skill[c] = tried[c]
            moved += 1.0 / len(skill)
    for n in range(len(rows.kind)):
        stands = found.gain[rows.csm[n]] == 1.0
        found.which[n] = found.which[n] and stands
        for cell in range(start[n], start[n + 1] if stands else start[n]):
            state.grown[cell] = found.grown[cell]
    keep(rows, state, found.which, found)
    return moved
