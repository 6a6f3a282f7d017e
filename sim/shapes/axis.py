"""An axis: round ticks over a range, and the place of a value on it."""

from collections.abc import Callable, Iterable
from math import ceil, floor, isfinite, log10
from typing import Final, NamedTuple

from sim.shapes.amounts import number, share

STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Ticks are a power of ten times one of these apart."""
SIZES: Final = ((1e9, "B"), (1e6, "M"), (1e3, "K"), (1.0, ""))
"""Units of the ticks of amounts. [usd]"""


class Tick(NamedTuple):
    """at : place. [% of the axis]"""

    at: float
    label: str


class Axis(NamedTuple):
    """low, high : the values at its ends."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def at(self, value: float) -> float:
        """The place of a value; beyond an end, that end. [% of the axis]"""
        inside = min(max(value, self.low), self.high)
        return round(100.0 * (inside - self.low) / (self.high - self.low), 3)

    def shows(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return self.low <= value <= self.high


def axis_of(values: Iterable[float], label: Callable[[float, float], str], most: int = 6) -> Axis:
    """The axis over all finite values with at most about ``most`` ticks; ``label`` takes a tick and the step."""
    known = [value for value in values if isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if not high > low:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    step = _step((high - low) / most)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    low, high = first * step, last * step
    ticks = (number * step for number in range(first, last + 1))
    return Axis(low, high, tuple(Tick(100.0 * (at - low) / (high - low), label(at, step)) for at in ticks))


def money_axis(values: Iterable[float], sign: bool = False, most: int = 6) -> Axis:
    """An axis of amounts, each tick with its unit. [usd]"""
    known = list(values)
    largest = max((abs(value) for value in known), default=0.0)
    divisor, suffix = next((size, suffix) for size, suffix in SIZES if largest >= size or size == 1.0)

    def label(amount: float, step: float) -> str:
        if abs(amount) < 1e-6 * step:
            return "$0"
        decimals = _decimals(step / divisor)
        before = "−" if amount < 0 else "+" if sign else ""
        return f"{before}${number(abs(amount) / divisor, decimals)}{suffix}"

    return axis_of(known, label, most)


def share_axis(values: Iterable[float], most: int = 5) -> Axis:
    """An axis of shares. [share]"""
    return axis_of(values, lambda at, step: share(at, 0 if step >= 0.01 else 1), most)


def cent_axis(values: Iterable[float], most: int = 6) -> Axis:
    """An axis of cents per usd. [usd/usd]"""
    return axis_of(values, lambda at, step: f"{number(100.0 * at, _decimals(100.0 * step))}¢", most)


def factor_axis(values: Iterable[float], most: int = 4) -> Axis:
    """An axis of factors. [1]"""
    return axis_of(values, lambda at, step: f"x {number(at, _decimals(step))}", most)


def _decimals(step: float) -> int:
    """Decimals that tell ticks of this step apart."""
    return next(count for count in range(12) if _is_whole(step * 10.0**count))


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def _step(least: float) -> float:
    """The smallest round step that is not below ``least``."""
    power = 10.0 ** floor(log10(least))
    return next(power * step for step in STEPS if power * step >= least * (1 - 1e-9))
