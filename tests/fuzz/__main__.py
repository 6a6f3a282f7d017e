"""``python -m tests.fuzz --inputs N``: so many mutated inputs of every kind of file, and a table of what came of them.

The table is printed every ten minutes, at the end, and where the run is stopped: by Ctrl-C, SIGTERM or ``--minutes``.
An input is its kind and its number: ``--kind plan --only 4711`` shows it and its answer again.
"""

import argparse
import signal
import time
from collections import Counter

from tests.fuzz.answers import OUTCOMES, answer, prepared
from tests.fuzz.children import in_lanes, warm_up
from tests.fuzz.inputs import KINDS

CHUNK = 500
"""Inputs to a process."""
TOLD_EVERY = 600
"""[s]"""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=2_000, help="of all kinds together")
    parser.add_argument("--first", type=int, default=0, help="number of the first input of each kind")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--only", type=int, help="one input of the kind, and nothing else")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="at most")
    asked = parser.parse_args()
    kinds = asked.kind or list(KINDS)
    if asked.only is not None:
        with prepared() as laid:
            print(answer(kinds[0], asked.only, *laid))
        return
    each = -(-asked.inputs // len(kinds))
    pieces = [
        (kind, range(asked.first + first, asked.first + min(first + CHUNK, each)))
        for first in range(0, each, CHUNK)
        for kind in kinds
    ]
    total = {kind: Counter() for kind in kinds}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    warm_up()
    end = time.monotonic() + 60 * asked.minutes
    try:
        count(in_lanes(pieces, asked.processes), total, end)
    except KeyboardInterrupt:
        print("stopped")
    print(table(total), flush=True)


def count(answers, total, end):
    """Count outcomes until the end, print what was said of faults as they come, and the table now and then."""
    told = time.monotonic()
    for kind, number, outcome, said in answers:
        total[kind][outcome] += 1
        if said:
            print(kind, number, outcome, said, sep=" | ", flush=True)
        now = time.monotonic()
        if now >= end:
            raise KeyboardInterrupt
        if now >= told + TOLD_EVERY:
            told = now
            print(table(total), flush=True)


def table(total):
    """Inputs and outcomes by kind, as Markdown."""
    lines = ["| file | inputs | refused | ran | faults | hangs |", "|---|---:|---:|---:|---:|---:|"]
    total = total | {"all": sum(total.values(), Counter())}
    for kind, counted in total.items():
        cells = [sum(counted.values()), *(counted[outcome] for outcome in OUTCOMES)]
        lines.append(f"| {kind} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
