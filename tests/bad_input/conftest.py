"""A folder of valid files, and the one way to break one of them: through the real command line."""

from pathlib import Path

import pytest

from sim.cli import command
from tests.rig.inputs.valid_files import RUN, VALID
from tests.rig.readers.answers import assert_problems


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in VALID.items():
        Path(name).write_text(text)
    return tmp_path


@pytest.fixture
def refused(folder, capsys):
    """Run a command that must be refused: exit code 2, nothing written, nothing printed unless problems are asked as JSON.
    Returns its sentences.
    """

    def run(arguments=RUN):
        before = listing()
        capsys.readouterr()
        code = command(arguments)
        said = capsys.readouterr()
        assert code == 2
        if "--json" in arguments:
            assert_problems(said.out, said.err)
        else:
            assert said.out == ""
        assert listing() == before
        return said.err.splitlines()

    return run


@pytest.fixture
def broken(refused):
    """Replace a part of a valid file (or all of it, when the part is None) and run the command."""

    def run(name, old, new, arguments=RUN):
        text = VALID[name]
        assert old is None or text.count(old) == 1, old
        content = new if old is None else text.replace(old, new)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return refused(arguments)

    return run


def listing():
    return {path: path.stat().st_mtime_ns for path in Path().rglob("*")}
