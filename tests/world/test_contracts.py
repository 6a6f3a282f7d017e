"""A book that is read from a file, of customers with several contracts: each has its own due date, term and draws."""

from datetime import date

import numpy as np
import pytest

from sim.engine.chunks import open_book
from sim.engine.setting import prepare
from sim.errors import InputError
from sim.files.all_at_once import AllAtOnce
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.replay import replay
from sim.replay.simulated import write_simulated
from sim.study.load import load
from sim.world.world import World

SCENARIO = """name = "contracts"
start = 2026-01-01
periods = 6
[book]
file = "book.csv"
{more}
[dependence]
market = 0.1
skill = 0.1
health = 0.2
[[segment]]
name = "smb"
renewed_term_months = {{ "6" = 0.4, "12" = 0.6 }}
churn = {{ probability = 0.3, dispersion = 0.1 }}
contraction = {{ probability = 0.3, size = {{ low = 0.1, high = 0.5 }} }}
uplift = {{ probability = 0.5, size = {{ mean = 0.2, sigma = 0.5 }} }}
win_back = [{{ days = [95, 260], probability = 0.3 }}]
lag = [
  {{ days = [-40, 0], share = 0.5 }},
  {{ days = [1, 90], share = 0.5 }},
]
"""
HEADER = "csm,account,contract,segment,arr,due_date,term_months"
BOOK = [
    "lee,Alder,A-1,smb,40000,2026-02-10,12",
    "lee,Briar,,smb,30000,2026-03-20,6",
    "lee,Alder,A-2,smb,25000,2026-02-10,6",  # on the same day as the other
    "kim,Cedar,1,smb,60000,2026-05-01,12",
    "kim,Cedar,2,smb,20000,2026-04-12,12",
    "kim,Cedar,3,smb,5000,2026-11-30,24",
    "kim,Dogwood,,smb,10000,2026-06-30,12",
]
SHARE = """name = "{name}"
pay = {{ target_bonus = 10_000, base_salary = 60_000 }}
[[component]]
measure = "{measure}"
measurement = "{measurement}"
quota = {{ kind = "target", floor = 0.0, target = 1.0 }}
retention = {{ {retention} }}
"""
RULES = {
    "account": 'by = "account"',
    "contract": 'by = "contract"',
    "snapshot": 'by = "account", basis = "snapshot"',
    "lapse": 'by = "account", late = "lost"',
}
STUDY = (
    'name = "s"\nseed = 5\nworlds = 64\nscenario = "scenario.toml"\nplans = [{plans}]\nbaseline = "{first}"\n'
)


def study_in(folder, book, plans, more=""):
    (folder / "scenario.toml").write_text(SCENARIO.format(more=more))
    (folder / "book.csv").write_text("\n".join(book))
    for name, text in plans.items():
        (folder / f"{name}.toml").write_text(text)
    names = ", ".join(f'"{name}.toml"' for name in plans)
    (folder / "study.toml").write_text(STUDY.format(plans=names, first=next(iter(plans))))
    return load(folder / "study.toml")


def shares():
    kinds = [(m, when) for m in ("grr", "nrr", "logo_retention") for when in ("period", "year_to_date")]
    return {
        name: SHARE.format(name=name, measure=measure, measurement=when, retention=rule)
        for measure, when in kinds
        for key, rule in RULES.items()
        for name in [f"{measure}-{when}-{key}".replace("_", "-")]
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return study_in(tmp_path_factory.mktemp("contracts"), [HEADER, *BOOK], shares())


@pytest.fixture(scope="module")
def world(study):
    return World(study.scenario, study.seed)


@pytest.mark.parametrize("number", [0, 3, 11, 40, 42, 45])
def test_retention_by_account_and_by_contract_is_that_of_the_replay(study, world, number, tmp_path):
    """The world as a history, with each contract in its own row, settles to the same under every rule."""
    write_simulated(world, number, tmp_path)
    (tmp_path / "events.csv").write_text("csm,account,date,arr,kind\nkim,Dogwood,2020-01-01,1,expansion\n")
    reading = AllAtOnce()
    history = read_history(tmp_path, dict.fromkeys(FOLDER_FILES), reading)
    reading.check()
    found = replay(history(), list(study.plans), date(2026, 1, 1), 6)
    paid = {(each.plan_name, each.csm): each.statement.bonus[:, 0] for each in found.settled}
    setting = prepare(study)
    for csm, person in enumerate(world.book.csms):
        sheet = Worksheet(open_book(setting, world, csm, number, 1))
        for plan, rules in zip(study.plans, setting.plans, strict=True):
            simulated = settle_on(sheet, rules).statement.bonus[:, 0]
            np.testing.assert_allclose(paid[plan.name, person], simulated, atol=0.005, err_msg=plan.name)


def renewals_of(world, csm, worlds=32):
    found = world.simulate(csm, 0, worlds)[0]
    return {name: getattr(found, name) for name in ("due_day", "booked_day", "arr", "booked_arr")}


def test_ids_of_accounts_with_one_contract_change_no_draw(study, world, tmp_path):
    """Whoever has one contract is drawn by name alone, whatever stands in the column and beside it."""
    rows = [row.split(",") for row in BOOK if "Dogwood" in row or "Briar" in row]
    named = [",".join([row[0], row[1], "X-9", *row[3:]]) for row in rows]
    plain = [",".join([*row[:2], *row[3:]]) for row in rows]
    plans = {"one": SHARE.format(name="one", measure="grr", measurement="period", retention=RULES["account"])}
    books = {"named": [HEADER, *named], "plain": [HEADER.replace(",contract", ""), *plain]}
    worlds = []
    for name, book in books.items():
        (tmp_path / name).mkdir()
        made = study_in(tmp_path / name, book, plans)
        worlds.append(World(made.scenario, study.seed))
    for csm, person in enumerate(worlds[0].book.csms):
        one, other = (renewals_of(each, csm) for each in worlds)
        at = world.book.csms.index(person)
        book = worlds[0].book
        lane = [world.book.accounts.index(each) for each in book.accounts[book.accounts_of(csm)]]
        many = world.simulate(at, 0, 32)[0]
        rows = np.isin(many.account, lane)
        for key, values in one.items():
            np.testing.assert_array_equal(values, other[key])
            np.testing.assert_array_equal(values, getattr(many, key)[rows])


def test_contracts_of_a_customer_share_how_likely_it_leaves_and_nothing_else(world):
    """One place among the accounts of the segment, in all worlds; bookings are drawn contract by contract."""
    kim = world.book.csms.index("kim")
    churn = world.facts(kim, 0, 64).churn
    first, same = world.book.accounts_of(kim).start, world.book.accounts.index("Cedar · 1")
    term = world.book.terms.index(12)
    a, b, other = (churn[at - first, term] for at in (same, same + 1, world.book.accounts.index("Dogwood")))
    assert np.corrcoef(a, b)[0, 1] > 0.95
    assert abs(np.corrcoef(a, other)[0, 1]) < 0.5
    found = world.simulate(kim, 0, 64)[0]
    booked = [
        found.booked_day[found.account == at][0] - found.due_day[found.account == at][0]
        for at in (same, same + 1)
    ]
    assert (booked[0] != booked[1]).any()


def test_an_account_leaves_with_all_its_contracts(study, tmp_path):
    plans = {"one": SHARE.format(name="one", measure="grr", measurement="period", retention=RULES["account"])}
    for place, more in enumerate(('leaves = ["Alder"]', 'lose = { largest = 1, of = "book" }')):
        folder = tmp_path / str(place)
        folder.mkdir()
        made = study_in(folder, [HEADER, *BOOK], plans, more)
        world = World(made.scenario, study.seed)
        lee = world.book.csms.index("lee")
        found = world.simulate(lee, 0, 16)[0]
        gone = [world.book.customers[account] == "Alder" for account in found.account]
        first = (found.number[gone] == 0) & (sum(gone) > 2)
        lapse = found.booked_day[gone][first] - found.due_day[gone][first]
        assert lapse.shape == (2, 16)
        assert (lapse > 90).all()  # lost, and nobody is back inside the longest lag of the kept


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            ["lee,Alder,,smb,1,2026-02-10,12", "lee,Alder,A-2,smb,1,2026-02-10,12"],
            (
                "row 2, column contract must be the id of a contract, received a blank cell. 'Alder' has 2 rows: tell its "
                "contracts apart."
            ),
        ),
        (
            ["lee,Alder,A-1,smb,1,2026-02-10,12", "kim,Alder,A-1,smb,1,2026-02-10,12"],
            (
                "row 3, column contract must be different from every other contract of 'Alder', received 'A-1'. It repeats "
                "row 2."
            ),
        ),
        (
            ["lee,Alder,A-1,smb,1,2026-02-10,12", "kim,ALDER,A-2,smb,1,2026-02-10,12"],
            (
                "row 3, column account must be spelled 'Alder' as in book.csv, row 2, received 'ALDER'. Two spellings of "
                "one name would count as two."
            ),
        ),
    ],
)
def test_what_a_book_of_contracts_may_not_say(tmp_path, rows, sentence):
    plans = {"one": SHARE.format(name="one", measure="grr", measurement="period", retention=RULES["account"])}
    with pytest.raises(InputError) as caught:
        study_in(tmp_path, [HEADER, *rows], plans)
    (problem,) = caught.value.problems
    assert str(problem).replace(f"{tmp_path}/", "") == f"book.csv, {sentence}"
