"""``python -m tests.fuzz --inputs N``: so many mutated inputs of every kind of file, and a table of what came of them.

An input is its kind and its number: ``--kind plan --only 4711`` shows it and its answer again.
"""

import argparse
from collections import Counter

from tests.fuzz.answers import OUTCOMES, answer, prepared
from tests.fuzz.children import in_lanes, warm_up
from tests.fuzz.inputs import KINDS

CHUNK = 1_000
"""Inputs to a process."""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=2_000, help="of all kinds together")
    parser.add_argument("--first", type=int, default=0, help="number of the first input of each kind")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--only", type=int, help="one input of the kind, and nothing else")
    parser.add_argument("--processes", type=int, default=2)
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
    warm_up()
    for kind, number, outcome, said in in_lanes(pieces, asked.processes):
        total[kind][outcome] += 1
        if said:
            print(kind, number, outcome, said, sep=" | ", flush=True)
    print(table(total))


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
