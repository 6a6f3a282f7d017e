"""The first run after an installation says why it takes longer than the next ones."""

import sys

import pytest

from sim import kernel
from sim.cli.first_run import SENTENCE
from sim.cli.run import progress_bar


@pytest.mark.parametrize("before", [False, True])
def test_it_is_said_once_that_loops_are_compiled(before, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "cache"
    (folder / "renewal_1").mkdir(parents=True)
    if before:
        (folder / "renewal_1" / "simulate.nbi").touch()
    monkeypatch.setattr(kernel, "cache_directory", lambda module, source: folder)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar():
        pass
    assert (SENTENCE in capsys.readouterr().err) != before


def test_nothing_is_said_where_no_terminal_reads_it(monkeypatch, capsys):
    monkeypatch.setattr(kernel, "cache_directory", lambda module, source: None)
    with progress_bar():
        pass
    assert capsys.readouterr().err == ""
