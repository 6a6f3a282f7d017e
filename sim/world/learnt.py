"""Market and skill given what they have made of the renewals so far: a normal posterior, drawn with the words of the prior.

The log posterior of the market path M and of the skills U is

    - M' Q M / 2 - sum U^2 / 2 + sum over renewals of l(market M[period] + skill U[csm])

with Q the precision of the AR(1) and l as in ``sim.world.evidence``. Its mode and its curvature there give a normal law
(Laplace), whose mean is moved off the mode by what the third derivatives add: few losses among many renewals leave a
long tail on one side. A world draws from it with the standard normals that it would have drawn M and U from: where nothing
is known both are the same numbers, so forecasts of two days are paired.

Source: Tierney and Kadane (1986), Laplace's method; Rue and Held (2005), Gaussian Markov random fields, chapter 2; the mean
to the next order: Lindley (1980), Approximate Bayesian methods, section 2.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import IntP
from sim.world.evidence import Evidence, Shared, log_likelihood

Floats = NDArray[np.float64]

STEPS: Final = 100
CLOSE: Final = 1e-9
KNOWN_SKILL: Final = 1e12
"""Precision of a skill that is given."""


class Learnt(NamedTuple):
    """Normal law of market and skills. Due periods begin ``before`` those of the calendar.

    market : mean. [due period]
    factor : of its deviation, by the steps that it is drawn from. [due period, due period]
    skill  : mean. [csm]
    slope  : of a skill on the deviation of the market. [csm, due period]
    spread : standard deviation of a skill given the market. [csm]
    """

    market: Floats
    factor: Floats
    skill: Floats
    slope: Floats
    spread: Floats
    before: int = 0

    def market_of(self, steps: Floats) -> Floats:
        """The market path. steps : standard normal, by due period. [due period, world]"""
        found: Floats = self.market[:, None] + self.factor @ steps
        return found

    def skill_of(self, csm: int, market: Floats, score: Floats) -> Floats:
        """Skill of one CSM in each world. score : standard normal. [world]"""
        beyond = self.slope[csm] @ (market - self.market[:, None])
        found: Floats = self.skill[csm] + beyond + self.spread[csm] * score
        return found


class Piece(NamedTuple):
    """What is known of one renewal. account : place in the book; -1 of one that is no longer in it.

    csm, period : places; a due period before those of the calendar is below 0.
    """

    evidence: Evidence
    account: int
    csm: int
    period: int


class Prior(NamedTuple):
    """What market and skills are drawn from.

    persistence : of the market from one period to the next.
    level       : of the market, where it is given.
    skill       : that are given, NaN where not. [csm]
    before      : due periods before those of the calendar that something is known of.
    lead, span  : of the calendar.
    """

    persistence: float
    level: float | None
    skill: Floats
    before: int
    lead: int
    span: int


class Counted(NamedTuple):
    """Renewals of one kind in one book and due period. All [cell].

    table : log likelihood of each kind. [kind, value]
    """

    kind: IntP
    csm: IntP
    period: IntP
    number: Floats
    table: Floats


def learn(pieces: Sequence[Piece], shared: Shared, prior: Prior) -> Learnt | None:
    """The law of market and skills given what is known; None where it is that of the prior."""
    if not shared.market and not shared.skill:
        return None
    counted = _count(pieces, shared, prior)
    if not counted.number.size or not counted.table.any():
        return None
    return _laplace(counted, shared, prior)


def _count(pieces: Sequence[Piece], shared: Shared, prior: Prior) -> Counted:
    """Renewals of the same kind, book and due period counted together; those of other periods are left out."""
    kinds: dict[tuple[float, ...], int] = {}
    cells: dict[tuple[int, int, int], float] = {}
    for piece in pieces:
        if -prior.before <= piece.period < prior.span:
            kind = kinds.setdefault(log_likelihood(piece.evidence, shared), len(kinds))
            cell = (kind, piece.csm, piece.period + prior.before)
            cells[cell] = cells.get(cell, 0.0) + 1.0
    places = np.array(list(cells), dtype=np.int64).reshape(-1, 3)
    return Counted(
        places[:, 0], places[:, 1], places[:, 2], np.array(list(cells.values())), np.array(list(kinds))
    )


def _laplace(cells: Counted, shared: Shared, prior: Prior) -> Learnt:
    precision, mean = _of_market(prior)
    given, csms, span = prior.skill, len(prior.skill), len(mean)
    rate = _Rate(cells, shared, csms, span)
    market, skill = mean.copy(), np.where(np.isnan(given), 0.0, given)
    tight = np.where(np.isnan(given), 1.0, KNOWN_SKILL)
    for _ in range(STEPS):
        slope, bend, _ = rate(market, skill)
        pull = shared.market * slope.sum(axis=0) - precision @ (market - mean)
        own = shared.skill * slope.sum(axis=1) - tight * (skill - np.where(np.isnan(given), 0.0, given))
        step_market, step_skill = _solved(pull, own, bend, precision, tight, shared)
        market, skill = market + step_market, skill + step_skill
        if max(np.abs(step_market).max(), np.abs(step_skill).max()) < CLOSE:
            break
    _, bend, skew = rate(market, skill)
    width = tight + shared.skill**2 * bend.sum(axis=1)
    cross = shared.market * shared.skill * bend
    whole = precision + np.diag(shared.market**2 * bend.sum(axis=0)) - cross.T @ (cross / width[:, None])
    covariance, tied = np.linalg.inv(whole), -cross / width[:, None]
    both = tied @ covariance  # of skill and market
    spread = shared.market**2 * np.diag(covariance) + 2.0 * shared.market * shared.skill * both
    spread += shared.skill**2 * (1.0 / width + (both * tied).sum(axis=1))[:, None]
    lean = skew * spread / 2.0
    pulls = (shared.market * lean.sum(axis=0), shared.skill * lean.sum(axis=1))
    more_market, more_skill = _solved(*pulls, bend, precision, tight, shared)
    order = outwards(prior.before + prior.lead, span)
    factor = np.zeros((span, span))
    factor[np.ix_(order, order)] = np.linalg.cholesky(covariance[np.ix_(order, order)])
    if prior.level is not None:
        factor[:] = 0.0
    mean_of = (market + more_market, factor, skill + more_skill)
    return Learnt(*mean_of, tied, 1.0 / np.sqrt(width), prior.before)


def _solved(
    pull: Floats, own: Floats, bend: Floats, precision: Floats, tight: Floats, shared: Shared
) -> tuple[Floats, Floats]:
    """A Newton step: the arrowhead system of market and skills, by the Schur complement of the skills."""
    width = tight + shared.skill**2 * bend.sum(axis=1)
    cross = shared.market * shared.skill * bend
    whole = precision + np.diag(shared.market**2 * bend.sum(axis=0)) - cross.T @ (cross / width[:, None])
    market = np.linalg.solve(whole, pull - cross.T @ (own / width))
    return market, (own - cross @ market) / width


class _Rate:
    """Derivatives of the log likelihood in c, by book and due period: cubic splines through the tables."""

    def __init__(self, cells: Counted, shared: Shared, csms: int, span: int) -> None:
        from scipy.interpolate import CubicSpline

        self._cells, self._shared, self._shape = cells, shared, (csms, span)
        self._values = np.array(shared.values)
        self._pieces = CubicSpline(self._values, cells.table.T).c  # [power, interval, kind]

    def __call__(self, market: Floats, skill: Floats) -> tuple[Floats, Floats, Floats]:
        """Slope, curvature where it is one (not below 0), and third derivative. All [csm, due period]"""
        kind, csm, period, number, _ = self._cells
        c = self._shared.market * market[period] + self._shared.skill * skill[csm]
        c = np.clip(c, self._values[0], self._values[-1])
        place = np.clip(np.searchsorted(self._values, c, side="right") - 1, 0, len(self._values) - 2)
        cube, square, straight, _ = (self._pieces[power, place, kind] for power in range(4))
        x = c - self._values[place]
        slope, bend, skew = np.zeros((3, *self._shape))
        np.add.at(slope, (csm, period), number * (3.0 * cube * x**2 + 2.0 * square * x + straight))
        np.add.at(bend, (csm, period), -number * (6.0 * cube * x + 2.0 * square))
        np.add.at(skew, (csm, period), number * 6.0 * cube)
        return slope, np.maximum(bend, 0.0), skew


def _of_market(prior: Prior) -> tuple[Floats, Floats]:
    """Precision and mean of the market path. [due period]

    Source: precision of a stationary AR(1), Rue and Held (2005), section 1.1.1.
    """
    span, phi = prior.before + prior.span, prior.persistence
    if prior.level is not None:
        return np.eye(span) * KNOWN_SKILL, np.full(span, prior.level)
    precision = np.diag(np.full(span, 1.0 + phi**2))
    precision[0, 0] = precision[-1, -1] = 1.0
    precision -= phi * (np.eye(span, k=1) + np.eye(span, k=-1))
    return precision / (1.0 - phi**2), np.zeros(span)


def outwards(lead: int, span: int) -> list[int]:
    """Due periods in the order in which the market is drawn: from the first of the horizon on, then back before it."""
    return [*range(lead, span), *range(lead - 1, -1, -1)]
