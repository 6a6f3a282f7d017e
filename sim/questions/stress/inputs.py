"""The numeric inputs of a scenario that can be moved one by one, those of all segments together."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from sim.questions.stress.move import DRAWN
from sim.world.arr import LognormalArr
from sim.world.place import STANDS_FOR, UnknownInputError, places
from sim.world.scenario import Scenario
from sim.world.segment import LagBand, LognormalSize, WinBack

SKIPPED: Final = (
    "name",
    "title",
    "start",
    "periods",
    "period_months",
    "about",
    "uncertainty",
    "sources",
    "kpi",
)
"""No assumptions about customers or people; scales of KPIs have no order to move along."""
HELD: Final = ("market.level", "market.shared_by", "book")
"""What a forecast or a stress sets."""


def inputs_of(scenario: Scenario) -> tuple[str, ...]:
    """Paths of every input that is a number, each once for all segments, in the order of the file; zeros among them.

    Tables stand for what they are about: ``churn`` for the probabilities of all terms, ``uplift.size`` for where the size
    lies, ``lag[late]`` for the share booked after the due day. Days of bands are not moved.
    """
    tables = {key: getattr(scenario, key) for key in type(scenario).model_fields if key not in SKIPPED}
    segments = tables.pop("segment")
    found = [path for key, table in tables.items() if key not in HELD for path in _paths(table, key)]
    for key in type(segments[0]).model_fields:
        for segment in segments:
            if key != "name":
                found += list(_paths(getattr(segment, key), f"segment.*.{key}"))
    names = [segment.name for segment in segments]
    known = (
        each for path in dict.fromkeys(found) if path not in HELD for each in _known(scenario, path, names)
    )
    return tuple(known)


def amount_of(scenario: Scenario, path: str) -> float:
    """The largest absolute value that a path stands for; 0 where there is none to move."""
    return max((abs(place.value) for place in places(scenario, path) if place.value is not None), default=0.0)


def describes_book(path: str) -> bool:
    """Whether an input says what the company's book is: a fact that it knows, drawn anew when the input moves."""
    words = path.split(".")
    return words[0] == "segment" and any(word.split("[")[0] in DRAWN for word in words[2:3])


def _known(scenario: Scenario, path: str, segments: list[str]) -> Iterator[str]:
    """The path where it leads to numbers in every segment; else the paths of the segments in which it does."""
    if _leads(scenario, path):
        yield path
    elif path.startswith("segment.*."):
        own = (path.replace("*", name, 1) for name in segments)
        yield from (each for each in own if _leads(scenario, each))


def _leads(scenario: Scenario, path: str) -> bool:
    try:
        return bool(places(scenario, path))
    except UnknownInputError:
        return False


def _paths(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, bool) or node is None or isinstance(node, str):
        return
    if isinstance(node, int | float):
        yield path
    elif isinstance(node, tuple):
        yield from _listed(node, path)
    elif isinstance(node, dict):
        yield from (f"{path}.{key}" for key, value in node.items() if value)
    elif type(node) in STANDS_FOR:
        yield path
        for name in _besides(node):
            yield from _paths(getattr(node, name), f"{path}.{name}")
    elif isinstance(node, BaseModel):
        for key in type(node).model_fields:
            yield from _paths(getattr(node, key), f"{path}.{key}")


def _besides(node: Any) -> list[str]:
    """Keys of a table that do not move with its path."""
    if isinstance(node, LognormalSize | LognormalArr):
        return [key for key in type(node).model_fields if key != "mean"]
    return ["dispersion"] if "dispersion" in type(node).model_fields else []


def _listed(node: tuple[Any, ...], path: str) -> Iterator[str]:
    if all(isinstance(each, LagBand) for each in node) and node:
        yield f"{path}[late]"
        yield f"{path}[early]"
    elif all(isinstance(each, WinBack) for each in node):
        if node:
            yield path
    elif all(isinstance(each, int | float) for each in node):
        yield from (f"{path}[{index}]" for index, each in enumerate(node) if each)
