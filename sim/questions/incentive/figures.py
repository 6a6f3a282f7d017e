"""Figures of what plans reward."""

from typing import Any, Final, NamedTuple

from sim.shapes.amounts import number
from sim.shapes.axis import Axis, cent_axis
from sim.summary.summary import measured

Document = dict[str, Any]

CONTRASTS: Final = (
    ("save", "saved"),
    ("on_time", "on time"),
    ("early", "early"),
    ("late", "recovered"),
    ("expand", "expanded"),
)
"""Key in ``summary.json``, and what one more dollar of ARR is."""


class Dot(NamedTuple):
    """at : place. [% of the axis]"""

    part: str
    at: float


class DotRow(NamedTuple):
    """One plan: a dot for each contrast, and the range of the first over renewals."""

    name: str
    dots: tuple[Dot, ...]
    spoken: str


class Dots(NamedTuple):
    """zero : the place of zero. [% of the axis]; parts : key and title of each contrast that some plan has."""

    axis: Axis
    zero: float
    parts: tuple[tuple[str, str], ...]
    rows: tuple[DotRow, ...]


def contrast_dots(document: Document) -> Dots:
    """Pay for one more dollar of ARR, by how it came about."""
    found = measured(document, "incentive")
    values = [entry[key] for entry in found.values() for key, _ in CONTRASTS if key in entry]
    axis = cent_axis([0.0, *values])
    used = tuple(part for part in CONTRASTS if any(part[0] in entry for entry in found.values()))
    rows = tuple(
        DotRow(
            name,
            tuple(Dot(key, axis.at(entry[key])) for key, _ in used if key in entry),
            ", ".join(f"{title} {number(100 * entry[key], 1)}¢" for key, title in used if key in entry),
        )
        for name, entry in found.items()
    )
    return Dots(axis, axis.at(0.0), used, rows)
