"""``csmsim init`` and ``csmsim report``: a study to start from, and its reports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import sim
from sim.cli import command
from sim.report.written import installed
from tests.rig.editor import as_an_editor_sees


def test_init_lays_down_a_study_that_loads(tmp_path, capsys):
    target = tmp_path / "mine"
    assert command(["init", str(target)]) == 0
    assert "csmsim run" in capsys.readouterr().out
    study = sim.load(target / "study.toml")
    assert [each.name for each in study.sets] == ["today", "candidate"]
    for path in target.rglob("*.toml"):
        directive, comment, *_ = path.read_text().splitlines()
        assert (path.parent / directive.removeprefix("#:schema ")).is_file()
        assert comment.startswith("# ")


def test_init_names_what_it_wrote_for_machines(tmp_path, capsys):
    assert command(["init", str(tmp_path / "mine"), "--json"]) == 0
    written = [Path(each) for each in json.loads(capsys.readouterr().out)["written"]]
    assert set(written) == {each for each in (tmp_path / "mine").rglob("*") if each.is_file()}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("csmsim re", {"reforecast", "replay", "report"}),
        ("csmsim run --w", {"--worlds"}),
        ("csmsim report --only p", {"pptx", "parquet"}),
    ],
)
def test_a_shell_completes_commands_options_and_formats(typed, offered):
    position = str(len(typed.split()) - 1)
    settings = {"_CSMSIM_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": position}
    done = subprocess.run(
        [sys.executable, "-m", "sim"], env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert set(done.stdout.split()) == offered
    assert done.returncode == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_installs_into_the_home_of_the_user(tmp_path, shell):
    home = os.environ | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    home["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = (
        "1"  # the shell is named here, not read off the parent process
    )
    done = subprocess.run(
        [sys.executable, "-m", "sim", "--install-completion", shell],
        env=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert any("_CSMSIM_COMPLETE" in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


def test_init_never_writes_over_anything(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert command(["init", str(tmp_path)]) == 2
    assert "must be a new or empty directory" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.jit
def test_a_started_study_runs_and_reports(tmp_path, capsys):
    target, result = tmp_path / "mine", tmp_path / "result"
    command(["init", str(target)])
    assert command(["run", str(target / "study.toml"), "--worlds", "64", "--out", str(result)]) == 0
    assert (result / "report.html").exists() == installed("html")
    if not all(installed(kind) for kind in ("html", "xlsx", "pptx")):
        pytest.skip("the extra 'report' is not installed")
    capsys.readouterr()
    assert command(["report", str(result), "--json"]) == 0
    written = [Path(each) for each in json.loads(capsys.readouterr().out)["written"]]
    names = {"report.html", "workbook.xlsx", "deck.pptx", "differences.csv", "differences.parquet"}
    assert names <= {each.name for each in written}
    assert all(each.stat().st_size > 0 for each in written)
    assert not [each for each in result.rglob(".*") if each.name != ".csmsim"]


@pytest.mark.jit
def test_only_what_is_asked_is_written(tmp_path, capsys):
    target, result, out = tmp_path / "mine", tmp_path / "result", tmp_path / "out"
    command(["init", str(target)])
    command(["run", str(target / "study.toml"), "--worlds", "64", "--out", str(result)])
    assert command(["report", str(result), "--only", "csv", "--out", str(out)]) == 0
    assert {each.suffix for each in out.rglob("*.*")} == {".csv", ".json"}
    assert [each.name for each in out.rglob("*.json")] == ["manifest.json"]
    assert command(["report", str(result), "--only", "docx"]) == 2
    assert "--only must be one of html, xlsx, pptx, csv, parquet, received 'docx'" in capsys.readouterr().err


def test_what_is_no_result_is_refused(tmp_path, capsys):
    assert command(["report", str(tmp_path)]) == 2
    assert "summary.json must be an existing file" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["\\u001b[2J", "\\u0000", "\\r"])
def test_a_summary_with_control_characters_is_refused(tmp_path, capsys, text):
    (tmp_path / "summary.json").write_text(f'{{"study": {{}}, "plans": {{"{text}": {{}}}}}}')
    assert command(["report", str(tmp_path)]) == 2
    assert "summary.json must be text without control characters" in capsys.readouterr().err
    assert command(["compare", str(tmp_path), str(tmp_path)]) == 2


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"study": {}, "plans": {}}', '{"study": 1, "plans": {"a": 2}}', "[" * 100_000]
)
def test_another_document_is_refused_in_a_sentence(tmp_path, capsys, content):
    (tmp_path / "summary.json").write_text(content)
    assert command(["report", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "summary.json" in said
    assert "must be" in said


@pytest.mark.jit
def test_a_summary_that_lacks_a_part_is_refused_by_name(tmp_path, capsys):
    command(["init", str(tmp_path / "mine")])
    result = tmp_path / "result"
    command(["run", str(tmp_path / "mine" / "study.toml"), "--worlds", "64", "--out", str(result)])
    document = json.loads((result / "summary.json").read_text())
    del document["plans"]["today"]["pay"]
    (result / "summary.json").write_text(json.dumps(document))
    assert command(["report", str(result)]) == 2
    assert (
        "summary.json must be as csmsim run wrote it, received one changed since" in capsys.readouterr().err
    )
    (result / "manifest.json").unlink()
    assert command(["report", str(result), "--out", str(tmp_path / "new")]) == 2
    assert "plans.today.pay must be present, received nothing." in capsys.readouterr().err


@pytest.mark.jit
def test_numbers_that_do_not_go_together_are_no_fault_of_the_program(tmp_path, capsys):
    command(["init", str(tmp_path / "mine")])
    study, result = tmp_path / "mine" / "study.toml", tmp_path / "result"
    asked = "[forecast]\nlevels = [0.0, 1.0]\nlevel_worlds = 64\nluck_worlds = 64\naccrual_worlds = 64\n"
    study.write_text(study.read_text() + asked)
    command(["run", str(study), "--worlds", "64", "--out", str(result)])
    document = json.loads((result / "summary.json").read_text())
    assert document["plans"]["today"]["macro"]["against"] == 0.0
    document["plans"]["today"]["macro"]["against"] = 0.5
    (result / "summary.json").write_text(json.dumps(document))
    (result / "manifest.json").unlink()
    assert command(["report", str(result), "--out", str(tmp_path / "new")]) == 2
    assert "must be a result as csmsim wrote it, received something else" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_a_number_that_is_none_is_refused(tmp_path, capsys, number):
    (tmp_path / "summary.json").write_text(f'{{"study": {{"budget": {number}}}, "plans": {{}}}}')
    assert command(["report", str(tmp_path)]) == 2
    assert "summary.json must be JSON as csmsim run writes it" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(sim.examples.names()))
def test_init_lays_down_a_shipped_study_with_all_it_names(tmp_path, capsys, name):
    target = tmp_path / "mine"
    assert command(["init", str(target), "--example", name]) == 0
    capsys.readouterr()
    mine, shipped = sim.load(target / "study.toml"), sim.load(sim.examples.path(name))
    assert mine.name == "mine"
    assert [each.roles[0].plan for each in mine.sets] == [each.roles[0].plan for each in shipped.sets]
    assert (mine.asks, mine.budget, mine.seed) == (shipped.asks, shipped.budget, shipped.seed)
    assert mine.scenario.segment == shipped.scenario.segment
    assert "\n# " in (target / "study.toml").read_text()
    for path in target.rglob("*.toml"):
        directive = path.read_text().splitlines()[0]
        schema = path.parent / directive.removeprefix("#:schema ")
        jsonschema.validate(as_an_editor_sees(path), json.loads(schema.read_text()))


def test_init_lays_down_everything_that_is_shipped(tmp_path, capsys):
    assert command(["init", str(tmp_path / "configs"), "--example", "all", "--json"]) == 0
    written = [Path(each) for each in json.loads(capsys.readouterr().out)["written"]]
    shipped = sim.examples.folder()
    assert len(written) > 80
    for each in written:
        assert each.read_bytes() == (shipped / each.relative_to(tmp_path / "configs")).read_bytes()


def test_an_example_that_is_not_shipped_is_refused(tmp_path, capsys):
    assert command(["init", str(tmp_path / "mine"), "--example", "quick-start"]) == 2
    said = capsys.readouterr().err
    assert "example must be one of" in said
    assert "quickstart" in said
    assert not (tmp_path / "mine").exists()
