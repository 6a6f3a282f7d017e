"""What may be asked: bounds of targets by measure and of rates by kind of quota, each with its reason."""

from typing import Final

from pydantic_core import PydanticCustomError

from sim.files.share import fix_of_share
from sim.files.toml import refuse
from sim.plan.measures import KEPT, MEASURES, Range

LEAST_GAP: Final = 0.001
"""A floor and a target nearer to each other than this would divide noise."""
RATES: Final = {"retention": (0.01, 3.0), "opening": (1e-4, 1.0)}
"""By kind of quota: the share of the ARR due, or of ARR at the start of the period, that can be asked."""


def rate_refused(kind: str, rate: float) -> PydanticCustomError | None:
    """The sentence about a rate out of bounds; None where it may be asked."""
    least, most = RATES[kind]
    if rate > most:
        return refuse(f"at most {most:g}", rate, fix_of_share(rate), key="rate")
    if rate < least:
        return refuse(f"at least {least:g}", rate, "Less than that asks for nothing.", key="rate")
    return None


def level_refused(measure: str, target: float, floor: float | None) -> PydanticCustomError | None:
    """The sentence about a target and floor out of bounds; None where they may be asked.

    floor : None where the file gives none, which means 0.
    """
    level = MEASURES[measure].level
    assert level is not None, "a measure that is asked by target"
    for key, value, least in (("target", target, level.least), ("floor", floor, min(level.least, 0.0))):
        if value is None:
            continue
        if value > level.most:
            fix = fix_of_share(value) if level.share else ""
            return refuse(f"at most {level.most:g}", value, fix, key=f"quota.{key}")
        if value < least:
            return refuse(f"at least {least:g}", value, _why_least(measure, level), key=f"quota.{key}")
    gap = target - (floor or 0.0)
    if level.share and gap < LEAST_GAP:
        fix = "Between floor and target attainment goes from 0 to 1: lower retention would pay more."
        if floor is None:
            return refuse(
                f"above 0 by {LEAST_GAP:g}", target, "Its floor is 0 unless given.", key="quota.target"
            )
        return refuse(f"below target = {target:g} by {LEAST_GAP:g}", floor, fix, key="quota.floor")
    if abs(gap) < LEAST_GAP:
        return refuse(f"apart from its floor by {LEAST_GAP:g}", target, key="quota.target")
    return None


def _why_least(measure: str, level: Range) -> str:
    if level == KEPT or measure == "nrr":
        return "No book keeps less than nothing, and a target of nothing is always met."
    return "No more than all can be lost." if level.share else ""
