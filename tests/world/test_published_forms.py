"""The world against formulas and published tables it does not know."""

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_normal, norm

from sim.records import NEVER
from sim.world.frailty import churn_tables, differ
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, make_scenario

pytestmark = pytest.mark.jit


def test_lost_share_of_a_large_uniform_book_is_vasicek():
    """One factor, many equal accounts: P(lost share <= x) = Phi((sqrt(1-r) Phi^-1(x) - Phi^-1(p)) / sqrt(r)), Vasicek 2002.

    Kolmogorov-Smirnov at 1e-3 on 1,000 worlds; 1,500 accounts or more due leave a binomial error far below its resolution.
    """
    p, r = 0.12, 0.2
    scenario = make_scenario(
        dependence={**INDEPENDENT, "market": r},
        market={"persistence": 0.0},
        churn={"probability": p},
        periods=1,
        csms=1,
        arr={"listed": ({"arr": 100.0, "accounts": 8_000},)},
    )
    renewals, _ = World(scenario, 8).simulate(0, 0, 1_000)
    period = scenario.calendar.table.period[
        np.clip(renewals.due_day - scenario.calendar.table.first, 0, None).clip(max=380)
    ]
    due = (renewals.due_day < NEVER) & (renewals.number == 0)[:, None] & (period == scenario.calendar.lead)
    lost = due & (renewals.booked_day == NEVER)
    share = lost.sum(axis=0) / due.sum(axis=0)

    def vasicek(x):
        return norm.cdf((np.sqrt(1 - r) * norm.ppf(x) - norm.ppf(p)) / np.sqrt(r))

    assert due.sum(axis=0).min() > 1_500
    assert kstest(share, vasicek).pvalue > 1e-3
    np.testing.assert_allclose(
        np.quantile(share, [0.05, 0.5, 0.95]),
        [norm.cdf((np.sqrt(r) * norm.ppf(q) + norm.ppf(p)) / np.sqrt(1 - r)) for q in (0.05, 0.5, 0.95)],
        atol=0.02,
    )


# Fader and Hardie (2007), Table: fitted shifted-beta-geometric survival, per cent, years 1 to 7
SURVIVAL = {
    "regular": (0.7041, 1.1820, [62.7, 47.4, 38.8, 33.2, 29.2, 26.2, 23.9]),
    "high end": (0.6681, 3.8061, [85.1, 74.7, 67.0, 61.0, 56.2, 52.2, 48.9]),
}


@pytest.mark.parametrize("name", SURVIVAL)
def test_survival_with_frailty_is_the_published_shifted_beta_geometric(name):
    a, b, published = SURVIVAL[name]
    scenario = make_scenario(
        dependence=INDEPENDENT,
        book={"redraw": True},
        churn={"probability": a / (a + b), "dispersion": 1 / (a + b + 1)},
        periods=32,
        csms=1,
        arr={"listed": ({"arr": 100.0, "accounts": 100},)},
    )
    renewals, _ = World(scenario, 5).simulate(0, 0, 2_000)
    accounts = 100 * 2_000
    for year, expected in enumerate(published, start=1):
        row = renewals.number == year - 1
        kept = (renewals.booked_day[row] < NEVER).sum() / accounts
        # published to one decimal; 4 standard errors of a binomial share
        assert abs(100 * kept - expected) < 0.05 + 400 * np.sqrt(kept * (1 - kept) / accounts)


def test_beta_table_is_the_beta_quantile():
    from scipy.special import ndtri
    from scipy.stats import beta

    scenario = make_scenario(churn={"probability": 0.12, "dispersion": 0.06})
    table = churn_tables(scenario, (12,))[0, 0, 0]
    place = ndtri(np.arange(1, 4000) / 4000)
    scores = np.interp(place, np.linspace(-5.5, 5.5, len(table)), table.astype(float))
    strength = 1 / 0.06 - 1
    exact = ndtri(beta.ppf(np.arange(1, 4000) / 4000, 0.12 * strength, 0.88 * strength))
    assert np.abs(scores - exact).max() < 1e-5
    assert not differ(make_scenario(churn={"probability": 0.12}).segment[0], 12)


def joint_loss(p, rho):
    """P(both lost) for two renewals whose latents correlate by rho: the bivariate normal distribution."""
    q = norm.ppf(p)
    return multivariate_normal.cdf([q, q], mean=[0, 0], cov=[[1, rho], [rho, 1]])


@pytest.fixture(scope="module")
def losses():
    """Lost or not, [csm, account, renewal number, world]: two CSMs, accounts due the same day every year."""
    from datetime import date

    scenario = make_scenario(
        dependence={**INDEPENDENT, "market": 0.15, "skill": 0.15, "health": 0.3, "health_persistence": 0.6},
        market={"persistence": 0.5},
        book={"redraw": True},
        churn={"probability": 0.2},
        win_back=(
            {"days": (1, 1), "probability": 1.0},
        ),  # every account comes back, so that each is met twice
        csms=2,
        arr={"listed": ({"arr": 100.0, "accounts": 40},)},
        start=date(2026, 1, 1),
        due={"quarter_weights": (0.0, 0.0, 1.0, 0.0), "last_month_share": 1.0},
    )
    world = World(scenario, 31)
    lost = []
    for csm in range(2):
        renewals, _ = world.simulate(csm, 0, 40_000)
        late = renewals.booked_day - renewals.due_day == 1
        numbers = renewals.number.reshape(40, -1)[0]
        by_account = late.reshape(40, len(numbers), -1)
        lost.append(by_account[:, :2])
    return np.array(lost)


@pytest.mark.parametrize(
    ("pair", "rho"),
    [
        ("two accounts of one csm", 0.30),
        ("two csms", 0.15),
        ("two renewals of one account", 0.15 * 0.5**4 + 0.15 + 0.3 * 0.6),
    ],
)
def test_latents_correlate_as_the_loadings_say(losses, pair, rho):
    first = {
        "two accounts of one csm": (losses[0, :20, 0], losses[0, 20:, 0]),
        "two csms": (losses[0, :, 0], losses[1, :, 0]),
        "two renewals of one account": (losses[0, :, 0], losses[0, :, 1]),
    }[pair]
    both = (first[0] & first[1]).mean(axis=0)  # worlds are independent draws
    error = both.std(ddof=1) / np.sqrt(len(both))
    assert abs(both.mean() - joint_loss(0.2, rho)) < 4 * error
    # and the test can tell: no correlation would be far outside
    assert abs(joint_loss(0.2, rho) - 0.04) > 8 * error


def test_market_factor_is_a_stationary_autoregression():
    world = World(make_scenario(market={"persistence": 0.7}), 2)
    market = world.market(0, 40_000)
    n = market.shape[1]
    for t in range(market.shape[0]):
        assert abs(market[t].mean()) < 4.5 / np.sqrt(n)
        assert abs(market[t].var() - 1) < 4.5 * np.sqrt(2 / n)
    for lag in (1, 2, 4):
        correlation = np.corrcoef(market[3], market[3 + lag])[0, 1]
        assert abs(correlation - 0.7**lag) < 4.5 * (1 - 0.7 ** (2 * lag)) / np.sqrt(n)


def test_hazard_falls_with_tenure_only_when_accounts_differ():
    def hazards(dispersion):
        scenario = make_scenario(
            dependence=INDEPENDENT,
            book={"redraw": True},
            churn={"probability": 0.25, "dispersion": dispersion},
            periods=16,
            csms=1,
            arr={"listed": ({"arr": 1.0, "accounts": 50},)},
        )
        renewals, _ = World(scenario, 6).simulate(0, 0, 4_000)
        rates = []
        for number in range(3):
            row = renewals.number == number
            met = renewals.due_day[row] < NEVER
            rates.append((met & (renewals.booked_day[row] == NEVER)).sum() / met.sum())
        return rates

    first, second, third = hazards(0.3)
    assert first > second + 0.02 > third + 0.03
    equal = hazards(0.0)
    assert max(equal) - min(equal) < 0.01


def test_skill_is_a_fact_of_the_person():
    scenario = make_scenario(
        dependence={"skill": 0.3}, csms=400, arr={"listed": ({"arr": 1.0, "accounts": 1},)}
    )
    world = World(scenario, 3)
    skill = np.array([world.seat(csm, 0, 50).skill for csm in range(400)])
    assert (skill == skill[:, :1]).all()  # the same in every period
    apart = skill[:, 0].ravel()  # and a draw of its own for every CSM and world
    assert abs(apart.mean()) < 4 / np.sqrt(apart.size)
    assert abs(apart.std() - 1) < 4 / np.sqrt(2 * apart.size)
    between = np.corrcoef(skill[:, 0])[np.triu_indices(400, 1)]
    assert abs(between.mean()) < 4 / np.sqrt(between.size * 50)
