"""``csmsim app``: what stands against it is said before any world is simulated."""

import socket

import pytest

from sim.cli import command
from tests.rig.inputs.small_study import write_study
from tests.rig.repository import CONFIGS


@pytest.fixture
def path(tmp_path):
    return write_study(tmp_path / "small")


def test_a_port_that_is_taken_is_a_sentence(path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command(["app", str(path), "--no-open", "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert f"--port must be a free port, received {port}, which cannot be had" in said
    assert "Simulating" not in said


def test_everything_asked_is_checked_at_once(path, capsys):
    assert command(["app", str(path), "--no-open", "--port", "80", "--plan", "caped"]) == 2
    said = capsys.readouterr().err
    assert "--port must be" in said
    assert "Did you mean 'capped'" in said


def test_a_study_of_role_sets_alone_has_nothing_to_slide(capsys):
    from tests.rig.repository import CONFIGS

    assert command(["app", str(CONFIGS / "studies" / "ownership.toml"), "--no-open"]) == 2
    assert "plan files, one at least" in capsys.readouterr().err


def test_what_is_missing_is_named(path, capsys, monkeypatch):
    monkeypatch.setattr("sim.app.serve.find_spec", lambda name: None)
    assert command(["app", str(path)]) == 2
    said = capsys.readouterr().err
    assert "the library starlette must be installed to serve the page" in said
    assert "pip install 'csm-compensation-simulator[app]'" in said


def test_a_study_of_role_sets_alone_is_told_what_the_page_can_move(capsys):
    study = CONFIGS / "studies" / "ownership.toml"
    assert command(["app", str(study), "--no-open", "--worlds", "64"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "plans must be plan files, one at least, received role sets only." in said
    assert "name the plan of a role among the study's plans, such as " in said
    assert "csm-owner.toml" in said
