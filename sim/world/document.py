"""A scenario as a document of plain values, so that a number of it can be put in the place of another."""

from typing import Any, TypeAlias

from pydantic import BaseModel

from sim.world.place import Key

Document: TypeAlias = dict[str, Any]


def document_of(scenario: BaseModel) -> Document:
    """The tables of a scenario, their arrays as lists."""
    return dict(_mutable(scenario.model_dump(by_alias=True)))


def tables_of(document: Document) -> Document:
    """The document as it is read from a file: arrays as tuples, and nothing where nothing is said."""
    return dict(_frozen(document))


def get(document: Document, keys: tuple[Key, ...]) -> Any:
    """What stands at a place."""
    node: Any = document
    for key in keys:
        node = node[key]
    return node


def put(document: Document, keys: tuple[Key, ...], value: float | None) -> None:
    """Write a number at a place."""
    get(document, keys[:-1])[keys[-1]] = value


def _mutable(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _mutable(value) for key, value in node.items()}
    return [_mutable(each) for each in node] if isinstance(node, tuple) else node


def _frozen(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _frozen(value) for key, value in node.items() if value is not None}
    return tuple(_frozen(each) for each in node) if isinstance(node, list) else node
