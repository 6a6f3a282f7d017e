"""Several files read one after the other, and everything that is wrong with any of them said at once."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sim.errors import InputError, Problem

T = TypeVar("T")


class AllAtOnce:
    """Reads files one by one, and keeps what is wrong with each until all have been read."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def __call__(self, reader: Callable[[Path], T], path: Path | None) -> T | None:
        """What is in the file; None without one, or where it cannot be read."""
        if path is None:
            return None
        try:
            return reader(path)
        except InputError as error:
            self._problems += error.problems
            return None

    def check(self) -> None:
        """Raises: InputError with the problems of all files."""
        if self._problems:
            raise InputError(dict.fromkeys(self._problems))
