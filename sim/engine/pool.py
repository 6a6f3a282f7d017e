"""Tasks on threads: a few under way at a time, results in the order of the tasks, and none left behind after an error."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(
    work: Callable[[T], R],
    tasks: Iterable[T],
    threads: int,
    stop: Event | None = None,
    waiting: int | None = None,
) -> Generator[R, None, None]:
    """The result of every task, in order; no result depends on ``threads``. One thread is the caller's own: a task begins
    when its result is asked for, so that nothing waits and what is held at a time is the same in every run.

    tasks   : taken up when a thread is about to be free, so that a long list is never held.
    stop    : set at the end, also after an error or Ctrl-C: long tasks look at it and leave early.
    waiting : results that may wait for an earlier one, ``threads`` where left out. Uneven tasks of small results may all
              wait, so that no thread does. [task]
    """
    if threads == 1:
        try:
            yield from map(work, tasks)
        finally:
            if stop is not None:
                stop.set()
        return
    pending: deque[Future[R]] = deque()
    most = threads if waiting is None else waiting
    with ThreadPoolExecutor(threads) as pool:
        try:
            for task in tasks:
                if len(pending) > most:
                    yield pending.popleft().result()
                pending.append(pool.submit(work, task))
            while pending:
                yield pending.popleft().result()
        finally:
            if stop is not None:
                stop.set()
            pool.shutdown(cancel_futures=True)


def spans(worlds: int, size: int) -> Iterator[tuple[int, int]]:
    """So many worlds in parts of ``size``, the last one smaller: the first world of each part, and its number of worlds."""
    return ((first, min(size, worlds - first)) for first in range(0, worlds, size))
