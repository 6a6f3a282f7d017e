"""Figures of what plans reward."""

from typing import Final, NamedTuple

from sim.questions.incentive.summary import Reward
from sim.shapes.amounts import number
from sim.shapes.axis import Axis, cent_axis

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


def contrast_dots(found: dict[str, Reward]) -> Dots:
    """Pay for one more dollar of ARR, by how it came about."""
    paid = {name: _contrasts(each) for name, each in found.items()}
    axis = cent_axis([0.0, *(value for each in paid.values() for value in each.values())])
    used = tuple(part for part in CONTRASTS if any(part[0] in each for each in paid.values()))
    titles = dict(CONTRASTS)
    rows = tuple(
        DotRow(
            name,
            tuple(Dot(key, axis.at(value)) for key, value in each.items()),
            ", ".join(f"{titles[key]} {number(100 * value, 1)}¢" for key, value in each.items()),
        )
        for name, each in paid.items()
    )
    return Dots(axis, axis.at(0.0), used, rows)


def _contrasts(reward: Reward) -> dict[str, float]:
    """Pay for each of the contrasts that some renewal has, in their order. [usd/usd]"""
    paid = {
        "save": reward.save,
        "on_time": reward.on_time,
        "early": reward.early,
        "late": reward.late,
        "expand": reward.expand,
    }
    return {key: value for key, value in paid.items() if value is not None}
