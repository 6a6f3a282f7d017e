"""What is not known differs between worlds, what is given does not, and no draw depends on blocks or on others."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import beta, kstest, lognorm

from sim.plan.measures import KPIS
from sim.records import NEVER
from sim.world.book_source import BookSource
from sim.world.scales import Kpis
from sim.world.shift import Shift, shift_world
from sim.world.world import World
from tests.rig.inputs.small_scenarios import INDEPENDENT, LAG, make_scenario
from tests.rig.twins.facts import churn_scores_of, contract_of, skill_of

SOURCES = (BookSource(), BookSource(redraw=False))


def with_book(scenario, source):
    return scenario.with_(book=source)


def export(tmp_path, rows, extra="", lag=LAG, **segment):
    """A scenario that reads a book; accounts are all due within the first half year."""
    header = f"csm,account,segment,arr,due_date,term_months{extra}"
    (tmp_path / "book.csv").write_text("\n".join([header, *rows]) + "\n")
    scenario = make_scenario(book={"file": "book.csv"}, lag=lag, **segment)
    scenario._origin = tmp_path / "scenario.toml"
    return scenario


@pytest.mark.parametrize("source", SOURCES)
def test_facts_are_those_of_the_slow_twin(rich, source):
    """Contracts, churn by term, and skill, account by account and world by world, from the same words."""
    world = World(with_book(rich, source), 9)
    facts = world.facts(1, 3, 4)
    held = world.book.accounts_of(1)
    facts = type(facts)(*(np.broadcast_to(each, (*each.shape[:-1], 4)) for each in facts))
    for own in range(12):
        for w in range(4):
            account = held.start + own
            arr, due, number, term = contract_of(world.scenario, world, account, 3 + w)
            assert facts.arr[own, w] == pytest.approx(arr, rel=3e-6)
            assert (facts.due_day[own, w], facts.number[own, w], facts.term[own, w]) == (due, number, term)
            scores = churn_scores_of(world.scenario, world, account, 3 + w)
            np.testing.assert_allclose(facts.churn[own, :, w], scores, atol=3e-5)
    for w in range(4):
        assert world.seat(1, 3, 4).skill[:, w] == pytest.approx(skill_of(world, 1, 3 + w), abs=1e-5)


@pytest.mark.jit
def test_churn_probabilities_are_beta_in_every_account_and_over_accounts():
    """Over worlds for one account, and over accounts in one world: mean, variance and distribution of Beta."""
    scenario = make_scenario(
        csms=1,
        churn={"probability": 0.15, "by_term": {"24": 0.1}, "dispersion": 0.08},
        term_months={"12": 0.5, "24": 0.5},
        arr={"mean": 50_000.0, "sigma": 0.8, "accounts": 4_000},
    )
    for source in SOURCES:
        leaving = ndtr(World(with_book(scenario, source), 2).facts(0, 0, 4).churn.astype(float))
        one = World(with_book(scenario, source), 2).facts(0, 0, 12).churn
        assert len(np.unique(one[0, 0])) == 12  # an account differs between worlds
        for term, mean in ((0, 0.15), (1, 0.1)):
            law = beta(mean * (1 / 0.08 - 1), (1 - mean) * (1 / 0.08 - 1))
            drawn = leaving[:, term].ravel()
            assert abs(drawn.mean() - law.mean()) < 4 * law.std() / np.sqrt(drawn.size)
            spread = (law.stats(moments="k") + 2) / drawn.size  # of the sample variance, relative, squared
            assert abs(drawn.var() / law.var() - 1) < 4 * np.sqrt(spread)
            assert kstest(drawn, law.cdf).pvalue > 1e-4
        pairs = np.corrcoef(ndtri(leaving[:, 0].T))[np.triu_indices(4, 1)]
        assert np.abs(pairs).max() < 4.5 / np.sqrt(4_000)  # worlds share nothing


@pytest.mark.jit
def test_a_drawn_book_is_another_in_every_world_and_held_on_request():
    scenario = make_scenario(
        csms=1, lag=LAG, term_months={"12": 0.6, "36": 0.4}, due={"quarter_weights": (0.1, 0.2, 0.3, 0.4)}
    )
    anew, once = (World(with_book(scenario, source), 4).facts(0, 0, 6_000) for source in SOURCES)
    assert once.arr.shape == (12, 1)
    arr = anew.arr[3]
    assert kstest(arr, lognorm(0.8, scale=50_000 * np.exp(-(0.8**2) / 2)).cdf).pvalue > 1e-4
    three_years = anew.due_day[:, :][anew.term == 1]
    assert 0.5 < three_years.max() / 1095 < 1  # anywhere in the first contract, opened before the horizon
    day = (anew.due_day.ravel().astype("timedelta64[D]") + np.datetime64("2026-01-01")).astype(
        "datetime64[M]"
    )
    quarter = day.astype(int) % 12 // 3
    for each, share in enumerate((0.1, 0.2, 0.3, 0.4)):
        assert abs((quarter == each).mean() - share) < 4 * np.sqrt(share * (1 - share) / quarter.size)


@pytest.mark.parametrize("source", SOURCES)
def test_facts_of_a_world_do_not_depend_on_its_block(rich, source):
    world = World(with_book(rich, source), 7)
    whole, part = world.facts(2, 0, 300), world.facts(2, 258, 9)
    for one, other in zip(whole, part, strict=True):
        np.testing.assert_array_equal(one[..., 258:267] if one.shape[-1] > 1 else one, other)
    np.testing.assert_array_equal(world.seat(2, 0, 300).skill[:, 258:267], world.seat(2, 258, 9).skill)


def test_another_csm_account_or_segment_changes_no_fact():
    small = make_scenario(churn={"probability": 0.1, "dispersion": 0.1}, csms=2)
    wide = make_scenario(
        churn={"probability": 0.1, "dispersion": 0.1},
        csms=3,
        arr={"mean": 50_000.0, "sigma": 0.8, "accounts": 15},
    )
    one, other = World(small, 1).facts(1, 0, 5), World(wide, 1).facts(1, 0, 5)
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, theirs[:12])
    np.testing.assert_array_equal(World(small, 1).seat(1, 0, 5).skill, World(wide, 1).seat(1, 0, 5).skill)


def test_shifted_odds_leave_books_skills_and_places_alone():
    scenario = make_scenario(churn={"probability": 0.2, "dispersion": 0.1})
    plain, shifted = World(scenario, 6), shift_world(scenario, 6, {"all": Shift(churn=0.4)})
    one, other = plain.facts(0, 0, 8), shifted.facts(0, 0, 8)
    for name in ("arr", "due_day", "term"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (other.churn > one.churn).all()
    order = np.argsort(one.churn.ravel())
    assert (np.diff(other.churn.ravel()[order]) >= 0).all()
    np.testing.assert_array_equal(plain.seat(0, 0, 8).skill, shifted.seat(0, 0, 8).skill)


def test_a_book_that_is_read_keeps_what_it_says_and_varies_in_what_it_does_not(tmp_path):
    rows = [f"Ann,a{i},all,{1000 + i},2026-0{1 + i % 6}-15,12" for i in range(9)]
    world = World(export(tmp_path, rows, churn={"probability": 0.2, "dispersion": 0.2}), 3)
    facts = world.facts(0, 0, 40)
    assert facts.arr[:, 0].tolist() == [1000 + i for i in range(9)]
    assert facts.arr.shape == facts.due_day.shape == (9, 1)
    assert len(np.unique(facts.churn)) == 9 * 40
    assert len(np.unique(world.seat(0, 0, 40).skill)) == 40


def test_what_a_book_gives_is_the_same_in_all_worlds(tmp_path):
    rows = ["Ann,a,all,1000,2026-03-31,12,0.3,1.25,", "Ann,b,all,1000,2026-03-31,12,,,-2.0"]
    rows += ["Bob,c,all,1000,2026-03-31,12,,,"]
    columns = ",churn_probability,skill,health"
    scenario = export(tmp_path, rows, columns, churn={"probability": 0.2, "dispersion": 0.2})
    world = World(scenario, 3)
    assert (world.seat(0, 0, 30).skill == np.float32(1.25)).all()
    assert len(np.unique(world.seat(1, 0, 30).skill)) == 30
    leaving = ndtr(world.facts(0, 0, 30).churn)
    assert leaving[0] == pytest.approx(0.3, abs=1e-6)
    assert len(np.unique(leaving[1, 0])) == 30


@pytest.mark.jit
def test_given_health_carries_to_the_first_renewal_as_far_as_it_persists(tmp_path):
    """P(lost | H0 = h) = Phi((q - sqrt(r) psi h) / sqrt(1 - r psi^2)): the first renewal remembers psi of it."""
    n, r, psi = 20_000, 0.6, 0.7
    # due so late that being open on the first day says nothing
    rows = [f"Ann,a{i},all,1000,2026-08-31,12,{h}" for i, h in enumerate(("-1.5", "", "1.5"))]
    dependence = {**INDEPENDENT, "health": r, "health_persistence": psi}
    on_time = (
        {"days": (0, 0), "share": 1.0},
    )  # nothing is booked before the first day: being open says nothing
    scenario = export(
        tmp_path, rows, ",health", lag=on_time, churn={"probability": 0.2}, dependence=dependence
    )
    renewals, _ = World(scenario, 5).simulate(0, 0, n)
    first = renewals.number == 0
    lost = (renewals.booked_day[first] == NEVER).mean(axis=1)
    for share, h in zip(lost, (-1.5, None, 1.5), strict=True):
        p = 0.2 if h is None else ndtr((ndtri(0.2) - np.sqrt(r) * psi * h) / np.sqrt(1 - r * psi**2))
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / n)


@pytest.mark.jit
def test_given_health_is_what_kpis_read_first(tmp_path):
    """Reading = c x health + noise on the KPI's scale: at the opening an account at +2 reads above one at -2."""
    n, means = 3_000, []
    for health in ("-2", "2"):
        scenario = export(tmp_path, [f"Ann,a,all,1000,2027-12-31,24,{health}"], ",health")
        _, _, activity = World(scenario, 5).simulate_all(0, 0, n, kpis=KPIS)
        means.append(activity.kpi["health"].mean(axis=1))
    correlation = scenario.kpi.health.correlation
    low, high = means
    assert high[0] - low[0] > 2 * correlation
    assert (high - low)[0] > (high - low)[5] > 0  # it fades


@pytest.mark.jit
@pytest.mark.parametrize(
    ("due", "term", "period"), [("2026-11-15", 12, 3), ("2027-12-31", 24, 7), ("2029-06-10", 48, 9)]
)
def test_given_health_is_read_on_the_line_to_the_next_renewal(tmp_path, due, term, period):
    """A reading that is health itself, in every period before the account is due: normal, with the mean and the spread of
    ((1 - w) h + w H) / sqrt(1 - 2 w (1 - w) (1 - psi)), H = psi h + sqrt(1 - psi^2) e; due beyond the second period after
    the horizon (9) reads as due there. Kolmogorov-Smirnov at 1e-4 for each of the 17 readings of chance.
    """
    psi, h, n = 0.6, -1.2, 4_000
    scenario = export(
        tmp_path,
        [f"Ann,a,all,1000,{due},{term},{h}"],
        ",health",
        lag=({"days": (0, 0), "share": 1.0},),
        churn={"probability": 0.0},
        dependence={**INDEPENDENT, "health": 0.5, "health_persistence": psi},
    )
    exact = Kpis(health={"correlation": 1.0, "scale": (0.0, 100.0)})
    readings = World(scenario.with_(kpi=exact), 5).simulate_all(0, 0, n, kpis=("health",))[2].kpi["health"]
    np.testing.assert_allclose(readings[0], 100 * ndtr(h), atol=1e-4)
    for t in range(1, min(period + 1, 8)):
        w = t / period
        wide = np.sqrt(1 - 2 * w * (1 - w) * (1 - psi))
        mean, spread = ((1 - w) + w * psi) * h / wide, w * np.sqrt(1 - psi**2) / wide
        assert kstest(ndtri(readings[t] / 100), "norm", (mean, spread)).pvalue > 1e-4


@pytest.mark.parametrize("cell", ["4.5", "x"])
def test_a_score_out_of_reach_is_a_problem_of_its_cell(tmp_path, cell):
    from sim.errors import InputError

    with pytest.raises(InputError, match=r"row 2, column skill"):
        World(export(tmp_path, [f"Ann,a,all,1000,2026-03-31,12,{cell}"], ",skill"), 1)


def test_one_csm_has_one_skill(tmp_path):
    from sim.errors import InputError

    rows = ["Ann,a,all,1000,2026-03-31,12,0.5", "Bob,b,all,1000,2026-03-31,12,0.1"]
    rows += ["Ann,c,all,1000,2026-03-31,12,", "Ann,d,all,1000,2026-03-31,12,0.6"]
    with pytest.raises(InputError) as error:
        World(export(tmp_path, rows, ",skill"), 1)
    said = str(error.value)
    assert "row 5, column skill must be 0.5 or blank, received 0.6" in said
    assert "Row 2 gives this CSM 0.5" in said
    assert len(error.value.problems) == 1
