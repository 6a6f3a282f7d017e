"""The likelihood of accounts, and how it slopes: places and paths of health are summed, forwards and backwards.

Source: the forward-backward recursions of hidden Markov models; Rabiner (1989). An account stands at one place among its
segment's, and its health goes from contract to contract; both are summed over a few values.
"""

import math
from typing import Final, NamedTuple

from sim.calibration.meaning import B_H, PLACE_SHARE, PLACES, PSI, H, Meaning
from sim.calibration.model import NOT_DUE, Floats, Places, Rows, Terms
from sim.calibration.renewal import (
    HEALTH_AT,
    HEALTH_SHARE,
    HEALTHS,
    as_growth,
    feel,
    find_faster,
    find_likely,
    find_points,
    slope_renewal,
    weigh_slope,
)
from sim.calibration.shared import Contracts
from sim.kernel import stage

SMALLEST: Final = 1e-290


class Point(NamedTuple):
    """A point at which accounts are weighed: what inputs mean, the tables, steps of health, and what accounts share.

    told   : [segment, cell, code]
    chance : of each group. [group, 1 + code, point, place]
    steps, slope : chances from one contract's health to the next, and how they slope in its persistence. [health, health]
    market, skill : [period], [csm]
    """

    meaning: Meaning
    told: Floats
    chance: Floats
    steps: Floats
    slope: Floats
    market: Floats
    skill: Floats


class Room(NamedTuple):
    """Room for one account.

    ahead   : what contracts before one say of health and place. [step, health, place]
    held    : what they and the contract itself say. [step, health, place]
    likely  : likelihood of a contract. [step, health, place]
    faster  : what growth says of health. [step, health]
    scale   : how likely a contract is given those before. [step]
    behind, before : what contracts after one say, and after the one before it. [health, place]
    point, beyond  : where the tables are read. [health]
    grown   : what health makes of growth. [health]
    """

    ahead: Floats
    held: Floats
    likely: Floats
    faster: Floats
    scale: Floats
    behind: Floats
    before: Floats
    point: Places
    beyond: Floats
    grown: Floats


class Slopes(NamedTuple):
    """How the log likelihood slopes, by what it slopes in; see ``Meaning``.

    chance : of the tables. [group, 1 + code, point, place]
    told   : [segment, cell, code]
    """

    number: Floats
    market: Floats
    skill: Floats
    rate: Floats
    back: Floats
    score: Floats
    told: Floats
    chance: Floats


@stage
def find_steps(psi: float, steps: Floats, slope: Floats) -> None:
    """Chance of each health after each other, and how it slopes in the persistence. [health, health]"""
    own = 1.0 - psi * psi
    for before in range(HEALTHS):
        total, change = 0.0, 0.0
        for after in range(HEALTHS):
            away = HEALTH_AT[after] - psi * HEALTH_AT[before]
            steps[before, after] = math.exp(-away * away / (2.0 * own))
            slope[before, after] = away * HEALTH_AT[before] / own - away * away * psi / (own * own)
            total += steps[before, after]
            change += steps[before, after] * slope[before, after]
        for after in range(HEALTHS):
            steps[before, after] /= total
            slope[before, after] = steps[before, after] * (slope[before, after] - change / total)


@stage
def weigh_accounts(
    rows: Rows, terms: Terms, found: Contracts, at: Point, room: Room, slopes: Slopes
) -> float:
    """Log likelihood of all accounts, growth at a health of nothing left out; adds how it slopes.

    Arrays are named once: to name a part of a tuple counts its references, which takes longer than the arithmetic.
    """
    account, kind, group = rows.account, rows.kind, rows.group
    leaves, code, weight = terms.leaves, terms.code, terms.weight
    shared, free, events, expected = found.shared, found.free, found.events, found.expected
    on_shared, on_free, felt = found.on_shared, found.on_free, found.felt
    number, on_number, chance, on_chance = at.meaning.number, slopes.number, at.chance, slopes.chance
    steps, slope, ahead, held, likely = at.steps, at.slope, room.ahead, room.held, room.likely
    faster, scale, behind, before = room.faster, room.scale, room.behind, room.before
    point, beyond, grown, total = room.point, room.beyond, room.grown, 0.0
    for h in range(HEALTHS):
        grown[h] = math.exp(number[B_H] * HEALTH_AT[h])
    for a in range(len(account) - 1):
        first, last = account[a], account[a + 1]
        for n in range(first, last):
            step, near = n - first, (point, beyond, faster[n - first])
            find_faster(events[n], expected[n], number[B_H], grown, faster[step])
            if kind[n] == NOT_DUE:
                as_growth(faster[step], likely[step])
            else:
                find_points(shared[n], number[H], point, beyond)
                find_likely(chance[group[n]], leaves[n], free[n], code[n], weight[n], near, likely[step])
            if step > 0:
                step_on(steps, held[step - 1], ahead[step])
            total += take_in(step, ahead[step], likely[step], held[step], scale)
        as_one(behind)
        for n in range(last - 1, first - 1, -1):
            step, near, r = n - first, (point, beyond, faster[n - first]), group[n]
            divide(behind, scale[step])
            if events[n] + expected[n] > 0.0:
                felt[n] = feel(ahead[step], behind, likely[step], grown, events[n], expected[n], on_number)
            if kind[n] != NOT_DUE:
                find_points(shared[n], number[H], point, beyond)
                weigh_slope(ahead[step], behind, faster[step], before)
                on_shared[n], on_free[n] = slope_renewal(
                    chance[r], leaves[n], free[n], code[n], weight[n], before, near, on_chance[r], on_number
                )
            if step > 0:
                on_number[PSI] += go_back(steps, slope, held[step - 1], likely[step], behind, before)
    return total


@stage
def as_one(out: Floats) -> None:
    """Nothing is said so far."""
    for h in range(HEALTHS):
        for place in range(PLACES):
            out[h, place] = 1.0


@stage
def step_on(steps: Floats, held: Floats, out: Floats) -> None:
    """From what is said of health at one contract to what that says of the next, at every place."""
    for h in range(HEALTHS):
        for place in range(PLACES):
            out[h, place] = 0.0
    for before in range(HEALTHS):
        for h in range(HEALTHS):
            chance = steps[before, h]
            for place in range(PLACES):
                out[h, place] += chance * held[before, place]


@stage
def step_back(steps: Floats, told: Floats, out: Floats) -> None:
    """From what is said of health at one contract to what that says of the one before, at every place."""
    for before in range(HEALTHS):
        for place in range(PLACES):
            out[before, place] = 0.0
    for h in range(HEALTHS):
        for before in range(HEALTHS):
            chance = steps[before, h]
            for place in range(PLACES):
                out[before, place] += chance * told[h, place]


@stage
def take_in(step: int, ahead: Floats, likely: Floats, held: Floats, scale: Floats) -> float:
    """Let a contract speak after those before it; the log of how likely it is given them."""
    total = 0.0
    for h in range(HEALTHS):
        for place in range(PLACES):
            if step == 0:
                ahead[h, place] = HEALTH_SHARE[h] * PLACE_SHARE[place]
            held[h, place] = ahead[h, place] * likely[h, place]
            total += held[h, place]
    total = max(total, SMALLEST)
    divide(held, total)
    scale[step] = total
    return math.log(total)


@stage
def divide(out: Floats, by: float) -> None:
    """Divide at every health and place."""
    part = 1.0 / by
    for h in range(HEALTHS):
        for place in range(PLACES):
            out[h, place] *= part


@stage
def go_back(
    steps: Floats, slope: Floats, held: Floats, likely: Floats, behind: Floats, before: Floats
) -> float:
    """What a contract and those after it say of the one before, in ``behind``; the slope in the persistence of health."""
    for h in range(HEALTHS):
        for place in range(PLACES):
            behind[h, place] *= likely[h, place]
    step_back(slope, behind, before)
    total = 0.0
    for h in range(HEALTHS):
        for place in range(PLACES):
            total += held[h, place] * before[h, place]
    step_back(steps, behind, before)
    for h in range(HEALTHS):
        for place in range(PLACES):
            behind[h, place] = before[h, place]
    return total
