"""A forecast in mid-year of people with a target and a quota of their own: first the run, at the end the replay."""

import shutil

import pytest

import sim
from tests.rig.inputs.mid_year import END, SCENARIO, START, write_lived, write_mid_year

PEOPLE = """\
csm,target_bonus,quota,period
csm-0,,90000,quarter
csm-1,14000,500000,year
csm-2,8000,60000,
"""
ASKED = '[[component]]\nquota = { kind = "person" }\n'
PLANS = {
    "own": ASKED,
    "yearly": ASKED.replace('"person" }', '"person", over = "year" }\nmeasurement = "year_to_date"'),
    "clawed": f"{ASKED}[[clawback]]\nperiods = 2\n",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "people.csv").write_text(PEOPLE)
    scenario = SCENARIO.replace('file = "book.csv"', 'file = "book.csv"\npeople = "people.csv"')
    return write_mid_year(folder, PLANS, scenario=scenario)


@pytest.fixture(scope="module")
def lived(study, tmp_path_factory):
    return write_lived(study, tmp_path_factory.mktemp("lived") / "history")


def paid(found):
    return {name: plan["cost"]["p50"] for name, plan in found.document["plans"].items()}


def replayed(study, folder):
    statements = sim.replay(folder, list(study.plans), start=START, periods=4).document["statements"]
    pay = {name: sum(each["bonus"] for each in statements if each["plan"] == name) for name in PLANS}
    return {name: pytest.approx((each + 3 * 60_000.0) * 1.1, abs=0.01) for name, each in pay.items()}


def test_on_the_first_day_it_is_the_run(study, lived):
    ran = sim.run(study).document["plans"]
    assert paid(sim.reforecast(study, lived, as_of=START)) == {
        name: ran[name]["cost"]["p50"] for name in PLANS
    }


def test_at_the_end_it_is_the_replay(study, lived, tmp_path):
    """The people of the study, and those of the history where it has a file of its own."""
    known = write_lived(study, tmp_path / "known", before=END)
    (known / "people.csv").write_text(PEOPLE)
    of_study = paid(sim.reforecast(study, lived, as_of=END))
    assert of_study == replayed(study, known)
    own = shutil.copytree(lived, tmp_path / "own")
    for folder in (own, known):
        (folder / "people.csv").write_text(PEOPLE.replace("14000", "28000"))
    of_history = paid(sim.reforecast(study, own, as_of=END))
    assert of_history == replayed(study, known)
    assert of_history != of_study


DATED = """\
csm,from,until,ote,pay_mix,quota,period
csm-0,,2026-05-15,100000,0.2,90000,quarter
csm-1,2026-02-20,,120000,0.25,500000,year
csm-2,,,90000,0.3,60000,
"""
SALARIES = {"csm-0": 80_000 * (1 / 4 + 45 / 91 / 4), "csm-1": 90_000 * (40 / 90 / 4 + 3 / 4), "csm-2": 63_000}


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """Somebody leaves and nobody follows, somebody is new: salaries and targets of their own."""
    folder = tmp_path_factory.mktemp("dated")
    (folder / "people.csv").write_text(DATED)
    held = 'file = "book.csv"\npeople = "people.csv"\n[team]\nvacancy_days = 730\n'
    return write_mid_year(folder, PLANS, scenario=SCENARIO.replace('file = "book.csv"\n', held))


def test_who_comes_and_goes_on_known_days_does_so_in_a_forecast(dated, tmp_path):
    """First the run; at the end the replay of the files with the same people, and salaries by a count of days."""
    lived = write_lived(dated, tmp_path / "lived")
    ran = sim.run(dated).document["plans"]
    assert paid(sim.reforecast(dated, lived, as_of=START)) == {
        name: ran[name]["cost"]["p50"] for name in PLANS
    }
    known = write_lived(dated, tmp_path / "known", before=END)
    (known / "people.csv").write_text(DATED)
    statements = sim.replay(known, list(dated.plans), start=START, periods=4).document["statements"]
    for folder in (lived, known):
        found = paid(sim.reforecast(dated, folder, as_of=END))
        for name in PLANS:
            pay = sum(each["bonus"] for each in statements if each["plan"] == name)
            assert found[name] == pytest.approx((pay + sum(SALARIES.values())) * 1.1, abs=0.01), (
                folder,
                name,
            )
