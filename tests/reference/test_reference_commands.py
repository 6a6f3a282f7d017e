"""``csmsim schema``, ``csmsim help`` and problems as JSON."""

import json

import pytest

from sim.cli import command
from sim.reference.documents import DOCUMENTS
from sim.reference.schema import schema


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_schema_is_printed(capsys, kind):
    assert command(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out) == schema(kind)


def test_all_schemas_are_written(tmp_path, capsys):
    assert command(["schema", "--out", str(tmp_path / "schemas")]) == 0
    written = {each.name for each in (tmp_path / "schemas").iterdir()}
    results = ("summary", "search", "sweep", "reforecast", "backtest", "stress_suite")
    assert written == {f"{kind}.schema.json" for kind in (*DOCUMENTS, *results)}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["plan", "component.quota.rate"], "a number above 0, [share]"),
        (["plan", "component.curve"], "attainment: text"),
        (["scenario", "segment.enterprise.lag"], "an array of 2, each a whole number"),
        (["study", "search.vary"], "a table of names, each a table"),
        (["calendar"], "one of 1, 3, 6, 12, 3 where left out, [month]"),
        ([], "csmsim help plan"),
    ],
)
def test_help_says_what_a_key_takes(capsys, asked, said):
    assert command(["help", *asked]) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["plan", "component.qota"], "Did you mean 'quota'?"),
        (["plan", "compnent.quota"], "csmsim help plan"),
        (["plam"], "Did you mean 'plan'?"),
    ],
)
def test_help_refuses_what_is_not_there(capsys, asked, said):
    assert command(["help", *asked]) == 2
    assert said in capsys.readouterr().err


def test_problems_are_json_where_json_is_asked(tmp_path, capsys):
    plan = tmp_path / "plan.toml"
    plan.write_text('name = "x"\n[pay]\ntarget_bonus = -1\n[[component]]\nweigth = 1\n')
    assert command(["lint", str(plan), "--json"]) == 2
    printed = capsys.readouterr()
    problems = json.loads(printed.out)["problems"]
    assert {each["where"] for each in problems} >= {
        f"{plan}: pay.target_bonus",
        f"{plan}: component[0].weigth",
    }
    assert len(printed.err.splitlines()) == len(problems)
