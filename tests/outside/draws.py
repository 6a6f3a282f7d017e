"""Single draws of an outside world: odds, days, amounts, terms (METHOD.md, 1.2)."""

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri


def frail(mean, dispersion, place):
    """An account's own probability of loss: its place in a Beta of that mean and intra-class correlation."""
    if dispersion == 0.0:
        return np.full(place.shape, mean)
    rest = 1 / dispersion - 1
    return betaincinv(mean * rest, (1 - mean) * rest, place)


def days_after(state, v):
    """Timing: the score against the bands, latest first; days uniform inside. Returns days, and v given what is known."""
    rng, r, n = state.rng, state.r, v.size
    if state.first.any():
        score, v = state.timing_given_open(v)
    else:
        score = ndtr(r * ndtri(v) + np.sqrt(1 - r**2) * rng.standard_normal(n))
    lag, edge = np.zeros(n, int), 0.0
    for band in sorted(state.segment["lag"], key=lambda band: -band["days"][0]):
        first, last = band["days"]
        inside = (score >= edge) & (score < edge + band["share"] + 1e-12)
        first = np.where(state.first, np.clip(-state.due, first, last), first)
        lag = np.where(inside, first + np.floor(rng.random(n) * (last - first + 1)).astype(int), lag)
        edge += band["share"]
    return lag, v


def win_backs(state):
    """Whether a lost account comes back, and after how many days; past-due ones have not come back before the first day."""
    rng, n = state.rng, state.due.size
    u, lag, back = rng.random(n), np.zeros(n, int), np.zeros(n, bool)
    total = np.ones(n)
    tiers = []
    for tier in state.segment["win_back"]:
        first, last = tier["days"]
        from_day = np.where(state.first, np.clip(-state.due, first, last + 1), first)
        odds = tier["probability"] * (last - from_day + 1) / (last - first + 1)
        total -= tier["probability"] - odds
        tiers.append((from_day, last, odds))
    edge = np.zeros(n)
    for from_day, last, odds in tiers:
        inside = (u * total >= edge) & (u * total < edge + odds)
        lag = np.where(inside, from_day + np.floor(rng.random(n) * (last - from_day + 1)).astype(int), lag)
        back |= inside
        edge = edge + odds
    return back, lag


def amounts(rng, segment, r, v, owed):
    """The new ARR of what is kept: the lowest scores contract, the highest grow."""
    score = ndtr(r * ndtri(v) + np.sqrt(1 - r**2) * rng.standard_normal(v.size))
    less, more = segment["contraction"], segment["uplift"]
    low, high = less["size"]["low"], less["size"]["high"]
    smaller = owed * (1 - rng.uniform(low, high, v.size))
    larger = owed * (1 + lognormal(rng, more["size"], v.size))
    grown = np.where(score > 1 - more["probability"], larger, owed)
    return np.where(score < less["probability"], smaller, grown)


def lognormal(rng, law, n):
    return law["mean"] * np.exp(law["sigma"] * rng.standard_normal(n) - law["sigma"] ** 2 / 2)


def mixed(rng, mix, n):
    return rng.choice([int(months) for months in mix], n, p=list(mix.values()))


def month_weights(due):
    """Of the twelve months of a fiscal year that starts with the horizon."""
    last = due["last_month_share"]
    return [q * share for q in due["quarter_weights"] for share in ((1 - last) / 2, (1 - last) / 2, last)]
