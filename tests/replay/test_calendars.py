"""Replay in a company's own periods, from the command line."""

import json

import pytest

from sim.cli import command

PLAN = (
    'name = "all"\n[pay]\ntarget_bonus = 10_000\n[[component]]\nquota = { kind = "retention", rate = 1.0 }\n'
)
DEALS = """csm,account,arr,due_date,booked_date,booked_arr
Mia,Ash,60000,2026-04-02,2026-04-07,60000
Mia,Birch,60000,2026-04-05,2026-04-05,60000
Mia,Cedar,80000,2026-07-03,2026-07-03,80000
"""
WEEKS = '[fiscal_year]\nweeks = "4-4-5"\nends_on = "saturday"\n'


def replayed(folder, capsys, start, periods, calendar):
    (folder / "deals.csv").write_text(DEALS)
    (folder / "plan.toml").write_text(PLAN)
    (folder / "calendar.toml").write_text(calendar)
    files = [str(folder / "deals.csv"), "--plan", str(folder / "plan.toml")]
    when = ["--start", start, "--periods", str(periods), "--calendar", str(folder / "calendar.toml")]
    return command(["replay", *files, *when, "--json"]), capsys.readouterr()


def test_quarters_of_thirteen_weeks_decide_what_is_late(tmp_path, capsys):
    """The first quarter ends on Saturday, 28 March, the second one on 27 June: what is due on 3 July is in the third."""
    code, said = replayed(tmp_path, capsys, "2025-12-28", 3, WEEKS)
    assert code == 0
    document = json.loads(said.out)
    assert [period["label"] for period in document["periods"]] == ["FY26 Q1", "FY26 Q2", "FY26 Q3"]
    assert [period["ends"] for period in document["periods"]] == ["2026-03-28", "2026-06-27", "2026-09-26"]
    assert [entry["base_quota"] for entry in document["statements"]] == [0.0, 120_000.0, 80_000.0]


def test_months_are_periods_too(tmp_path, capsys):
    calendar = "period_months = 1\n[fiscal_year]\nfirst_month = 2\n"
    _, said = replayed(tmp_path, capsys, "2026-04-01", 4, calendar)
    document = json.loads(said.out)
    assert [period["label"] for period in document["periods"]] == ["FY27 M3", "FY27 M4", "FY27 M5", "FY27 M6"]
    assert [entry["base_quota"] for entry in document["statements"]] == [120_000.0, 0.0, 0.0, 80_000.0]


@pytest.mark.parametrize("start", ["2025-12-29", "2026-01-01"])
def test_a_start_inside_a_period_is_refused(tmp_path, capsys, start):
    code, said = replayed(tmp_path, capsys, start, 2, WEEKS)
    assert code == 2
    allowed = "--start must be 2025-12-28 or 2026-03-29"
    assert f"{allowed}, received '{start}'. FY26 Q1 begins on 2025-12-28." in said.err
