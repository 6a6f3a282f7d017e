"""``python -m tests.fuzz.failures``: commands killed, interrupted or on a full disk at each of their file-system events, and
a table of what came of it.

Every command runs in a process of its own that ends at one event. What may come of it: the folder as it was, or the new
result, each whole; nothing of the user's lost; no file left that the next command does not clean; a true sentence.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from unittest.mock import patch

import sim
from sim.cli import command
from sim.files import place, staging
from sim.files.exchange import exchange
from sim.files.manifest import digests_of, read_manifest
from sim.files.staging import PREFIX
from tests.fuzz.failing import HOWS, KILLED, events_of, fail_at
from tests.fuzz.valid import SCENARIO, TABLES

STUDY = """\
name = "try"
seed = 3
worlds = 4
scenario = "scenario.toml"
plans = ["plan.toml"]
baseline = "plain"
budget = 90000.0
limits = { cost_p90 = 9.0 }
"""
PLAN = """\
name = "plain"
[pay]
target_bonus = 9000
[[component]]
quota = { kind = "retention", rate = 0.9 }
[[component.curve]]
attainment = "[0, inf)"
slope = 1.0
"""
RUN = ("run", "study.toml", "--out", "out")
STRESS = ("stress", "study.toml", "--only", "recession", "--no-tornado", "--out", "out")
REPORT = ("report", "out", "--only", "csv", "--only", "xlsx")
REPLAY = (
    "replay",
    "deals.csv",
    "--plan",
    "plan.toml",
    "--start",
    "2026-01-01",
    "--periods",
    "2",
    "--xlsx",
    "out.xlsx",
)


def save(*_, seed=3, **__):
    """Worlds kept from Python; in the place of the command line, so that the sentences are its own."""
    sim.simulate(sim.load("study.toml"), worlds=4, seed=seed, threads=1).save("out")


COMMANDS = {
    "run": ((), RUN),
    "run again": ((RUN,), (*RUN, "--seed", "4")),
    "run --force": ((RUN,), (*RUN, "--seed", "4", "--force")),
    "stress": ((), STRESS),
    "report": ((RUN,), REPORT),
    "init": ((), ("init", "out")),
    "replay --xlsx": ((), REPLAY),
    "Worlds.save": ((), save),
    "Worlds.save again": ((save,), partial(save, seed=4)),
}
"""By name: what was done before, and the command, or a call from Python, that fails."""
MINE = "notes.md"
CHANGING = (".xlsx", ".html", "summary.json", "manifest.json")
"""Files with a time in them, or their digests: whole where the manifest has them so."""
ENDS = ("as it was", "new", "fault")


def silently(arguments):
    """A command with its words kept: exit code, standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.ExitStack() as called:
        if callable(arguments):
            called.enter_context(patch("sim.cli.app", arguments))
        code = command([] if callable(arguments) else list(arguments))
    return code, err.getvalue()


def lay_out(folder, before):
    """A small study, what was done before, and a file of the user's beside it."""
    folder.mkdir()
    (folder / "scenario.toml").write_text(SCENARIO)
    (folder / "study.toml").write_text(STUDY)
    (folder / "plan.toml").write_text(PLAN)
    (folder / "deals.csv").write_text(TABLES["deals.csv"])
    (folder / MINE).write_text("mine")
    with contextlib.chdir(folder):
        for each in before:
            assert silently(each)[0] == 0, each
    return folder


def content(folder):
    """Every visible file outside staging folders, by digest; of a result also that its manifest is true."""
    return {
        name: digest
        for name, digest in digests_of(folder).items()
        if not name.startswith(PREFIX) and not name.endswith(CHANGING)
    } | {"": tuple(sorted(each.name for each in folder.iterdir() if not each.name.startswith(PREFIX)))}


def waiting(old, new):
    """The old result in its place and the new one, whole, under the name that the old one is about to take."""
    beside = "out.old-1/"
    moved = {beside + name[4:]: digest for name, digest in new.items() if name.startswith("out/")}
    return {**old, **moved, "": new[""]} if any(name.startswith(beside) for name in new) else None


def judged(folder, how, code, said, old, new):
    """What came of one failure, or what is wrong with it."""
    codes = {"killed": {KILLED}, "interrupted": {130}, "full": {0, 2}}[how]
    if code not in codes:
        return "fault", f"exit code {code}: {said}"
    found = content(folder)
    if how == "killed" and found == waiting(old, new):
        found = old
    if found not in (old, new):
        wrong = [
            name for name in {*found, *old, *new} if found.get(name) not in (old.get(name), new.get(name))
        ]
        return "fault", f"neither as it was nor new: {sorted(wrong)[:5]} {found['']}"
    result = folder / "out"
    manifest = read_manifest(result) if result.is_dir() else None
    if manifest is not None and list(manifest.strange(result)):
        return "fault", "a mixture"
    if how == "interrupted" and ("nothing was written" in said) != (found == old) and old != new:
        return "fault", f"not true: {said}"
    with contextlib.chdir(folder):
        code, words = silently(("init", "after"))
    if code or [each.name for each in folder.iterdir() if each.name.startswith(PREFIX)]:
        return "fault", f"leftovers: {code} {words}"
    return ("new" if found == new and found != old else "as it was"), ""


def audited(one, other):
    """The exchange of names, with an event before and after it."""
    sys.audit("csmsim.exchange")
    done = exchange(one, other)
    sys.audit("csmsim.exchange")
    return done


@contextlib.contextmanager
def prepared(name):
    """The command, its number of events, and the contents before and after; kernels compiled."""
    before, arguments = COMMANDS[name]
    shared = "/dev/shm" if Path("/dev/shm").is_dir() else None
    kept = place.exchange, staging.MOMENT
    place.exchange, staging.MOMENT = audited, 0.0
    try:
        with tempfile.TemporaryDirectory(dir=shared) as temporary:
            top = Path(temporary)
            folder = lay_out(top / "first", before)
            old = content(folder)
            with contextlib.chdir(folder):
                code, said = silently(arguments)
                assert code == 0, said
            shutil.rmtree(folder)
            lay_out(folder, before)
            with contextlib.chdir(folder):
                events = events_of(lambda: silently(arguments))
            yield top, events, old, content(folder)
    finally:
        place.exchange, staging.MOMENT = kept


def failed(name, top, at, how, old, new):
    """The outcome of one failure."""
    before, arguments = COMMANDS[name]
    folder = lay_out(top / f"{how}-{at}", before)
    words = top / "words.json"

    def act():
        code, said = silently(arguments)
        words.write_text(json.dumps(said))
        os._exit(code)

    with contextlib.chdir(folder):
        words.unlink(missing_ok=True)
        code = fail_at(act, at, how)
    said = json.loads(words.read_text()) if words.exists() else ""
    outcome = judged(folder, how, code, said, old, new)
    shutil.rmtree(folder)
    return outcome


def tried(name, some=None):
    """Every event of a command and every way to fail, or ``some`` of them: events, outcomes by way, and the faults."""
    counted, told = {how: Counter() for how in HOWS}, []
    with prepared(name) as (top, events, old, new):
        each = [(at, how) for at in range(1, events + 1) for how in HOWS]
        if some is not None:
            last = len(each) - 1
            each = [each[last - number * last // some] for number in range(some)]
        for at, how in each:
            outcome, said = failed(name, top, at, how, old, new)
            counted[how][outcome] += 1
            if said:
                told.append((name, at, how, said))
    return events, counted, told


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.failures", description=__doc__)
    parser.add_argument("--command", choices=COMMANDS, action="append")
    asked = parser.parse_args()
    lines = ["| command | events | failures | as it was | new | faults |", "|---|---:|---:|---:|---:|---:|"]
    for name in asked.command or COMMANDS:
        events, counted, told = tried(name)
        for fault in told:
            print(*fault, sep=" | ", flush=True)
        total = sum(counted.values(), Counter())
        cells = [events, sum(total.values()), *(total[end] for end in ENDS)]
        lines.append(f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
