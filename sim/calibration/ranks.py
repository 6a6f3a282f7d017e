"""Moves of what is told: ranks of the kept, whether what is open is lost, and how timing and amount hang on the latent.

A rank is a stratum and a place in it. With the places held, the strata are summed: so the couplings move as if ranks were
integrated, and the strata are then drawn anew from what they were weighed with.
"""

import math

from sim.calibration.hidden import Noise
from sim.calibration.likelihood import LEAST, SMALLEST, STRATA, Scratch, log_lost, share_in, share_of
from sim.calibration.meaning import (
    OWN,
    OWN_AMOUNT,
    OWN_TIMING,
    R_AMOUNT,
    R_TIMING,
    H,
    M,
    Meaning,
    U,
    find_numbers,
    score_of,
)
from sim.calibration.model import AMOUNT, EITHER, KEPT, NOT_DUE, TIMING, Believed, Layout, Rows, State
from sim.calibration.moves import accept, shift, take
from sim.calibration.normal import score_at, share_below
from sim.kernel import stage


@stage
def standing_at(rank: float, stays: float, q: float, mu: float, own: float) -> float:
    """The standing of a kept renewal by its rank among the kept, from above.

    Source: (Phi(G) - p) / (1 - p) is uniform among the kept (``sim.world.lanes``), here from the upper tail.
    """
    latent = mu - own * score_at(max(rank * stays, LEAST))
    above = share_below(-latent) / max(share_below(-q), LEAST)
    return -score_at(min(max(above, LEAST), 1.0 - LEAST))


@stage
def log_told(rows: Rows, meaning: Meaning, n: int, standing: float) -> float:
    """Log likelihood of when one kept renewal is booked, and for how much."""
    number, s = meaning.number, rows.segment[n]
    edge = meaning.edge[s]
    ends = (edge[rows.low[n]], edge[rows.high[n]], edge[min(rows.high[n] + 1, len(edge) - 1)])
    likely = share_in(*ends, rows.part[n], number[R_TIMING] * standing, number[OWN_TIMING])
    thresholds = (meaning.smaller[s], meaning.larger[s])
    likely *= share_of(rows.amount[n], *thresholds, number[R_AMOUNT] * standing, number[OWN_AMOUNT])
    return math.log(max(likely, SMALLEST))


@stage
def move_open(rows: Rows, state: State, meaning: Meaning, noise: Noise) -> None:
    """Whether what is open is lost, and its rank if it is kept: drawn from what churn says, taken by what is told."""
    number, kind, account = meaning.number, rows.kind, rows.account
    for a in range(len(account) - 1):
        for n in range(account[a], account[a + 1]):
            if kind[n] != EITHER:
                continue
            q = score_of(meaning.score[rows.group[n]], state.place[a])
            mu = number[M] * state.market[rows.period[n]] + number[U] * state.skill[rows.csm[n]]
            mu += number[H] * state.health[n]
            stays = share_below((mu - q) / number[OWN])
            lose = noise.u_side[n] < 1.0 - stays
            back = log_lost(meaning.back[rows.segment[n]], rows.waited[n], rows.tier[n], rows.odds[n])
            standing = standing_at(noise.u_rank[n], stays, q, mu, number[OWN])
            told = log_told(rows, meaning, n, standing)
            before = back if state.lost[n] else state.told[n]
            if math.log(noise.u_told[n]) < (back if lose else told) - before:
                state.lost[n] = lose
                state.left[n] = math.log(max(1.0 - stays if lose else stays, SMALLEST))
                if not lose:
                    state.rank[n], state.standing[n], state.told[n] = noise.u_rank[n], standing, told


@stage
def move_couplings(
    rows: Rows,
    layout: Layout,
    believed: Believed,
    state: State,
    now: Meaning,
    tried: Meaning,
    noise: Noise,
    found: Scratch,
) -> None:
    """How timing and amount hang on the latent, with the strata of all ranks summed; then the strata."""
    find_nodes(rows, state, now, found)
    weigh_timing(rows, now, found)
    weigh_amount(rows, now, found)
    take(tried, now)
    for i in (TIMING, AMOUNT):
        before = summed(found)
        by = state.step[i] * noise.e_input[i]
        gain = shift(i, by, state, believed)
        find_numbers(state.x, tried.number)
        weigh_one(rows, tried, i, found)
        gain += summed(found) - before
        if accept(i, by, gain, noise, state, believed):
            now.number[:] = tried.number
        else:
            weigh_one(rows, now, i, found)
            tried.number[:] = now.number
    draw_strata(state, noise, found)


@stage
def find_nodes(rows: Rows, state: State, meaning: Meaning, found: Scratch) -> None:
    """The standing of every kept renewal at each stratum of its rank."""
    number, account, which = meaning.number, rows.account, found.which
    for a in range(len(account) - 1):
        for n in range(account[a], account[a + 1]):
            which[n] = rows.kind[n] != NOT_DUE and not state.lost[n]
            if not which[n]:
                continue
            q = score_of(meaning.score[rows.group[n]], state.place[a])
            mu = number[M] * state.market[rows.period[n]] + number[U] * state.skill[rows.csm[n]]
            mu += number[H] * state.health[n]
            stays = share_below((mu - q) / number[OWN])
            within = state.rank[n] * STRATA
            within -= math.floor(within)
            for k in range(STRATA):
                found.node[n, k] = standing_at((k + within) / STRATA, stays, q, mu, number[OWN])


@stage
def weigh_one(rows: Rows, meaning: Meaning, i: int, found: Scratch) -> None:
    """Timing or amount, whichever an input is about."""
    if i == TIMING:
        weigh_timing(rows, meaning, found)
    else:
        weigh_amount(rows, meaning, found)


@stage
def weigh_timing(rows: Rows, meaning: Meaning, found: Scratch) -> None:
    """Probability of when the kept are booked, at each stratum."""
    segment, low, high, part, edge = rows.segment, rows.low, rows.high, rows.part, meaning.edge
    r, own, node, out = meaning.number[R_TIMING], meaning.number[OWN_TIMING], found.node, found.by_timing
    for n in range(len(segment)):
        if found.which[n]:
            s = segment[n]
            ends = (edge[s, low[n]], edge[s, high[n]], edge[s, min(high[n] + 1, edge.shape[1] - 1)])
            for k in range(STRATA):
                out[n, k] = share_in(ends[0], ends[1], ends[2], part[n], r * node[n, k], own)


@stage
def weigh_amount(rows: Rows, meaning: Meaning, found: Scratch) -> None:
    """Probability of what became of the ARR of the kept, at each stratum."""
    segment, amount, smaller, larger = rows.segment, rows.amount, meaning.smaller, meaning.larger
    r, own, node, out = meaning.number[R_AMOUNT], meaning.number[OWN_AMOUNT], found.node, found.by_amount
    for n in range(len(segment)):
        if found.which[n]:
            s = segment[n]
            for k in range(STRATA):
                out[n, k] = share_of(amount[n], smaller[s], larger[s], r * node[n, k], own)


@stage
def summed(found: Scratch) -> float:
    """Log likelihood of what is told, strata summed."""
    total, which, by_timing, by_amount = 0.0, found.which, found.by_timing, found.by_amount
    for n in range(len(which)):
        if which[n]:
            likely = 0.0
            for k in range(STRATA):
                likely += by_timing[n, k] * by_amount[n, k]
            total += math.log(max(likely, SMALLEST))
    return total


@stage
def draw_strata(state: State, noise: Noise, found: Scratch) -> None:
    """The stratum of every rank, by what it was weighed with."""
    which, by_timing, by_amount, rank = found.which, found.by_timing, found.by_amount, state.rank
    for n in range(len(which)):
        if not which[n]:
            continue
        total = 0.0
        for k in range(STRATA):
            total += by_timing[n, k] * by_amount[n, k]
        at, upto = noise.u_rank[n] * total, 0.0
        chosen = STRATA - 1
        for k in range(STRATA):
            upto += by_timing[n, k] * by_amount[n, k]
            if at < upto:
                chosen = k
                break
        within = rank[n] * STRATA
        within -= math.floor(within)
        rank[n] = (chosen + within) / STRATA
        state.standing[n] = found.node[n, chosen]
        state.told[n] = math.log(max(by_timing[n, chosen] * by_amount[n, chosen], SMALLEST))


@stage
def move_within(rows: Rows, state: State, meaning: Meaning, noise: Noise) -> None:
    """The places of the kept in their strata."""
    number, kind, account = meaning.number, rows.kind, rows.account
    for a in range(len(account) - 1):
        for n in range(account[a], account[a + 1]):
            if kind[n] != KEPT:
                continue
            q = score_of(meaning.score[rows.group[n]], state.place[a])
            mu = number[M] * state.market[rows.period[n]] + number[U] * state.skill[rows.csm[n]]
            mu += number[H] * state.health[n]
            stays = share_below((mu - q) / number[OWN])
            rank = (math.floor(state.rank[n] * STRATA) + noise.u_told[n]) / STRATA
            standing = standing_at(rank, stays, q, mu, number[OWN])
            told = log_told(rows, meaning, n, standing)
            if math.log(noise.u_side[n]) < told - state.told[n]:
                state.rank[n], state.standing[n], state.told[n] = rank, standing, told
