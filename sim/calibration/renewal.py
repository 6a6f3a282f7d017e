"""The likelihood of one contract at each health and place of its account, and how it slopes."""

import math
from typing import Final, TypeAlias

import numpy as np

from sim.calibration.chances import FARTHEST_SHARED, LOST_CODE, PER_POINT, POINTS
from sim.calibration.meaning import B_H, PLACES, H
from sim.calibration.model import Floats, Places
from sim.kernel import stage

HEALTHS: Final = 9
FARTHEST_HEALTH: Final = 3.6
HEALTH_AT: Final = np.linspace(-FARTHEST_HEALTH, FARTHEST_HEALTH, HEALTHS)
_SHARE = np.exp(-(HEALTH_AT**2) / 2.0)
HEALTH_SHARE: Final = _SHARE / _SHARE.sum()
"""Values of health and what each stands for. Source: the trapezoid rule, which is exact to many digits for a normal."""
Near: TypeAlias = tuple[Places, Floats, Floats]
"""Where a renewal's tables are read at each health: a point and how far beyond it; and what growth says of health."""


@stage
def find_faster(events: float, expected: float, pull: float, grown: Floats, out: Floats) -> None:
    """What growth of a contract says of health. [health]"""
    for h in range(HEALTHS):
        out[h] = 1.0
    if events + expected > 0.0:
        for h in range(HEALTHS):
            out[h] = math.exp(events * pull * HEALTH_AT[h] - expected * grown[h])


@stage
def as_growth(faster: Floats, out: Floats) -> None:
    """Of a contract that is not due only growth is told. [health, place]"""
    for h in range(HEALTHS):
        for place in range(PLACES):
            out[h, place] = faster[h]


@stage
def find_points(shared: float, load: float, point: Places, beyond: Floats) -> None:
    """Where a renewal's tables are read at each health: a point, and how far beyond it."""
    for h in range(HEALTHS):
        where = (shared + load * HEALTH_AT[h] + FARTHEST_SHARED) * PER_POINT
        where = min(where if where > 0.0 else 0.0, POINTS - 1.0 - 1e-9)  # also where it is no number
        point[h] = int(where)
        beyond[h] = where - int(where)


@stage
def find_likely(
    chance: Floats, leaves: bool, free: float, code: Places, weight: Floats, near: Near, out: Floats
) -> None:
    """Likelihood of a renewal at each health and place. chance : [1 + code, point, place]"""
    for h in range(HEALTHS):
        for place in range(PLACES):
            out[h, place] = 0.0
    if leaves:
        add_chance(chance[LOST_CODE], free, near, out)
    for which in range(2):
        if weight[which] > 0.0:
            add_chance(chance[1 + code[which]], weight[which], near, out)


@stage
def add_chance(table: Floats, weight: float, near: Near, out: Floats) -> None:
    """Add a table's chances, on the straight line between points, at every health and place."""
    point, beyond, faster = near
    for h in range(HEALTHS):
        k = point[h]
        higher = weight * faster[h] * beyond[h]
        lower = weight * faster[h] - higher
        for place in range(PLACES):
            out[h, place] += lower * table[k, place] + higher * table[k + 1, place]


@stage
def weigh_slope(ahead: Floats, behind: Floats, faster: Floats, out: Floats) -> None:
    """How the log likelihood slopes in a renewal's chances. [health, place]"""
    for h in range(HEALTHS):
        for place in range(PLACES):
            out[h, place] = ahead[h, place] * behind[h, place] * faster[h]


@stage
def slope_renewal(
    chance: Floats,
    leaves: bool,
    free: float,
    code: Places,
    weight: Floats,
    slope: Floats,
    near: Near,
    on_chance: Floats,
    on_number: Floats,
) -> tuple[float, float]:
    """How the log likelihood slopes in a renewal's shared part, and in what is told of it if it is lost; adds how it slopes
    in the tables and in the loading of health. slope : in its likelihood. [health, place]
    """
    on_shared, on_free = 0.0, 0.0
    if leaves:
        on_shared += slope_chance(chance[LOST_CODE], free, slope, near, on_chance[LOST_CODE], on_number)
        on_free = met(chance[LOST_CODE], slope, near)
    for which in range(2):
        if weight[which] > 0.0:
            k = 1 + code[which]
            on_shared += slope_chance(chance[k], weight[which], slope, near, on_chance[k], on_number)
    return on_shared, on_free


@stage
def met(table: Floats, slope: Floats, near: Near) -> float:
    """How the log likelihood slopes in what a table is multiplied with."""
    total = 0.0
    point, beyond, _ = near
    for h in range(HEALTHS):
        k, share = point[h], beyond[h]
        for place in range(PLACES):
            total += slope[h, place] * (table[k, place] + share * (table[k + 1, place] - table[k, place]))
    return total


@stage
def slope_chance(
    table: Floats, weight: float, slope: Floats, near: Near, out: Floats, on_number: Floats
) -> float:
    """How the log likelihood slopes in the shared part by one table; adds how it does in the table and in health's part."""
    total, by_health = 0.0, 0.0
    point, beyond, _ = near
    for h in range(HEALTHS):
        k, rise = point[h], 0.0
        upper = weight * beyond[h]
        lower = weight - upper
        for place in range(PLACES):
            rise += slope[h, place] * (table[k + 1, place] - table[k, place])
            out[k, place] += slope[h, place] * lower
            out[k + 1, place] += slope[h, place] * upper
        total += rise
        by_health += rise * HEALTH_AT[h]
    on_number[H] += by_health * weight * PER_POINT
    return total * weight * PER_POINT


@stage
def feel(
    ahead: Floats,
    behind: Floats,
    likely: Floats,
    grown: Floats,
    events: float,
    expected: float,
    on_number: Floats,
) -> float:
    """By how much more, or less, a contract is expected to grow for its health; adds how growth slopes in its pull."""
    felt, slope = 0.0, 0.0
    for h in range(HEALTHS):
        said = 0.0
        for place in range(PLACES):
            said += behind[h, place] * ahead[h, place] * likely[h, place]
        felt += said * grown[h]
        slope += said * HEALTH_AT[h] * (events - expected * grown[h])
    on_number[B_H] += slope
    return felt
