"""Inputs whose posterior is known in closed form: mixes, seasons, amounts and notice, each from counts of its own."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator

from sim.calibration.evidence import NO_LAG, Evidence
from sim.calibration.facts import Facts
from sim.calibration.model import Floats, Places
from sim.calibration.prior import WORTH
from sim.files.share import LEAST_SHARE
from sim.world.arr import LognormalArr
from sim.world.scenario import Scenario
from sim.world.segment import LARGEST_CHANGE, LONGEST_LAG, LognormalSize, Segment

LEAST_SIGMA: Final = 0.05
"""Where a prior knows no spread at all, its guess of it. [log scale]"""
MOST_SIGMA: Final = 3.0
NOTICE_SPREAD: Final = 0.35
"""Standard deviation of the logarithm of the longest notice, before any data. Assumption."""
CELLS: Final = 240
UNSEEN: Final = 0.5
"""Renewals that a term which the prior does not have is worth, once it is seen."""


class Counted(NamedTuple):
    """An estimated value: its draws, draws of its prior, and from how many observations. [draw]"""

    draws: Floats
    prior: Floats
    number: int


def counted_values(
    evidence: Evidence, facts: Facts, scenario: Scenario, draws: int, seed: int
) -> dict[str, Counted]:
    """Every such value by its path."""
    rng = np.random.default_rng((seed, 7))
    found: dict[str, Counted] = {}
    for s, segment in enumerate(scenario.segment):
        at = f"segment.{segment.name}"
        for part in (
            _terms(at, segment, evidence, facts, s, draws, rng),
            _due(at, segment, facts, s, draws, rng),
            _sizes(at, segment, facts, s, draws, rng),
            _notice(at, segment, evidence, s, draws, rng),
        ):
            found |= dict(part)
    return found


def _terms(
    at: str, segment: Segment, evidence: Evidence, facts: Facts, s: int, draws: int, rng: Generator
) -> Iterator[tuple[str, Counted]]:
    """Mixes of terms. Source: Dirichlet-multinomial."""
    signed = evidence.booked_term[(evidence.rows.segment == s) & (evidence.booked_term > 0)]
    renewed = segment.renewed_term_months or segment.term_months
    for key, prior, terms in (
        ("term_months", segment.term_months, facts.held_term[s]),
        ("renewed_term_months", renewed, signed),
    ):
        months = sorted({int(each) for each in prior} | set(np.unique(terms).tolist()))
        alpha = np.array([WORTH * prior.get(str(each), 0.0) for each in months])
        count = np.array([int((terms == each).sum()) for each in months], dtype=np.float64)
        alpha[(alpha == 0.0) & (count > 0.0)] = UNSEEN
        if (alpha > 0.0).sum() < 2:
            continue
        for month, after, before in zip(months, *_dirichlet(alpha, count, draws, rng), strict=True):
            yield f"{at}.{key}.{month}", Counted(after, before, len(terms))


def _dirichlet(alpha: Floats, count: Floats, draws: int, rng: Generator) -> tuple[Floats, Floats]:
    """Draws of the posterior and of the prior. [share, draw]"""
    after, before = (rng.standard_gamma(each[:, None], (len(each), draws)) for each in (alpha + count, alpha))
    return after / after.sum(axis=0), before / np.maximum(before.sum(axis=0), 1e-300)


def _due(
    at: str, segment: Segment, facts: Facts, s: int, draws: int, rng: Generator
) -> Iterator[tuple[str, Counted]]:
    """When contracts end in the year. Source: Dirichlet-multinomial and Beta-Binomial; months as ``sim.world.origin``."""
    month = facts.due_month[s]
    weights, last = segment.due.quarter_weights, segment.due.last_month_share
    alpha = WORTH * np.array(weights)
    count = np.bincount(month // 3, minlength=4).astype(np.float64)
    alpha[(alpha == 0.0) & (count > 0.0)] = UNSEEN
    if (alpha > 0.0).sum() > 1:
        for quarter, (after, before) in enumerate(zip(*_dirichlet(alpha, count, draws, rng), strict=True)):
            yield f"{at}.due.quarter_weights[{quarter}]", Counted(after, before, len(month))
    in_last = float((month % 3 == 2).sum())
    if 0.0 < last < 1.0:
        own = (WORTH * last, WORTH * (1.0 - last))
        after = rng.beta(own[0] + in_last, own[1] + len(month) - in_last, draws)
        yield f"{at}.due.last_month_share", Counted(after, rng.beta(*own, draws), len(month))


def _sizes(
    at: str, segment: Segment, facts: Facts, s: int, draws: int, rng: Generator
) -> Iterator[tuple[str, Counted]]:
    """ARR of accounts, and by how much it shrinks and grows."""
    if isinstance(segment.arr, LognormalArr):
        yield from _lognormal(
            f"{at}.arr", segment.arr.mean, segment.arr.sigma, facts.arr[s], 1e12, draws, rng
        )
    if segment.contraction.probability > 0.0 or len(facts.smaller[s]):
        size = segment.contraction.size
        yield from _uniform(f"{at}.contraction.size", size.low, size.high, facts.smaller[s], 1.0, draws, rng)
    if segment.uplift.probability > 0.0 or len(facts.larger[s]):
        key, size_ = f"{at}.uplift.size", segment.uplift.size
        if isinstance(size_, LognormalSize):
            yield from _lognormal(key, size_.mean, size_.sigma, facts.larger[s], LARGEST_CHANGE, draws, rng)
        else:
            yield from _uniform(key, size_.low, size_.high, facts.larger[s], LARGEST_CHANGE, draws, rng)
    if segment.expansion.events_per_year > 0.0 or len(facts.grown[s]):
        own = segment.expansion.size
        key = f"{at}.expansion.size"
        yield from _lognormal(key, own.mean, own.sigma, facts.grown[s], LARGEST_CHANGE, draws, rng)


def _lognormal(
    key: str, mean: float, sigma: float, values: Floats, most: float, draws: int, rng: Generator
) -> Iterator[tuple[str, Counted]]:
    """Mean and spread of a lognormal. Source: normal-inverse-gamma, the prior worth ``WORTH`` observations."""
    logs = np.log(values[values > 0.0])
    spread = max(sigma, LEAST_SIGMA)
    centre, a = math.log(mean) - spread**2 / 2.0, WORTH / 2.0
    before = _normal_inverse_gamma(centre, WORTH, a, spread**2 * (a - 1.0), draws, rng)
    n = len(logs)
    if n:
        own = float(logs.mean())
        b = spread**2 * (a - 1.0) + float(((logs - own) ** 2).sum()) / 2.0
        b += WORTH * n / (WORTH + n) * (own - centre) ** 2 / 2.0
        centre = (WORTH * centre + n * own) / (WORTH + n)
        after = _normal_inverse_gamma(centre, WORTH + n, a + n / 2.0, b, draws, rng)
    else:
        after = before
    least = LEAST_SHARE if most == LARGEST_CHANGE else 0.01
    for name, one, other in zip(("mean", "sigma"), after, before, strict=True):
        low, high = (least, most) if name == "mean" else (0.0, MOST_SIGMA)
        yield f"{key}.{name}", Counted(np.clip(one, low, high), np.clip(other, low, high), n)


def _normal_inverse_gamma(
    centre: float, weight: float, a: float, b: float, draws: int, rng: Generator
) -> tuple[Floats, Floats]:
    """Mean of the lognormal, and standard deviation of its logarithm. [draw]"""
    variance = b / rng.standard_gamma(a, draws)
    middle = centre + np.sqrt(variance / weight) * rng.standard_normal(draws)
    return np.exp(middle + variance / 2.0), np.sqrt(variance)


def _uniform(
    key: str, low: float, high: float, values: Floats, most: float, draws: int, rng: Generator
) -> Iterator[tuple[str, Counted]]:
    """Ends of a uniform share. The prior of the lower end, and of the upper in what it leaves, is a Beta worth ``WORTH``
    observations; the posterior is summed on a grid that is finest beside the data.
    """
    values = values[(values > 0.0) & (values <= most)] / most
    ends = _Ends(low / most, high / most)
    before = ends.draw(draws, rng)
    after = ends.given(values, draws, rng) if len(values) else before
    for place, name in enumerate(("low", "high")):
        yield f"{key}.{name}", Counted(after[place] * most, before[place] * most, len(values))


class _Ends:
    """Prior and posterior of the two ends of a uniform share, in (0, 1)."""

    def __init__(self, low: float, high: float) -> None:
        from scipy.stats import beta

        first = min(max(low, 0.5 / WORTH), 1.0 - 0.5 / WORTH)
        then = min(max((high - low) / (1.0 - low) if low < 1.0 else 0.5, 0.5 / WORTH), 1.0 - 0.5 / WORTH)
        self._low = beta(WORTH * first, WORTH * (1.0 - first))
        self._width = beta(WORTH * then, WORTH * (1.0 - then))

    def draw(self, draws: int, rng: Generator) -> tuple[Floats, Floats]:
        """From the prior."""
        low = self._low.rvs(draws, random_state=rng)
        return low, low + (1.0 - low) * self._width.rvs(draws, random_state=rng)

    def given(self, values: Floats, draws: int, rng: Generator) -> tuple[Floats, Floats]:
        """From the posterior, whose likelihood is (high - low)^-n outside all values."""
        least, most = float(values.min()), float(values.max())
        edge = np.concatenate([[0.0], np.logspace(-9.0, 0.0, CELLS)])
        middle, width = (edge[1:] + edge[:-1]) / 2.0, np.diff(edge)
        low, high = least * (1.0 - middle)[:, None], (most + (1.0 - most) * middle)[None, :]
        with np.errstate(divide="ignore"):
            weight = (
                self._low.logpdf(low) + self._width.logpdf((high - low) / (1.0 - low)) - np.log(1.0 - low)
            )
            weight -= len(values) * np.log(high - low)
        weight += np.log(width)[:, None] + np.log(width)[None, :]
        share = np.exp(weight - weight.max()).ravel()
        cell = rng.choice(len(share), draws, p=share / share.sum())
        one, other = np.divmod(cell, CELLS)
        where = [edge[at] + width[at] * rng.random(draws) for at in (one, other)]
        return least * (1.0 - where[0]), most + (1.0 - most) * where[1]


def _notice(
    at: str, segment: Segment, evidence: Evidence, s: int, draws: int, rng: Generator
) -> Iterator[tuple[str, Counted]]:
    """The longest notice: uniform days up to it, summed over every number of days there may be."""
    told = notices(evidence, s)
    days = np.arange(1, LONGEST_LAG + 1)
    before = np.exp(-((np.log(days) - math.log(segment.notice_days)) ** 2) / (2.0 * NOTICE_SPREAD**2)) / days
    after = before.copy()
    if len(told):
        longer = days > told.max()
        fewer = np.maximum(np.log(days) - math.log(int(told.max()) + 1), 0.0)
        after = np.where(longer, before * np.exp(-len(told) * fewer), 0.0)
    drawn = [rng.choice(days, draws, p=each / each.sum()).astype(np.float64) for each in (after, before)]
    yield f"{at}.notice_days", Counted(drawn[0], drawn[1], len(told))


def notices(evidence: Evidence, s: int) -> Places:
    """Days of notice of a segment's renewals that are due, of which every notice is known."""
    day = int(evidence.as_of.astype("datetime64[D]").astype(np.int64))
    chosen = (evidence.rows.segment == s) & (evidence.due != NO_LAG) & (evidence.due <= day)
    told = evidence.notice[chosen & (evidence.notice != NO_LAG)]
    found: Places = told[(told >= 0) & (told < LONGEST_LAG)]
    return found
