"""The likelihood against a slow twin: one contract at a time, by numerical integration, from the rules of the world."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr, ndtri
from scipy.stats import beta, norm

from sim.calibration.likelihood import Hidden, choose, room, weigh
from sim.calibration.meaning import GRID, empty_meaning
from sim.calibration.model import EITHER, KEPT, LOST, UNKNOWN
from sim.calibration.moves import find_meaning
from sim.calibration.sample import _opening
from sim.kernel import kernel


@kernel
def weigh_them(rows, layout, state, hidden, meaning, scratch):
    find_meaning(state.x, layout, meaning, scratch)
    choose(rows, -1, -1, scratch.which)
    weigh(rows, state, hidden, meaning, scratch)


class Point:
    """Inputs and what hides behind outcomes, read from the arrays by name."""

    def __init__(self, found, prior, state):
        self.rows, self.prior, self.state = found.evidence.rows, prior, state
        share = ndtr(state.x)
        self.market = share[0]
        self.health = (1 - share[0]) * share[1]
        self.skill = (1 - share[0]) * (1 - share[1]) * share[2]
        self.own = 1.0 - self.market - self.health - self.skill
        self.timing, self.amount = (0.99 * (2 * share[place] - 1) for place in (4, 5))

    def account(self, n):
        return int(np.searchsorted(self.rows.account, n, side="right")) - 1

    def churn(self, n):
        layout, s = self.prior.layout, self.rows.segment[n]
        mean = ndtr(self.state.x[layout.mean[self.rows.group[n]]])
        strength = 1.0 / ndtr(self.state.x[layout.dispersion[s]]) - 1.0
        return beta(mean * strength, (1 - mean) * strength).ppf(ndtr(self.state.place[self.account(n)]))

    def shared(self, n):
        rows, state = self.rows, self.state
        found = (
            np.sqrt(self.market) * state.market[rows.period[n]]
            + np.sqrt(self.skill) * state.skill[rows.csm[n]]
        )
        return found + np.sqrt(self.health) * state.health[n]

    def bands(self, s):
        left, shares = 1.0, []
        for place in self.prior.layout.stick[s][: self.prior.layout.bands[s] - 1]:
            shares.append(left * ndtr(self.state.x[place]))
            left -= shares[-1]
        return np.cumsum([0.0, *shares, left])

    def told(self, n, standing):
        """Probability of timing and amount of a kept renewal, at a standing."""
        rows, s = self.rows, self.rows.segment[n]
        upto = self.bands(s)

        def below(share, r):
            return ndtr((ndtri(share) - r * standing) / np.sqrt(1 - r * r))

        likely = below(upto[rows.high[n]], self.timing) - below(upto[rows.low[n]], self.timing)
        if rows.part[n] > 0:
            band = below(upto[rows.high[n] + 1], self.timing) - below(upto[rows.high[n]], self.timing)
            likely += rows.part[n] * band
        layout = self.prior.layout
        smaller = ndtr(self.state.x[layout.smaller[s]])
        larger = (1 - smaller) * ndtr(self.state.x[layout.larger[s]])
        parts = (below(smaller, self.amount), 0.0, 1.0 - below(1.0 - larger, self.amount))
        amount = rows.amount[n]
        if amount != UNKNOWN:
            likely *= 1.0 - parts[0] - parts[2] if amount == 1 else parts[amount]
        return likely

    def kept(self, n):
        """Probability that a renewal is kept, and of what is told of it then, the latent integrated out."""
        p, mu, own = self.churn(n), self.shared(n), np.sqrt(self.own)

        def density(latent):
            share = min(max((ndtr(latent) - p) / (1 - p), 1e-15), 1 - 1e-15)
            return norm.pdf(latent, mu, own) * self.told(n, ndtri(share))

        return quad(density, ndtri(p), mu + 9 * own, limit=200, epsabs=1e-12)[0]


@pytest.fixture(scope="module")
def point(found):
    rng = np.random.default_rng(3)
    counts = (found.evidence.periods, len(found.evidence.csms))
    state = _opening(found.evidence.rows, len(found.evidence.cells.period), found.believed, *counts, rng)
    state.market[:] = rng.standard_normal(len(state.market))
    return Point(found, found.believed, state)


@pytest.mark.jit
def test_a_contract_is_worth_what_the_world_gives_it(found, point):
    """Lost ones exactly; kept ones by the mean over ranks, which is the integral over the latent."""
    rows, state = point.rows, point.state
    scratch = room(len(rows.kind), 0, len(state.place), len(state.market), len(state.skill), GRID)
    meaning = empty_meaning(point.prior.layout)
    hidden = Hidden(state.place, state.health, state.market, state.skill)
    chosen = [np.flatnonzero(rows.kind == kind)[5 + k] for kind in (LOST, KEPT, EITHER) for k in (0, 9)]
    ranks, total = (np.arange(120) + 0.5) / 120, np.zeros(len(rows.kind))
    for rank in ranks:
        state.rank[:] = rank
        weigh_them(rows, point.prior.layout, state, hidden, meaning, scratch)
        told = np.where(state.lost, 0.0, scratch.told)
        total += np.exp(scratch.left + told) / len(ranks)
    for n in chosen:
        if state.lost[n]:
            wanted = ndtr((ndtri(point.churn(n)) - point.shared(n)) / np.sqrt(point.own))
        else:
            wanted = point.kept(n)
        assert total[n] == pytest.approx(wanted, rel=0.01), (n, rows.kind[n])
