"""What the program answers to one input: refused with a sentence, run to a finite result, a fault, or no answer in time."""

import contextlib
import io
import json
import os
import shutil
import signal
import tempfile
import warnings
from pathlib import Path
from unittest.mock import patch

import typer.main

from sim.cli import app, command
from tests.fuzz.inputs import KINDS, lay_out, write_input

LONGEST = 60
"""An answer takes milliseconds; one that works longer than this, or waits ten times as long, hangs. [s]"""
OUTCOMES = ("refused", "ran", "fault", "hang")


COMMAND_LINE = typer.main.get_command(app)
"""Typer makes it anew for every call, which takes longer than most refusals."""


DRAWN_EVERY = 4
UNDRAWN = {
    "sim.report.written.plain_text": "",
    "sim.report.page.page.page": "",
    "sim.report.office.workbook.workbook": b"",
}
"""Every fourth answer is drawn in full; of the others the report is made, its tables too, but not its page and text."""


@contextlib.contextmanager
def prepared():
    """A folder with the valid files, and the summary of their result."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            summary = lay_out(Path(folder))
        yield Path(folder), summary


class NoAnswer(BaseException):
    """The time is over."""


def answer(kind, number, folder, summary):
    """The outcome of the input under every command that reads its kind, and what was said of a fault."""
    write_input(kind, number, folder, summary)
    outcome, said = "ran", ""
    for arguments in KINDS[kind]:
        shutil.rmtree(folder / "out", ignore_errors=True)
        with contextlib.ExitStack() as undrawn:
            for name, empty in UNDRAWN.items() if number % DRAWN_EVERY else ():
                undrawn.enter_context(patch(name, return_value=empty))
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
            patch("sim.cli.app", COMMAND_LINE.main),
        ):
            warnings.simplefilter("error")
            code = command(arguments)
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
