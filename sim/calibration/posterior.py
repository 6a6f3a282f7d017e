"""The log density of the posterior at a point of inputs, market and skill, and how it slopes there.

Odds and health of accounts, ranks of the kept and what is open are summed; inputs, market and skill are what is left.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.accounts import Point, Room, Slopes, find_steps, weigh_accounts
from sim.calibration.chances import POINTS, find_chances, slope_chances
from sim.calibration.meaning import (
    GRID,
    PHI,
    PLACE,
    PLACES,
    PSI,
    M,
    Meaning,
    U,
    empty_meaning,
    find_numbers,
    find_scores,
    find_segment,
)
from sim.calibration.model import AMOUNT, TIMING, Believed, Cells, Floats, Layout, Places, Rows, Terms
from sim.calibration.pace import slope_growth, weigh_growth
from sim.calibration.renewal import HEALTHS
from sim.calibration.shared import Contracts, find_shared, slope_shared
from sim.calibration.told import STANDINGS, codes, find_told
from sim.kernel import kernel, stage

COMPANY: Final = 8
STEP: Final = 0.01
"""Of an input, for slopes of what is cheap to find again. On the scale of inputs, where priors are some tenths wide."""
NO_LOAD: Final = 1e-6


class Held(NamedTuple):
    """How market and skill are moved: (typical / loading) to the power of ``hold`` is what a unit of a coordinate means, so
    that 0 holds the path and 1 what the path does.

    free   : places of the inputs that are estimated. [coordinate]
    market, skill : typical loadings, and how far what they do is held. [2]
    """

    free: Places
    market: Floats
    skill: Floats


class Work(NamedTuple):
    """Room for one evaluation. other : the meaning of a point beside. told : [cell, code]. z, y : of one distribution."""

    at: Point
    other: Meaning
    told: Floats
    contracts: Contracts
    room: Room
    slopes: Slopes
    x: Floats
    on_x: Floats
    z: Floats
    y: Floats


@kernel
def log_posterior(
    rows: Rows,
    cells: Cells,
    terms: Terms,
    layout: Layout,
    believed: Believed,
    held: Held,
    work: Work,
    y: Floats,
    out: Floats,
) -> float:
    """The log density at coordinates ``y``, up to a constant: estimated inputs, market, skill; slopes in ``out``."""
    at, slopes, x = work.at, work.slopes, work.x
    clear(slopes, work.on_x)
    free, periods, csms = held.free, len(at.market), len(at.skill)
    for k in range(len(free)):
        x[free[k]] = y[k]
    find_point(layout, work)
    number = at.meaning.number
    one, other = unit_of(held.market, number[M]), unit_of(held.skill, number[U])
    for t in range(periods):
        at.market[t] = one * y[len(free) + t]
    for c in range(csms):
        at.skill[c] = other * y[len(free) + periods + c]
    total = prior_of(x, believed, free, work.on_x)
    total += path_of(at.market, number[PHI], slopes.number, slopes.market)
    total += path_of(at.skill, 0.0, slopes.number, slopes.skill)
    total += periods * math.log(one) + csms * math.log(other)
    total += weigh_history(rows, cells, terms, work)
    hold(held.market, at.market, M, number, slopes.market, slopes.number)
    hold(held.skill, at.skill, U, number, slopes.skill, slopes.number)
    slope_inputs(layout, work)
    for k in range(len(free)):
        out[k] = work.on_x[free[k]]
    for t in range(periods):
        out[len(free) + t] = one * slopes.market[t]
    for c in range(csms):
        out[len(free) + periods + c] = other * slopes.skill[c]
    return total


@stage
def weigh_history(rows: Rows, cells: Cells, terms: Terms, work: Work) -> float:
    """Log likelihood of renewals and growth, and how it slopes in what inputs mean, market and skill."""
    at, slopes, found = work.at, work.slopes, work.contracts
    meaning, market, skill = at.meaning, at.market, at.skill
    find_shared(rows, meaning, market, skill, found)
    total = weigh_growth(rows, cells, meaning, market, skill, found.events, found.expected)
    total += weigh_accounts(rows, terms, found, at, work.room, slopes)
    on = (slopes.number, slopes.market, slopes.skill)
    slope_growth(rows, cells, meaning, market, skill, found.felt, on[0], on[1], on[2], slopes.rate)
    slope_shared(rows, meaning, market, skill, found, on[0], on[1], on[2], slopes.back)
    return total


@stage
def clear(slopes: Slopes, on_x: Floats) -> None:
    """Nothing slopes so far."""
    for each in (slopes.number, slopes.market, slopes.skill, slopes.rate, on_x):
        each[:] = 0.0
    for table in (slopes.back, slopes.score):
        table[:, :] = 0.0
    slopes.told[:, :, :] = 0.0
    slopes.chance[:, :, :, :] = 0.0


@stage
def unit_of(held: Floats, load: float) -> float:
    """What a unit of a coordinate means on the path."""
    unit: float = (held[0] / max(load, NO_LOAD)) ** held[1] if held[1] > 0.0 else 1.0
    return unit


@stage
def hold(held: Floats, path: Floats, which: int, number: Floats, on_path: Floats, on_number: Floats) -> None:
    """Add what a loading does by the unit of its path's coordinates."""
    if held[1] == 0.0:
        return
    total = float(len(path))
    for t in range(len(path)):
        total += on_path[t] * path[t]
    on_number[which] -= held[1] * total / max(number[which], NO_LOAD)


@stage
def prior_of(x: Floats, believed: Believed, free: Places, out: Floats) -> float:
    """Log density of the inputs before any data."""
    total = 0.0
    for i in free:
        pull = 0.0
        for j in free:
            pull += believed.precision[i, j] * (x[j] - believed.mean[j])
        out[i] -= pull
        total -= (x[i] - believed.mean[i]) * pull / 2.0
    return total


@stage
def path_of(path: Floats, phi: float, on_number: Floats, out: Floats) -> float:
    """Log density of a stationary path of unit variance, up to a constant. Source: a Gaussian AR(1) process."""
    own = 1.0 - phi * phi
    total = 0.0
    for t in range(len(path)):
        if t == 0:
            total -= path[0] ** 2 / 2.0
            out[0] -= path[0]
            continue
        step = path[t] - phi * path[t - 1]
        total -= step * step / (2.0 * own) + math.log(own) / 2.0
        out[t] -= step / own
        out[t - 1] += phi * step / own
        if phi != 0.0:
            on_number[PHI] += step * path[t - 1] / own - step * step * phi / (own * own) + phi / own
    return total


@stage
def find_point(layout: Layout, work: Work) -> None:
    """What the inputs mean, and all tables."""
    at, x = work.at, work.x
    meaning, most = at.meaning, layout.stick.shape[1]
    find_numbers(x, meaning.number)
    find_steps(meaning.number[PSI], at.steps, at.slope)
    for s in range(len(layout.rate)):
        find_segment(x, layout, s, meaning)
        edge, ends = meaning.edge[s], (meaning.smaller[s], meaning.larger[s])
        find_told(meaning.number, edge, ends[0], ends[1], layout.bands[s], most, at.told[s])
    for group in range(len(layout.mean)):
        find_scores(x, layout, group, PLACE, work.z, work.y, meaning.score[group])
        find_chances(meaning.score[group], meaning.number, at.told[layout.owner[group]], at.chance[group])


@stage
def slope_inputs(layout: Layout, work: Work) -> None:
    """From slopes in tables to slopes in inputs."""
    at, slopes, on_x = work.at, work.slopes, work.on_x
    number = at.meaning.number
    for group in range(len(layout.mean)):
        s = layout.owner[group]
        slope_chances(
            at.meaning.score[group],
            number,
            at.told[s],
            slopes.chance[group],
            slopes.told[s],
            slopes.number,
            slopes.score[group],
        )
        slope_score(layout, work, group, layout.mean[group])
        slope_score(layout, work, group, layout.dispersion[s])
    for s in range(len(layout.rate)):
        on_x[layout.rate[s]] += slopes.rate[s]
        for band in range(layout.bands[s] - 1):
            slope_segment(layout, work, s, layout.stick[s, band])
        slope_segment(layout, work, s, layout.smaller[s])
        slope_segment(layout, work, s, layout.larger[s])
        for tier in range(layout.back.shape[1]):
            slope_segment(layout, work, s, layout.back[s, tier])
        for i in (TIMING, AMOUNT):
            slope_segment(layout, work, s, i)
    for i in range(COMPANY):
        if layout.free[i]:
            slope_numbers(work, i)


@stage
def slope_score(layout: Layout, work: Work, group: int, i: int) -> None:
    """A churn probability, or how much accounts differ."""
    if not layout.free[i]:
        return
    x, score, slope = work.x, work.other.score[group], work.slopes.score[group]
    for side in (1.0, -1.0):
        x[i] += side * STEP
        find_scores(x, layout, group, PLACE, work.z, work.y, score)
        x[i] -= side * STEP
        for place in range(PLACES):
            work.on_x[i] += side * slope[place] * score[place] / (2.0 * STEP)


@stage
def slope_segment(layout: Layout, work: Work, s: int, i: int) -> None:
    """When the kept book, what becomes of their ARR, and how many return."""
    if i < 0 or not layout.free[i]:
        return
    x, other, most = work.x, work.other, layout.stick.shape[1]
    for side in (1.0, -1.0):
        x[i] += side * STEP
        find_numbers(x, other.number)
        find_segment(x, layout, s, other)
        x[i] -= side * STEP
        share = side / (2.0 * STEP)
        for tier in range(layout.back.shape[1]):
            work.on_x[i] += share * work.slopes.back[s, tier] * other.back[s, tier]
        ends = (other.smaller[s], other.larger[s])
        find_told(other.number, other.edge[s], ends[0], ends[1], layout.bands[s], most, work.told)
        for cell in range(STANDINGS):
            for code in range(work.told.shape[1]):
                work.on_x[i] += share * work.slopes.told[s, cell, code] * work.told[cell, code]


@stage
def slope_numbers(work: Work, i: int) -> None:
    """An input of the company, by the numbers it makes."""
    x, number = work.x, work.other.number
    for side in (1.0, -1.0):
        x[i] += side * STEP
        find_numbers(x, number)
        x[i] -= side * STEP
        for k in range(len(number)):
            work.on_x[i] += side * work.slopes.number[k] * number[k] / (2.0 * STEP)


def work_room(rows: Rows, layout: Layout, periods: int, csms: int, x: Floats) -> Work:
    """Room for evaluations. x : the inputs, of which those that are not estimated stay. [input]"""
    groups, (segments, bands) = len(layout.mean), layout.stick.shape
    kinds, most = codes(bands), int(np.diff(rows.account).max(initial=1))
    tables, told, square = (
        (groups, 1 + kinds, POINTS, PLACES),
        (segments, STANDINGS, kinds),
        (HEALTHS, HEALTHS),
    )
    sizes = (told, tables, square, square, periods, csms)
    at = Point(empty_meaning(layout), *(np.zeros(size) for size in sizes))
    one = (HEALTHS, PLACES)
    ahead, held, likely = (np.zeros((most, *one)) for _ in range(3))
    behind, before = np.zeros(one), np.zeros(one)
    point, beyond, grown = np.zeros(HEALTHS, dtype=np.int64), np.zeros(HEALTHS), np.zeros(HEALTHS)
    faster, scale = np.zeros((most, HEALTHS)), np.zeros(most)
    room = Room(ahead, held, likely, faster, scale, behind, before, point, beyond, grown)
    on = (13, periods, csms, segments, layout.back.shape, (groups, PLACES), told, tables)
    return Work(
        at,
        empty_meaning(layout),
        np.zeros(told[1:]),
        Contracts(*(np.zeros(len(rows.kind)) for _ in Contracts._fields)),
        room,
        Slopes(*(np.zeros(size) for size in on)),
        x.copy(),
        np.zeros(len(x)),
        np.zeros(GRID),
        np.zeros(GRID),
    )
