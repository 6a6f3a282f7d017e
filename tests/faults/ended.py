"""One command, ended by a signal at some moment and given again: what must hold whatever the moment."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.rig.repository import ROOT

START = """\
import sys
import sim.cli.taken_up
sim.cli.taken_up.AFTER = 0.0
from sim.cli import main
sys.argv[0] = "csmsim"
main()
"""
"""The program, putting down what it does from the first moment on."""
WITHIN = 300.0
"""Longer takes no command here. [s]"""
CODES = {signal.SIGINT: (130, -2), signal.SIGTERM: (143, -15), signal.SIGKILL: (-9,)}
"""Of a command that was ended; the second ones before the program has begun, as a shell sees the first there too."""
LEFT = 5.0
"""After so long no child of an ended command is there. [s]"""


@dataclass(frozen=True)
class Undisturbed:
    """What a command writes, and how long it takes. [s]"""

    files: dict[Path, bytes]
    seconds: float


def started(arguments, folder):
    """A command in a session of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", START, *arguments, "--out", "out"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def files(folder):
    """Every file of a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def undisturbed(arguments, folder):
    """The command left to itself; its result is taken away."""
    begun = time.monotonic()
    process = started(arguments, folder)
    _, error = process.communicate(timeout=WITHIN)
    assert process.returncode == 0, error.decode()
    found = Undisturbed(files(folder / "out"), time.monotonic() - begun)
    (folder / "out").rename(folder / f"plain-{time.monotonic_ns()}")
    return found


def end(arguments, folder, plain, number, moment, victim=None):
    """End a command by a signal at a moment [s], look at what is left, and give it again.

    victim : finds the process that gets the signal, given the command's; itself where left out.

    Raises: AssertionError where something half-written, a child or a temporary folder is left, an exit code is another, or
    the command given again writes other bits.
    """
    before = set(os.listdir(folder))
    process = started(arguments, folder)
    time.sleep(moment)
    with suppress(ProcessLookupError):
        os.kill(process.pid if victim is None else victim(process.pid), number)
    _, error = process.communicate(timeout=WITHIN)
    if victim is None:
        assert process.returncode in (0, *CODES[number]), (process.returncode, error.decode())
    assert b"Traceback" not in error or b"KeyboardInterrupt" in error, error.decode()
    assert gone(process.pid), "a child is left"
    if (folder / "out").exists():
        assert files(folder / "out") == plain.files, "half-written"
    left = set(os.listdir(folder)) - before - {"out", "out.unfinished"}
    assert number == signal.SIGKILL or not left, left
    if process.returncode == 0:
        assert not (folder / "out.unfinished").exists()
    again = started(arguments, folder)
    _, error = again.communicate(timeout=WITHIN)
    assert again.returncode == 0, error.decode()
    assert files(folder / "out") == plain.files, "other bits"
    left = set(os.listdir(folder)) - before - {"out"}
    assert not left, left
    (folder / "out").rename(folder / f"again-{time.monotonic_ns()}")
    return process.returncode, b"Going on from" in error


def gone(session):
    """Whether no process of a session is there any more."""
    until = time.monotonic() + LEFT
    while time.monotonic() < until:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
