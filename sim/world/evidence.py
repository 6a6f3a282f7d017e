"""What the outcome of a renewal says of the market and of its CSM: its likelihood by the part of the latent that they share.

The latent of a renewal is G = c + s e, with c = market M + skill U shared, e standard normal, s^2 = 1 - market^2 - skill^2.
With p the account's odds of leaving and q = Phi^-1(p):

    P(lost | c)          = Phi((q - c) / s)
    P(kept, seen | c)    = int phi(x) (1 - p) f_c(G(x)) / phi(G(x)) P(seen | x) dx,   G(x) = Phi^-1(p + (1 - p) Phi(x))

where x is the standing of the kept, f_c the density of G given c, and P(seen | x) the chance of the band of days and of the
kind of amount that were seen, or of being booked late enough to be open. Over p it is averaged as accounts differ, weighted
with what became of the account's renewals before.

Source: Gauss-Hermite quadrature (Golub and Welsch 1969); Gaussian copula as in ``sim.world.lanes``.
"""

from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.world.frailty import differ, mean_churn
from sim.world.laws import Loadings
from sim.world.opened import NOTHING, Asked, Outcome
from sim.world.segment import Segment

Floats = NDArray[np.float64]
Amount: TypeAlias = Literal["smaller", "same", "larger", "unseen"]

STANDINGS: Final = 25
PLACES: Final = 11
"""Nodes of the quadratures over the standing and over the account's place."""
LEAST: Final = 1e-300
MOST_ODDS: Final = 8.0
"""Farthest logarithm of a factor on odds that is looked for."""
HALVINGS: Final = 40


class Shared(NamedTuple):
    """Loadings of what is shared, and of the booking day and of the amount on the standing.

    values : of c, at which likelihoods are worked out; six standard deviations to each side. [value]
    """

    market: float
    skill: float
    own: float
    timing: float
    amount: float
    values: tuple[float, ...]


class Seen(NamedTuple):
    """What was seen of one renewal. band : score limits of the booking day, -inf to inf where it says nothing."""

    lost: bool
    band: tuple[float, float]
    amount: Amount


class Evidence(NamedTuple):
    """One renewal: what is known of it, and of the account.

    odds   : of each term, mean and dispersion of the churn probability; dispersion 0 where accounts do not differ.
    term   : index of the term that ends.
    before : what became of the renewals before it.
    seen   : its outcome; None where it is open.
    asked  : what being open asks of it.
    opened : what being open on the first day has asked of it already.
    """

    odds: tuple[tuple[float, float], ...]
    term: int
    before: tuple[Outcome, ...]
    seen: Seen | None
    asked: Asked
    opened: Asked
    amounts: tuple[float, float]


def shared_of(load: Loadings, values: int = 25) -> Shared:
    """The loadings of a scenario without draws."""
    market, skill, timing, amount = (
        each.item() for each in (load.market, load.skill, load.timing, load.amount)
    )
    spread = np.hypot(market, skill)
    grid = np.linspace(-6.0 * spread, 6.0 * spread, values)
    own = float(np.sqrt(1.0 - spread**2))
    return Shared(market, skill, own, timing, amount, tuple(grid.tolist()))


def odds_of(segment: Segment, terms: tuple[int, ...], given: float) -> tuple[tuple[float, float], ...]:
    """Mean and dispersion of the churn probability by term; of an account whose probability is given, that alone."""
    if not np.isnan(given):
        return ((given, 0.0),) * len(terms)
    return tuple(
        (mean_churn(segment, months), segment.churn.dispersion if differ(segment, months) else 0.0)
        for months in terms
    )


def seen_of(segment: Segment, lag: int | None, ratio: float) -> Seen:
    """What is seen of a renewal. lag : days from due to booking, None where it is lost; ratio : ARR booked over ARR due."""
    from scipy.special import ndtri

    bands = sorted(segment.lag, key=lambda band: band.days, reverse=True)
    latest = max(band.days[1] for band in bands if band.share > 0.0)
    if lag is None or lag > latest:
        return Seen(True, (-np.inf, np.inf), "unseen")
    upto = np.minimum(np.concatenate([[0.0], np.cumsum([band.share for band in bands])]), 1.0)
    limits = (-np.inf, np.inf)
    for place, band in enumerate(bands):
        if band.days[0] <= lag <= band.days[1] and band.share > 0.0:
            limits = (float(ndtri(upto[place])), float(ndtri(upto[place + 1])))
    amount: Amount = "smaller" if ratio < 1.0 - 1e-6 else "larger" if ratio > 1.0 + 1e-6 else "same"
    return Seen(False, limits, amount)


def amounts_of(segment: Segment) -> tuple[float, float]:
    """Scores of the amount below which a renewal is for less, and above which it is for more."""
    from scipy.special import ndtri

    return float(ndtri(segment.contraction.probability)), float(ndtri(1.0 - segment.uplift.probability))


@lru_cache(maxsize=65536)
def log_likelihood(found: Evidence, shared: Shared) -> tuple[float, ...]:
    """Logarithm of what is known of a renewal, given that it was open on the first day, at each value of c. [value]"""
    p, weight = _odds_after(found)
    asked = _chance(p, weight, _open(found.asked, shared), 1.0 - found.asked.returned, shared)
    if found.seen is not None:
        kept_as = None if found.seen.lost else _seen(found.seen, found.amounts, shared)
        asked = _chance(p, weight, kept_as, 1.0 if found.seen.lost else 0.0, shared)
    before = _chance(p, weight, _open(found.opened, shared), 1.0 - found.opened.returned, shared)
    ratio = np.log(np.maximum(asked, LEAST)) - np.log(np.maximum(before, LEAST))
    return tuple((ratio - ratio.max()).tolist())


@lru_cache(maxsize=65536)
def odds_by_shared(found: Evidence, shared: Shared) -> tuple[float, ...]:
    """By what the odds of staying of an open renewal, as ``sim.world.opened`` has them, are multiplied at each c, so that
    the chance of leaving is that of Bayes' theorem given c. [value]
    """
    from scipy.special import ndtr, ndtri

    p, weight = _odds_after(found)
    back = found.asked.returned
    leave, stay = p * (1.0 - back), (1.0 - p) * found.asked.late_enough
    if not (leave > 0.0).all() or not (stay > 0.0).all():
        return (1.0,) * len(shared.values)
    c = np.array(shared.values)[:, None]
    gone = _chance(p, weight, None, 1.0 - back, shared)
    target = gone / np.maximum(_chance(p, weight, _open(found.asked, shared), 1.0 - back, shared), LEAST)
    weight = weight * (leave + stay) / (weight * (leave + stay)).sum()
    low, high = np.full(len(c), -MOST_ODDS), np.full(len(c), MOST_ODDS)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        score = ndtri(leave / (leave + np.exp(middle)[:, None] * stay))
        more = ndtr((score - c) / shared.own) @ weight > target
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return tuple(np.exp((low + high) / 2.0).tolist())


def _odds(odds: tuple[tuple[float, float], ...], term: int) -> tuple[Floats, Floats]:
    """Churn probabilities at the places of the quadrature, and its weights. [place]"""
    from scipy.special import betaincinv, ndtr

    mean, dispersion = odds[term]
    if dispersion == 0.0 and all(each == 0.0 for _, each in odds):
        return np.full(1, min(max(mean, 1e-12), 1.0 - 1e-12)), np.ones(1)
    node, weight = _nodes(PLACES)
    if dispersion == 0.0:
        return np.full(PLACES, min(max(mean, 1e-12), 1.0 - 1e-12)), weight
    strength = 1.0 / dispersion - 1.0
    found = betaincinv(mean * strength, (1.0 - mean) * strength, ndtr(node))
    return np.clip(found, 1e-12, 1.0 - 1e-12), weight


def _odds_after(found: Evidence) -> tuple[Floats, Floats]:
    """The same, weighted with what became of the account's renewals before."""
    p, weight = _odds(found.odds, found.term)
    for ended, kept in found.before:
        chance, _ = _odds(found.odds, ended)
        weight = weight * (1.0 - chance if kept else chance)
    return p, weight


@lru_cache(maxsize=8)
def _nodes(count: int) -> tuple[Floats, Floats]:
    """Nodes and weights for means over a standard normal. [node]"""
    node, weight = np.polynomial.hermite_e.hermegauss(count)
    return node, weight / weight.sum()


def _chance(p: Floats, weight: Floats, kept: Floats | None, lost: float, shared: Shared) -> Floats:
    """Mean over the account's odds of ``lost`` times the chance of leaving, and of the chance of staying with what is seen.
    kept : its chance by standing; None where the renewal is not kept. [value]
    """
    from scipy.special import ndtr, ndtri

    c = np.array(shared.values)[:, None]
    total = lost * ndtr((ndtri(p)[None, :] - c) / shared.own)
    if kept is not None:
        node, mass = _nodes(STANDINGS)
        latent = ndtri(np.minimum(p[:, None] + (1.0 - p[:, None]) * ndtr(node), 1.0 - 1e-15))
        tilt = 0.5 * latent**2 - 0.5 * ((latent[None] - c[:, :, None]) / shared.own) ** 2
        density = np.exp(tilt) / shared.own
        total = total + (1.0 - p) * (density * (mass * kept)).sum(axis=2)
    found: Floats = (total * weight).sum(axis=1) / weight.sum()
    return found


def _open(asked: Asked, shared: Shared) -> Floats:
    """By standing, the chance that a kept renewal is booked late enough to be open. [standing]"""
    node, _ = _nodes(STANDINGS)
    if asked == NOTHING:
        return np.ones_like(node)
    surely, perhaps = (_below(limit, node, shared.timing) for limit in (asked.low, asked.high))
    return surely + asked.partly * (perhaps - surely)


def _seen(seen: Seen, limits: tuple[float, float], shared: Shared) -> Floats:
    """By standing, the chance of the band of days and of the kind of amount that were seen. [standing]"""
    node, _ = _nodes(STANDINGS)
    low, high = (_below(limit, node, shared.timing) for limit in seen.band)
    less, more = _below(limits[0], node, shared.amount), 1.0 - _below(limits[1], node, shared.amount)
    kinds = {"smaller": less, "larger": more, "same": 1.0 - less - more, "unseen": np.ones_like(node)}
    amount = kinds[seen.amount]
    return (high - low) * (amount if amount.sum() > 0.0 else 1.0)


def _below(limit: float, standing: Floats, loading: float) -> Floats:
    """Chance that loading x standing + own noise is below a limit, by standing."""
    from scipy.special import ndtr

    found: Floats = ndtr((limit - loading * standing) / np.sqrt(1.0 - loading**2))
    return found
