"""Compiled kernels are cached by everything that is compiled into them."""

import ast
from pathlib import Path

import pytest

from sim import kernel

PACKAGE = Path(kernel.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))


def imported(source: Path) -> set[Path]:
    """Files of the package that a file imports, by the language's own parser."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        for name in names:
            if name.split(".")[0] == "sim":
                path = PACKAGE.joinpath(*name.split(".")[1:])
                found |= {file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()}
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_import_is_overlooked(source):
    assert imported(source) <= set(kernel._imports(source))


def test_a_changed_callee_or_constant_moves_the_cache(tmp_path, monkeypatch):
    source = PACKAGE / "world" / "renewal.py"
    before = kernel.cache_directory("sim.world.renewal", source)
    for name in ("world/lanes.py", "world/normal.py", "records.py"):
        kernel.cache_directory.cache_clear()
        changed = (PACKAGE / name).resolve()
        original = kernel._content
        monkeypatch.setattr(
            kernel, "_content", lambda path, c=changed, o=original: o(path) + b"#" * (path == c)
        )
        assert kernel.cache_directory("sim.world.renewal", source) != before
        monkeypatch.undo()
    kernel.cache_directory.cache_clear()
    assert kernel.cache_directory("sim.world.renewal", source) == before


def test_an_unrelated_change_does_not_move_the_cache(monkeypatch):
    source = PACKAGE / "world" / "renewal.py"
    before = kernel.cache_directory("sim.world.renewal", source)
    unrelated = (PACKAGE / "study" / "run.py").resolve()
    original = kernel._content
    kernel.cache_directory.cache_clear()
    monkeypatch.setattr(kernel, "_content", lambda path: original(path) + b"#" * (path == unrelated))
    assert kernel.cache_directory("sim.world.renewal", source) == before
    kernel.cache_directory.cache_clear()
