"""Figure: what a cluster of two processes on this machine loses against one process, the same bits demanded."""

import os
import time
from typing import Any

import sim
from benchmarks.agreement import DisagreementError
from sim.engine.pool import Threads
from sim.engine.study import Study
from sim.study.cluster import on_cluster
from tests.rig.repository import CONFIGS

PROCESSES = 2


def measure(quick: bool) -> dict[str, Any]:
    """Efficiency on two processes, [elapsed, processor time]: the time of one process over twice that of both; and over all
    processor time that both and the one that asks them take, which other programs on the machine do not move.
    """
    study = sim.load(CONFIGS / "studies" / "quickstart.toml").altered(worlds=16_384 if quick else 100_000)
    with on_cluster(f"local:{PROCESSES}") as workers:
        sim.run(study, worlds=4_096, executor=workers)  # each process reads its kernels
        elapsed, taken, found = _timed(study, workers)
    alone, taken_alone, one = _timed(study, Threads(1))
    if found != one:
        raise DisagreementError("a cluster gives other bits than a thread")
    return {
        "cluster_efficiency": [alone / (PROCESSES * elapsed), taken_alone / taken],
        "cluster_cpu_per_world": [taken_alone / study.worlds, taken / study.worlds],
    }


def _timed(study: Study, workers: Any) -> tuple[float, float, str]:
    """Elapsed, processor time of all who work, and the result. [s]"""
    begun, taken = time.perf_counter(), _taken(workers)
    found = sim.run(study, executor=workers).to_json()
    return time.perf_counter() - begun, _taken(workers) - taken, found


def _taken(workers: Any) -> float:
    """Processor time of this process and of those that work for it. [s]"""
    total = time.process_time()
    if workers.take_turns:
        return total
    # One task a process, long enough that none gets two.
    return total + sum(dict(workers.in_order(own_time, None, range(PROCESSES))).values())


def own_time(_nothing: None, _task: int) -> tuple[int, float]:
    """Whose processor time it is, and how much. [s]"""
    time.sleep(0.3)
    return os.getpid(), time.process_time()
