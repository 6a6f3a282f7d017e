"""The board's forecast against algebra: years, excess, hires, pay against the market, the market factor, accruals."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import sim
from sim.calendar import Calendar
from sim.engine.hires import Hire, employed
from sim.engine.pool import ALONE, Threads
from sim.engine.setting import prepare
from sim.errors import InputError
from sim.ledger import fill_ledger
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.forecast.accrual import accrual_entries
from sim.questions.forecast.entry import by_year, excess
from sim.questions.forecast.macro import macro_entries
from sim.questions.forecast.setting import Forecast
from sim.questions.forecast.summary import ForecastOfPlan, ForecastOfStudy, MarketOfPlan
from sim.questions.registry import typed
from sim.world.world import World
from tests.rig.inputs.small_stress import SCENARIO, write_plain

ONE_FACTOR = """\
name = "one-factor"
start = 2026-01-01
periods = 2

[book]
redraw = false                           # what is due is a number then, and Vasicek's formulas are about that book

[market]
persistence = 0.999

[dependence]
market = 0.3
skill = 0.0
health = 0.0
expansion = 0.0

[[segment]]
name = "all"
csms = 8
arr = { mean = 50_000, sigma = 0.5, accounts = 25 }
churn = { probability = 0.2 }
"""
HIRE = "[forecast]\n[[forecast.hire]]\nstarts = 2026-04-01\ncsms = 2\nramp = [1.0]\n"


def plain(folder, rest="", scenario=None, worlds=None):
    path = write_plain(folder, rest=rest)
    if scenario is not None:
        (folder / "scenario.toml").write_text(scenario)
    study = sim.load(path)
    return study if worlds is None else study.altered(worlds=worlds)


def test_years_are_sums_of_their_periods():
    cost = np.arange(24.0).reshape(6, 4)
    found = by_year(cost, Calendar(date(2026, 4, 1), 6))
    assert [(each.year, each.starts, each.periods) for each in found] == [
        (1, "2026-04-01", 4),
        (2, "2027-04-01", 2),
    ]
    assert found[0].mean == cost[:4].sum(axis=0).mean()
    assert found[1].p50 == np.median(cost[4:].sum(axis=0))
    over = by_year(cost, Calendar(date(2026, 4, 1), 6), (33.0, 37.0))
    assert [each.prob_over_budget for each in over] == [0.25, 0.75]
    months = by_year(np.ones((3, 2)), Calendar(date(2026, 1, 1), 3, months_per_period=12))
    assert [each.periods for each in months] == [1, 1, 1]


def test_what_exceeds_a_budget():
    found = excess(np.array([90.0, 110.0, 130.0, 100.0]), 100.0)
    assert (found.mean, found.share, found.given) == (10.0, 0.5, 20.0)
    assert found.se == pytest.approx(np.std([0, 10, 30, 0], ddof=1) / 2)
    assert excess(np.array([90.0, 80.0]), 100.0).given is None


def test_every_run_forecasts(tmp_path):
    study = plain(tmp_path)
    result = sim.run(study, threads=1)
    plan = result.document["plans"]["per-dollar"]
    cost = 1.2 * (result.totals.variable[0].sum(axis=0) + 80_000)
    (year,) = plan["forecast"]["by_year"]
    assert (year["mean"], year["p90"]) == (plan["cost"]["mean"], plan["cost"]["p90"])
    assert plan["forecast"]["over_budget"]["share"] == plan["cost"]["prob_over_budget"]
    assert plan["forecast"]["over_budget"]["mean"] == pytest.approx(np.maximum(cost - 300_000, 0).mean())
    kept = result.totals.retention.kept.mean()
    share = 1.2 * result.totals.variable[0].sum(axis=0).mean() / kept
    assert plan["forecast"]["variable_of_arr"] == pytest.approx(share)
    assert result.document["headcount"] == [
        {"period": 0, "label": "Q1", "seats": 4, "filled": 4.0},
        {"period": 1, "label": "Q2", "seats": 4, "filled": 4.0},
    ]


def test_pay_against_the_market(tmp_path):
    """On a salary of 40,000 and 10,000 a quarter for sure: 80,000 a year; Austin's typical pay is 155,000."""
    found = sim.run(plain(tmp_path, worlds=8), threads=1).document["plans"]["salary"]["forecast"]["benchmark"]
    assert (found["target"], found["expected"], found["expected_se"]) == (80_000, 80_000, 0.0)
    assert found["cities"]["Austin"]["expected_of_typical"] == pytest.approx(80_000 / 155_000)
    assert set(found["cities"]) == {"Austin", "Boston", "New York", "San Francisco", "Salt Lake City"}
    one = sim.run(plain(tmp_path / "one", rest='[forecast]\nmarket = "Boston"', worlds=8), threads=1)
    assert set(one.document["plans"]["salary"]["forecast"]["benchmark"]["cities"]) == {"Boston"}


def test_a_plan_that_names_no_salary_is_not_held_against_the_market(tmp_path):
    path = write_plain(tmp_path)
    for name in ("salary", "per-dollar"):  # a plan without a salary is compared with its like alone
        plan = tmp_path / f"{name}.toml"
        plan.write_text(plan.read_text().replace("base_salary = 40_000\n", ""))
    assert (
        "benchmark"
        not in sim.run(sim.load(path), threads=1, worlds=8).document["plans"]["salary"]["forecast"]
    )


def test_hires_are_paid_from_their_first_day(tmp_path):
    """Two on 40,000 a year and 10,000 a quarter for sure, for one quarter: 2 x 20,000, with on-cost 48,000."""
    document = sim.run(plain(tmp_path, rest=HIRE, worlds=64), threads=1).document
    found = document["plans"]["salary"]["forecast"]["hiring"]
    assert found["added"] == {"mean": pytest.approx(48_000), "se": 0.0}
    assert [each["mean"] for each in found["periods"]] == pytest.approx([0.0, 48_000])
    # The cost of the plan is the planned one; what it would be without hires stands beside it.
    plan = document["plans"]["salary"]
    assert plan["cost"]["mean"] == found["mean"] == pytest.approx(192_000 + 48_000)
    assert found["without"]["mean"] == pytest.approx(192_000)
    assert plan["cost_parts"]["hires"] == pytest.approx(48_000)
    assert [each["mean"] for each in plan["cost_by_period"]] == pytest.approx([96_000, 96_000 + 48_000])
    assert plan["cost"]["per_csm_year"] == pytest.approx(240_000 / (4 * 0.5 + 2 * 0.25))
    assert [each["hires"] for each in document["headcount"]] == [0.0, 2.0]
    # Ramp: paid at target, though others earn what they book.
    per_dollar = document["plans"]["per-dollar"]["forecast"]["hiring"]
    assert per_dollar["added"]["mean"] == pytest.approx(48_000)


def test_hires_without_a_ramp_earn_what_the_others_earn(tmp_path):
    study = plain(tmp_path, rest=HIRE.replace("ramp = [1.0]\n", ""), worlds=64)
    result = sim.run(study, threads=1)
    mean = result.totals.variable[0][1].mean() / 4
    found = result.document["plans"]["per-dollar"]["forecast"]["hiring"]
    assert found["added"]["mean"] == pytest.approx(1.2 * 2 * (10_000 + mean))


def test_hires_earn_the_pay_of_a_filled_seat(tmp_path):
    """10,000 a quarter for sure while the seat is held: half of the seats being empty takes nothing from a hire."""
    team = "[team]\nturnover_per_year = 3.0\nvacancy_days = 120\n\n[[segment]]"
    rest = HIRE.replace("ramp = [1.0]\n", "")
    study = plain(tmp_path, rest=rest, scenario=SCENARIO.replace("[[segment]]", team), worlds=256)
    result = sim.run(study, threads=1)
    assert result.document["headcount"][1]["filled"] < 0.8 * 4
    found = result.document["plans"]["salary"]["forecast"]["hiring"]["added"]
    assert found["mean"] == pytest.approx(1.2 * 2 * (10_000 + 10_000))
    assert found["se"] == pytest.approx(0.0, abs=1e-6)


def test_a_hire_in_the_middle_of_a_period():
    here = employed(Hire(starts=date(2026, 5, 16), csms=1), Calendar(date(2026, 1, 1), 3))
    assert here == pytest.approx([0.0, 46 / 91, 1.0])


@pytest.mark.jit
def test_cost_at_a_level_of_the_market_is_vasiceks(tmp_path):
    """Per dollar, on time and without growth, E[pay | M = m] = B/Q x ARR due x (1 - p(m)),
    p(m) = Phi((Phi^-1(p) - sqrt(r) m) / sqrt(1 - r)); within 4.5 errors at each of three levels.
    """
    from scipy.special import ndtr, ndtri

    study = plain(tmp_path, scenario=ONE_FACTOR)
    asked = Forecast(levels=(-1.5, 0.0, 1.5), level_worlds=400, luck_worlds=8)
    found = macro_entries(study, asked, workers=Threads(2))["per-dollar"]
    arr = due_in_horizon(study)
    for each in found.levels:
        lost = ndtr((ndtri(0.2) - np.sqrt(0.3) * each.level) / np.sqrt(0.7))
        expected = 8 * 40_000 / 2 + 0.1 * arr.sum() * (1.0 - lost)
        assert abs(each.mean - expected) < 4.5 * each.se
    assert found.against == 0.0
    assert found.levels[1].change == 0.0


@pytest.mark.jit
def test_the_markets_part_of_the_variance_is_vasiceks(tmp_path):
    """With a market that hardly moves within the horizon: Var(E[C | M]) = A^2 Var p(M), and luck is the sum of ARR^2 x
    E[p(M) (1 - p(M))]; E[p(M)^2] is the bivariate normal. Within 4.5 errors.
    """
    from scipy.special import ndtri
    from scipy.stats import multivariate_normal

    study = plain(tmp_path, scenario=ONE_FACTOR)
    asked = Forecast(levels=(0.0,), level_worlds=2, luck_worlds=2000)
    found = macro_entries(study, asked, workers=Threads(2))["per-dollar"].volatility
    arr = due_in_horizon(study)
    both = float(multivariate_normal.cdf([ndtri(0.2)] * 2, cov=[[1.0, 0.3], [0.3, 1.0]]))
    market, luck = arr.sum() ** 2 * (both - 0.04), np.sum(arr**2) * (0.2 - both)
    share = market / (market + luck)
    assert abs(found.market_share - share) < 4.5 * found.market_share_se
    assert found.market_share_se < 0.05
    assert found.sd == pytest.approx(0.1 * np.sqrt(market + luck), rel=0.15)
    assert found.sd**2 == pytest.approx(found.market_sd**2 + found.luck_sd**2)


@pytest.mark.jit
def test_a_market_that_nothing_hangs_on_has_no_part(tmp_path):
    study = plain(tmp_path, scenario=ONE_FACTOR.replace("market = 0.3", "market = 0.0"))
    asked = Forecast(levels=(-1.0, 0.0, 1.0), level_worlds=64, luck_worlds=600)
    found = macro_entries(study, asked, workers=Threads(2))["per-dollar"]
    assert [each.change for each in found.levels] == [0.0, 0.0, 0.0]
    assert abs(found.volatility.market_share) < 4.5 * found.volatility.market_share_se


def due_in_horizon(study):
    """ARR of the accounts first due in the horizon. [account] [usd/yr]"""
    world = World(study.scenario, study.seed)
    arr = []
    for csm in range(8):
        facts = world.facts(csm, 0, 1)
        arr += list(facts.arr[(facts.due_day[:, 0] >= 0) & (facts.due_day[:, 0] < 181), 0])
    return np.array(arr)


@pytest.mark.jit
def test_accruals_are_those_of_the_settlement(tmp_path):
    study = plain(tmp_path, scenario=ONE_FACTOR.replace("periods = 2", "periods = 4"))
    held = study.sets[0].roles[0].plan
    annual = held.component[0].model_copy(update={"paid": "half_yearly"})
    changed = held.model_copy(update={"component": (annual,)})
    role = replace(study.sets[0].roles[0], plan=changed)
    study = replace(study, sets=(replace(study.sets[0], roles=(role,)), study.sets[1]))
    found = accrual_entries(study, Forecast(accrual_worlds=16, paid_after=1), workers=Threads(2))[
        "per-dollar"
    ]
    setting = prepare(study)
    sums = dict.fromkeys(("accrued", "paid", "owed"), 0.0)
    for csm in range(8):
        renewals, _ = setting.world.simulate(csm, 0, 16, setting.dates)
        ledger = fill_ledger(renewals, setting.frame, setting.dates)
        settlement = settle_on(Worksheet(ledger), setting.plans[0])
        sums = {name: each + getattr(settlement, name).mean(axis=1) for name, each in sums.items()}
    for name, each in sums.items():
        assert [getattr(period, name) for period in found] == pytest.approx(list(each))
    assert found[0].paid == 0.0
    assert found[1].owed == pytest.approx(0.0, abs=1e-6)
    assert [period.cash for period in found] == pytest.approx([0.0, *sums["paid"][:3]])
    waiting = np.cumsum(sums["accrued"]) - np.cumsum([period.cash for period in found])
    assert [period.expense_less_cash for period in found] == pytest.approx(list(waiting))


@pytest.mark.parametrize("paid_after", [1, 2, 4])
def test_what_payroll_pays_after_the_horizon_is_unpaid(tmp_path, paid_after):
    """Two quarters: with payroll one period behind the first is paid, further behind nothing is."""
    study = plain(tmp_path, worlds=8)
    found = accrual_entries(study, Forecast(accrual_worlds=8, paid_after=paid_after), workers=ALONE)[
        "per-dollar"
    ]
    paid = [each.paid for each in found]
    assert [each.cash for each in found] == pytest.approx([0.0, paid[0] if paid_after == 1 else 0.0])
    assert found[-1].unpaid == pytest.approx(paid[1] if paid_after == 1 else sum(paid))
    assert found[-1].expense_less_cash == pytest.approx(found[-1].unpaid)


def test_a_plan_that_pays_at_once_accrues_what_it_pays(tmp_path):
    study = plain(tmp_path, worlds=32)
    found = accrual_entries(study, Forecast(accrual_worlds=32), workers=ALONE)["per-dollar"]
    variable = sim.run(study, threads=1).totals.variable[0]
    for each, paid in zip(found, variable, strict=True):
        assert each.accrued == each.paid == each.cash == pytest.approx(paid.mean(), rel=1e-12)
        assert each.owed == each.held == each.recoverable == each.unpaid == 0.0


def test_the_forecast_of_a_result_runs_again(tmp_path):
    rest = HIRE.replace(
        "[forecast]\n",
        "[forecast]\nlevels = [-1.0, 0.0]\nlevel_worlds = 8\nluck_worlds = 8\naccrual_worlds = 8\n",
    )
    first = sim.run(plain(tmp_path, rest=rest, worlds=16), threads=1)
    first.write(tmp_path / "out")
    again = sim.run(sim.load(tmp_path / "out/study.toml"), threads=2)
    assert again.document == first.document
    assert {"macro", "accrual"} <= again.document["plans"]["salary"].keys()
    summary = typed(again.document)  # what the run writes is what the models say, no key more or less
    assert summary.of(ForecastOfStudy).document() == {"headcount": again.document["headcount"]}
    for name, entry in again.document["plans"].items():
        written = {key: entry[key] for key in ("forecast", "macro", "accrual") if key in entry}
        assert (
            summary.plans[name].of(ForecastOfPlan).document()
            | summary.plans[name].of(MarketOfPlan).document()
            == written
        )
    text = (tmp_path / "out/report.txt").read_text()
    for part in ("Company cost by year", "Sensitivity to the market", "CSMs by period", "against the market"):
        assert part in text


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (
            HIRE.replace("2026-04-01", "2027-04-01"),
            "hire[0].starts must be within the horizon, 2026-01-01 to 2026-06-30",
        ),
        (HIRE.replace("2026-04-01", '"soon"'), "hire[0].starts must be"),
        (
            "[forecast]\nlevels = [1.0, 0.0]",
            "levels must be in ascending order, each once, received [1.0, 0.0].",
        ),
        ('[forecast]\nmarket = "Bosten"', "Did you mean 'Boston'?"),
        (
            "[forecast]\nyear_budgets = [1.0, 2.0]",
            "year_budgets must be one budget for each of 1 years, received 2.",
        ),
        ("[forecast]\nluck_worlds = 2", "luck_worlds must be at least 8, received 2."),
    ],
)
def test_bad_forecasts(tmp_path, rest, said):
    with pytest.raises(InputError) as error:
        plain(tmp_path, rest=rest)
    assert said in str(error.value)
    assert len(error.value.problems) == 1
