"""The likelihood against a slow twin: one account at a time, by numerical integration, from the rules of the world."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import beta, norm

from sim.calibration.model import EITHER, KEPT, LOST, NOT_DUE, UNKNOWN, Cells
from sim.calibration.posterior import Held, log_posterior, work_room
from sim.calibration.told import terms_of

PLACES, HEALTHS, LATENTS = 41, 161, 400


class Twin:
    """What the world's rules say of one account, at a point of inputs, market and skill."""

    def __init__(self, found, x, market, skill):
        self.rows, self.cells, self.layout, self.x = (
            found.evidence.rows,
            found.evidence.cells,
            found.believed.layout,
            x,
        )
        self.market, self.skill = market, skill
        share = ndtr(x)
        self.shares = np.array(
            [share[0], (1 - share[0]) * share[1], (1 - share[0]) * (1 - share[1]) * share[2]]
        )
        self.timing, self.amount = (0.99 * (2 * share[place] - 1) for place in (4, 5))
        self.psi = 0.99 * (2 * share[3] - 1)
        self.load = math.exp(x[6]) * np.sqrt(self.shares / self.shares.sum())

    def told(self, n, standing):
        """Probability of timing and amount of a kept renewal at each standing."""
        rows, layout, s = self.rows, self.layout, self.rows.segment[n]
        left, upto = 1.0, [0.0]
        for place in layout.stick[s][: layout.bands[s] - 1]:
            upto.append(upto[-1] + left * ndtr(self.x[place]))
            left = 1.0 - upto[-1]
        upto.append(1.0)

        def below(share, r):
            return ndtr((ndtri(share) - r * standing) / np.sqrt(1 - r * r))

        likely = below(upto[rows.high[n]], self.timing) - below(upto[rows.low[n]], self.timing)
        if rows.part[n] > 0:
            band = below(upto[rows.high[n] + 1], self.timing) - below(upto[rows.high[n]], self.timing)
            likely = likely + rows.part[n] * band
        smaller = ndtr(self.x[layout.smaller[s]])
        larger = (1 - smaller) * ndtr(self.x[layout.larger[s]])
        parts = [below(smaller, self.amount), 0.0, 1.0 - below(1.0 - larger, self.amount)]
        parts[1] = 1.0 - parts[0] - parts[2]
        return likely if rows.amount[n] == UNKNOWN else likely * parts[rows.amount[n]]

    def renewal(self, n, p, health):
        """Likelihood of one renewal by churn probability and health: lost, kept with the latent integrated, or both."""
        rows, own = self.rows, np.sqrt(1.0 - self.shares.sum())
        mu = (
            np.sqrt(self.shares[0]) * self.market[rows.period[n]]
            + np.sqrt(self.shares[2]) * self.skill[rows.csm[n]]
        )
        mu = mu + np.sqrt(self.shares[1]) * health
        lost = ndtr((ndtri(p) - mu) / own)
        assert self.layout.back.shape[1] == 1, "one tier"
        back = ndtr(self.x[self.layout.back[rows.segment[n], 0]])
        free = back * rows.odds[n] if rows.tier[n] >= 0 else 1.0 - back * rows.waited[n, 0]
        if rows.kind[n] == LOST:
            return lost * free
        share = (
            np.arange(LATENTS) + 0.5
        ) / LATENTS  # of the kept, by the latent alone: uniform strata of the standing
        edges = ndtri(np.minimum(p + (1 - p) * np.arange(LATENTS + 1) / LATENTS, 1.0))
        inside = np.diff(ndtr((edges - mu[:, None]) / own), axis=1)
        kept = inside @ self.told(n, ndtri(share))
        return kept + lost * free if rows.kind[n] == EITHER else kept

    def growth(self, n, health):
        """Poisson likelihood of a contract's growth by health, up to factorials."""
        cells, number, total = self.cells, self.load, np.zeros(len(health))
        for cell in range(cells.start[n], cells.start[n + 1]):
            rate = math.exp(self.x[self.layout.rate[self.rows.segment[n]]]) / self.layout.per_period
            factors = (self.market[cells.period[cell]], health, self.skill[self.rows.csm[n]])
            pace = rate * np.exp(sum(b * each - b * b / 2 for b, each in zip(number, factors, strict=True)))
            total += cells.events[cell] * np.log(pace) - cells.exposure[cell] * pace
        return np.exp(total)

    def account(self, a):
        """Log likelihood of an account: its place and its path of health integrated on fine grids."""
        health = np.linspace(-5.0, 5.0, HEALTHS)
        own = math.sqrt(1.0 - self.psi**2)
        start = norm.pdf(health) * (health[1] - health[0])
        steps = norm.pdf(health[None, :], self.psi * health[:, None], own) * (health[1] - health[0])
        points, weights = np.polynomial.hermite_e.hermegauss(PLACES)
        total = 0.0
        for point, weight in zip(points, weights / weights.sum(), strict=True):
            ahead = start
            for n in range(self.rows.account[a], self.rows.account[a + 1]):
                ahead = ahead if n == self.rows.account[a] else ahead @ steps
                ahead = ahead * self.growth(n, health)
                if self.rows.kind[n] != NOT_DUE:
                    ahead = ahead * self.renewal(n, self.churn(n, point), health)
            total += weight * ahead.sum()
        return math.log(total)

    def churn(self, n, place):
        """Churn probability of an account at a place among its segment's."""
        layout = self.layout
        mean = ndtr(self.x[layout.mean[self.rows.group[n]]])
        strength = 1.0 / ndtr(self.x[layout.dispersion[self.rows.segment[n]]]) - 1.0
        return np.clip(beta(mean * strength, (1 - mean) * strength).ppf(ndtr(place)), 1e-14, 1 - 1e-14)


class Point:
    """A point of the posterior of the small company, its density and slopes. only : of one account, and no other growth."""

    def __init__(self, found):
        self.found, rng = found, np.random.default_rng(3)
        self.periods, self.csms = found.evidence.periods, len(found.evidence.csms)
        believed = found.believed
        self.free = np.flatnonzero(believed.layout.free)
        self.x = (
            believed.believed.mean
            + 0.3 * believed.sd * rng.standard_normal(len(believed.sd)) * believed.layout.free
        )
        self.market, self.skill = rng.standard_normal(self.periods), rng.standard_normal(self.csms)

    def at(self, y, held=0.0, only=None):
        evidence, layout = self.found.evidence, self.found.believed.layout
        rows, cells = evidence.rows, evidence.cells
        if only is not None:
            account = rows.account[only : only + 2] if only >= 0 else rows.account[:1]
            account = account if len(account) == 2 else np.repeat(account, 2)
            first, last = cells.start[account]
            cells = Cells(
                np.clip(cells.start - first, 0, last - first), *(each[first:last] for each in cells[1:])
            )
            rows = rows._replace(account=account)
        terms = terms_of(rows, layout.stick.shape[1])
        hold = Held(self.free, np.array([0.3, held]), np.array([0.2, held]))
        slope, work = np.empty(len(y)), work_room(rows, layout, self.periods, self.csms, self.x)
        value = log_posterior(rows, cells, terms, layout, self.found.believed.believed, hold, work, y, slope)
        return value, slope

    @property
    def y(self):
        return np.concatenate([self.x[self.free], self.market, self.skill])


@pytest.fixture(scope="module")
def point(found):
    return Point(found)


@pytest.mark.jit
def test_accounts_are_worth_what_the_world_gives_them(found, point):
    """Accounts with lost, kept and open renewals, and growth; within a hundredth."""
    rows = found.evidence.rows
    twin = Twin(found, point.x, point.market, point.skill)
    nobody = point.at(point.y, only=-1)[0]
    count = np.diff(rows.account)
    of = np.repeat(np.arange(len(count)), count)
    chosen = {int(of[np.flatnonzero(rows.kind == kind)[k]]) for kind in (LOST, KEPT, EITHER) for k in (3, 8)}
    chosen |= {int(np.argmax(count))}
    for a in chosen:
        assert point.at(point.y, only=a)[0] - nobody == pytest.approx(twin.account(a), abs=0.01), a


@pytest.mark.jit
@pytest.mark.parametrize("held", [0.0, 0.6])
def test_slopes_are_those_of_the_density(point, held):
    """Against differences of the density, in every coordinate."""
    y, wide = point.y, 0.01
    slope = point.at(y, held)[1]
    for k in range(len(y)):
        beside = np.zeros(len(y))
        beside[k] = wide
        difference = (point.at(y + beside, held)[0] - point.at(y - beside, held)[0]) / (2.0 * wide)
        assert slope[k] == pytest.approx(difference, abs=0.02 + 0.01 * abs(difference)), k
