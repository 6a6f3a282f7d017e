"""README is true: its outputs are what the commands print, its plan is a plan, its Python runs."""

import re
import tomllib
from pathlib import Path

import pytest

from sim.files.toml import check
from sim.plan.plan import Plan
from tests.readme import BLOCK, PAGES, PICTURE, README, refreshed

TEXT = README.read_text()


def test_intake_and_replay_print_what_readme_shows():
    assert refreshed(TEXT, only=("intake", "replay")) == TEXT


@pytest.mark.jit
@pytest.mark.parametrize(
    "page", [page for page in PAGES if BLOCK.search(page.read_text())], ids=lambda page: page.stem
)
def test_commands_print_what_the_documentation_shows(page):
    assert refreshed(page.read_text()) == page.read_text()


@pytest.mark.jit
def test_run_prints_what_readme_shows():
    assert refreshed(TEXT, only=("run",)) == TEXT


@pytest.mark.jit
def test_what_history_teaches_prints_what_readme_shows():
    assert refreshed(TEXT, only=("calibrate", "backtest")) == TEXT


@pytest.mark.jit
def test_stress_prints_what_readme_shows():
    assert refreshed(TEXT, only=("stress",)) == TEXT


def test_outputs_are_there():
    assert len(BLOCK.findall(TEXT)) >= 2


def test_the_plan_in_readme_is_a_plan():
    document = re.search(r"```toml\n(.*?)```", TEXT, re.S)
    assert check(Plan, _frozen(tomllib.loads(document[1])), "README.md").name == "early-4"


@pytest.mark.jit
def test_the_python_in_readme_runs(monkeypatch):
    monkeypatch.chdir(README.parent)
    code = re.search(r"```python\n(.*?)```", TEXT, re.S)[1]
    found: dict[str, object] = {}
    exec(code, found)
    assert len(found["result"].summary) == 11


def test_files_that_readme_names_exist():
    for name in re.findall(r"`((?:configs|sim)/[\w/.-]+|[A-Z]+\.md)`", TEXT):
        assert (README.parent / Path(name)).exists(), name


def test_pictures_are_there():
    found = re.findall(r"!\[[^\]]{20,}\]\(([\w/.-]+)\)", TEXT)
    assert PICTURE.relative_to(README.parent).as_posix() in found
    for name in found:
        assert (README.parent / name).read_bytes().startswith(b"\x89PNG")


def _frozen(value):
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value
