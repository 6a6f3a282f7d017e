"""Renewals as the fitted world would have them: the same accounts, due dates and CSMs, everything else drawn anew.

Source: posterior predictive replicas; Gelman, Meng and Stern (1996). Rules of the world as in METHOD.md, section 1.2.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator

from sim.calibration.evidence import NO_LAG, Evidence
from sim.calibration.model import KEPT, LARGER, LOST, SMALLER, Flags, Floats, Places
from sim.calibration.prior import bands_of
from sim.world.scenario import Scenario

FARTHEST_SHARE: Final = 1e-12
PLACES_AT: Final = np.linspace(-4.0, 4.0, 65)
"""Places of accounts between which their churn is read on a straight line."""


class Renewals(NamedTuple):
    """Renewals that have been due so long that every outcome is known, or one drawing of them. [renewal]

    lost, late : lost; kept and booked after the due day.
    ratio      : new ARR over old, 0 where lost.
    """

    lost: Flags
    late: Flags
    ratio: Floats


def settled(evidence: Evidence, scenario: Scenario) -> Places:
    """Renewals of which every outcome is known: due longer ago than the last band reaches. [renewal]"""
    today = int(evidence.as_of.astype("datetime64[D]").astype(np.int64))
    latest = np.array([each.latest_lag for each in scenario.segment])[evidence.rows.segment]
    kind = evidence.rows.kind
    known = (kind == LOST) | (kind == KEPT)
    return np.flatnonzero(known & (evidence.due != NO_LAG) & (evidence.due <= today - latest))


def as_they_were(evidence: Evidence, which: Places) -> Renewals:
    """What became of them."""
    lost = evidence.rows.kind[which] == LOST
    changes = (evidence.rows.amount[which] == SMALLER) | (evidence.rows.amount[which] == LARGER)
    ratio = np.where(lost, 0.0, np.where(changes, evidence.ratio[which], 1.0))
    return Renewals(lost, ~lost & (evidence.lag[which] > 0), ratio)


class World:
    """One draw of the posterior as a world that renewals can be drawn from."""

    def __init__(self, evidence: Evidence, scenario: Scenario, groups: tuple[tuple[int, str], ...]) -> None:
        self._rows, self._scenario, self._groups = evidence.rows, scenario, groups
        self._account = np.repeat(np.arange(len(evidence.rows.account) - 1), np.diff(evidence.rows.account))
        self._step = np.arange(len(self._account)) - evidence.rows.account[self._account]
        self._counts = (evidence.periods, len(evidence.csms))
        kept, segment, amount = (evidence.rows.kind == KEPT, evidence.rows.segment, evidence.rows.amount)
        self._sizes = [
            [_or_one(evidence.ratio[kept & (segment == s) & (amount == each)]) for each in (SMALLER, LARGER)]
            for s in range(len(scenario.segment))
        ]

    def draw(self, values: Mapping[str, float], which: Places, rng: Generator) -> Renewals:
        """One drawing. values : of a draw, by path."""
        from scipy.special import ndtr, ndtri

        rows, latent = self._rows, self._latents(values, rng)
        place = rng.standard_normal(len(rows.account) - 1)[self._account]
        lost = np.zeros(len(latent), dtype=np.bool_)
        late, ratio = lost.copy(), np.ones(len(latent))
        dependence = self._scenario.dependence
        timing, amount = (
            values.get(f"dependence.{key}", getattr(dependence, key)) for key in ("timing", "amount")
        )
        share = ndtr(latent)
        for group, (s, term) in enumerate(self._groups):
            own = rows.group == group
            p = self._churn(values, s, term, place[own])
            above = np.clip((share[own] - p) / (1.0 - p), FARTHEST_SHARE, 1.0 - FARTHEST_SHARE)
            standing, gone = ndtri(above), share[own] < p
            score = ndtr(_coupled(timing, standing, rng))
            late[own] = ~gone & (score < self._late(values, s))
            ratio[own] = np.where(
                gone, 0.0, self._ratios(values, s, ndtr(_coupled(amount, standing, rng)), rng)
            )
            lost[own] = gone
        return Renewals(lost[which], late[which], ratio[which])

    def _latents(self, values: Mapping[str, float], rng: Generator) -> Floats:
        """The latent of every contract. [contract]"""
        rows, d = self._rows, self._scenario.dependence
        keys = ("market", "skill", "health", "health_persistence")
        market, skill, health, psi = (values.get(f"dependence.{key}", getattr(d, key)) for key in keys)
        phi = values.get("market.persistence", self._scenario.market.persistence)
        path = _path(rng.standard_normal(self._counts[0]), phi)
        csm = rng.standard_normal(self._counts[1])
        noise = rng.standard_normal(len(rows.kind))
        own = noise.copy()
        for step in range(1, int(self._step.max(initial=0)) + 1):
            now = np.flatnonzero(self._step == step)
            own[now] = psi * own[now - 1] + np.sqrt(1.0 - psi * psi) * noise[now]
        rest = np.sqrt(max(1.0 - market - skill - health, 0.0)) * rng.standard_normal(len(noise))
        shared = np.sqrt(market) * path[rows.period] + np.sqrt(skill) * csm[rows.csm]
        return np.asarray(shared + np.sqrt(health) * own + rest)

    def _churn(self, values: Mapping[str, float], s: int, term: str, place: Floats) -> Floats:
        from scipy.special import betaincinv, ndtr

        segment = self._scenario.segment[s]
        key = f"by_term.{term}" if term else "probability"
        known = segment.churn.by_term.get(term, segment.churn.probability)
        mean = values.get(f"segment.{segment.name}.churn.{key}", known)
        spread = values.get(f"segment.{segment.name}.churn.dispersion", segment.churn.dispersion)
        if spread <= 0.0 or not 0.0 < mean < 1.0:
            return np.full(len(place), mean)
        strength = 1.0 / spread - 1.0
        quantiles = betaincinv(mean * strength, (1.0 - mean) * strength, ndtr(PLACES_AT))
        found = np.clip(quantiles, FARTHEST_SHARE, 1.0 - FARTHEST_SHARE)
        there: Floats = np.interp(place, PLACES_AT, found)
        return there

    def _late(self, values: Mapping[str, float], s: int) -> float:
        """Share of the kept that is booked after the due day; of a band that begins before it, what lies after."""
        segment, total = self._scenario.segment[s], 0.0
        for band in bands_of(segment):
            path = f"segment.{segment.name}.lag[{segment.lag.index(band)}].share"
            first, last = band.days
            after = min(max(last, 0) / (last - first + 1), 1.0) if first <= 0 else 1.0
            total += values.get(path, band.share) * after
        return total

    def _ratios(self, values: Mapping[str, float], s: int, share: Floats, rng: Generator) -> Floats:
        """New ARR over old of the kept: who shrinks and grows by the fit, by how much as others did."""
        segment = self._scenario.segment[s]
        smaller = values.get(
            f"segment.{segment.name}.contraction.probability", segment.contraction.probability
        )
        larger = values.get(f"segment.{segment.name}.uplift.probability", segment.uplift.probability)
        shrunk, grown = (rng.choice(each, len(share)) for each in self._sizes[s])
        return np.where(share < smaller, shrunk, np.where(share > 1.0 - larger, grown, 1.0))


def _or_one(ratio: Floats) -> Floats:
    return ratio if len(ratio) else np.ones(1)


def _coupled(r: float, standing: Floats, rng: Generator) -> Floats:
    found: Floats = r * standing + np.sqrt(1.0 - r * r) * rng.standard_normal(len(standing))
    return found


def _path(noise: Floats, phi: float) -> Floats:
    """A stationary path of unit variance."""
    path = noise.copy()
    for t in range(1, len(path)):
        path[t] = phi * path[t - 1] + np.sqrt(1.0 - phi * phi) * noise[t]
    return path
