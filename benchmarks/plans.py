"""Figure: what twelve plans cost over one, on the same worlds."""

from typing import Any

import sim
from benchmarks.clock import alternate
from benchmarks.engine import books
from benchmarks.question import PLANS, study


def measure(quick: bool) -> dict[str, Any]:
    """Ratio of processor time."""
    worlds = 1024 if quick else 4096
    questions = {"one": study(worlds, plans=1), "twelve": study(worlds, plans=len(PLANS))}
    programs = {
        name: ((lambda question=question: sim.run(question, threads=1)), books(question))
        for name, question in questions.items()
    }
    best = alternate(programs, rounds=2 if quick else 4)
    return {"twelve_plans_over_one": best["twelve"].cpu / best["one"].cpu}
