"""What the program answers to one input: refused with a sentence, run to a finite result, a fault, or no answer in time."""

import contextlib
import functools
import importlib
import io
import json
import os
import shutil
import signal
import tempfile
import tomllib
import warnings
from pathlib import Path
from types import SimpleNamespace

import typer.main

from sim import cli
from sim.files import toml
from tests.fuzz.inputs import KINDS, lay_out, write_input

LONGEST = 60
"""An answer takes milliseconds; one that works longer than this, or waits ten times as long, hangs. [s]"""
OUTCOMES = ("refused", "ran", "fault", "hang")


COMMAND_LINE = typer.main.get_command(cli.app)
"""Typer makes it anew for every call, which takes longer than most refusals."""


@functools.cache
def _parsed(arguments):
    """The command of a command line and its arguments; these are never mutated, and so are read once."""
    top = COMMAND_LINE.make_context("csmsim", list(arguments))
    name, found, rest = COMMAND_LINE.resolve_command(top, [*top._protected_args, *top.args])
    return functools.partial(found.invoke, found.make_context(name, rest, parent=top))


def _called(arguments, **_):
    """In the place of the program's command line, which reads its arguments anew."""
    try:
        return _parsed(tuple(arguments))()
    except typer.Exit as end:
        return end.exit_code


READ_ONCE = SimpleNamespace(
    loads=functools.lru_cache(64)(tomllib.loads), TOMLDecodeError=tomllib.TOMLDecodeError
)
"""Files that stay valid are parsed once: what reads a document takes a copy of it."""


DRAWN_EVERY = 8
UNDRAWN = {
    ("sim.report.written", "plain_text"): lambda *_: "",
    ("sim.report.page.page", "page"): lambda *_: "",
    ("sim.study.explanations", "page"): lambda *_: "",
    ("sim.report.office.workbook", "workbook"): lambda *_: b"",
    ("sim.report.documented", "json"): SimpleNamespace(
        dumps=lambda document, **_: json.dumps(document, ensure_ascii=False, allow_nan=False)
    ),
}
"""Every eighth answer is drawn in full; of the others the report is made, its tables too, but not its page and text, and
JSON has no indents."""


@contextlib.contextmanager
def _replaced(module, name, other):
    """unittest.mock makes an object with every method there is, for each of a million answers."""
    before = getattr(module, name)
    setattr(module, name, other)
    try:
        yield
    finally:
        setattr(module, name, before)


def _undrawn():
    stack = contextlib.ExitStack()
    for (module, name), other in UNDRAWN.items():
        stack.enter_context(_replaced(importlib.import_module(module), name, other))
    return stack


@contextlib.contextmanager
def prepared():
    """A folder with the valid files and results of them, and the documents of these."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Path(folder), lay_out(Path(folder))


class NoAnswer(BaseException):
    """The time is over."""


def answer(kind, number, folder, documents):
    """The outcome of the input under every command that reads its kind, and what was said of a fault."""
    write_input(kind, number, folder, documents)
    outcome, said = "ran", ""
    for arguments in KINDS[kind].commands:
        shutil.rmtree(folder / "out", ignore_errors=True)
        (folder / "out.map.toml").unlink(missing_ok=True)
        with _undrawn() if number % DRAWN_EVERY else contextlib.nullcontext():
            each, words = _one(arguments, folder)
        if OUTCOMES.index(each) >= 2:
            return each, f"{' '.join(arguments)}: {words}"
        outcome = "refused" if each == "refused" else outcome
    return outcome, said


def _one(arguments, folder):
    out, err = io.StringIO(), io.StringIO()
    previous = [signal.signal(each, _late) for each in (signal.SIGALRM, signal.SIGPROF)]
    signal.alarm(10 * LONGEST)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            warnings.catch_warnings(),
            _replaced(cli, "app", _called),
            _replaced(toml, "tomllib", READ_ONCE),
        ):
            warnings.simplefilter("error")
            code = cli.command(arguments)
    except NoAnswer:
        return "hang", f"no answer after {LONGEST} s"
    except BaseException as error:
        return "fault", repr(error)
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for each, before in zip((signal.SIGALRM, signal.SIGPROF), previous, strict=True):
            signal.signal(each, before)
    said = err.getvalue()
    if code == 2:
        printed = _problems(out.getvalue()) if "--json" in arguments else not out.getvalue()
        fine = said.strip() and printed and not os.path.lexists(folder / "out")
        return (
            ("refused", "")
            if fine
            else ("fault", f"refused, but printed or wrote something, or said nothing: {said}")
        )
    if code != 0 or "Traceback" in said or "Warning" in said:
        return "fault", f"exit code {code}: {said.strip()}"
    if "--json" in arguments:
        try:
            json.loads(out.getvalue(), parse_constant=_no_constant)
        except ValueError as error:
            return "fault", f"not JSON: {error}"
    return "ran", ""


def _problems(printed):
    """Whether it is JSON that holds problems."""
    try:
        return bool(json.loads(printed, parse_constant=_no_constant)["problems"])
    except (ValueError, LookupError, TypeError):
        return False


def _late(*_):
    raise NoAnswer


def _no_constant(name):
    raise ValueError(f"{name} in the result")
