"""The chance of what is known of a renewal, by the part of its latent that is shared: tables, and how they slope.

A renewal is lost with probability Phi((q - mu) / own), q being the score of its account's churn probability and mu the part
of the latent that market, skill and health make. Of a kept one the latent is integrated over cells of its standing.
"""

import math
from typing import Final

import numpy as np

from sim.calibration.meaning import OWN, PLACES
from sim.calibration.model import Floats
from sim.calibration.normal import SMALLEST, score_at, share_below
from sim.calibration.told import LEFT, STANDINGS
from sim.kernel import leaf, stage

POINTS: Final = 65
FARTHEST_SHARED: Final = 4.8
PER_POINT: Final = (POINTS - 1) / (2.0 * FARTHEST_SHARED)
LOST_CODE: Final = 0
"""The first table of a group; those of codes follow."""
DENSITY: Final = 0.3989422804014327


@stage
def find_latents(q: float, out: Floats) -> None:
    """The latent at the lower end of each cell of standings, for those who are lost below ``q``. [cell]"""
    above = share_below(-q)
    out[0] = q
    for cell in range(1, STANDINGS):
        out[cell] = -score_at(max(LEFT[cell] * above, SMALLEST))


@stage
def find_chances(score: Floats, number: Floats, told: Floats, out: Floats) -> None:
    """Chance that a renewal is lost, and of each code, at each shared part and place. told : [cell, code].

    out : [1 + code, point, place]
    """
    own, latent, found = number[OWN], np.empty(STANDINGS), np.empty(told.shape[1])
    for place in range(PLACES):
        find_latents(score[place], latent)
        for point in range(POINTS):
            mu = point / PER_POINT - FARTHEST_SHARED
            out[LOST_CODE, point, place] = share_below((latent[0] - mu) / own)
            for code in range(len(found)):
                found[code] = 0.0
            above = share_below((mu - latent[0]) / own)
            for cell in range(STANDINGS):
                beyond = share_below((mu - latent[cell + 1]) / own) if cell + 1 < STANDINGS else 0.0
                inside = above - beyond
                above = beyond
                for code in range(len(found)):
                    found[code] += inside * told[cell, code]
            for code in range(len(found)):
                out[1 + code, point, place] = found[code]


@leaf
def density_at(x: float) -> float:
    """Density of a standard normal."""
    return DENSITY * math.exp(-x * x / 2.0) if abs(x) < 12.0 else 0.0


@stage
def slope_chances(
    score: Floats, number: Floats, told: Floats, by: Floats, on_told: Floats, on_number: Floats, out: Floats
) -> None:
    """How the log likelihood slopes in scores, own noise and what is told, from how it slopes in the tables.

    by : [1 + code, point, place]. on_told, on_number : added to. out : [place]
    """
    own, latent, inside = number[OWN], np.empty(STANDINGS), np.empty(STANDINGS)
    on_latent, weight, on_inside = np.empty(STANDINGS), np.empty(told.shape[1]), np.empty(STANDINGS)
    for place in range(PLACES):
        find_latents(score[place], latent)
        on_latent[:] = 0.0
        for point in range(POINTS):
            some = by[LOST_CODE, point, place] != 0.0
            for code in range(len(weight)):
                weight[code] = by[1 + code, point, place]
                some = some or weight[code] != 0.0
            if not some:
                continue
            mu = point / PER_POINT - FARTHEST_SHARED
            find_inside(latent, mu, own, inside)
            for cell in range(STANDINGS):
                total = 0.0
                for code in range(len(weight)):
                    total += weight[code] * told[cell, code]
                    on_told[cell, code] += weight[code] * inside[cell]
                on_inside[cell] = total
            for cell in range(STANDINGS):
                lower = by[LOST_CODE, point, place] if cell == 0 else on_inside[cell - 1]
                away = (latent[cell] - mu) / own
                slope = (lower - on_inside[cell]) * density_at(away) / own
                on_latent[cell] += slope
                on_number[OWN] -= slope * away
        own_density = max(density_at(score[place]), SMALLEST)
        total = on_latent[0]
        for cell in range(1, STANDINGS):
            total += on_latent[cell] * LEFT[cell] * own_density / max(density_at(latent[cell]), SMALLEST)
        out[place] += total


@stage
def find_inside(latent: Floats, mu: float, own: float, out: Floats) -> None:
    """Chance that a renewal is kept and stands in each cell."""
    above = share_below((mu - latent[0]) / own)
    for cell in range(STANDINGS):
        beyond = share_below((mu - latent[cell + 1]) / own) if cell + 1 < STANDINGS else 0.0
        out[cell] = above - beyond
        above = beyond
