"""The sums of moves said slowly: every subset, every state, one at a time."""

from itertools import pairwise

import numpy as np

from sim.measure.gaming.moves import NOW, QUOTA_NOW, QUOTA_THEN, THEN

EFFECT_ROWS = 6


def subsets(effects):
    """Effects of every set of moves. [effect, set] [usd]"""
    totals = np.zeros((len(effects), 1))
    for item in effects.T:
        totals = np.concatenate([totals, totals + item[:, np.newaxis]], axis=1)
    return totals


def naive_cell(key, origin, width, cells):
    return min(max(int((key - origin) / width), 0), cells - 1)


def naive_grid(effects, key, cells):
    keys = effects[key]
    low, high = keys[keys < 0].sum(), keys[keys > 0].sum()
    return low, max((high - low) / cells, 1e-9)


def naive_reach(effects, rows, grid, cells, blocked):
    """For each cell the set found with the largest score, as a dict of cell to (totals, items)."""
    key, score = rows
    found = {naive_cell(0.0, *grid, cells): (np.zeros(len(effects)), ())}
    for item in range(effects.shape[1]):
        if blocked[item]:
            continue
        before = sorted(found.items(), reverse=bool(effects[key, item] > 0))
        for _, (totals, items) in before:
            total = totals + effects[:, item]
            at = naive_cell(total[key], *grid, cells)
            if at not in found or total[score] > found[at][0][score]:
                found[at] = (total, (*items, item))
    return found


def naive_cover(effects, rows, follows, grid, cells):
    """By cell what holds every sum that can lie in it: low, high, score, least and most of the quota that follows."""
    key, score = rows
    origin, width = grid
    found = {naive_cell(0.0, *grid, cells): (0.0, 0.0, 0.0, 0.0, 0.0)}
    for item in range(effects.shape[1]):
        step, gain, quota = effects[key, item], effects[score, item], effects[follows, item]
        for low, high, most, least, last in list(found.values()):
            first, end = (naive_cell(each + step, origin, width, cells) for each in (low, high))
            for cell in range(first, end + 1):
                part = (
                    low + step if cell == first else origin + cell * width,
                    high + step if cell == end else origin + (cell + 1) * width,
                    most + gain,
                    least + quota,
                    last + quota,
                )
                other = found.get(cell, part)
                ends = (min, max, max, min, max)
                found[cell] = tuple(end(a, b) for end, a, b in zip(ends, part, other, strict=True))
    return found


def exact_best(terms, flows, moves, effects, world):
    """The best timing of a book in which nothing can be moved both ways, all sets of moves of each boundary tried."""
    periods = flows.base.shape[0]
    start = moves.start[world]
    states = [np.zeros((EFFECT_ROWS, 1))]
    for boundary in range(periods - 1):
        states.append(subsets(effects[:, start[2 * boundary] : start[2 * boundary + 2]]))
    states.append(np.zeros((EFFECT_ROWS, 1)))
    value = np.zeros(1)
    for period, (before, after) in reversed(list(enumerate(pairwise(states)))):
        credit = flows.credit[period, world] + before[THEN][:, np.newaxis] + after[NOW]
        quota = flows.quota[period, world] + before[QUOTA_THEN][:, np.newaxis] + after[QUOTA_NOW]
        pay = terms.bonus[period] * naive_curve(terms.curve.pieces, credit / quota)
        value = (pay + value).max(axis=1)
    return float(value[0])


def naive_curve(pieces, attainment):
    """The last piece that an attainment reaches."""
    entry, left, right, pays, slope = pieces
    at = np.maximum((attainment[..., np.newaxis] >= entry).sum(axis=-1) - 1, 0)
    return pays[at] + slope[at] * (np.clip(attainment, left[at], right[at]) - left[at])
