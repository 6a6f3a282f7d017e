"""What the program answers to one file put in the place of a valid one: a result free of NaN, or sentences."""

import contextlib
import io
import json
import os
import signal
import tempfile
from pathlib import Path

import pytest

from sim.cli import command
from sim.errors import MOST_SAID
from tests.rig.inputs.valid_files import COMMANDS, VALID

LONGEST = 30
"""An answer takes milliseconds; one that takes longer than this hangs. [s]"""
FEW_WORLDS = {"run": ("--worlds", "4"), "explain": (), "replay": ()}


def answer(name, content):
    """Put ``content`` in the place of a valid file and run every command that reads it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for each, text in VALID.items():
            Path(each).write_text(text)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        for arguments in COMMANDS[name]:
            out, err = io.StringIO(), io.StringIO()
            with limited(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = command([*arguments, *FEW_WORLDS[arguments[0]], "--json"])
            if code == 0:
                assert err.getvalue() == ""
                json.loads(out.getvalue(), parse_constant=no_constant)
            else:
                assert code == 2, err.getvalue()
                assert_problems(out.getvalue(), err.getvalue())
                assert not os.path.exists("out")


def assert_problems(printed, said):
    """What --json prints of bad input are the problems that the sentences tell, the first twenty in full."""
    problems = json.loads(printed)["problems"]
    assert problems
    assert len(said.splitlines()) == min(len(problems), MOST_SAID) + (len(problems) > MOST_SAID)


@contextlib.contextmanager
def limited():
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail(f"no answer after {LONGEST} s"))
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)


def no_constant(name):
    raise AssertionError(f"{name} in the result")
