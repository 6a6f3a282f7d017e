"""What each renewal has of what is shared: its part of the latent by market and skill, and the chance of its return."""

from typing import Final, NamedTuple

from sim.calibration.meaning import M, Meaning, U
from sim.calibration.model import NOT_DUE, Floats, Rows
from sim.kernel import leaf, stage

SMALLEST: Final = 1e-290


class Contracts(NamedTuple):
    """What accounts are weighed with, and how the log likelihood slopes in it. [contract]

    shared : part of the latent that is the market's and the CSM's.
    free   : chance of what is told of it if it is lost.
    events, expected : expansions, and expected ones at a health of nothing.
    on_shared, on_free : slopes.
    felt   : by how much more, or less, is expected for its health.
    """

    shared: Floats
    free: Floats
    events: Floats
    expected: Floats
    on_shared: Floats
    on_free: Floats
    felt: Floats


@stage
def find_shared(rows: Rows, meaning: Meaning, market: Floats, skill: Floats, out: Contracts) -> None:
    """The shared part, and the chance of what is told of the lost."""
    segment, csm, period, number, back = rows.segment, rows.csm, rows.period, meaning.number, meaning.back
    waited, tier, odds, shared, free = rows.waited, rows.tier, rows.odds, out.shared, out.free
    on_market, on_skill = number[M], number[U]
    for n in range(len(segment)):
        shared[n] = on_market * market[period[n]] + on_skill * skill[csm[n]]
        free[n] = told_of_lost(back[segment[n]], waited[n], tier[n], odds[n])
        out.on_shared[n], out.on_free[n], out.felt[n] = 0.0, 0.0, 0.0


@leaf
def told_of_lost(back: Floats, waited: Floats, tier: int, odds: float) -> float:
    """Chance of what is told of a lost renewal: the tier it returned in, or that it has not so far."""
    if tier >= 0:
        came: float = back[tier] * odds
        return max(came, SMALLEST)
    likely: float = 1.0
    for k in range(len(back)):
        likely -= back[k] * waited[k]
    return max(likely, SMALLEST)


@stage
def slope_shared(
    rows: Rows,
    meaning: Meaning,
    market: Floats,
    skill: Floats,
    found: Contracts,
    on_number: Floats,
    on_market: Floats,
    on_skill: Floats,
    on_back: Floats,
) -> None:
    """Add how the log likelihood slopes in market, skill, their loadings and win-back."""
    segment, csm, period, kind, number = rows.segment, rows.csm, rows.period, rows.kind, meaning.number
    waited, tier, odds, on_shared, on_free = rows.waited, rows.tier, rows.odds, found.on_shared, found.on_free
    load_market, load_skill = number[M], number[U]
    for n in range(len(segment)):
        if kind[n] == NOT_DUE:
            continue
        t, c, s, slope = period[n], csm[n], segment[n], on_shared[n]
        on_market[t] += slope * load_market
        on_number[M] += slope * market[t]
        on_skill[c] += slope * load_skill
        on_number[U] += slope * skill[c]
        if tier[n] >= 0:
            on_back[s, tier[n]] += on_free[n] * odds[n]
            continue
        for k in range(waited.shape[1]):
            on_back[s, k] -= on_free[n] * waited[n, k]
