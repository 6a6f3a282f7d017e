"""Figure: time against the number of books, from ten thousand to a million, by worlds and by CSMs."""

import os
from typing import Any

import sim
from benchmarks.clock import alternate
from benchmarks.engine import books
from benchmarks.question import study


def measure(quick: bool) -> dict[str, Any]:
    """[books, seconds], elapsed on all cores; the same in processor seconds; and with more CSMs instead of worlds."""
    sizes = (10_000, 30_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    questions = [study(round(size / 42)) for size in sizes]
    wider = study(256, csms={"enterprise": 48, "mid-market": 80, "smb": 40})
    small = study(256)
    cores = os.cpu_count() or 1
    times = {}
    for question in (*questions, small, wider):
        program = (lambda question=question: sim.run(question, threads=cores)), 1
        rounds = max(1, min(5, 400_000 // books(question)))
        times[id(question)] = alternate({"run": program}, rounds)["run"]
    return {
        "scaling": [[books(question), times[id(question)].wall] for question in questions],
        "scaling_cpu": [[books(question), times[id(question)].cpu] for question in questions],
        "scaling_csms_cpu": [[books(question), times[id(question)].cpu] for question in (small, wider)],
    }
