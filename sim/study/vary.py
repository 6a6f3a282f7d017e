"""What is varied, as people write it on a command line: a path of the plan file, and its values."""

import re
from collections.abc import Iterable
from math import isfinite
from typing import Final, NamedTuple

import numpy as np

from sim.errors import InputError, Problem, shown

WHOLE: Final = r"[-+]?[0-9]+(?:_[0-9]+)*"
NUMBER: Final = rf"(?:{WHOLE}(?:\.[0-9]*)?|[-+]?\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
RANGE: Final = re.compile(rf"\s*({NUMBER})\s*\.\.\s*({NUMBER})\s*(?:/\s*([0-9]{{1,30}}))?\s*")
ALONE: Final = re.compile(NUMBER)
POINTS: Final = 11
"""Values of a range that does not say how many."""
MOST_POINTS: Final = 10_000


class Varied(NamedTuple):
    """A path of the plan file and the values that it takes."""

    path: str
    values: tuple[object, ...]


def varied(text: str) -> Varied:
    """``PATH=LOW..HIGH``, with ``/COUNT`` values from end to end; or ``PATH=A,B,C``.

    >>> varied("component.renewals.quota.rate=0.8..1.0/3").values
    (0.8, 0.9, 1.0)

    Raises: InputError when it is neither.
    """
    path, equals, written = text.partition("=")
    span = RANGE.fullmatch(written)
    if span is not None:
        low, high, count = float(span[1]), float(span[2]), int(span[3] or POINTS)
        if low < high and isfinite(high - low) and 2 <= count <= MOST_POINTS:
            return Varied(path.strip(), tuple(np.linspace(low, high, count).tolist()))
    elif equals and path.strip() and written.strip():
        return Varied(path.strip(), tuple(_value(part.strip()) for part in written.split(",")))
    raise InputError([Problem("--vary", "PATH=LOW..HIGH, PATH=LOW..HIGH/COUNT or PATH=A,B,C", shown(text))])


def ends(text: str) -> tuple[str, tuple[float, float]]:
    """A path and the two ends of ``PATH=LOW..HIGH``.

    Raises: InputError when it is not that.
    """
    path, _, written = text.partition("=")
    span = RANGE.fullmatch(written)
    if span is not None and span[3] is None:
        low, high = float(span[1]), float(span[2])
        if low < high and isfinite(high - low):
            return path.strip(), (low, high)
    raise InputError([Problem("--vary", "PATH=LOW..HIGH, the lower end first", shown(text))])


def varied_together(asked: Iterable[Varied]) -> dict[str, tuple[object, ...]]:
    """Values by path.

    Raises: InputError when a path is given twice.
    """
    found: dict[str, tuple[object, ...]] = {}
    for path, values in asked:
        if path in found:
            fix = f"Give all its values at once: {path}=A,B,C."
            raise InputError([Problem("--vary", "paths that differ", f"{path} twice", fix)])
        found[path] = values
    return found


def _value(text: str) -> object:
    if ALONE.fullmatch(text):
        number = float(text)
        return int(number) if re.fullmatch(WHOLE, text) and isfinite(number) else number
    return {"true": True, "false": False}.get(text, text)
