"""Run a study: simulate its worlds once, settle every plan on them, and ask every question of the same study."""

from sim.engine.executor import Executor
from sim.engine.heavy_tail import tail_of_cost
from sim.engine.pool import Workers
from sim.engine.setting import prepare
from sim.engine.simulate import Progress, totals_of
from sim.engine.study import Study
from sim.questions.question import Ran
from sim.study.arguments import altered_study, workers_of
from sim.study.results import Result
from sim.study.summary import measured


def run(
    study: Study,
    *,
    threads: int | None = None,
    executor: Executor | Workers | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate the worlds of a study once, and settle every plan on them.

    threads : number of threads; all processors by default. No result depends on it, nor on ``block``.
    executor : does the tasks in the place of threads, as many at once as ``threads`` says: a pool of processes, or what
               ``dask.distributed.Client.get_executor()`` or ``mpi4py.futures`` gives.
    block   : worlds simulated in one piece, a multiple of 64. [world]
    worlds, seed : instead of the study's own.

    Raises: InputError when one of the arguments is out of bounds.
    """
    study = altered_study(study, worlds=worlds, seed=seed, threads=threads, block=block)
    workers = workers_of(threads, executor)
    setting = prepare(study, clauses=True)
    totals = totals_of(setting, study.worlds, workers, block, progress)
    heavy = frozenset(
        role_set.name
        for index, role_set in enumerate(study.sets)
        if tail_of_cost(study, totals, index) is not None
    )
    passes = measured(Ran(study, setting, totals, workers, heavy))
    return Result(study, setting, totals, passes)
