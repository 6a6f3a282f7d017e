"""The likelihood of contracts and of growth, given what hides behind them.

A renewal is lost with probability Phi((q - mu) / own), q being the score of the account's churn probability and mu the part
of the latent that is shared. Of a kept one the latent itself is integrated by its rank among the kept, so that everything
that churn depends on is weighed by churn alone, and by what timing and amount tell of that rank.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.meaning import (
    B_H,
    B_M,
    B_U,
    FARTHEST_PLACE,
    KNOTS,
    OWN,
    OWN_AMOUNT,
    OWN_TIMING,
    PER_SCORE,
    R_AMOUNT,
    R_TIMING,
    H,
    M,
    Meaning,
    U,
)
from sim.calibration.model import LARGER, NOT_DUE, SMALLER, UNKNOWN, Cells, Flags, Floats, Places, Rows, State
from sim.calibration.normal import score_at, share_below
from sim.kernel import leaf, stage

LEAST: Final = 1e-12
SMALLEST: Final = 1e-300
STRATA: Final = 6
"""Equal parts of all ranks, of which each kept renewal is in one."""


class Hidden(NamedTuple):
    """What hides behind outcomes, as it is or as a move would have it; see ``State``."""

    place: Floats
    health: Floats
    market: Floats
    skill: Floats


class Scratch(NamedTuple):
    """Room for what a move would make of contracts and growth.

    standing, left, told : as in ``State``. [contract]
    grown : [cell]
    which : contracts that the move touches. [contract]
    gain  : of each period, CSM or account, whichever moves.
    z, y  : of one table.
    node  : standing of a kept renewal at each stratum of ranks. [contract, stratum]
    by_timing, by_amount : probability there of when it is booked, and for how much. [contract, stratum]
    """

    standing: Floats
    left: Floats
    told: Floats
    grown: Floats
    which: Flags
    gain: Floats
    z: Floats
    y: Floats
    node: Floats
    by_timing: Floats
    by_amount: Floats
    tried: Hidden


@stage
def weigh(rows: Rows, state: State, hidden: Hidden, meaning: Meaning, out: Scratch) -> float:
    """What the contracts in ``out.which`` would be worth: the gain in log likelihood; contract by contract in ``out``."""
    account, group, csm, period = rows.account, rows.group, rows.csm, rows.period
    place, health, market, skill = hidden.place, hidden.health, hidden.market, hidden.skill
    lost, rank, score, number = state.lost, state.rank, meaning.score, meaning.number
    which, left, standing = out.which, out.left, out.standing
    on_market, on_skill, on_health, own = number[M], number[U], number[H], number[OWN]
    gain = 0.0
    for a in range(len(account) - 1):
        at = min(max((place[a] + FARTHEST_PLACE) * PER_SCORE, 0.0), KNOTS - 1.000001)
        knot = int(at)
        beyond = at - knot
        for n in range(account[a], account[a + 1]):
            if not which[n]:
                continue
            low = score[group[n], knot]
            q = low + beyond * (score[group[n], knot + 1] - low)
            mu = on_market * market[period[n]] + on_skill * skill[csm[n]] + on_health * health[n]
            if lost[n]:
                left[n] = math.log(max(share_below((q - mu) / own), SMALLEST))
            else:
                stays = share_below((mu - q) / own)
                left[n] = math.log(max(stays, SMALLEST))
                latent = mu - own * score_at(max(rank[n] * stays, LEAST))
                above = share_below(-latent) / max(share_below(-q), LEAST)
                standing[n] = -score_at(min(max(above, LEAST), 1.0 - LEAST))
            gain += left[n] - state.left[n]
    return gain + weigh_told(rows, state, standing, meaning, out)


@stage
def weigh_told(rows: Rows, state: State, standing: Floats, meaning: Meaning, out: Scratch) -> float:
    """What the kept in ``out.which`` would be worth by when they are booked, and for how much; given their standing."""
    segment, low, high, part, amount = rows.segment, rows.low, rows.high, rows.part, rows.amount
    edge, smaller, larger, number = meaning.edge, meaning.smaller, meaning.larger, meaning.number
    which, told, lost, before = out.which, out.told, state.lost, state.told
    r, r_amount, own, own_amount = number[R_TIMING], number[R_AMOUNT], number[OWN_TIMING], number[OWN_AMOUNT]
    gain = 0.0
    for n in range(len(which)):
        if not which[n] or lost[n]:
            continue
        s = segment[n]
        beyond = edge[s, min(high[n] + 1, edge.shape[1] - 1)]
        likely = share_in(edge[s, low[n]], edge[s, high[n]], beyond, part[n], r * standing[n], own)
        likely *= share_of(amount[n], smaller[s], larger[s], r_amount * standing[n], own_amount)
        told[n] = math.log(max(likely, SMALLEST))
        gain += told[n] - before[n]
    return gain


@leaf
def share_in(low: float, high: float, beyond: float, part: float, shift: float, own: float) -> float:
    """Probability that a kept renewal is booked between two timing scores, or in part of the band after them, given its
    standing.
    """
    upto = share_below((high - shift) / own)
    likely: float = upto - share_below((low - shift) / own)
    return likely + part * (share_below((beyond - shift) / own) - upto) if part > 0.0 else likely


@leaf
def share_of(amount: int, smaller: float, larger: float, shift: float, own: float) -> float:
    """Probability of what became of the ARR of a kept renewal, given its standing; 1 where nobody knows."""
    if amount == UNKNOWN:
        return 1.0
    below = share_below((smaller - shift) / own)
    above = share_below((shift - larger) / own)
    rest: float = max(1.0 - below - above, 0.0)
    return below if amount == SMALLER else (above if amount == LARGER else rest)


@stage
def keep(rows: Rows, state: State, which: Flags, found: Scratch) -> None:
    """Take what was found for some contracts."""
    lost, left, standing, told = state.lost, state.left, state.standing, state.told
    for n in range(len(which)):
        if which[n]:
            left[n] = found.left[n]
            if not lost[n]:
                standing[n], told[n] = found.standing[n], found.told[n]


@stage
def keep_told(state: State, which: Flags, found: Scratch) -> None:
    """Take what was found of timing and amount alone."""
    lost, told = state.lost, state.told
    for n in range(len(which)):
        if which[n] and not lost[n]:
            told[n] = found.told[n]


@stage
def copy(values: Floats, out: Floats) -> None:
    """Write one array over another. A loop compiles in a fraction of the time of an assignment of whole arrays."""
    for place in range(len(values)):
        out[place] = values[place]


@leaf
def boost(b: float, factor: float) -> float:
    """What a factor does to the rate of growth, on the log scale. Source: ``sim.world.growth``."""
    return b * factor - b * b / 2.0


@stage
def weigh_growth(
    rows: Rows, cells: Cells, state: State, hidden: Hidden, meaning: Meaning, out: Floats
) -> float:
    """What growth would be worth: the gain in log likelihood; cell by cell in ``out``.

    Source: Poisson with lognormal intensity.
    """
    start, period, exposure, count = cells.start, cells.period, cells.exposure, cells.events
    segment, csm, rate, number = rows.segment, rows.csm, meaning.rate, meaning.number
    market, skill, health, before = hidden.market, hidden.skill, hidden.health, state.grown
    by_period = np.empty(len(market))
    for t in range(len(market)):
        by_period[t] = boost(number[B_M], market[t])
    gain = 0.0
    for n in range(len(start) - 1):
        if start[n] == start[n + 1]:
            continue
        own = boost(number[B_U], skill[csm[n]]) + boost(number[B_H], health[n])
        own += math.log(max(rate[segment[n]], SMALLEST))
        for cell in range(start[n], start[n + 1]):
            pace = own + by_period[period[cell]]
            out[cell] = count[cell] * pace - exposure[cell] * math.exp(pace)
            gain += out[cell] - before[cell]
    return gain


@leaf
def log_lost(back: Floats, waited: Floats, tier: int, odds: float) -> float:
    """Log likelihood of what is told of a lost renewal: the tier it returned in, or that it has not so far."""
    if tier >= 0:
        return math.log(max(back[tier] * odds, SMALLEST))
    likely = 1.0
    for k in range(len(back)):
        likely -= back[k] * waited[k]
    return math.log(max(likely, SMALLEST))


@stage
def weigh_returns(rows: Rows, state: State, meaning: Meaning, s: int) -> float:
    """Log likelihood of the returns of the lost of a segment."""
    back, waited, tier, odds, lost = meaning.back[s], rows.waited, rows.tier, rows.odds, state.lost
    total = 0.0
    for n in range(rows.account[rows.first[s]], rows.account[rows.first[s + 1]]):
        if rows.kind[n] != NOT_DUE and lost[n]:
            total += log_lost(back, waited[n], tier[n], odds[n])
    return total


@stage
def choose(rows: Rows, s: int, group: int, which: Flags) -> None:
    """Choose the contracts that are due: of a segment, or -1 for all, and of a group, or -1 for all."""
    kind, segment, groups = rows.kind, rows.segment, rows.group
    for n in range(len(which)):
        fits = (s < 0 or segment[n] == s) and (group < 0 or groups[n] == group)
        which[n] = fits and kind[n] != NOT_DUE


def room(contracts: int, cells: int, accounts: int, periods: int, csms: int, grid: int) -> Scratch:
    """Room for moves."""
    hidden = Hidden(np.zeros(accounts), np.zeros(contracts), np.zeros(periods), np.zeros(csms))
    return Scratch(
        standing=np.zeros(contracts),
        left=np.zeros(contracts),
        told=np.zeros(contracts),
        grown=np.zeros(cells),
        which=np.zeros(contracts, dtype=np.bool_),
        gain=np.zeros(max(accounts, periods, csms, contracts)),
        z=np.zeros(grid),
        y=np.zeros(grid),
        node=np.zeros((contracts, STRATA)),
        by_timing=np.zeros((contracts, STRATA)),
        by_amount=np.zeros((contracts, STRATA)),
        tried=hidden,
    )


def offsets(counts: Places) -> Places:
    """Where each of several runs begins, and where the last ends."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
