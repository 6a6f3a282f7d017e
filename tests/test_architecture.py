"""The rules of the house: who imports whom, how long things are, and what stays light."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.rig.repository import ROOT

FILES = sorted((ROOT / "sim").rglob("*.py"))
LONGEST_FILE = 320
LONGEST_FUNCTION = 70
HEAVY = {"numba", "pandas", "scipy", "pyarrow"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "data", "info"}


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "sim"


def test_imports_stay_in_their_layer_and_go_in_no_circle():
    """The contracts stand in pyproject.toml; lazy imports and those for types count."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_files_and_functions_are_short(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text()))
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_the_library_never_prints(path):
    if layer(module_of(path)) == "cli":
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize(
    "code",
    [
        "import sim; sim.__version__",
        "import sim.cli",
        "from sim.cli import command; command(['--help'])",
        "from sim.cli import command; command(['run', '--help'])",
        "from sim.cli import command; command(['--version'])",
    ],
)
def test_light_commands_stay_light(code):
    check = (
        f"import sys; {code}; heavy = {HEAVY!r} & set(sys.modules); sys.exit(','.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_namespace_offers_what_it_lists():
    import sim

    for name in sim.__all__:
        assert getattr(sim, name) is not None
    with pytest.raises(AttributeError):
        sim.nothing  # noqa: B018


def test_decisions_are_numbered_upwards_and_those_named_exist():
    decisions, method = ((ROOT / name).read_text() for name in ("DECISIONS.md", "METHOD.md"))
    numbers = [int(each) for each in re.findall(r"^\*\*(\d+)\. ", decisions, re.M)]
    assert numbers == sorted(set(numbers))
    named = re.findall(r"\(entry (\d+)\)", decisions) + re.findall(r"\(`DECISIONS.md`, (\d+)\)", method)
    named += [
        each for pair in re.findall(r"entries (\d+) to (\d+) of `DECISIONS.md`", method) for each in pair
    ]
    assert named
    assert {int(each) for each in named} <= set(numbers)


def test_folders_of_tests_are_packages_and_hold_tests_alone():
    """What tests are built with stands in ``rig``; a second simulator and commands have folders of their own."""
    modules = [path.relative_to(ROOT / "tests") for path in sorted((ROOT / "tests").rglob("*.py"))]
    folders = {path.parent for path in modules}
    assert {path.parent for path in modules if path.name == "__init__.py"} == folders
    beside = [path for path in modules if not path.name.startswith(("test_", "__init__", "conftest"))]
    commands = {"rig", "outside", "fuzz", "faults", "shipped", "martingale", "calibration", "backtesting"}
    others = [path for path in beside if path.parts[0] not in commands]
    assert [str(path) for path in others] == ["readme.py", "schemas.py"]


def test_the_gate_tries_the_same_examples_in_every_run():
    """Tests take Hypothesis from ``rig.examples`` and the profile; none has settings of its own that draw at random."""
    modules = {path.relative_to(ROOT / "tests"): path.read_text() for path in (ROOT / "tests").rglob("*.py")}
    own = [
        str(path)
        for path, text in modules.items()
        if re.search(r"^(from|import) hypothesis.*\bsettings\b", text, re.M)
    ]
    assert sorted(own) == ["conftest.py", "rig/examples.py", "test_architecture.py"]
    if os.environ.get("HYPOTHESIS_PROFILE", "gate") == "gate":
        assert settings.default.derandomize
