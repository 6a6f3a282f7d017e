"""Whole numbers that a command line or a call asks for."""

from numbers import Integral

from sim.errors import Problem, shown


def whole(where: str, value: object, least: int, most: int) -> list[Problem]:
    """What is wrong with an argument that must be a whole number within bounds; None asks for nothing."""
    if value is None:
        return []
    between = f"between {least:,} and {most:,}"
    if not is_whole(value):
        return [Problem(where, f"a whole number {between}", shown(value))]
    asked = number(value)
    return [] if least <= asked <= most else [Problem(where, between, f"{asked:,}")]


def is_whole(value: object) -> bool:
    """Whether it is a whole number, of Python's or of numpy's; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def number(value: object) -> int:
    """A whole number as Python's own."""
    return int(str(value))
