"""A payout curve as a plan file declares it: pieces over intervals that cover [0, inf) once."""

from math import inf
from typing import Final

from pydantic import field_validator

from sim.files.share import fix_of_share
from sim.files.toml import Table, refuse
from sim.plan.bounds import LARGEST_ATTAINMENT, Multiple, Slope
from sim.plan.interval import COVERING, Interval, faults, read_interval


class Piece(Table):
    """One interval of a payout curve: attainment x pays ``pays + slope * (x - left end)`` target bonuses.

    attainment : the interval, as ``"[0.90, 1.00)"``. [share]
    pays       : what it pays at its left end. [multiple of target bonus]
    slope      : what each further unit of attainment adds. [multiple of target bonus per unit of attainment]
    """

    attainment: str
    pays: Multiple = 0.0
    slope: Slope = 0.0

    @field_validator("attainment")
    @classmethod
    def _readable(cls, text: str) -> str:
        interval = read_interval(text)
        if interval is None:
            raise refuse(
                "an interval such as '[0.90, 1.00)' or '(1.15, inf)', left end below right end", text
            )
        end = max(each for each in interval[:2] if each != inf)
        if end > LARGEST_ATTAINMENT:
            raise refuse(f"an interval with ends of at most {LARGEST_ATTAINMENT:g}", text, fix_of_share(end))
        return text

    @property
    def interval(self) -> Interval:
        """The interval of attainment. [share]"""
        interval = read_interval(self.attainment)
        assert interval is not None, "checked on reading"
        return interval


def covering(curve: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """A curve as it was read. Raises: what a validator raises when it does not cover [0, inf) once."""
    found = faults([piece.interval for piece in curve])
    if found:
        raise refuse(COVERING, [piece.attainment for piece in curve], " ".join(found))
    return curve


LINEAR: Final = (Piece(attainment="[0, inf)", slope=1.0),)
