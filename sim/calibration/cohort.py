"""Accounts that differ and share nothing: the law that survivors of one renewal after another speak for."""

from typing import Final, NamedTuple

import numpy as np

from sim.calibration.model import Floats

FEWEST: Final = 1e-3
MOST: Final = 1e4


class Cohort(NamedTuple):
    """A shifted-beta-geometric law. alpha, beta : of the Beta of churn probabilities."""

    alpha: float
    beta: float
    log_likelihood: float

    @property
    def mean(self) -> float:
        """Mean churn probability. [share]"""
        return self.alpha / (self.alpha + self.beta)

    def hazard(self, renewals: int) -> Floats:
        """Churn probability of those who are left, at each renewal. [renewal] [share]"""
        return np.asarray(self.alpha / (self.alpha + self.beta + np.arange(renewals)), dtype=np.float64)

    @property
    def dispersion(self) -> float:
        """Intra-class correlation of accounts' churn."""
        return 1.0 / (self.alpha + self.beta + 1.0)


def fit_cohort(lost: Floats, staying: Floats) -> Cohort:
    """The most likely law of accounts.

    lost    : accounts that are lost at each of their renewals. [renewal]
    staying : accounts of which nothing more is known after each. [renewal]

    Source: Fader and Hardie, "How to project customer retention" (2007): P(T = 1) = a / (a + b) and
    P(T = t) = P(T = t - 1) (b + t - 2) / (a + b + t - 1).
    """
    from scipy.optimize import minimize

    t = np.arange(len(lost))

    def worse(x: Floats) -> float:
        alpha, beta = np.exp(x)
        survival = np.cumsum(np.log(beta + t) - np.log(alpha + beta + t))
        losing = np.log(alpha) - np.log(alpha + beta + t) + np.concatenate([[0.0], survival[:-1]])
        return -float((lost * losing).sum() + (staying * survival).sum())

    bounds = [(np.log(FEWEST), np.log(MOST))] * 2
    found = minimize(
        worse, np.zeros(2), method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}
    )
    alpha, beta = np.exp(found.x)
    return Cohort(float(alpha), float(beta), -float(found.fun))
