"""The engine, asked the question: timed through ``sim.run`` as a user runs it, and its answer in the rivals' terms."""

import numpy as np

import sim
from benchmarks.rivals.outcome import Outcome
from sim.engine.study import Study
from sim.records import NEVER
from sim.world.world import World

BLOCK = 512


def ask(study: Study, threads: int) -> Outcome:
    """The engine's answer: pay from a run, the rest from the same worlds drawn again."""
    run = sim.run(study, threads=threads)
    due, booked, renewed, expansion = (np.zeros(study.worlds) for _ in range(4))
    world = World(study.scenario, study.seed)
    for first in range(0, study.worlds, BLOCK):
        here = slice(first, min(first + BLOCK, study.worlds))
        for csm in range(len(world.book.csms)):
            path = world.path(csm, first, here.stop - first)
            due[here] += (path.due_day < NEVER).sum(axis=0)
            booked[here] += (path.booked_day < NEVER).sum(axis=0)
            renewed[here] += path.booked_arr.sum(axis=0)
            expansion[here] += path.expansion.sum(axis=0)
    return Outcome(run.totals.variable.sum(axis=1), due, booked, renewed, expansion)


def books(study: Study) -> int:
    """Books in a study: CSMs times worlds."""
    return sum(segment.csms or 0 for segment in study.scenario.segment) * study.worlds
