"""``python -m tests.calibration [HISTORIES]``: simulation-based calibration in full, as METHOD.md prints it."""

import sys
import time

from tests.calibration.simulation_based import KEPT, chance, ranks_of

HISTORIES = 200
SWEEPS = 400

if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else HISTORIES
    began = time.time()
    found = ranks_of(
        number,
        SWEEPS,
        workers=2,
        progress=lambda done: print(f"{done} histories, {time.time() - began:.0f} s", file=sys.stderr),
    )
    print(f"{'input':58} {'histories':>9} {'chi-square p':>12} {'90 % covers':>11} {'mean rank':>9}")
    for path, each in sorted(found.items()):
        ranks, inside = zip(*each, strict=True)
        print(
            f"{path:58} {len(each):9d} {chance(ranks):12.4f} {sum(inside) / len(each):11.3f} "
            f"{sum(ranks) / len(ranks) / KEPT:9.2f}"
        )
