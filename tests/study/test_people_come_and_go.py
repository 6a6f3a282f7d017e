"""People of a study who come and go on known days, with terms of their own: a world of it, written as a history and replayed
with the same people file, pays the same to the cent.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import sim
from sim.engine.setting import prepare
from sim.engine.simulate import open_books, simulate
from sim.files.all_at_once import AllAtOnce
from sim.plan.salary import salary_of
from sim.plan.settle import settle
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.replay import replay
from sim.replay.simulated import write_simulated
from tests.rig.inputs.small_study import SCENARIO
from tests.rig.readers.texts import by_name

pytestmark = pytest.mark.jit

PEOPLE = """\
csm,from,until,ote,pay_mix,quota,period
smb-001,2020-03-01,2026-05-15,100000,0.2,400000,year
smb-002,2026-02-20,,120000,0.25,40000,quarter
smb-002,2026-08-10,,140000,0.25,55000,quarter
enterprise-001,,,200000,0.4,250000,
"""
FOLLOWED = "smb-001,2026-07-10,,100000,0.2,400000,year\n"
"""Who takes over 55 days after the last one of the leaver."""
ASKED = '[[component]]\nquota = { kind = "person" }\n'
YEAR = ASKED.replace('"person"', '"person", over = "year"') + 'measurement = "year_to_date"\n'
RETENTION = '[[component]]\nquota = { kind = "retention", rate = 0.9 }\n'
PLANS = {
    "own": ASKED,
    "of-the-year": YEAR,
    "retention": RETENTION,
    "ramp": f"{ASKED}[ramp]\nquota = [0.4, 0.7]\n",
    "guarantee": f"{RETENTION}[guarantee]\nperiods = 2\nshare = 0.8\n",
    "draw": f"{ASKED}[draw]\nperiods = 2\nshare = 0.5\nrecoverable = false\n",
    "drawn-back": f"{ASKED}[draw]\nshare = 0.6\nrecoverable = true\n[carry]\nnegative = true\n",
    "grace": '[[component]]\nmeasure = "grr"\nquota = { kind = "target", floor = 0.0, target = 1.0 }\n'
    "[grace]\nperiods = 2\n",
    "early": f"{ASKED}[component.quota_moves]\nearly_out_of_due = 1.0\nfloor = 0.5\n",
    "bounded": f"{ASKED}crediting = {{ early_cap = 0.3 }}\n[[cap]]\nmultiple = 1.2\n",
}
NEVER_FILLED = 730


def write(folder, people, vacancy):
    folder.mkdir(exist_ok=True)
    more = f'[book]\nredraw = false\npeople = "people.csv"\n[team]\nvacancy_days = {vacancy}\n'
    (folder / "scenario.toml").write_text(f"{SCENARIO}\n{more}")
    (folder / "people.csv").write_text(people)
    for name, rest in PLANS.items():
        text = f'name = "{name}"\n[pay]\ntarget_bonus = 10_000\n{rest}'
        (folder / f"{name}.toml").write_text(text)
    names = ", ".join(f'"{name}.toml"' for name in PLANS)
    heading = 'name = "people"\nseed = 5\nworlds = 64\nscenario = "scenario.toml"\nbaseline = "own"\n'
    (folder / "study.toml").write_text(f"{heading}plans = [{names}]\n")
    return sim.load(folder / "study.toml")


@pytest.fixture(scope="module", params=["left", "followed"])
def case(request, tmp_path_factory):
    """A study, and the people file of the same people with whoever follows by name of the seat."""
    followed = request.param == "followed"
    study = write(tmp_path_factory.mktemp(request.param), PEOPLE, 55 if followed else NEVER_FILLED)
    return study, PEOPLE + (FOLLOWED if followed else "")


def read_history_of(folder):
    reading = AllAtOnce()
    history = read_history(folder, dict.fromkeys(FOLDER_FILES), reading)
    reading.check()
    return history()


@pytest.mark.parametrize("number", [0, 3])
def test_a_replay_pays_the_same_to_the_cent(case, number, tmp_path):
    study, people = case
    setting = prepare(study)
    write_simulated(setting.world, number, tmp_path)
    (tmp_path / "people.csv").write_text(people)
    plans = list(study.plans)
    replayed = replay(read_history_of(tmp_path), plans, study.scenario.start, study.scenario.periods)
    found = {(each.plan_name, each.csm): each for each in replayed.settled}
    calendar, persons = study.scenario.calendar, setting.world.persons
    for csm, ledger in open_books(setting, setting.world, range(3), number, 1):
        name = setting.world.book.csms[csm]
        for plan, rules in zip(plans, setting.plans, strict=True):
            paid = settle(rules, ledger)
            told = found[plan.name, name]
            why = f"{plan.name}, {name}"
            np.testing.assert_allclose(told.statement.bonus, paid.bonus, atol=0.005, err_msg=why)
            np.testing.assert_allclose(told.statement.quota, paid.quota, atol=0.005, err_msg=why)
            assert told.salary == pytest.approx(
                salary_of(plan, persons.of(setting.world.book, csm), calendar)
            )


def test_seats_are_held_on_the_days_that_are_known(case):
    """By a count of days: until 15 May, from 10 July where somebody follows, and from 20 February."""
    study, people = case
    setting = prepare(study)
    assert setting.seats_change
    world, calendar = setting.world, study.scenario.calendar
    horizon = slice(calendar.lead, calendar.lead + 4)
    q2 = (date(2026, 5, 16) - date(2026, 4, 1)).days / 91
    q3 = (date(2026, 10, 1) - date(2026, 7, 10)).days / 92
    after = [q3, 1.0] if people != PEOPLE else [0.0, 0.0]
    expected = {
        "smb-001": [1.0, q2, *after],
        "smb-002": [(date(2026, 4, 1) - date(2026, 2, 20)).days / 90, 1.0, 1.0, 1.0],
        "enterprise-001": [1.0] * 4,
    }
    for csm, name in enumerate(world.book.csms):
        filled = world.seat(csm, 0, 3).filled[horizon]
        np.testing.assert_allclose(filled, np.repeat(np.array(expected[name])[:, None], 3, axis=1))


def test_salaries_are_everybodys_own_for_the_days_in_the_seat(case):
    """What the company pays, by hand: the salaries of days, and variable pay, with on-cost."""
    study, people = case
    totals = simulate(prepare(study), 0, 64)
    result = sim.run(study)
    days = 135 + ((date(2027, 1, 1) - date(2026, 7, 10)).days if people != PEOPLE else 0)
    quarters = [90, 91, 92, 92]
    salary = {
        "enterprise-001": 120_000.0,
        "smb-001": _of_quarters(80_000.0, [0, 45, 0, 0] if days == 135 else [0, 45, 83, 92], quarters, 90),
        "smb-002": 90_000.0 / 4 * (40 / 90 + 1 + 40 / 92) + 105_000.0 / 4 * (52 / 92 + 1),
    }
    for place, name in enumerate(PLANS):
        cost = result.document["plans"][name]["cost"]["mean"]
        paid = totals.variable[place].sum(axis=0).mean()
        assert cost == pytest.approx(1.1 * (paid + sum(salary.values())), abs=0.01)
        parts = result.document["plans"][name]["cost_parts"]
        assert parts["base"] == pytest.approx(sum(salary.values()), abs=0.01)


def test_nobody_leaves_by_the_draw_before_a_day_that_is_known(tmp_path):
    """With a turnover of three a year: the leaver is there in every world until that day; who follows them may leave."""
    study = write(tmp_path / "turnover", PEOPLE, 55)
    hasty = study.scenario.team.model_copy(update={"turnover_per_year": 3.0})
    world = prepare(replace(study, scenario=study.scenario.with_(team=hasty))).world
    filled = world.seat(0, 0, 256).filled[study.scenario.calendar.lead :][:4]
    assert world.book.csms[0] == "smb-001"
    np.testing.assert_array_equal(filled[0], 1.0)
    np.testing.assert_allclose(filled[1], 45 / 91)
    assert filled[2].max() == pytest.approx(83 / 92)
    assert 0.05 < np.mean(filled[3] < 1.0) < 0.95


def test_takeovers_are_counted(case):
    """One in February, and the leaver's successor where there is one."""
    study, people = case
    result = sim.run(study)
    seats = result.document["plans"]["own"]["cost_by_role"]["csm"]["seats"]
    assert seats["hires"] == (1.0 if people == PEOPLE else 2.0)
    vacancy = NEVER_FILLED if people == PEOPLE else 55
    assert (seats["leave"], seats["join"], seats["covered"]) == (1, 1, vacancy)
    assert by_name(result.document)["seats"].note.startswith(
        f"1 CSM will leave on a day that the people file knows: a cover renews the book for {vacancy} days, then a "
        "successor has it on the same terms. 1 CSM will take a seat on such a day, which is covered until then."
    )


def _of_quarters(a_year, days, quarters, first):
    held = [first, *days[1:]]
    return a_year / 4 * sum(each / whole for each, whole in zip(held, quarters, strict=True))
