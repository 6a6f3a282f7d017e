"""A forecast in mid-year: on the first day it is the run, at the end the replay, and in between nobody looks ahead."""

import json
from datetime import date, timedelta

import jsonschema
import numpy as np
import pytest

import sim
from sim.cli import command
from sim.errors import InputError
from sim.questions.reforecast.summary import reforecast_schema
from tests.rig.inputs.mid_year import END, PLANS, SCENARIO, START, write_lived, write_mid_year

MIDDLE = date(2026, 8, 15)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_mid_year(tmp_path_factory.mktemp("study"), budget=310_000)


@pytest.fixture(scope="module")
def lived(study, tmp_path_factory):
    return write_lived(study, tmp_path_factory.mktemp("lived") / "history")


@pytest.fixture(scope="module")
def middle(study, lived):
    return sim.reforecast(study, lived, as_of=MIDDLE, since="2026-07-01")


def test_on_the_first_day_it_is_the_run_to_the_bit(study, lived):
    ran, found = sim.run(study).document, sim.reforecast(study, lived, as_of=START)
    for name, plan in found.document["plans"].items():
        cost = ran["plans"][name]["cost"]
        assert {key: cost[key] for key in plan["cost"]} == plan["cost"]
        assert plan["bridge"] == []
        assert plan["accrued"] == 0.0


@pytest.mark.parametrize("number", [0, 5])
def test_at_the_end_it_is_the_replay_to_the_cent(study, tmp_path, number):
    lived = write_lived(study, tmp_path / "history", number)
    known = write_lived(study, tmp_path / "known", number, before=END)
    replayed = sim.replay(known, list(study.plans), start=START, periods=4).document
    pay = dict.fromkeys(PLANS, 0.0)
    for entry in replayed["statements"]:
        pay[entry["plan"]] += entry["bonus"]
    found = sim.reforecast(study, lived, as_of=END).document["plans"]
    for name, plan in found.items():
        cost = (pay[name] + 3 * 60_000.0) * 1.1
        assert plan["cost"]["p5"] == pytest.approx(cost, abs=0.01), name
        assert plan["cost"]["p95"] == pytest.approx(cost, abs=0.01), name
        assert plan["to_come"] == pytest.approx(0.0, abs=1e-6)


def test_what_is_dated_later_is_not_read(study, lived, middle, tmp_path):
    known = write_lived(study, tmp_path / "known", before=MIDDLE)
    alone = sim.reforecast(study, known, as_of=MIDDLE, since="2026-07-01").document
    assert alone["plans"] == middle.document["plans"]


def test_the_bridge_foots_and_money_adds_up(middle):
    for plan in middle.document["plans"].values():
        moved = sum(step["mean"] for step in plan["bridge"])
        assert plan["last"]["mean"] + moved == pytest.approx(plan["cost"]["mean"])
        assert plan["accrued"] + plan["to_come"] == pytest.approx(plan["cost"]["mean"])
        assert sum(each["accrued"] for each in plan["periods"]) == pytest.approx(plan["accrued"])
        assert plan["budget_left"] == pytest.approx(310_000 - plan["accrued"])
        assert [each["state"] for each in plan["periods"]] == ["ended", "ended", "running", "ahead"]
        assert plan["periods"][2]["elapsed"] == pytest.approx(45 / 92)


def test_of_a_period_that_has_ended_nothing_is_left_to_chance(middle):
    for name in ("renewals", "moves", "grr", "expansion", "health"):
        plan = middle.document["plans"][name]
        first = plan["periods"][0]
        assert first["p5"] == first["p95"], name
        assert plan["periods"][3]["p5"] < plan["periods"][3]["p95"], name


def test_worlds_threads_and_blocks_change_nothing(study, lived, middle):
    again = sim.reforecast(study, lived, as_of=MIDDLE, since="2026-07-01", threads=1).document
    assert again["plans"] == middle.document["plans"]


def test_the_command_writes_a_result_that_reports_read(study, lived, tmp_path, capsys):
    arguments = ["reforecast", str(study.path), "--history", str(lived), "--as-of", str(MIDDLE)]
    assert command([*arguments, "--out", str(tmp_path / "out"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "out" / "reforecast.json").read_text())
    jsonschema.validate(printed, reforecast_schema())
    assert printed["since"] == "2026-01-01"
    assert (tmp_path / "out" / "report.html").exists()
    assert command(["report", str(tmp_path / "out"), "--only", "xlsx"]) == 0
    assert command([*arguments, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "renewals is forecast to cost" in told
    assert "True-up to come" in told


def refused(study, history, **days):
    with pytest.raises(InputError) as caught:
        sim.reforecast(study, history, **days)
    return [str(problem) for problem in caught.value.problems]


def test_days_outside_the_horizon_are_refused(study, lived):
    assert "--as-of must be from 2026-01-01 to 2027-01-01" in refused(study, lived, as_of="2027-02-01")[0]
    early = refused(study, lived, as_of="2026-03-01", since="2026-04-01")
    assert early == ["--since must be on or before --as-of, 2026-03-01, received 2026-04-01."]
    assert "--as-of must be an ISO date" in refused(study, lived, as_of="soon")[0]


def test_a_drawn_book_is_refused(tmp_path, lived):
    text = SCENARIO.replace('[book]\nfile = "book.csv"\n', "")
    drawn = "csms = 2\narr = { mean = 20_000, sigma = 0.6, accounts = 5 }\n"
    study = write_mid_year(
        tmp_path, scenario=text.replace("renewed_term_months", f"{drawn}renewed_term_months")
    )
    assert "book.file must be given, received a drawn book" in refused(study, lived, as_of=MIDDLE)[0]


def test_whoever_is_not_followed_is_refused_by_row(study, lived, tmp_path):
    folder = write_lived(study, tmp_path / "moved")
    rows = (folder / "deals.csv").read_text().splitlines()
    rows[1] = rows[1].replace("csm-0", "csm-1", 1)
    (folder / "deals.csv").write_text("\n".join(rows) + "\n")
    assert "row 2, column csm must be 'csm-0', as in the study's book" in " ".join(
        refused(study, folder, as_of=MIDDLE)
    )


def test_plans_by_notice_are_refused_in_between_alone(tmp_path, lived):
    rest = f'{PLANS["grr"]}[component.dates]\nchurn = "notice"\n'
    study = write_mid_year(tmp_path, plans={"told": rest})
    folder = write_lived(study, tmp_path / "history")
    assert "dates.churn must be 'due', received 'notice'" in refused(study, folder, as_of=MIDDLE)[0]
    sim.reforecast(study, folder, as_of=START)
    sim.reforecast(study, folder, as_of=END)


def test_deals_alone_are_a_history(study, lived, tmp_path):
    plans = {name: PLANS[name] for name in ("renewals", "at-due")}
    (tmp_path / "study").mkdir()
    alone = write_mid_year(tmp_path / "study", plans=plans)
    found = sim.reforecast(alone, lived / "deals.csv", as_of=MIDDLE)
    assert found.found.history.grown_arr == 0.0
    assert found.found.history.renewed > 0


def test_growth_of_the_rest_of_a_period_is_its_share(study, lived):
    """Half of a period is left to grow in: half the expansions of it, on average; 99.9 % interval of a Poisson mean."""
    from sim.world.continued import Continued
    from sim.world.known import NO_BOOKINGS, NO_GROWTH, Known

    start = study.scenario.calendar.bounds[study.scenario.calendar.lead + 1]
    counts = []
    for day in (start, start + 45):
        world = Continued(study.scenario, 8, Known(int(day), NO_BOOKINGS, NO_GROWTH, 0))
        paths = [world.path(csm, 0, 2000).expansions for csm in range(3)]
        counts.append(sum(paths)[study.scenario.calendar.lead + 1])
    whole, part = (each.sum() for each in counts)
    expected = whole * (91 - 45) / 91
    assert abs(part - expected) < 3.3 * np.sqrt(part + expected * (91 - 45) / 91)
    assert timedelta(days=91) == date(2026, 7, 1) - date(2026, 4, 1)
