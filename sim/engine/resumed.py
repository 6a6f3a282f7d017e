"""Workers whose results are put down as they come, and which take up what an interrupted command has put down."""

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from hashlib import blake2b
from threading import Event
from typing import Any, Final, TypeVar

import numpy as np
from pydantic import BaseModel

from sim.engine.packed import packed, unpacked
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.files.unfinished import Unfinished

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

SIZE: Final = 16
"""Of the name of a piece. [byte]"""
END: Final = object()


class Resumed:
    """Workers as ``sim.engine.pool.Workers``: what is known already is not worked out again.

    A piece is told by the work, what its tasks share, and the task. Where that does not tell two tasks apart, they are told
    by which of them came first: a command asks its tasks in the same order every time.

    after : what is done in the first seconds is not put down, unless something lies there already. [s]
    """

    def __init__(self, workers: Workers, unfinished: Unfinished, after: float) -> None:
        self._workers = workers
        self._unfinished = unfinished
        self._after = time.monotonic() + after
        self._asked: Counter[str] = Counter()
        self.taken_up = 0

    @property
    def count(self) -> int:
        """Tasks that are done at a time."""
        return self._workers.count

    @property
    def take_turns(self) -> bool:
        """Whether those who work do."""
        return self._workers.take_turns

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
        base = fingerprint((work, shared))
        names: deque[str] = deque()

        def lacking() -> Iterator[T]:
            for task in tasks:
                name = self._name(base, task)
                names.append(name)
                if name not in self._unfinished.names:
                    yield task

        with closing(self._workers.in_order(work, shared, lacking(), stop, waiting, small)) as found:
            while True:
                result: Any = next(found, END)
                while names and names[0] in self._unfinished.names:
                    self.taken_up += 1
                    yield unpacked(self._unfinished.read(names.popleft()))
                if result is END:
                    return
                self._put(names.popleft(), result)
                yield result

    def _name(self, base: str, task: Any) -> str:
        told = f"{base} {fingerprint(task)}"
        self._asked[told] += 1
        return blake2b(f"{told} {self._asked[told]}".encode(), digest_size=SIZE).hexdigest()

    def _put(self, name: str, result: Any) -> None:
        if not self._unfinished.begun and time.monotonic() < self._after:
            return
        try:
            content = packed(result)
        except TypeError:  # of a kind that is worked out anew
            return
        self._unfinished.put(name, content)


def fingerprint(value: Any) -> str:
    """What a value is made of, in short: equal for equal values in every process."""
    return blake2b(_told(value).encode(), digest_size=SIZE).hexdigest()


def _told(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float | str | bytes | np.generic):
        return repr(value)
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}{blake2b(value.tobytes(), digest_size=SIZE).hexdigest()}"
    if isinstance(value, Study):
        return value.hash
    if isinstance(value, BaseModel):
        return f"{_name_of(value)} {fingerprint(value.model_dump_json())}"
    if isinstance(value, partial):
        return _told((value.func, value.args, value.keywords))
    if made := getattr(value, "made", None):
        return _told(made)
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_told(key)}:{_told(part)}' for key, part in value.items())}}}"
    if isinstance(value, frozenset | set):
        return f"{{{','.join(sorted(map(_told, value)))}}}"
    if isinstance(value, tuple | list):
        return f"({','.join(map(_told, value))})"
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    known = getattr(value, "__dict__", {})
    return f"{_name_of(value)} {_told({key: part for key, part in known.items() if not key.startswith('_')})}"


def _name_of(value: object) -> str:
    return type(value).__qualname__
