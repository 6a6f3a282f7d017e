"""A stack of draws: a scenario, or a part of one, with arrays [draw] in the place of numbers. It is unchecked, for what
works on numbers and arrays alike; what works on numbers alone is done draw by draw.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.world.place import Key

Floats = NDArray[np.float64]
N = TypeVar("N")
Arrays: TypeAlias = Mapping[Any, Any]
"""Arrays by where they stand, table in table."""


def put_in(node: N, keys: tuple[Key, ...], value: Any) -> N:
    """The node with another value at a place below it."""
    if not keys:
        return value  # type: ignore[no-any-return]
    inner = dict(_items(node))[keys[0]]
    changed: N = _replaced(node, {keys[0]: put_in(inner, keys[1:], value)})
    return changed


def each_draw(change: Callable[[N], N], stack: N) -> N:
    """The stack after a change that works on numbers alone, made draw by draw."""
    arrays = _arrays(stack)
    draws = _length(arrays)
    if draws is None:
        return change(stack)
    return merged([change(_row(stack, arrays, draw)) for draw in range(draws)])


def merged(rows: Sequence[N]) -> N:
    """The stack of nodes of one shape; a number that is the same in all of them stays one."""
    first = rows[0]
    if all(row is first for row in rows):
        return first
    if isinstance(first, float | int) and not isinstance(first, bool):
        column = np.array(rows, dtype=np.float64)
        return first if (column == column[0]).all() else column  # type: ignore[return-value]
    inner = [dict(_items(row)) for row in rows]
    found = {key: merged([row[key] for row in inner]) for key in inner[0]}
    stack: N = _replaced(first, {key: value for key, value in found.items() if value is not inner[0][key]})
    return stack


def arrays_in(node: Any) -> Iterator[tuple[tuple[Key, ...], Floats]]:
    """The arrays below a node, and where they stand."""
    if isinstance(node, np.ndarray):
        yield (), node
    for key, inner in _items(node):
        yield from (((key, *keys), values) for keys, values in arrays_in(inner))


def _arrays(node: Any) -> Any:
    """The arrays below a node; the node itself where it is one, None where there is none."""
    if isinstance(node, np.ndarray):
        return node
    found = {key: arrays for key, inner in _items(node) if (arrays := _arrays(inner)) is not None}
    return found or None


def _length(arrays: Any) -> int | None:
    """How many draws there are; None without an array."""
    if arrays is None or isinstance(arrays, np.ndarray):
        return None if arrays is None else len(arrays)
    return _length(next(iter(arrays.values())))


def _row(node: Any, arrays: Any, draw: int) -> Any:
    """The node with the numbers of one draw."""
    if isinstance(arrays, np.ndarray):
        return float(arrays[draw])
    inner = dict(_items(node))
    return _replaced(node, {key: _row(inner[key], below, draw) for key, below in arrays.items()})


def _items(node: Any) -> Iterator[tuple[Key, Any]]:
    """What stands below a node, by key."""
    if isinstance(node, BaseModel):
        yield from ((name, getattr(node, name)) for name in type(node).model_fields)
    elif isinstance(node, dict):
        yield from node.items()
    elif isinstance(node, tuple):
        yield from enumerate(node)


def _replaced(node: Any, values: Arrays) -> Any:
    """The node with some of what stands below it replaced."""
    if not values:
        return node
    if isinstance(node, BaseModel):
        return node.model_copy(update=values)
    if isinstance(node, dict):
        return {**node, **values}
    return tuple(values.get(place, each) for place, each in enumerate(node))
