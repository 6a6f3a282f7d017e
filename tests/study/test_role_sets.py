"""Who is paid: every payee once, on the books they have, for the time they are there."""

import json

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine.company_cost import cost_by_world, role_cost
from sim.engine.payees import payees_of
from sim.engine.setting import prepare
from sim.engine.territories import add_activities, add_ledgers, always_held, make_territories
from sim.ledger import fill_ledger
from sim.plan.role_set import Role
from sim.plan.settle import settle
from sim.records import Renewals
from sim.report.written import report_text
from tests.rig.inputs.activity import KPIS
from tests.rig.inputs.roles import BONUS, LEAVING, MANAGED, SCENARIO, SOLD, STUDY, write_roles

pytestmark = pytest.mark.jit  # whole runs

PERIODS = 4


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return sim.load(write_roles(tmp_path_factory.mktemp("roles") / "study"))


@pytest.fixture(scope="module")
def result(study):
    return sim.run(study, threads=2)


@pytest.fixture(scope="module")
def leaving(tmp_path_factory):
    """The same with CSMs who come and go."""
    path = write_roles(tmp_path_factory.mktemp("leaving") / "study", scenario=SCENARIO + LEAVING)
    return sim.load(path)


@pytest.fixture(scope="module")
def vacant(leaving):
    return sim.run(leaving, threads=2)


def opened(setting, csm, worlds):
    """The Ledger of one book, its activity with it."""
    renewals, _, activity = setting.world.simulate_all(csm, 0, worlds, setting.dates, KPIS)
    return fill_ledger(renewals, setting.frame, setting.dates)._replace(activity=activity)


def role(books, segments=()):
    return Role("any", None, None, books=books, segments=segments)


def test_books_are_dealt_out_evenly_within_segments(study):
    """Five books of one segment and two of the other, at most three to a payee: 3 + 2 and 2."""
    book = prepare(study).world.book
    territories = make_territories(role(3), book, study.scenario)
    assert territories.payee.tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert territories.last.tolist() == [2, 4, 6]
    assert territories.names == ("smb-001..smb-003", "smb-004..smb-005", "enterprise-001..enterprise-002")
    one = make_territories(role(1, ("enterprise",)), book, study.scenario)
    assert one.payee.tolist() == [-1] * 5 + [0, 1]
    assert one.names == ("enterprise-001", "enterprise-002")


def test_a_plan_file_is_a_role_set_of_one_csm_a_book(study):
    plain = study.sets[0]
    assert (plain.name, plain.plain, len(plain.roles)) == ("bonus", True, 1)
    assert [plan.name for plan in study.plans] == ["bonus", "bonus", "override", "company-growth", "seller"]


@pytest.mark.parametrize("which", ["result", "vacant"])
def test_roles_add_up_to_company_cost_on_every_world(which, request):
    result = request.getfixturevalue(which)
    study, totals = result.study, result.totals
    for index in range(3):
        parts = [role_cost(study, totals, each) for each in payees_of(study, index)]
        np.testing.assert_allclose(sum(parts), cost_by_world(study, totals, index), rtol=1e-14)
    for plan in result.document["plans"].values():
        assert sum(each["mean"] for each in plan["cost_by_role"].values()) == pytest.approx(
            plan["cost"]["mean"]
        )


def test_one_more_role_costs_what_that_role_costs(result):
    """The CSMs of ``managed`` have the plan of ``bonus``: the difference is the managers, each counted once."""
    entry = result.document["plans"]["managed"]["cost_by_role"]
    assert entry["csm"]["mean"] == result.document["plans"]["bonus"]["cost"]["mean"]
    assert entry["manager"]["payees"] == 3
    assert entry["manager"]["base"] == pytest.approx(3 * 120_000)
    difference = result.document["plans"]["managed"]["vs_baseline"]["mean"]
    assert difference == pytest.approx(entry["manager"]["mean"])


def test_a_share_of_a_salary(result):
    """Five books of the segment, two to a payee at most: three sellers at a quarter of 90,000."""
    seller = result.document["plans"]["sold"]["cost_by_role"]["seller"]
    assert seller["payees"] == 3
    assert seller["base"] == pytest.approx(3 * 90_000 / 4)


def test_a_pod_of_one_book_is_the_book(tmp_path):
    alone = 'name = "alone"\n[[role]]\nname = "am"\nplan = "bonus.toml"\nbooks = 1\n'
    path = write_roles(
        tmp_path / "study",
        managed=alone,
        study=STUDY.replace(', "plans/sold.toml"', ""),
    )
    totals = sim.run(sim.load(path)).totals
    for array in (totals.variable, totals.attainment, totals.marks, totals.pay.mean, totals.reached.squares):
        assert array[0].tobytes() == array[1].tobytes()


def test_the_ledger_of_a_pod_is_that_of_one_book_with_all_its_renewals(study):
    setting = prepare(study)
    worlds = 40
    books = [setting.world.simulate(csm, 0, worlds, setting.dates)[0] for csm in (0, 1)]
    ledgers = [fill_ledger(each, setting.frame, setting.dates) for each in books]
    pooled = add_ledgers(*ledgers)
    fields = ("account", "number", "due_day", "booked_day", "arr", "booked_arr")
    days = {key: np.concatenate([each.credit_day[key] for each in books]) for key in books[0].credit_day}
    rows = [np.concatenate([getattr(each, name) for each in books]) for name in fields]
    whole = fill_ledger(Renewals(*rows, days), setting.frame, setting.dates)
    np.testing.assert_allclose(pooled.renewable, whole.renewable, rtol=1e-12)
    np.testing.assert_allclose(pooled.unbooked, whole.unbooked, rtol=1e-12)
    np.testing.assert_allclose(pooled.amount["booking"], whole.amount["booking"], rtol=1e-12, atol=1e-6)


def test_activities_add_up_and_kpis_are_means_over_accounts(study):
    setting = prepare(study)
    one, other = (opened(setting, csm, 30).activity for csm in (0, 5))
    both = add_activities(one, other)
    np.testing.assert_array_equal(both.opening, one.opening + other.opening)
    for event, dates in both.flow.items():
        for date, amount in dates.items():
            np.testing.assert_array_equal(amount, one.flow[event][date] + other.flow[event][date])
    assert (both.seat == 1.0).all()

    def there(number):
        return number["accounts"] + number["new"] + number["won_back"] - number["churn"] - number["lapsed"]

    weights = [there(each.number) for each in (one, other)]
    some = sum(weights) > 0
    mean = (weights[0] * one.kpi["nps"] + weights[1] * other.kpi["nps"])[some] / sum(weights)[some]
    np.testing.assert_allclose(both.kpi["nps"][some], mean)


@pytest.mark.parametrize("name", ["study", "leaving"])
def test_totals_equal_payees_settled_one_by_one(name, request):
    """The run against its definition: territories added up by hand, the company known to every plan."""
    study = request.getfixturevalue(name)
    setting, worlds = prepare(study), 70
    ledgers = [opened(setting, csm, worlds) for csm in range(7)]
    company = ledgers[0].activity
    for ledger in ledgers[1:]:
        company = add_activities(company, ledger.activity)
    ledgers = [ledger._replace(company=company._replace(kpi={})) for ledger in ledgers]
    territories = [[[csm] for csm in range(7)]] * 2 + [[[0, 1, 2], [3, 4], [5, 6]]]
    territories += [[[csm] for csm in range(7)], [[0, 1], [2, 3], [4]]]
    totals = sim.run(study, worlds=worlds).totals
    for position, dealt in enumerate(territories):
        expected = np.zeros((PERIODS, worlds))
        for books in dealt:
            ledger = ledgers[books[0]]
            for csm in books[1:]:
                ledger = add_ledgers(ledger, ledgers[csm])
            ledger = ledger if position in (0, 1, 3) else always_held(ledger)
            expected += settle(setting.plans[position], ledger).bonus
        np.testing.assert_allclose(totals.variable[position], expected, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("which", ["result", "vacant"])
@pytest.mark.parametrize(("threads", "block"), [(1, 64), (3, 128)])
def test_threads_and_blocks_change_no_bit(which, threads, block, request):
    reference = request.getfixturevalue(which)
    assert sim.run(reference.study, threads=threads, block=block).to_json() == reference.to_json()


def test_salaries_of_vacant_seats_are_not_paid(vacant):
    """Base pay of each period is the salary times the seats filled, as the world itself says."""
    study, totals = vacant.study, vacant.totals
    world, calendar = prepare(study).world, study.scenario.calendar
    horizon = slice(calendar.lead, calendar.lead + PERIODS)
    filled = sum(world.seat(csm, 0, study.worlds).filled[horizon] for csm in range(7))
    np.testing.assert_allclose(totals.filled[0], filled, rtol=1e-12)
    assert filled.min() < 6.5
    frame = vacant.worlds
    base = frame[frame["plan"] == "bonus"].pivot_table(index="period", columns="world", values="base")
    np.testing.assert_allclose(base.to_numpy(), 80_000 / 4 * filled)
    entry = vacant.document["plans"]["bonus"]["cost_by_role"]["csm"]
    assert entry["base"] == pytest.approx(80_000 / 4 * filled.sum() / study.worlds)
    assert entry["salaries_saved"] == pytest.approx(7 * 80_000 - entry["base"])
    assert entry["seats"]["open_share"] == pytest.approx(1 - filled.mean() / 7)
    managers = vacant.document["plans"]["managed"]["cost_by_role"]["manager"]
    assert managers["base"] == pytest.approx(3 * 120_000)
    assert "seats" not in managers


def test_a_vacant_seat_earns_its_share(leaving, vacant):
    """Without a CSM nobody is paid; the same world with the seat paid throughout pays the whole bonus."""
    setting, worlds = prepare(leaving), leaving.worlds
    expected = np.zeros((PERIODS, worlds))
    for csm in range(7):
        ledger = opened(setting, csm, worlds)
        expected += ledger.activity.seat * settle(setting.plans[0], always_held(ledger)).bonus
    np.testing.assert_allclose(vacant.totals.variable[0], expected, rtol=1e-12, atol=1e-9)


def test_results_run_again_to_the_same_numbers(vacant, tmp_path):
    directory = vacant.write(tmp_path / "out")
    again = sim.load(directory / "study.toml")
    assert again.hash == vacant.study.hash
    assert sim.run(again).to_json() == vacant.to_json()
    books = pd.read_parquet(directory / "books.parquet")
    sold = books[books["plan"] == "sold"]
    assert sold[sold["role"] == "seller"]["csm"].tolist() == [
        "smb-001..smb-002",
        "smb-003..smb-004",
        "smb-005",
    ]
    assert sold[sold["role"] == "seller"]["accounts"].tolist() == [12, 12, 6]
    json.loads((directory / "summary.json").read_text())


@pytest.mark.parametrize("width", [80, 100])
def test_the_report_shows_roles_and_open_territories(vacant, width):
    text = report_text(vacant.document, width)
    assert max(map(len, text.splitlines())) <= width
    assert "Cost by role" in text
    assert "managed · manager" in text
    assert "Open territories, and what they do to pay [$]" in text
    assert "Salaries not paid" in text


def refused(folder, **changes):
    with pytest.raises(sim.InputError) as error:
        sim.load(write_roles(folder, **changes))
    return [str(problem).replace(f"{folder}/", "") for problem in error.value.problems]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (
            {"managed": MANAGED.replace("holds_book", "hold_book")},
            [
                (
                    "plans/managed.toml: role[0].hold_book must be one of ['books', 'holds_book', 'name', 'plan', "
                    "'salary_share', 'segments'], received 'hold_book'. Did you mean 'holds_book'?"
                )
            ],
        ),
        (
            {"managed": MANAGED.replace("books = 3", "books = 0")},
            ["plans/managed.toml: role[1].books must be at least 1, received 0."],
        ),
        (
            {"managed": MANAGED.replace("books = 3", "books = 3\nholds_book = true")},
            [
                (
                    "plans/managed.toml: role[1].holds_book must be false for a role with several books, received true. "
                    "Whoever holds a book holds one."
                )
            ],
        ),
        (
            {"managed": MANAGED.replace('"manager"', '"csm"')},
            ["plans/managed.toml: role must be roles of different names, received ['csm', 'csm']."],
        ),
        (
            {"managed": MANAGED.replace('"manager"', '"a manager"')},
            ["plans/managed.toml: role[1].name must be letters, digits, '-' and '_', received 'a manager'."],
        ),
        (
            {"managed": MANAGED.replace("override.toml", "overide.toml")},
            [
                "plans/managed.toml: role[1].plan must be an existing file, received nothing at plans/overide.toml."
            ],
        ),
        (
            {"sold": SOLD.replace('["smb"]', '["smbs"]')},
            [
                (
                    "plans/sold.toml: role seller, segments must be among ['smb', 'enterprise'], received 'smbs'. "
                    "Did you mean 'smb'?"
                )
            ],
        ),
        (
            {"sold": SOLD.replace("0.25", "1.25"), "bonus": BONUS.replace("80_000", "-1")},
            [
                "plans/bonus.toml: pay.base_salary must be at least 0, received -1.",
                "plans/sold.toml: role[1].salary_share must be at most 1, received 1.25.",
            ],
        ),
        (
            {"managed": MANAGED.replace('"managed"', '"sold"')},
            [
                "study.toml: plans must be plans of different names, received 2 plans named 'sold'. Rename one of them."
            ],
        ),
    ],
)
def test_a_bad_role_set_is_one_sentence(tmp_path, changes, sentences):
    assert refused(tmp_path / "study", **changes) == sentences


def test_what_vacant_seats_are_not_paid_is_not_the_curve(vacant):
    """A linear plan has no convexity, whoever leaves, but for what goes along with vacancies."""
    plan = vacant.document["plans"]["bonus"]
    unpaid = plan["cost_by_role"]["csm"]["seats"]["open_share"] * 7 * PERIODS * 10_000
    assert abs(plan["convexity"]["mean"]) < 0.1 * unpaid
