"""The program where it runs: outputs that are closed, full or of another encoding, signals, and no place for a cache."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import command
from tests.rig.repository import ROOT

PLAN = ROOT / "configs" / "plans" / "base.toml"
DEALS = """csm,account,arr,due_date,booked_date,booked_arr
zo\N{LATIN SMALL LETTER E WITH DIAERESIS} \N{CJK UNIFIED IDEOGRAPH-5C0F},a,1000,2026-02-01,2026-02-01,1000
"""


def csmsim(*arguments, **settings):
    command = [sys.executable, "-m", "sim", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | settings.pop("environment", {})
    return subprocess.run(command, capture_output=True, env=environment, timeout=300, **settings)


@pytest.fixture
def deals(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(DEALS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("streams")
    assert command(["init", str(folder / "s")]) == 0
    return folder / "s" / "study.toml"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_encoding_that_lacks_signs_replaces_them(deals, encoding):
    asked = ("replay", deals, "--plan", PLAN, "--start", "2026-01-01", "--periods", 1)
    done = csmsim(*asked, environment={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0, done.stderr
    assert b"zo" in done.stdout
    assert b"?" in done.stdout
    read = json.loads(csmsim(*asked, "--json", environment={"PYTHONIOENCODING": encoding}).stdout.decode())
    assert read["statements"][0]["csm"] == DEALS.splitlines()[1].split(",")[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_output_is_a_sentence_and_the_result_stands(small, tmp_path):
    with open("/dev/full", "w") as full:
        asked = [
            sys.executable,
            "-m",
            "sim",
            "run",
            str(small),
            "--worlds",
            "64",
            "--out",
            str(tmp_path / "r"),
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            asked, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, timeout=300
        )
    assert done.returncode == 1
    assert done.stderr.startswith(
        "The output could not be printed: No space left on device. But the result stands in"
    )
    assert "fault" not in done.stderr
    assert (tmp_path / "r" / "summary.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that closes descriptors")
@pytest.mark.parametrize(("end", "code", "said"), [(">&-", 1, b"closed"), ("| true", 0, b"")])
def test_a_closed_output_or_a_reader_who_left(end, code, said):
    script = f"'{sys.executable}' -m sim lint '{PLAN}' {end}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", script], capture_output=True, env=environment, timeout=300)
    assert done.returncode == code
    assert said in done.stderr
    assert b"fault" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


LISTENING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
from sim.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_run_cleanly(small, tmp_path, number, code):
    asked = [
        sys.executable,
        "-c",
        LISTENING,
        "run",
        str(small),
        "--worlds",
        "3000000",
        "--out",
        str(tmp_path / "r"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True, env=environment) as process:
        deadline = time.monotonic() + 120
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(120) == code, said
    assert said == "Interrupted; nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_meets_a_finalizer_still_ends_the_program(number):
    """Python discards what is raised in `__del__`; the compiler's objects have many, and a run was once not ended."""
    script = f"""
import signal, time
from sim.cli.signals import Signals
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
signals = Signals()
signals.install()
class Finalized:
    def __del__(self):
        signal.raise_signal({int(number)})
        time.sleep(0.1)
Finalized()
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("ended", *map(int, signals.received[:1]))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=50
    )
    assert done.stdout.split() == (["ended", "15"] if number == signal.SIGTERM else ["ended"])
    assert done.stderr == ""


def test_an_interrupt_after_the_result_stands_says_so(small, tmp_path, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["sim.cli.run"], "terminal", interrupted)
    assert command(["run", str(small), "--worlds", "64", "--out", str(tmp_path / "r")]) == 130
    assert f"Interrupted; the result stands in {tmp_path / 'r'}." in capsys.readouterr().err
    assert (tmp_path / "r" / "summary.json").exists()


def test_without_any_place_for_a_cache_kernels_are_compiled_and_work(tmp_path):
    script = """
import os, sys
from pathlib import Path
real = Path.mkdir
def mkdir(self, *a, **k):
    if self.name == "kernels":
        raise PermissionError
    return real(self, *a, **k)
Path.mkdir = mkdir
from sim.kernel import cache_root, kernel
assert cache_root() is None
import numpy as np
@kernel
def double(x: object, out: object) -> None:
    for i in range(len(x)):
        out[i] = 2 * x[i]
out = np.zeros(2)
double(np.ones(2), out)
assert out.tolist() == [2.0, 2.0]
"""
    path = tmp_path / "script.py"
    path.write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("harm", ["\x1b[31m", "\x07", "\N{RIGHT-TO-LEFT OVERRIDE}", "\n"])
def test_names_in_sentences_reach_the_terminal_as_escapes(tmp_path, capsys, harm):
    plan = tmp_path / "plan.toml"
    key = json.dumps(f"ke{harm}y")
    plan.write_text(f'name = "p"\n{key} = 1\n', encoding="utf-8")
    assert command(["lint", str(plan)]) == 2
    assert command(["lint", str(tmp_path / f"no{harm}ne.toml")]) == 2
    said = capsys.readouterr().err
    assert (
        harm not in said.replace("\n", "")
        if harm != "\n"
        else all("must be" in each for each in said.splitlines())
    )
