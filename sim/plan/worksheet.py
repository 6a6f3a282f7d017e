"""What plans with the same rule share while they settle the same Ledger."""

from collections.abc import Callable
from typing import TypeVar

from sim.records import Ledger

T = TypeVar("T")


class Worksheet:
    """Intermediate results on one Ledger, each worked out once.

    Twelve plans often differ in one rule only. What they have in common is looked up by a key that spells out the
    rule, so sharing cannot change a result. Results are shared between statements: never write to them.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._results: dict[bytes, object] = {}

    def once(self, key: bytes, work_out: Callable[[], T]) -> T:
        """The result under ``key``, worked out on first use."""
        if key not in self._results:
            self._results[key] = work_out()
        return self._results[key]  # type: ignore[return-value]
