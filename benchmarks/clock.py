"""Time programs in alternation, so that a busy machine slows all of them alike, and keep the best round of each."""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Timing(NamedTuple):
    """Best of several rounds, per unit of work.

    wall : elapsed. [s]
    cpu  : of all threads of the process; what other programs on the machine take does not count. [s]
    """

    wall: float
    cpu: float


def alternate(programs: Mapping[str, tuple[Callable[[], object], int]], rounds: int) -> dict[str, Timing]:
    """Run every program once a round, after one round to warm up; ``programs`` gives each with its units of work."""
    best = {name: Timing(float("inf"), float("inf")) for name in programs}
    for turn in range(rounds + 1):
        for name, (program, units) in programs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            program()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if turn:
                best[name] = Timing(min(best[name].wall, wall / units), min(best[name].cpu, cpu / units))
    return best
