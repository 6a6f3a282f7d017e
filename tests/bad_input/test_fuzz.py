"""Whatever the files hold, the program answers: with a result free of NaN, or with sentences. Never with a fault."""

import contextlib
import copy
import io
import json
import os
import signal
import tempfile
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
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


EXTREMES = st.sampled_from(
    [
        True, False, 0, 1, 2, -1, 12, 40, 10**6, 2**31, 2**63, -(2**63), 10**30, 0.0, -0.0, 0.5, 1.0, 1e-300, 5e-324,
        1e12, 1e308, -1e308, float("nan"), float("inf"), -float("inf"), "", "x", "0", "[0, inf)", "(0, inf]", "due",
        "cash", "x" * 300, "\x1b[31m", "💸", [], [0], [1.0, 2.0], [-730, 730], {}, {"a": 1}, [[]], [{}],
        date(1, 1, 1), date(2026, 1, 1), date(9999, 12, 28), datetime(2026, 1, 1, 12),
    ]
)  # fmt: skip


def paths(node, prefix=()):
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*prefix, key)
        yield from paths(value, (*prefix, key))


def mutate(document, data):
    """Drop, rename, double or replace one place of a document."""
    places = list(paths(document))
    if not places:
        return
    *parents, key = data.draw(st.sampled_from(places))
    holder = document
    for parent in parents:
        holder = holder[parent]
    action = data.draw(st.sampled_from(["drop", "rename", "double", "replace", "replace", "replace"]))
    if action == "drop":
        del holder[key]
    elif action == "rename" and isinstance(holder, dict):
        holder[key + "s"] = holder.pop(key)
    elif action == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[key] = copy.deepcopy(data.draw(EXTREMES))


def as_toml(node):
    """A document as one TOML value; a whole file is its keys, one a line."""
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(as_toml, node)) + "]"
    if isinstance(node, str):
        return json.dumps(node, ensure_ascii=False)
    return node.isoformat() if isinstance(node, date) else repr(node)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name.endswith(".toml")])
@fuzz(150)
@given(data=st.data())
def test_a_valid_document_with_mistakes(name, data):
    document = tomllib.loads(VALID[name])
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(document, data)
    answer(name, "\n".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in document.items()))


CELLS = st.sampled_from(
    ["", " ", "0", "-0", "1", "-1", "1e12", "1e308", "1e-320", "nan", "inf", "0x1", "1_0", "x" * 500, "1,5", '"', "'",
     "1900-01-01", "2200-12-31", "2026-01-01", "2026-02-30", "0001-01-01", "Ann", "smb", "12", "120", "\x1b", "\u2028", "💸"]
)  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [("book.csv", BOOK), ("deals.csv", DEALS)])
@fuzz(150)
@given(data=st.data())
def test_a_valid_table_with_wrong_cells(name, text, data):
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(rows))
        action = data.draw(st.sampled_from(["cell", "cell", "cell", "drop", "double"]))
        if action == "cell" and row:
            row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
        elif action == "drop" and row:
            row.pop()
        else:
            rows.append(list(row))
    answer(name, "\n".join(",".join(row) for row in rows))


def test_the_writer_of_this_test_writes_toml():
    for name in ("plan.toml", "scenario.toml", "study.toml"):
        document = tomllib.loads(VALID[name])
        written = "\n".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in document.items())
        assert tomllib.loads(written) == document
