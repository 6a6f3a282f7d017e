"""The command line: what it prints where, what it leaves, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import sim
from sim.cli import command
from tests.rig.inputs.small_study import write_study


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_study(tmp_path / "small")
    monkeypatch.chdir(tmp_path)
    return tmp_path


RUN = ["run", "small/study.toml", "--worlds", "70"]


def test_version(capsys):
    assert command(["--version"]) == 0
    assert capsys.readouterr().out == f"csmsim {sim.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_names_every_command(capsys, arguments):
    assert command(arguments) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("run", "replay", "explain"))


def test_help_shows_what_stands_in_brackets(capsys):
    """Defaults and names of tables: a help text is plain text, and no markup that drops what it does not know."""
    wanted = {
        "run": ["[default: results/NAME here]", "[default: all processors]"],
        "app": ["[default: 1,024]", "[default: one that is free]"],
        "report": ["[default: RESULT_DIR]"],
        "search": ["[search] table"],
        "stress": ["[default: all]"],
    }
    for name, texts in wanted.items():
        assert command([name, "--help"]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert [text for text in texts if text not in said] == []


def test_run_reports_and_leaves_results(folder, capsys):
    assert command(RUN) == 0
    said = capsys.readouterr()
    assert "Cost against today" in said.out
    assert said.out.rstrip().endswith("Results: results/small")
    assert said.err == ""
    written = {path.name for path in (folder / "results/small").iterdir()}
    assert {"summary.json", "report.txt", "worlds.parquet", "books.parquet", "study.toml"} <= written


def test_json_is_the_summary_and_nothing_else(folder, capsys):
    assert command([*RUN, "--json", "--out", "elsewhere"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == json.loads((folder / "elsewhere/summary.json").read_text())
    assert said.err == ""


def test_options_reach_the_run(folder, capsys):
    assert command([*RUN, "--json", "--seed", "5", "--threads", "1", "--block", "64"]) == 0
    study = json.loads(capsys.readouterr().out)["study"]
    assert (study["seed"], study["worlds"]) == (5, 70)


def test_a_second_run_replaces_the_first(folder):
    assert command(RUN) == command(RUN) == 0
    assert [path.name for path in (folder / "results").iterdir()] == ["small"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["run"], "STUDY"),
        (["run", "missing.toml"], "missing.toml must be an existing file"),
        (["run", "small/study.toml", "--worlds", "many"], "--worlds"),
        (
            ["run", "small/study.toml", "--worlds", "1"],
            "--worlds must be between 2 and 10,000,000, received 1.",
        ),
        (["run", "small/study.toml", "--wolds", "5"], "--wolds"),
        (["simulate"], "simulate"),
        (["run", "small/study.toml", "--out", "small"], "Choose another --out"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(folder, capsys, arguments, part):
    assert command(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert part in said.err
    assert "Traceback" not in said.err
    assert not (folder / "results").exists()


def test_a_fault_is_one_sentence_and_exit_code_1(folder, capsys, monkeypatch):
    def fail(path):
        raise ZeroDivisionError("seven by zero")

    monkeypatch.setattr("sim.study.load.load", fail)
    assert command(RUN) == 1
    assert capsys.readouterr().err == (
        "Stopped by ZeroDivisionError: seven by zero. This is a fault of csmsim; CSMSIM_DEBUG=1 shows where.\n"
    )
    monkeypatch.setenv("CSMSIM_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        command(RUN)


def test_interrupted_runs_leave_nothing(folder):
    """Ctrl-C while a long run is under way."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "run", "small/study.toml", "--worlds", "5_000_000".replace("_", "")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert (out, err) == ("", "Interrupted; nothing was written.\n")
    assert [path.name for path in folder.iterdir()] == ["small"]


def test_a_closed_pipe_is_no_fault(folder):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    line = f"{sys.executable} -m sim run small/study.toml --worlds 64 | true"
    done = subprocess.run(
        line, shell=True, capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    assert done.stderr == ""
