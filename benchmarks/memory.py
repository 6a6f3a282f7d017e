"""Figure: peak memory of a run in a process of its own, against the number of worlds."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CSMS = {"enterprise": 1, "mid-market": 1, "smb": 1}
CHILD = """
import json, sys
from benchmarks.memory import peak_megabytes
import sim
from benchmarks.question import study
question = study(int(sys.argv[1]), csms=json.loads(sys.argv[2]))
totals = sim.run(question, threads=2).totals
kept = sum(part.nbytes for field in vars(totals).values() for part in (field if isinstance(field, tuple) else [field])
           if getattr(part, "nbytes", 0))
print(json.dumps([peak_megabytes(), kept / 2**20]))
"""


def peak_megabytes() -> float:
    """Of this process. The resource module would also count the process that started it. [MB]"""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(quick: bool) -> dict[str, Any]:
    """[worlds, MB] at the peak; and the same less the totals that are kept of every world."""
    peak, beyond = [], []
    for worlds in (1_000, 4_000, 16_000) if quick else (1_000, 10_000, 100_000):
        command = [sys.executable, "-c", CHILD, str(worlds), json.dumps(CSMS)]
        megabytes, kept = json.loads(
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        )
        peak.append([worlds, megabytes])
        beyond.append([worlds, megabytes - kept])
    return {"peak_mb": peak, "peak_mb_beyond_totals": beyond}
