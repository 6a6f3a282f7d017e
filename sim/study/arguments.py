"""What a call asks beside the study, from the command line or from Python: checked before any work, all at once."""

import os
from pathlib import Path
from typing import Final

from sim.engine.executor import Executor, Remote
from sim.engine.pool import Threads, Workers
from sim.engine.study import Study
from sim.engine.whole_number import is_whole, whole
from sim.errors import InputError, Problem, shown
from sim.measure.moments import TILE

MOST_THREADS: Final = 1024


def altered_study(
    study: object,
    *,
    worlds: object = None,
    seed: object = None,
    threads: object = None,
    block: object = None,
    only: object = (),
) -> Study:
    """The study with the worlds and seed that are asked.

    Raises: InputError with every argument that is out of bounds or of another kind; None is always in bounds.
    """
    problems, altered = list[Problem](), None
    if isinstance(study, Study):
        try:
            altered = study.altered(seed=seed, worlds=worlds)
        except InputError as refused:
            problems += refused.problems
    else:
        fix = (
            f"Read it first: sim.load({study!r})." if isinstance(study, str | Path) else "sim.load reads one."
        )
        problems.append(Problem("study", "a study", shown(study), fix))
    problems += whole("--threads", threads, 1, MOST_THREADS)
    if block is not None and (not is_whole(block) or int(str(block)) < TILE or int(str(block)) % TILE):
        problems.append(Problem("--block", f"a positive multiple of {TILE}", shown(block)))
    if not isinstance(only, tuple | list) or not all(isinstance(each, str) for each in only):
        problems.append(Problem("--only", "names of stresses, such as ('recession',)", shown(only)))
    if problems or altered is None:
        raise InputError(problems)
    return altered


def workers_of(threads: int | None, executor: Executor | Workers | None = None) -> Workers:
    """Who does the tasks of a call: an executor's workers where one is given, else threads of this process, all processors
    where nobody says.

    Raises: InputError where the executor cannot be given a task.
    """
    if executor is None:
        return Threads(threads or min(os.cpu_count() or 1, MOST_THREADS))
    if isinstance(executor, Workers):
        return executor
    if not hasattr(executor, "submit"):
        fix = "concurrent.futures has some; of dask, give client.get_executor()."
        raise InputError([Problem("executor", "with a method submit", shown(executor), fix)])
    return Remote(executor, threads)
