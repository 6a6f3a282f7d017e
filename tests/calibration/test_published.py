"""Against what others have published or written: cohorts of Fader and Hardie, Kaplan-Meier, quantiles of the Beta."""

import numpy as np
import pytest
from scipy.special import betaincinv, ndtr, ndtri

from sim.calibration.cohort import fit_cohort
from sim.calibration.meaning import GRID, PLACE, PLACE_SHARE, find_scores
from sim.calibration.model import Layout
from sim.calibration.normal import score_at, share_below
from sim.calibration.observed import kaplan_meier
from sim.kernel import kernel

REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
"""Customers of two cohorts that are left after each of seven years.

Source: Fader and Hardie, "How to project customer retention", Journal of Interactive Marketing 21 (2007), table 1.
"""


@pytest.mark.parametrize(
    ("cohort", "alpha", "beta", "fit"),
    [(REGULAR, 0.704, 1.182, -1680.27), (HIGH_END, 0.668, 3.806, -1611.16)],
)
def test_the_cohorts_of_fader_and_hardie(cohort, alpha, beta, fit):
    """Their estimates and log likelihoods, to the digits that they print."""
    left = np.array(cohort, dtype=np.float64)
    staying = np.zeros(len(left) - 1)
    staying[-1] = left[-1]
    found = fit_cohort(-np.diff(left), staying)
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)
    assert found.log_likelihood == pytest.approx(fit, abs=0.01)
    assert found.mean == pytest.approx(alpha / (alpha + beta), abs=1e-3)
    assert found.dispersion == pytest.approx(1.0 / (alpha + beta + 1.0), abs=1e-3)


def test_kaplan_meier_is_that_of_lifelines():
    """On 300 booking lags, of which some are censored, with ties."""
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(7)
    lag, cut = rng.integers(-60, 120, 300), rng.integers(-30, 150, 300)
    time, booked = np.minimum(lag, cut), lag <= cut
    theirs = lifelines.KaplanMeierFitter().fit(time + 100, booked).survival_function_["KM_estimate"]
    ours = kaplan_meier(time.astype(np.int64), booked)
    np.testing.assert_allclose(1.0 - ours.share, theirs.loc[ours.day + 100].to_numpy(), rtol=1e-12)


@kernel
def find_table(x, layout, place, z, y, out):
    find_scores(x, layout, 0, place, z, y, out)


def scores_of(mean, spread, at):
    """Score of the churn probability at each place, of a segment of that mean and spread."""
    x, nothing, out = (
        np.array([ndtri(mean), ndtri(spread)]),
        np.zeros((1, 1), dtype=np.int64),
        np.zeros(len(at)),
    )
    place = np.array([0])
    layout = Layout(
        place, place, place + 1, *(place,) * 3, nothing, place, nothing, 4.0, np.ones(2, dtype=bool)
    )
    find_table(x, layout, at, np.zeros(GRID), np.zeros(GRID), out)
    return out


@pytest.mark.parametrize("mean", [0.01, 0.073, 0.31, 0.8])
@pytest.mark.parametrize("spread", [0.002, 0.06, 0.3, 0.7])
def test_scores_of_accounts_that_differ_are_quantiles_of_the_beta(mean, spread):
    """Against scipy's inverse incomplete beta, wherever one account in 2,000 may stand."""
    place = np.linspace(-5.5, 5.5, 129)
    strength = 1.0 / spread - 1.0
    wanted = ndtri(
        np.clip(betaincinv(mean * strength, (1.0 - mean) * strength, ndtr(place)), 1e-14, 1 - 1e-14)
    )
    inner = (np.abs(place) < 3.3) & (np.abs(wanted) < 6.0)
    np.testing.assert_allclose(scores_of(mean, spread, place)[inner], wanted[inner], atol=0.01)


@pytest.mark.parametrize("spread", [0.02, 0.1, 0.2])
def test_few_places_stand_for_all_accounts(spread):
    """Who is lost once, or three times of three, is weighed as the Beta has it: its moments."""
    strength = 1.0 / spread - 1.0
    lost = ndtr(scores_of(0.2, spread, PLACE))
    once = 0.2
    thrice = np.prod([(0.2 * strength + k) / (strength + k) for k in range(3)])
    assert PLACE_SHARE @ lost == pytest.approx(once, rel=0.01)
    assert PLACE_SHARE @ lost**3 == pytest.approx(thrice, rel=0.01)


@kernel
def fill_normal(x, share, below, score):
    for place in range(len(x)):
        below[place] = share_below(x[place])
        score[place] = score_at(share[place])


def test_the_normal_distribution_of_likelihoods():
    x, share = np.linspace(-6.0, 6.0, 501), np.logspace(-12, -0.001, 501)
    below, score = np.empty(501), np.empty(501)
    fill_normal(x, share, below, score)
    np.testing.assert_allclose(below, ndtr(x), rtol=1e-5)
    np.testing.assert_allclose(score, ndtri(share), atol=1e-9)
