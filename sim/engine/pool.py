"""Tasks on workers: a few under way at a time, results in the order of the tasks, and none left behind after an error."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Final, Protocol, TypeVar, runtime_checkable

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")


@runtime_checkable
class Workers(Protocol):
    """Whoever does the tasks of a call; no result depends on who it is, nor on how many."""

    @property
    def count(self) -> int:
        """Tasks that are done at a time."""

    @property
    def take_turns(self) -> bool:
        """Whether they take turns at what is Python, so that short calls gain nothing."""

    def in_order(
        self,
        work: Callable[[S, T], R],
        shared: S,
        tasks: Iterable[T],
        stop: Event | None = None,
        waiting: int | None = None,
        small: Callable[[S], object] | None = None,
    ) -> Generator[R, None, None]:
        """The result of every task, in order.

        work    : a function of a module, and no closure: it may be called in another process.
        shared  : what all tasks need, given to ``work`` before the task.
        tasks   : taken up when a worker is about to be free, so that a long list is never held.
        stop    : set at the end, also after an error or Ctrl-C: long tasks look at it and leave early.
        waiting : results that may wait for an earlier one, ``count`` where left out. Uneven tasks of small results may all
                  wait, so that no worker does. [task]
        small   : a little of the work, done first and once a machine: numba compiles there, and not in every worker.
        """


@dataclass(frozen=True)
class Threads:
    """Threads of this process. One thread is the caller's own: a task begins when its result is asked for, so that nothing
    waits and what is held at a time is the same in every run.
    """

    count: int
    take_turns: bool = True

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
        if small is not None:
            small(shared)
        if self.count == 1:
            try:
                yield from (work(shared, task) for task in tasks)
            finally:
                if stop is not None:
                    stop.set()
            return
        pending: deque[Future[R]] = deque()
        most = self.count if waiting is None else waiting
        with ThreadPoolExecutor(self.count) as pool:
            try:
                for task in tasks:
                    if len(pending) > most:
                        yield pending.popleft().result()
                    pending.append(pool.submit(work, shared, task))
                while pending:
                    yield pending.popleft().result()
            finally:
                if stop is not None:
                    stop.set()
                pool.shutdown(cancel_futures=True)


ALONE: Final = Threads(1)
"""The caller's own thread."""


def spans(worlds: int, size: int) -> Iterator[tuple[int, int]]:
    """So many worlds in parts of ``size``, the last one smaller: the first world of each part, and its number of worlds."""
    return ((first, min(size, worlds - first)) for first in range(0, worlds, size))
