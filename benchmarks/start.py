"""Figure: from nothing to the result of the quickstart, in fresh processes, with empty and filled kernel cache."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CHILD = """
import sys
from pathlib import Path
import sim.kernel
sim.kernel.cache_root = lambda: Path(sys.argv[1])
from sim.cli import command
sys.exit(command(["run", "configs/studies/quickstart.toml", "--out", sys.argv[2], "--worlds", sys.argv[3]]))
"""
HELP = "from sim.cli import command; command(['--help'])"


def measure(quick: bool) -> dict[str, Any]:
    """Elapsed seconds of a process: first run, later runs (best), one with hardly any worlds, and ``--help``."""
    with tempfile.TemporaryDirectory() as folder:
        cache, out = str(Path(folder, "kernels")), str(Path(folder, "results"))

        def quickstart(worlds: int) -> float:
            return _seconds(CHILD, cache, out, str(worlds))

        cold = quickstart(10_000)
        rounds = range(2 if quick else 4)
        return {
            "cold_start_s": cold,
            "warm_start_s": min(quickstart(10_000) for _ in rounds),
            "warm_before_first_world_s": min(quickstart(2) for _ in rounds),
            "help_s": min(_seconds(HELP) for _ in rounds),
        }


def _seconds(code: str, *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
