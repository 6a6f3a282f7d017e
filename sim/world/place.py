"""The numbers of a scenario by dotted paths: ``segment.*.churn``, ``segment.smb.lag[late].share``, ``dependence.market``."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.errors import near_match
from sim.files.share import LEAST_SHARE, NONE_OR_ENOUGH
from sim.world.arr import ArrCount, ArrLaw, ListedArr, LognormalArr
from sim.world.segment import Churn, LagBand, LognormalSize, UniformSize, WinBack

STANDS_FOR: Final[dict[type, tuple[str, ...]]] = {
    Churn: ("probability", "by_term"),
    LognormalSize: ("mean",),
    UniformSize: ("low", "high"),
    LognormalArr: ("mean",),
    ArrLaw: ("mean",),
    ListedArr: ("listed",),
    ArrCount: ("arr",),
    LagBand: ("share",),
    WinBack: ("probability",),
}
"""A table whose path ends in it stands for these of its keys: moving ``churn`` moves all its probabilities."""
ANY: Final = "*"
STRICTLY: Final = 1e-6
"""A value that must stay strictly within a bound keeps this distance."""

Key = str | int
Bounds = tuple[float, float, float]
"""Least, most, and the least that is more than nothing."""
SHARE: Final[Bounds] = (0.0, 1.0, 0.0)


class Place(NamedTuple):
    """One number of a scenario.

    path        : with every segment, item and key named.
    keys        : where it stands in the scenario's document.
    value       : as it is; None where an optional number is left out.
    least, most : its own bounds.
    some        : the least that it may be where it is more than nothing.
    """

    path: str
    keys: tuple[Key, ...]
    value: float | None
    least: float
    most: float
    some: float

    def nearest(self, wanted: float) -> float:
        """The value nearest to ``wanted`` within its bounds; a rate that shrinks never vanishes."""
        value = min(max(wanted, self.least), self.most)
        return self.some if 0.0 < value < self.some else value

    @property
    def whole(self) -> bool:
        """Whether it counts something."""
        return isinstance(self.value, int)


class UnknownInputError(ValueError):
    """A path that leads nowhere. allowed, received, fix : for the sentence about it."""

    def __init__(self, allowed: str, received: str, fix: str = "") -> None:
        super().__init__(f"{allowed}: {received}")
        self.allowed, self.received, self.fix = allowed, received, fix


def places(scenario: BaseModel, path: str) -> tuple[Place, ...]:
    """Every number that a path stands for; none where its list is empty.

    ``*`` is every segment. ``[2]`` is an item of a list, counted from 0, ``[*]`` every one; ``lag[late]`` and
    ``lag[early]`` are the bands after and before the due day.

    Raises: UnknownInputError when the path leads nowhere.
    """
    return tuple(_walk(scenario, f".{path}", (), "", SHARE))


def _walk(node: Any, rest: str, keys: tuple[Key, ...], path: str, bounds: Bounds) -> Iterator[Place]:
    if not rest:
        yield from _leaves(node, keys, path, bounds)
    elif isinstance(node, tuple):
        for key, name, after in _items(node, rest, path):
            yield from _walk(node[key], after, (*keys, key), f"{path}{name}", bounds)
    elif isinstance(node, BaseModel | dict) and rest.startswith("."):
        word, after = _word(rest)
        known = list(node) if isinstance(node, dict) else list(type(node).model_fields)
        if word not in known:
            raise UnknownInputError(f"one of {sorted(known)}", word, near_match(word, known))
        inner = node[word] if isinstance(node, dict) else getattr(node, word)
        own = SHARE if isinstance(node, dict) else _bounds(type(node).model_fields[word])
        yield from _walk(inner, after, (*keys, word), f"{path}.{word}" if path else word, own)
    else:
        raise UnknownInputError("the path of a number", f"{path}{rest}", f"There is nothing below {path}.")


def _leaves(node: Any, keys: tuple[Key, ...], path: str, bounds: Bounds) -> Iterator[Place]:
    if isinstance(node, int | float) and not isinstance(node, bool):
        yield Place(path, keys, node, *bounds)
    elif node is None:
        if bounds[1] < float("inf"):
            yield Place(path, keys, None, *bounds)
    elif isinstance(node, tuple):
        for index, each in enumerate(node):
            yield from _leaves(each, (*keys, index), f"{path}[{index}]", bounds)
    elif isinstance(node, dict):
        for key, each in node.items():
            yield from _leaves(each, (*keys, key), f"{path}.{key}", SHARE)
    elif type(node) in STANDS_FOR:
        for name in STANDS_FOR[type(node)]:
            yield from _walk(node, f".{name}", keys, path, bounds)
    elif isinstance(node, BaseModel):
        known = sorted(type(node).model_fields)
        raise UnknownInputError("the path of a number", path, f"Below it are {known}.")
    else:
        raise UnknownInputError("the path of a number", path, f"It holds {node!r}.")


def _items(node: tuple[Any, ...], rest: str, path: str) -> list[tuple[int, str, str]]:
    """Position, name and rest of the path of each chosen item."""
    if path == "segment":
        return _segments(node, rest)
    found = re.match(r"\[([^\]]*)\](.*)", rest)
    if found is None:
        raise UnknownInputError(f"the path of a number, as {path}[0]", f"{path}{rest}")
    chosen, after = found.groups()
    kinds: dict[str, Callable[[Any], bool]] = {ANY: lambda item: True}
    if all(isinstance(item, LagBand) for item in node) and path.endswith(".lag"):
        kinds |= {"late": lambda item: item.days[0] > 0, "early": lambda item: item.days[1] < 0}
    if chosen in kinds:
        return [(index, f"[{index}]", after) for index, item in enumerate(node) if kinds[chosen](item)]
    if chosen.isdecimal() and len(chosen) < 6 and int(chosen) < len(node):
        return [(int(chosen), f"[{chosen}]", after)]
    allowed = f"{path}[n] with n from 0 to {len(node) - 1}" if node else f"{path}[*]"
    others = "".join(f", or [{kind}]" for kind in kinds)
    raise UnknownInputError(f"{allowed}{others}", f"{path}[{chosen}]")


def _segments(node: tuple[Any, ...], rest: str) -> list[tuple[int, str, str]]:
    """The segments that a path names; names may hold dots, so the longest that fits is taken."""
    if rest == ".*" or rest.startswith(".*."):
        return [(index, f".{each.name}", rest[2:]) for index, each in enumerate(node)]
    fits = [
        (index, f".{each.name}", rest[1 + len(each.name) :])
        for index, each in enumerate(node)
        if rest == f".{each.name}" or rest.startswith(f".{each.name}.")
    ]
    if not fits:
        names = [each.name for each in node]
        word = _word(rest)[0]
        raise UnknownInputError(f"one of {[*names, ANY]}", word, near_match(word, names))
    return [max(fits, key=lambda each: len(each[1]))]


def _word(rest: str) -> tuple[str, str]:
    """The first word after the dot, and what follows it."""
    found = re.match(r"\.([^.\[]*)(.*)", rest)
    assert found is not None, "callers look for the dot"
    return found.group(1), found.group(2)


def _bounds(field: FieldInfo) -> Bounds:
    """The bounds of a field; infinite where nothing is said."""
    least, most, some = float("-inf"), float("inf"), 0.0
    for each in [*field.metadata, *_annotated(field.annotation)]:
        if isinstance(each, Ge):
            least = float(each.ge)  # type: ignore[arg-type]
        elif isinstance(each, Gt):
            least = float(each.gt) + STRICTLY  # type: ignore[arg-type]
        elif isinstance(each, Le):
            most = float(each.le)  # type: ignore[arg-type]
        elif isinstance(each, Lt):
            most = float(each.lt) - STRICTLY  # type: ignore[arg-type]
        elif each == NONE_OR_ENOUGH:
            some = LEAST_SHARE
    return least, most, some


def _annotated(annotation: Any) -> Iterator[Any]:
    """What is said of the members of an annotation."""
    for each in get_args(annotation):
        if isinstance(each, FieldInfo):
            yield from each.metadata
        else:
            yield from _annotated(each)
