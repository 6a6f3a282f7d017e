"""Figure: how many times faster than chunked numpy, numba with ``np.random`` and plain Python; and whether all agree."""

import os
from typing import Any

import sim
from benchmarks.agreement import check
from benchmarks.clock import alternate
from benchmarks.engine import ask, books
from benchmarks.question import SEED, plan_paths, study
from benchmarks.rivals import chunked_numpy, pure_python, threaded_numba
from benchmarks.rivals.company import company_of
from benchmarks.rivals.rules import read_rules


def measure(quick: bool) -> dict[str, Any]:
    """Ratios of wall time for the machine as a whole, and of processor time for one core."""
    cores = os.cpu_count() or 1
    question = study(1024 if quick else 4096)
    company, rules = company_of(question.scenario), read_rules(plan_paths())
    csms = len(company.segment)
    many, some, few = (500, 500, 6) if quick else (2000, 1000, 24)
    programs = {
        "engine": (lambda: sim.run(question, threads=cores), books(question)),
        "numpy": (lambda: chunked_numpy.simulate(company, rules, some, SEED), csms * some),
        "numba_naive": (lambda: threaded_numba.simulate(company, rules, many, SEED, cores), csms * many),
        "python": (lambda: pure_python.simulate(company, rules, few, SEED), csms * few),
    }
    best = alternate(programs, rounds=2 if quick else 4)
    engine = best["engine"]
    rivals = [name for name in best if name != "engine"]
    return {
        "cores": cores,
        "books_per_second": 1.0 / engine.wall,
        **{f"vs_{name}": best[name].wall / engine.wall for name in rivals},
        "per_core": {f"vs_{name}": best[name].cpu / engine.cpu for name in rivals},
        "cpu_us_per_book": {name: 1e6 * timing.cpu for name, timing in best.items()},
        "largest_z": agreement(quick),
    }


def agreement(quick: bool) -> dict[str, float]:
    """The largest difference between means of the engine and of each rival, in standard errors."""
    question = study(1000 if quick else 4000)
    company, rules = company_of(question.scenario), read_rules(plan_paths())
    worlds = question.worlds
    outcomes = {
        "numpy": chunked_numpy.simulate(company, rules, worlds, SEED),
        "numba_naive": threaded_numba.simulate(company, rules, worlds, SEED),
        "python": pure_python.simulate(company, rules, 40 if quick else 200, SEED),
    }
    return check(ask(question, os.cpu_count() or 1), outcomes)
