"""Which numbers of a plan's entry of the summary are asked: a search asks few of many plans."""

from collections.abc import Callable, Mapping, Set
from typing import Any, Final, NamedTuple, TypeVar

from sim.plan.altered import path_of
from sim.summary.entry import Entry

E = TypeVar("E", bound=Entry)


class Paths(NamedTuple):
    """What is asked of a plan's entry. steps : first and second step of each path, and what lies beyond; None for all."""

    steps: frozenset[tuple[str, str | None]] | None

    def within(self, sections: Set[str]) -> bool:
        """Whether anything of these sections is asked."""
        return self.steps is None or any(section in sections for section, _ in self.steps)

    def keys(self, section: str) -> frozenset[str] | None:
        """The keys of a section that are asked; None where it is asked as a whole."""
        if self.steps is None or (section, None) in self.steps:
            return None
        return frozenset(key for first, key in self.steps if first == section and key is not None)


EVERY: Final = Paths(None)


def paths_of(paths: Set[str]) -> Paths:
    """What is asked: numbers of a section as ``payees.lose``, with their errors, or whole sections by name."""
    found = set()
    for path in paths:
        first, *more = path_of(path)
        key = str(more[0]) if more else None
        found.add((str(first), key and key.removesuffix("_se").removesuffix("_ci95")))
    return Paths(frozenset(found))


def some(kind: type[E], values: Mapping[str, Any]) -> E:
    """An entry of which only some is asked: the rest is None, also where an entry always has it, and nothing is checked."""
    nothing: dict[str, Any] = dict.fromkeys(kind.model_fields)
    return kind.model_construct(**{**nothing, **values})


def made(makers: Mapping[str, Callable[[], Any]], keys: Set[str] | None) -> dict[str, Any]:
    """What is asked of some keys, each worked out; all of them where ``keys`` is None."""
    return {name: make() for name, make in makers.items() if keys is None or name in keys}
