"""People come and go, accounts join, and plans can see it: seats, arrivals, counts, notice and KPIs."""

from math import floor, log

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm, poisson

from sim.plan.measures import KPIS
from sim.records import NEVER
from sim.world.streams import SKILL, TURNOVER
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, LAG, make_scenario
from tests.rig.twins.world import Draws

NEW = {"per_year": 6.0, "arr": {"mean": 20_000.0, "sigma": 0.5}}


def scenario_with(team=None, kpi=None, **segment):
    base = make_scenario(**segment)
    from sim.world.scales import Kpis
    from sim.world.scenario import Team

    return base.model_copy(update={"team": Team(**(team or {})), "kpi": Kpis(**(kpi or {}))})


def test_a_seat_nobody_leaves_is_always_filled():
    seat = World(scenario_with(), 1).seat(0, 0, 3)
    assert (seat.filled == 1.0).all()
    assert (seat.tenure > 90).all()
    assert (seat.skill == seat.skill[0]).all()


def test_a_seat_day_by_day():
    """From the same words, one day after the other: who sits there, since when, and whose skill is in force."""
    rate, vacancy, cover = 1.5, 60, 0.25
    scenario = scenario_with(team={"turnover_per_year": rate, "vacancy_days": vacancy, "cover": cover})
    world = World(scenario, 4)
    seat, bounds = world.seat(1, 0, 12), scenario.calendar.bounds
    key, who = tuple(int(word) for word in world.key), int(world.book.csm_ids[1])
    for w in range(12):
        tenures, day = [], int(bounds[0])
        while day < bounds[-1]:
            share = Draws(key, w, who).group(TURNOVER, len(tenures), 0)[0]
            end = floor(day - log(share) * 365.25 / rate)
            own = ndtri(Draws(key, w, who).group(SKILL, len(tenures), 0)[0])
            tenures.append((day, end, own))
            day = end + vacancy
        for t in range(len(bounds) - 1):
            days = range(bounds[t], bounds[t + 1])
            filled = sum(any(first <= d < end for first, end, _ in tenures) for d in days) / len(days)
            assert seat.filled[t, w] == pytest.approx(filled)
            middle = (bounds[t] + bounds[t + 1]) / 2
            skills = [own if middle < end else cover * own for first, end, own in tenures if first <= middle]
            assert seat.skill[t, w] == pytest.approx(skills[-1], rel=1e-5)
            newest = max(n for n, (first, _, _) in enumerate(tenures) if first < bounds[t + 1])
            began = sum(tenures[newest][0] >= bound for bound in bounds) - 1
            assert seat.tenure[t, w] == (t - began if newest else 99)


@pytest.mark.jit
def test_turnover_has_the_rate_configured():
    """A stationary renewal process would be vacant v / (1/r + v) of the time; from a filled start, the expected filled share
    solves the renewal equation; here by its own simulation with numpy's generator, within 4 standard errors of both."""
    rate, vacancy, n = 0.8, 90, 40_000
    scenario = scenario_with(team={"turnover_per_year": rate, "vacancy_days": vacancy})
    seat, bounds = World(scenario, 9).seat(0, 0, n), scenario.calendar.bounds
    rng = np.random.default_rng(5)
    filled = np.zeros((scenario.calendar.span, n))
    start = np.full(n, float(bounds[0]))
    while (start < bounds[-1]).any():
        end = np.floor(start + rng.exponential(365.25 / rate, n))
        for t in range(scenario.calendar.span):
            filled[t] += np.clip(np.minimum(end, bounds[t + 1]) - np.maximum(start, bounds[t]), 0, None) / (
                bounds[t + 1] - bounds[t]
            )
        start = end + vacancy
    for t in (0, 4, 9):
        error = np.sqrt((seat.filled[t].var() + filled[t].var()) / n)
        assert abs(seat.filled[t].mean() - filled[t].mean()) < 4 * error + 1e-9
    assert seat.filled[9].mean() < 0.95


@pytest.mark.jit
def test_a_better_successor_loses_fewer_customers():
    scenario = make_scenario(
        dependence={**INDEPENDENT, "skill": 0.3},
        csms=1,
        churn={"probability": 0.3},
        arr={"listed": ({"arr": 1.0, "accounts": 60},)},
    )
    from sim.world.scenario import Team

    leaving = scenario.with_(team=Team(turnover_per_year=3.0, vacancy_days=0))
    world = World(leaving, 6)
    skill = world.seat(0, 0, 2_000).skill
    renewals, _ = world.simulate(0, 0, 2_000)
    table = leaving.calendar.table
    rows = renewals.number == 0
    period = table.period[np.clip(renewals.due_day[rows] - table.first, 0, len(table.period) - 1)]
    lost = renewals.booked_day[rows] == NEVER
    own = np.take_along_axis(skill, np.clip(period, 0, len(skill) - 1), axis=0)
    rates = [lost[(own > low) & (own <= high)].mean() for low, high in ((-9, -0.7), (0.7, 9))]
    assert rates[0] > rates[1] + 0.1
    # exact given the skill: P(lost | U) = Phi((q - sqrt(.3) U) / sqrt(.7))
    expected = norm.cdf((norm.ppf(0.3) - np.sqrt(0.3) * own) / np.sqrt(0.7))
    assert abs((lost - expected).mean()) < 4 * np.sqrt(0.21 / lost.size)


@pytest.mark.jit
def test_arrivals_are_poisson_and_their_arr_is_lognormal():
    n = 8_000
    scenario = make_scenario(csms=1, new_accounts=NEW, dependence=INDEPENDENT)
    world = World(scenario, 3)
    _, bridge, activity = world.simulate_all(0, 0, n)
    joined = activity.number["new"]
    days = np.diff(scenario.calendar.bounds)[scenario.calendar.lead :][: scenario.calendar.periods]
    for t in (0, 3, 7):
        mean = 6.0 * days[t] / 365.25
        assert abs(joined[t].mean() - mean) < 4 * np.sqrt(mean / n)
        for k in (0, 1, 3):
            share = (joined[t] == k).mean()
            assert abs(share - poisson.pmf(k, mean)) < 4 * np.sqrt(share * (1 - share) / n)
    error = bridge.new.sum(axis=0).std() / np.sqrt(n)
    assert abs(bridge.new.sum(axis=0).mean() - joined.sum(axis=0).mean() * 20_000) < 4 * error


def test_arrivals_change_no_draw_of_the_accounts_that_were_there():
    plain, joined = make_scenario(lag=LAG), make_scenario(lag=LAG, new_accounts=NEW)
    one, other = World(plain, 2).simulate(1, 0, 4)[0], World(joined, 2).simulate(1, 0, 4)[0]
    world = World(joined, 2)
    first = int(world.book.csm_start[1])
    for account in range(12):
        mine = one.account == 12 + account
        theirs = other.account == first + account
        np.testing.assert_array_equal(one.booked_day[mine], other.booked_day[theirs][: mine.sum()])


@pytest.mark.parametrize("redraw", [False, True])
def test_bridge_and_counts_add_up_with_arrivals_and_turnover(rich, redraw):
    from sim.world.scenario import Team
    from sim.world.segment import NewAccounts

    segment = rich.segment[0].model_copy(update={"new_accounts": NewAccounts(**NEW)})
    update = {"segment": (segment,), "team": Team(turnover_per_year=1.0)}
    update["book"] = rich.book.model_copy(update={"redraw": redraw})
    scenario = rich.model_copy(update=update)
    renewals, b, activity = World(scenario, 5).simulate_all(1, 0, 6)
    flows = b.new + b.expansion + b.uplift + b.won_back - b.contraction - b.churn - b.lapsed
    np.testing.assert_allclose(b.opening + flows, b.closing, rtol=1e-12)
    assert b.new.sum() > 0
    n = activity.number
    after = n["accounts"] + n["new"] + n["won_back"] - n["churn"] - n["lapsed"]
    np.testing.assert_array_equal(after[:-1], n["accounts"][1:])
    # counts from the events themselves
    calendar = scenario.calendar
    first, last = calendar.bounds[calendar.lead], calendar.bounds[calendar.lead + calendar.periods]
    booked = (renewals.booked_day >= first) & (renewals.booked_day < last)
    np.testing.assert_array_equal(n["renewal"].sum(axis=0), booked.sum(axis=0))
    lost = (renewals.due_day >= first) & (renewals.due_day < last) & (renewals.booked_day == NEVER)
    np.testing.assert_array_equal(n["churn"].sum(axis=0), lost.sum(axis=0))
    np.testing.assert_allclose(activity.flow["churn"]["due"].sum(axis=0), (renewals.arr * lost).sum(axis=0))
    grown = np.maximum(renewals.booked_arr - renewals.arr, 0) * booked
    np.testing.assert_allclose(activity.flow["uplift"]["booking"].sum(axis=0), grown.sum(axis=0))


@pytest.mark.jit
def test_notice_comes_before_the_due_day():
    scenario = make_scenario(
        csms=1,
        dependence=INDEPENDENT,
        notice_days=120,
        churn={"probability": 0.4},
        arr={"listed": ({"arr": 1.0, "accounts": 200},)},
    )
    renewals, _, activity = World(scenario, 5).simulate_all(0, 0, 500)
    told = activity.flow["churn"]["notice"].sum(axis=1)
    lost = renewals.due_day[(renewals.due_day < NEVER) & (renewals.booked_day == NEVER)]
    bounds = scenario.calendar.bounds[scenario.calendar.lead :][: scenario.calendar.periods + 1]
    # each loss is told 0 to 119 days ahead, all days alike: the share of those days that lies in a period
    days = np.minimum(lost[:, None] + 1, bounds[1:]) - np.maximum(lost[:, None] - 119, bounds[:-1])
    share = np.clip(days, 0, None) / 120
    error = np.sqrt((share * (1 - share)).sum(axis=0))
    assert (abs(told - share.sum(axis=0)) < 4 * error).all()


def test_multi_year_conversions_are_longer_terms_than_held():
    scenario = make_scenario(
        csms=1, term_months={"12": 1.0}, renewed_term_months={"24": 1.0}, churn={"probability": 0.0}
    )
    renewals, _, activity = World(scenario, 5).simulate_all(0, 0, 3)
    first = renewals.number == 0
    calendar = scenario.calendar
    end = calendar.bounds[calendar.lead + calendar.periods]
    booked = first[:, None] & (renewals.booked_day >= 0) & (renewals.booked_day < end)
    np.testing.assert_array_equal(activity.number["multi_year"].sum(axis=0), booked.sum(axis=0))
    np.testing.assert_allclose(activity.multi_year.sum(axis=0), (renewals.booked_arr * booked).sum(axis=0))


@pytest.mark.jit
def test_kpis_read_health_as_well_as_they_say():
    """With one account and a reading that is health itself, the reading is uniform on its scale, and predicts churn."""
    exact = {"correlation": 1.0, "scale": (0.0, 100.0)}
    blind = {"correlation": 0.0, "scale": (-100.0, 100.0)}
    scenario = scenario_with(
        kpi={"health": exact, "nps": blind},
        dependence={**INDEPENDENT, "health": 0.5},
        csms=1,
        arr={"listed": ({"arr": 1.0, "accounts": 1},)},
        churn={"probability": 0.3},
        due={"quarter_weights": (0.0, 0.0, 1.0, 0.0), "last_month_share": 1.0},
    )
    world = World(scenario, 8)
    n = 20_000
    renewals, _, activity = world.simulate_all(0, 0, n, kpis=KPIS)
    health, nps = activity.kpi["health"], activity.kpi["nps"]
    table = scenario.calendar.table
    due = table.period[renewals.due_day[0, 0] - table.first]
    assert due == 0  # the first renewal falls before the horizon: read the second, a year later
    later = renewals.due_day[1] < NEVER
    period = int(table.period[renewals.due_day[1][later].min() - table.first]) - scenario.calendar.lead
    read, noise = health[period - 1, later], nps[period - 1, later]
    lost = renewals.booked_day[1, later] == NEVER
    assert read[lost].mean() < read[~lost].mean() - 10
    assert abs(noise[lost].mean() - noise[~lost].mean()) < 4 * noise.std() / np.sqrt(lost.sum())
    everyone = health[0, renewals.booked_day[0] < NEVER]
    assert 0 <= everyone.min() <= everyone.max() <= 100


@pytest.mark.jit
def test_a_kpi_reading_of_a_standing_account_has_the_scale_s_distribution():
    scenario = scenario_with(
        kpi={"adoption": {"correlation": 0.6, "scale": (0.0, 0.2, 1.0)}},
        csms=1,
        arr={"listed": ({"arr": 1.0, "accounts": 1},)},
        term_months={"120": 1.0},
        due={"quarter_weights": (0.0, 1.0, 0.0, 0.0), "last_month_share": 1.0},
        churn={"probability": 0.0},
    )
    n = 20_000
    _, _, activity = World(scenario, 8).simulate_all(0, 0, n, kpis=KPIS)
    for t in range(8):
        reading = activity.kpi["adoption"][t]
        assert abs((reading < 0.2).mean() - 0.5) < 4 * 0.5 / np.sqrt(n)
        assert abs(reading.mean() - (0.5 * 0.1 + 0.5 * 0.6)) < 4 * reading.std() / np.sqrt(n)


def test_onboarding_is_the_share_of_new_accounts_in_time():
    quick = {**NEW, "onboarding": {"mean_days": 10.0, "sigma": 0.0, "target_days": 11}}
    slow = {**NEW, "onboarding": {"mean_days": 12.0, "sigma": 0.0, "target_days": 11}}
    for law, expected in ((quick, 1.0), (slow, 0.0)):
        _, _, activity = World(make_scenario(csms=1, new_accounts=law), 5).simulate_all(0, 0, 5, kpis=KPIS)
        joined = activity.number["new"] > 0
        assert (activity.kpi["onboarding"][joined] == expected).all()
        assert (activity.kpi["onboarding"][~joined] == 1.0).all()


@pytest.mark.jit
@pytest.mark.parametrize("b", [0.0, 0.5])
def test_expansions_are_counted_one_by_one(b):
    """Ten accounts at a mean of 1.25 a quarter: 12.5 expansions, however their rate depends on shared factors; Poisson
    where it does not. Account-quarters with at least one would be 10 x (1 - e^-1.25) = 7.1.
    """
    scenario = make_scenario(
        dependence={**INDEPENDENT, "market": 0.2, "health": 0.3, "expansion": b},
        periods=4,
        csms=1,
        arr={"listed": ({"arr": 1_000.0, "accounts": 10},)},
        term_months={"120": 1.0},
        churn={"probability": 0.0},
        expansion={"events_per_year": 5.0, "size": {"mean": 0.01, "sigma": 0.0}},
    )
    n = 20_000
    counted = World(scenario, 8).simulate_all(0, 0, n)[2].number["expansion"]
    assert (abs(counted.mean(axis=1) - 12.5) < 4 * counted.std(axis=1) / np.sqrt(n)).all()
    if b == 0.0:
        most = np.arange(5, 22)
        shares = [(counted[2] == k).mean() for k in most]
        expected = poisson.pmf(most, 12.5)
        assert (abs(shares - expected) < 4 * np.sqrt(expected * (1 - expected) / n)).all()
    else:
        assert counted[2].var() > 1.5 * 12.5


def test_a_kpi_read_alone_reads_the_same():
    world = World(make_scenario(csms=1), 8)
    together = world.simulate_all(0, 0, 5, kpis=KPIS)[2].kpi
    assert together.keys() == set(KPIS)
    for name in KPIS:
        alone = world.simulate_all(0, 0, 5, kpis=(name,))[2].kpi
        assert alone.keys() == {name}
        np.testing.assert_array_equal(alone[name], together[name])


@pytest.mark.jit
def test_a_kpi_of_one_s_own_reads_health_and_has_noise_of_its_own():
    """By its name: what else is there changes nothing, of the shipped ones neither; perfectly correlated it is health."""
    law = {"correlation": 0.4, "scale": (0.0, 10.0)}
    alike = {"health": {"correlation": 1.0, "scale": (0.0, 10.0)}}
    exact = {"correlation": 1.0, "scale": (0.0, 10.0)}
    alone = World(scenario_with(kpi={**alike, "own": {"csat": law}}, csms=1), 8)
    among = World(scenario_with(kpi={**alike, "own": {"usage": law, "csat": law, "exact": exact}}, csms=1), 8)
    one = alone.simulate_all(0, 0, 400, kpis=("health", "csat"))[2].kpi
    many = among.simulate_all(0, 0, 400, kpis=("csat", "exact", "health", "usage"))[2].kpi
    assert many.keys() == {"csat", "exact", "health", "usage"}
    np.testing.assert_array_equal(one["csat"], many["csat"])
    np.testing.assert_array_equal(one["health"], many["health"])
    np.testing.assert_array_equal(many["exact"], many["health"])
    assert not (many["usage"] == many["csat"]).any()


@pytest.mark.jit
def test_kpis_of_one_s_own_are_as_correlated_as_they_say():
    """One account held all along: readings of two KPIs share c1 x c2 of their normal scores, and nothing else."""
    laws = {name: {"correlation": c, "scale": (0.0, 1.0)} for name, c in (("a", 0.8), ("b", 0.5))}
    scenario = scenario_with(
        kpi={"own": laws},
        csms=1,
        arr={"listed": ({"arr": 1.0, "accounts": 1},)},
        term_months={"120": 1.0},
        due={"quarter_weights": (0.0, 1.0, 0.0, 0.0), "last_month_share": 1.0},
        churn={"probability": 0.0},
    )
    n = 20_000
    kpi = World(scenario, 8).simulate_all(0, 0, n, kpis=("a", "b"))[2].kpi
    scores = [ndtri(np.clip(kpi[name][3], 1e-6, 1 - 1e-6)) for name in ("a", "b")]
    found = np.corrcoef(scores)[0, 1]
    assert abs(found - 0.4) < 4 * (1 - 0.4**2) / np.sqrt(n)
