"""Several files and arguments read one after the other, and everything that is wrong with any of them said at once."""

from collections.abc import Callable
from typing import TypeVar

from sim.errors import InputError, Problem

S = TypeVar("S")
T = TypeVar("T")


class AllAtOnce:
    """Reads them one by one, and keeps what is wrong with each until all have been read."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def __call__(self, reader: Callable[[S], T], asked: S | None) -> T | None:
        """What is in a file, or an argument says; None without one, or where it cannot be read."""
        if asked is None:
            return None
        try:
            return reader(asked)
        except InputError as error:
            self._problems += error.problems
            return None

    def check(self) -> None:
        """Raises: InputError with the problems of all files."""
        if self._problems:
            raise InputError(dict.fromkeys(self._problems))
