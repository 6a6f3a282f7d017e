"""Results of tasks as bytes, to be sent or laid down: a tree of records whose arrays stand one after another.

What is read back is plain: numbers, texts, arrays and this package's own records. Nothing in the bytes is run, which a
pickle's would be.
"""

import json
import re
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"csmsim1\n"
DIGEST: Final = 16
"""Of what was packed, at the end. [byte]"""
LENGTH: Final = 8
"""Of the number that says how long the index is. [byte]"""
OURS: Final = re.compile(r"(sim(?:\.\w+)+):(\w+)")
LEVEL: Final = 1
"""Of compression: counts are mostly nothing, and more effort gains little."""

Array = NDArray[Any]


class NotPackedError(ValueError):
    """Bytes that ``packed`` did not make, or that were changed since."""


def described(value: Any, put: Callable[[Array], Any]) -> Any:
    """A value as JSON has it. put : takes an array, and says what stands for it.

    Raises: TypeError for a value of another kind.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray):
        return {"array": put(value)}
    if _is_record(type(value)):
        name = f"{type(value).__module__}:{type(value).__qualname__}"
        return {"record": name, "of": [described(part, put) for part in value]}
    if isinstance(value, Mapping):
        return {"map": [[described(key, put), described(part, put)] for key, part in value.items()]}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [described(part, put) for part in value]}
    raise TypeError(f"{type(value).__qualname__} cannot be packed")


def restored(index: Any, take: Callable[[Any], Array]) -> Any:
    """The value that ``described`` was given. take : gives the array that something stands for.

    Raises: NotPackedError where the index names anything but records of this package.
    """
    if not isinstance(index, dict):
        return index
    if "array" in index:
        return take(index["array"])
    if "record" in index:
        return _record(index["record"])(*(restored(part, take) for part in index["of"]))
    if "bytes" in index:
        return bytes.fromhex(index["bytes"])
    if "map" in index:
        return {restored(key, take): restored(part, take) for key, part in index["map"]}
    if "list" in index:
        return [restored(part, take) for part in index["list"]]
    return tuple(restored(part, take) for part in index["tuple"])


def packed(value: Any) -> bytes:
    """A value as bytes, arrays to the last bit. Raises: TypeError for a value of another kind."""
    parts: list[bytes] = []

    def put(array: Array) -> list[Any]:
        kind, data = _encoded(np.ascontiguousarray(array))
        parts.append(data)
        return [kind, array.dtype.str, list(array.shape), len(data)]

    index = json.dumps(described(value, put), separators=(",", ":")).encode()
    content = b"".join((MAGIC, len(index).to_bytes(LENGTH, "little"), index, *parts))
    return content + blake2b(content, digest_size=DIGEST).digest()


def unpacked(data: bytes) -> Any:
    """The value that was packed. Raises: NotPackedError when the bytes are not whole."""
    content = data[:-DIGEST]
    if data[: len(MAGIC)] != MAGIC or blake2b(content, digest_size=DIGEST).digest() != data[-DIGEST:]:
        raise NotPackedError("not what was packed, or not whole")
    start = len(MAGIC) + LENGTH
    place = start + int.from_bytes(content[len(MAGIC) : start], "little")
    index = json.loads(content[start:place])

    def take(told: list[Any]) -> Array:
        nonlocal place
        kind, dtype, shape, length = told
        place += length
        return _decoded(kind, content[place - length : place], np.dtype(dtype), tuple(shape))

    return restored(index, take)


def _encoded(array: Array) -> tuple[str, bytes]:
    """How an array is written, and what of it: counts in as few bytes as they need, then compressed; equal numbers once."""
    flat = array.reshape(-1)
    raw = flat.view(np.uint8).reshape(len(flat), -1) if len(flat) else flat
    if len(flat) > 1 and (raw == raw[0]).all():
        return "same", flat[:1].tobytes()
    if array.dtype.kind in "iu" and len(flat):
        small = np.promote_types(np.min_scalar_type(flat.min()), np.min_scalar_type(flat.max()))
        if small.kind in "iu":
            return small.str, zlib.compress(flat.astype(small).tobytes(), LEVEL)
    return "raw", flat.tobytes()


def _decoded(kind: str, data: bytes, dtype: "np.dtype[Any]", shape: tuple[int, ...]) -> Array:
    if kind == "same":
        return np.full(shape, np.frombuffer(data, dtype)[0], dtype)
    if kind == "raw":
        return np.frombuffer(bytearray(data), dtype).reshape(shape)
    return np.frombuffer(zlib.decompress(data), np.dtype(kind)).astype(dtype).reshape(shape)


def _is_record(kind: type) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


@cache
def _record(name: str) -> Callable[..., Any]:
    """A record of this package by its name."""
    match = OURS.fullmatch(name)
    kind = getattr(import_module(match[1]), match[2], None) if match is not None else None
    if not isinstance(kind, type) or not _is_record(kind):
        raise NotPackedError(f"{name!r} is no record")
    return kind
