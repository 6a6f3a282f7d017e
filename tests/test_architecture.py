"""The rules of the house, read from the source: who imports whom, how long things are, and what stays light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "sim").rglob("*.py"))
LONGEST_FILE = 320
LONGEST_FUNCTION = 70
HEAVY = {"numba", "pandas", "scipy", "pyarrow"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "data", "info"}

# The folders and top modules a folder may import, besides itself.
ALLOWED = {
    "world": {"records", "calendar", "kernel", "errors", "files", "cohort"},
    "plan": {"records", "calendar", "kernel", "errors", "files", "frame", "ledger"},
    "measure": {"records", "calendar", "kernel", "frame", "ledger", "plan"},
    "files": {"errors"},
    "report": {"records", "calendar", "errors", "visible", "files", "plan", "study"},
    "ledger": {"records", "kernel", "frame"},
    "cohort": {"records", "kernel"},
    "frame": {"records", "calendar"},
    "records": set(),
    "calendar": {"records"},
    "kernel": set(),
    "errors": {"visible"},
    "visible": set(),
}


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path, lazy):
    """Modules of this project that a file imports; with ``lazy`` also those imported inside functions or for types."""
    tree = ast.parse(path.read_text())
    nodes = ast.walk(tree) if lazy else tree.body
    found = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & MODULES) or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "sim"}
    return found - {module_of(path)}


MODULES = {module_of(path) for path in FILES}


def layer(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "sim"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_stay_in_their_layer(path):
    own = layer(module_of(path))
    if own in ALLOWED:
        others = {layer(module) for module in imports_of(path, lazy=True)} - {own}
        assert others <= ALLOWED[own] | {"sim"}


@pytest.mark.parametrize("shared", ["tables", "findings", "figures"])
def test_what_reports_share_knows_no_medium(shared):
    """Tables, sentences and figures are the same for a terminal, a page, a workbook and a deck."""
    media = ("sim.report.terminal", "sim.report.page", "sim.report.office")
    for path in sorted((ROOT / "sim" / "report" / shared).glob("*.py")):
        assert not [module for module in imports_of(path, lazy=True) if module.startswith(media)], path


def test_worlds_and_plans_never_meet_below_the_study():
    """Not even through others: no path of imports leads from one wing to the other."""
    graph = {module_of(path): imports_of(path, lazy=True) for path in FILES}
    for wing, other in (("world", "plan"), ("plan", "world")):
        reached, waiting = set(), [module for module in graph if layer(module) == wing]
        while waiting:
            module = waiting.pop()
            if module not in reached:
                reached.add(module)
                waiting += graph.get(module, ())
        assert not {module for module in reached if layer(module) == other}


def test_no_import_cycles():
    graph = {module_of(path): imports_of(path, lazy=False) - {"sim"} for path in FILES}
    while graph:
        free = [module for module, needed in graph.items() if not needed & graph.keys()]
        assert free, f"a cycle among {sorted(graph)}"
        for module in free:
            del graph[module]


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
    root = Path(__file__).parents[1]
    decisions, method = ((root / name).read_text() for name in ("DECISIONS.md", "METHOD.md"))
    numbers = [int(each) for each in re.findall(r"^\*\*(\d+)\. ", decisions, re.M)]
    assert numbers == sorted(set(numbers))
    named = re.findall(r"\(entry (\d+)\)", decisions) + re.findall(r"\(`DECISIONS.md`, (\d+)\)", method)
    named += [
        each for pair in re.findall(r"entries (\d+) to (\d+) of `DECISIONS.md`", method) for each in pair
    ]
    assert named
    assert {int(each) for each in named} <= set(numbers)
