"""The first renewal of an account of a CRM export, given that it is not booked before the first day (METHOD.md, 1.2)."""

import numpy as np
from scipy.special import ndtr, ndtri

GRID = np.linspace(-6.0, 6.0, 2401)


def open_on_first_day(accounts, mine, state):
    """The odds that each is lost. Its own odds are weighted with the chance of being open at them, and stay with it."""
    rng, segment = state.rng, state.segment
    first = -state.due
    late = share_from(segment["lag"], first, "share")
    away = (
        1.0
        - sum(t["probability"] for t in segment["win_back"])
        + share_from(segment["win_back"], first, "probability")
    )
    late, away = np.where(state.first, late, 1.0), np.where(state.first, away, 1.0)
    waiting = np.isnan(accounts.given[mine]) & state.first
    p, waiting = state.p, np.flatnonzero(waiting)
    while waiting.size:
        chance = p[waiting] * away[waiting] + (1 - p[waiting]) * late[waiting]
        refused = rng.random(waiting.size) * np.maximum(away, late)[waiting] >= chance
        waiting = waiting[refused]
        accounts.place[mine[waiting]] = rng.random(waiting.size)
        p[waiting] = accounts.odds_of_loss(mine[waiting])
    state.timing_given_open = lambda v: timing(rng, state.r, late, v)
    return p * away / (p * away + (1 - p) * late)


def share_from(bands, first, key):
    """The share of bookings ``first`` days after the due day or later. [account]"""
    total = np.zeros(first.shape)
    for band in bands:
        low, high = band["days"]
        total += band[key] * np.clip(high - np.maximum(first, low) + 1, 0, None) / (high - low + 1)
    return total


def timing(rng, r, late, v):
    """The timing score, cut off at ``late``, and V with the density of being late enough given V."""
    cut = ndtri(np.minimum(late, 1 - 1e-12))
    x = ndtri(v)
    own = np.sqrt(1 - r**2)
    for z in np.unique(cut[late < 1]):
        these = (cut == z) & (late < 1)
        density = np.exp(-(GRID**2) / 2) * ndtr((z - r * GRID) / own)
        below = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
        x[these] = np.interp(v[these], below / below[-1], GRID)
    room = np.where(late < 1, ndtr((cut - r * x) / own), 1.0)
    score = ndtr(r * x + own * ndtri(np.clip(rng.random(v.size) * room, 1e-300, 1 - 1e-16)))
    return np.where(late < 1, np.minimum(score, late - 1e-13), score), ndtr(x)
