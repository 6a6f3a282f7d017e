"""What a slider spans, and its step: around the value of the plan, in numbers that a person would sign."""

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Final, NamedTuple

STEPS: Final = 200
"""On a slider, at most. [count]"""
LEAST: Final = 1e-6
SMALL_SHARE: Final = 0.2
"""The slider of a smaller one, as of a commission rate, spans twice what it is. [share]"""
NICE: Final = (1.0, 2.0, 5.0)
USUAL: Final = 1.0
"""Where a number begins that the plan leaves out, or has at nothing: all of it, or once. [1]"""
FEW_DAYS: Final = 90
"""Likewise of whole numbers."""


class Scale(NamedTuple):
    """low, high : its ends, inside the bounds of the model, which a number field reaches. step : between places.
    start : where it stands while the plan leaves the number out.
    """

    low: float
    high: float
    step: float
    start: float

    @property
    def tried(self) -> Iterator[float]:
        """A few of its numbers, to see whether a plan allows any: not the ends alone."""
        whole = isinstance(self.step, int)
        near = (self.start - self.low) / (self.high - self.low)
        for part in (0.0, 0.25, 0.5, 0.75, 1.0, 0.99 * near, 1.01 * near, 0.9 * near, 1.1 * near):
            place = self.low + round(min(part, 1.0) * (self.high - self.low) / self.step) * self.step
            yield int(place) if whole else round(place, 9)


def number_scale(
    value: float | None, low: float | None, high: float | None, *, above: bool = False, usual: float = USUAL
) -> Scale:
    """The scale of a number with these bounds: a share all of it, anything else up to about twice what it is.

    above : whether it has to be more than ``low``.
    usual : where it starts while the plan leaves it out.

    >>> number_scale(0.95, 0, None, above=True)
    Scale(low=0.01, high=2.0, step=0.01, start=0.95)
    """
    start = value if value is not None else usual if high is None else min(usual, high)
    top = max(_nice_up(2.0 * abs(start)) if start else 2.0 * USUAL, start)
    if high is not None:
        top = high if high <= 1.0 and (not start or start >= SMALL_SHARE) else max(min(top, high), start)
    least = min(0.0, start)
    step = _nice_down(max(top - least, LEAST) / STEPS)
    bound = least if low is None else max(low, least)
    # What has to be more than nothing starts a step above it.
    steps = max(ceil(bound / step - 1e-9), 1) if bound > 0.0 or (above and bound == 0.0) else 0
    return Scale(round(steps * step, 9) if steps else bound, top, step, start)


def whole_scale(value: float | None, low: float | None, high: float | None) -> Scale:
    """The scale of a whole number with these bounds."""
    start = int(value if value is not None else min(FEW_DAYS, high if high is not None else FEW_DAYS))
    top = max(2 * start, 4)
    if high is not None:
        top = max(min(top, int(high)), start)
    return Scale(int(low or 0), top, 1, start)


def _nice_down(value: float) -> float:
    power = 10.0 ** floor(log10(value) + 1e-9)
    return float(f"{power * max(each for each in NICE if each * power <= value * (1 + 1e-9)):.6g}")


def _nice_up(value: float) -> float:
    power = 10.0 ** floor(log10(value) + 1e-9)
    return float(f"{power * next(each for each in (*NICE, 10.0) if each * power >= value * (1 - 1e-9)):.6g}")
