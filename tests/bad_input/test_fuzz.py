"""Whatever the files hold, the program answers: with a result free of NaN, or with sentences. Never with a fault."""

import contextlib
import io
import json
import os
import signal
import tempfile
import tomllib
from pathlib import Path

import pytest
from fuzz.mutations import document_of, table_of, toml_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.cli import command

from .conftest import BOOK, DEALS, EXPLAIN, REPLAY, RUN, VALID

pytestmark = (
    pytest.mark.jit
)  # thousands of runs: without compiled kernels too slow, and no other code is reached

LONGEST = 30
"""An answer takes milliseconds; one that takes longer than this hangs. [s]"""
COMMANDS = {
    "plan.toml": (REPLAY, RUN),
    "scenario.toml": (RUN, EXPLAIN),
    "study.toml": (RUN,),
    "book.csv": (RUN,),
    "deals.csv": (REPLAY,),
}
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
                assert (code, out.getvalue()) == (2, ""), err.getvalue()
                assert err.getvalue().strip()
                assert not os.path.exists("out")


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


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile every kernel first: the limit is for answers, not for a compiler on a busy machine."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for each, text in VALID.items():
            Path(each).write_text(text)
        for arguments in {arguments for used in COMMANDS.values() for arguments in used}:
            with contextlib.redirect_stdout(io.StringIO()):
                assert command([*arguments, *FEW_WORLDS[arguments[0]], "--json"]) == 0


def fuzz(examples):
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", COMMANDS)
@fuzz(40)
@given(content=st.binary(max_size=300))
def test_any_bytes(name, content):
    answer(name, content)


@pytest.mark.parametrize("name", COMMANDS)
@fuzz(40)
@given(data=st.data())
def test_a_valid_file_with_damaged_bytes(name, data):
    content = bytearray(VALID[name].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    answer(name, bytes(content))


CHOICES = st.randoms(use_true_random=False)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name.endswith(".toml")])
@fuzz(150)
@given(choices=CHOICES)
def test_a_valid_document_with_mistakes(name, choices):
    answer(name, toml_text(document_of(tomllib.loads(VALID[name]), choices)))


@pytest.mark.parametrize(("name", "text"), [("book.csv", BOOK), ("deals.csv", DEALS)])
@fuzz(150)
@given(choices=CHOICES)
def test_a_valid_table_with_wrong_cells(name, text, choices):
    answer(name, table_of(text, choices))


def test_the_writer_of_this_test_writes_toml():
    for name in ("plan.toml", "scenario.toml", "study.toml"):
        document = tomllib.loads(VALID[name])
        assert tomllib.loads(toml_text(document)) == document
