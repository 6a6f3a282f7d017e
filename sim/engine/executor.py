"""Tasks on an executor: on other processes or machines, whatever has ``submit`` and gives back a ``result``."""

import os
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable
from functools import lru_cache
from threading import Event
from typing import Any, Final, Protocol, TypeVar

from sim.errors import InputError, Problem
from sim.kernel import compiled_once
from sim.version import __version__

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

AHEAD: Final = 2
"""Tasks that are submitted for each worker, so that none waits while results are taken up in order."""
KEPT: Final = 4
"""Of what tasks share, as many are kept ready in each process."""


class Submitted(Protocol):
    """A task that was submitted."""

    def result(self) -> Any:
        """What it came to, once it is done."""

    def cancel(self) -> object:
        """Call it off, if it has not begun."""


class Executor(Protocol):
    """``concurrent.futures``, ``dask.distributed.Client.get_executor()``, ``mpi4py.futures``, and what is like them."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any) -> Submitted:
        """Do a task at some time, somewhere."""


class Remote:
    """An executor's workers as ``sim.engine.pool.Workers``.

    Sent are pickles of what a study is made of, once a task, and what is merged of many worlds comes back
    (``sim.engine.totals.Block``). Each process makes its worlds anew and keeps them for the next tasks.

    count : tasks done at a time, or what tells it; where left out, as many as the executor has workers, else processors of
            this machine.
    """

    take_turns = False

    def __init__(self, executor: Executor, count: int | Callable[[], int] | None = None) -> None:
        self._executor = executor
        said = (getattr(executor, name, None) for name in ("num_workers", "_max_workers"))
        self._count = count or next((each for each in said if isinstance(each, int)), os.cpu_count() or 1)

    @property
    def count(self) -> int:
        """Tasks that are done at a time."""
        return self._count if isinstance(self._count, int) else self._count()

    def in_order(
        self,
        work: Callable[[S, T], R],
        shared: S,
        tasks: Iterable[T],
        stop: Event | None = None,
        waiting: int | None = None,
        small: Callable[[S], object] | None = None,
    ) -> Generator[R, None, None]:
        """As ``Workers``."""
        parcel = pickle.dumps((__version__, pickle.dumps((work, shared, small), protocol=5)), protocol=5)
        pending: deque[Submitted] = deque()
        try:
            for task in tasks:
                if len(pending) > max(AHEAD * self.count, waiting or 0):
                    yield pending.popleft().result()
                pending.append(self._executor.submit(done, parcel, task))
            while pending:
                yield pending.popleft().result()
        finally:
            if stop is not None:
                stop.set()
            for each in pending:
                each.cancel()


def done(parcel: bytes, task: Any) -> Any:
    """A task, in the process that does it."""
    work, shared, small = _opened(parcel)
    with compiled_once(work, parcel) as first:
        if small is None:
            return work(shared, task)
        if first:
            small(shared)
    return work(shared, task)


@lru_cache(maxsize=KEPT)
def _opened(parcel: bytes) -> Any:
    version, letter = pickle.loads(parcel)
    if version != __version__:
        fix = "Install the same version on every worker."
        raise InputError([Problem("executor", f"one whose workers have csmsim {version}", __version__, fix)])
    return pickle.loads(letter)


@lru_cache(maxsize=KEPT)
def remade(recipe: bytes) -> Any:
    """What a recipe makes: the same value for every task of a process that brings it. recipe : a pickled call without
    arguments.
    """
    return pickle.loads(recipe)()
