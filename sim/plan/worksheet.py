"""What plans with the same rule share while they settle the same Ledger."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.records import Ledger

T = TypeVar("T")


class Worksheet:
    """Intermediate results on one Ledger, each worked out once, and the memory they stand in.

    Twelve plans often differ in one rule only. What they have in common is looked up by a key that spells out
    the rule, so sharing cannot change a result. Results are shared between statements: never write to them.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._results: dict[bytes, object] = {}
        self._lent: list[NDArray[np.float64]] = []
        self._free: dict[tuple[int, ...], list[NDArray[np.float64]]] = {}

    def turn_to(self, ledger: Ledger) -> None:
        """Take up another Ledger, in the same memory: every statement settled here before is overwritten.

        Book after book, fresh memory costs more than the arithmetic (page faults).
        """
        self.ledger = ledger
        self._results.clear()
        for array in self._lent:
            self._free.setdefault(array.shape, []).append(array)
        self._lent.clear()

    def once(self, key: bytes, work_out: Callable[[], T]) -> T:
        """The result under ``key``, worked out on first use."""
        if key not in self._results:
            self._results[key] = work_out()
        return self._results[key]  # type: ignore[return-value]

    def empty(self, *shape: int) -> NDArray[np.float64]:
        """An array of any content, until the sheet turns to another Ledger."""
        free = self._free.get(shape)
        array = free.pop() if free else np.empty(shape)
        self._lent.append(array)
        return array

    def zeros(self, *shape: int) -> NDArray[np.float64]:
        """An array of zeros, likewise."""
        array = self.empty(*shape)
        array.fill(0.0)
        return array
