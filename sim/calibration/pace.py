"""What growth in the term says of health, contract by contract, and how it slopes.

Source: Poisson with lognormal intensity, by the rule of ``sim.world.growth``: exposure x rate x exp(b factor - b^2 / 2).
"""

import math
from typing import Final

import numpy as np

from sim.calibration.meaning import B_H, B_M, B_U, Meaning
from sim.calibration.model import Cells, Floats, Rows
from sim.kernel import leaf, stage

SMALLEST: Final = 1e-300


@leaf
def boost(b: float, factor: float) -> float:
    """What a factor does to the rate of growth, on the log scale."""
    return b * factor - b * b / 2.0


@stage
def weigh_growth(
    rows: Rows,
    cells: Cells,
    meaning: Meaning,
    market: Floats,
    skill: Floats,
    events: Floats,
    expected: Floats,
) -> float:
    """Log likelihood of all growth at a health of nothing; expansions, and expected ones, of each contract. [contract]"""
    start, period, exposure, count = cells.start, cells.period, cells.exposure, cells.events
    segment, csm, rate, number = rows.segment, rows.csm, meaning.rate, meaning.number
    b_market, b_skill, total = number[B_M], number[B_U], 0.0
    level = boost(number[B_H], 0.0)
    for n in range(len(segment)):
        events[n], expected[n] = 0.0, 0.0
        if start[n] == start[n + 1]:
            continue
        base = math.log(max(rate[segment[n]], SMALLEST)) + boost(b_skill, skill[csm[n]]) + level
        for cell in range(start[n], start[n + 1]):
            pace = base + boost(b_market, market[period[cell]])
            total += count[cell] * pace
            events[n] += count[cell]
            expected[n] += exposure[cell] * math.exp(pace)
    return total


@stage
def slope_growth(
    rows: Rows,
    cells: Cells,
    meaning: Meaning,
    market: Floats,
    skill: Floats,
    felt: Floats,
    on_number: Floats,
    on_market: Floats,
    on_skill: Floats,
    on_rate: Floats,
) -> None:
    """Add how growth slopes in numbers, market, skill and rates. felt : by how much more, or less, is expected of each
    contract for its health; how it slopes in the sensitivity to health itself is the caller's. [contract]
    """
    start, period, exposure, count = cells.start, cells.period, cells.exposure, cells.events
    segment, csm, rate, number = rows.segment, rows.csm, meaning.rate, meaning.number
    b_market, b_skill, b_health = number[B_M], number[B_U], number[B_H]
    level = boost(b_health, 0.0)
    faster = np.empty(len(market))
    for t in range(len(market)):
        faster[t] = math.exp(boost(b_market, market[t]))
    for n in range(len(segment)):
        if start[n] == start[n + 1]:
            continue
        s, c = segment[n], csm[n]
        base = rate[s] * math.exp(boost(b_skill, skill[c]) + level) * felt[n]
        total = 0.0
        for cell in range(start[n], start[n + 1]):
            t = period[cell]
            slope = count[cell] - exposure[cell] * faster[t] * base
            on_market[t] += slope * b_market
            on_number[B_M] += slope * (market[t] - b_market)
            total += slope
        on_rate[s] += total
        on_skill[c] += total * b_skill
        on_number[B_U] += total * (skill[c] - b_skill)
        on_number[B_H] -= total * b_health
