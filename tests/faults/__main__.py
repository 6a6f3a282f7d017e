"""Many moments: ``python -m tests.faults [TIMES] [COMMAND ...]``. Tells what was tried and how often work was taken up."""

import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults.commands import COMMANDS, laid_out
from tests.faults.ended import end, undisturbed

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def main(times=30, *names):
    """Every command, ended so many times."""
    drawn = random.Random(18)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        laid_out(folder)
        for command in names or COMMANDS:
            arguments = COMMANDS[command]
            undisturbed(arguments, folder)  # compiles what is not compiled yet
            plain, told = undisturbed(arguments, folder), Counter()
            for _ in range(int(times)):
                number = drawn.choice(SIGNALS)
                moment = drawn.uniform(0.0, 1.1 * plain.seconds)
                code, resumed = end(arguments, folder, plain, number, moment)
                told[f"exit {code}"] += 1
                told["taken up"] += resumed
            said = ", ".join(f"{what} {count}" for what, count in sorted(told.items()))
            print(f"{command}: {plain.seconds:.1f} s, ended {times} times: {said}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
