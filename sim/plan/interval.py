"""Intervals of attainment, of months or of usd: read from text, and checked to cover [0, inf) once."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_NUMBER = r"\d+(?:_\d+)*(?:\.\d*)?(?:[eE][+-]?\d+)?"
_SHAPE = re.compile(rf"\s*([\[(])\s*({_NUMBER})\s*,\s*({_NUMBER}|inf)\s*([\])])\s*")

COVERING = "intervals that cover [0, inf) without gap or overlap, in ascending order"


class Interval(NamedTuple):
    """A stretch of attainment, months or usd with its open and closed ends.

    left, right        : its ends; ``right`` may be infinite. [share], [month] or [usd]
    owns_left, owns_right : whether the end itself belongs to the interval.
    """

    left: float
    right: float
    owns_left: bool
    owns_right: bool

    def __str__(self) -> str:
        """The interval as it is written in a plan file: ``[0.9, 1)``."""
        opening, closing = "[" if self.owns_left else "(", "]" if self.owns_right else ")"
        return f"{opening}{self.left:g}, {self.right:g}{closing}"


def read_interval(text: str) -> Interval | None:
    """The interval written in ``text`` as ``[0.90, 1.00)`` or ``(1.15, inf)``; None when it is not one.

    >>> read_interval("(1.15, inf)")
    Interval(left=1.15, right=inf, owns_left=False, owns_right=False)
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    interval = Interval(float(found[2]), float(found[3]), found[1] == "[", found[4] == "]")
    forward = interval.left < interval.right and math.isfinite(interval.left)
    open_end = not (math.isinf(interval.right) and (interval.owns_right or found[3] != "inf"))
    return interval if forward and open_end else None


def faults(intervals: Sequence[Interval]) -> list[str]:
    """One sentence for each way in which the intervals fail to cover [0, inf) exactly once."""
    if not intervals:
        return ["There is no interval."]
    first, last = intervals[0], intervals[-1]
    found = []
    if first.left != 0 or not first.owns_left:
        found.append(f"The first, {first}, must start with '[0'.")
    found += [fault for pair in pairwise(intervals) if (fault := _joint(*pair))]
    if not math.isinf(last.right):
        found.append(f"The last, {last}, must end with 'inf)'.")
    return found


def _joint(before: Interval, after: Interval) -> str:
    """What is wrong where one interval ends and the next begins, or an empty string."""
    if before.right < after.left:
        return f"There is a gap between {before} and {after}."
    if before.right > after.left:
        return f"{before} and {after} overlap."
    if before.owns_right and after.owns_left:
        return f"{before} and {after} both hold {after.left:g}."
    if not (before.owns_right or after.owns_left):
        return f"Neither {before} nor {after} holds {after.left:g}."
    return ""
