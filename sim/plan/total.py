"""Attainment of the whole horizon: what was reached in all against what was asked in all."""

from sim.plan.rule.earnings import Earned
from sim.plan.window import Window


def total_attainment(earned: Earned, world: int = 0) -> float | None:
    """Attainment of a component over the horizon; None where there is no such thing. [share]

    Of what adds up (credit, bookings, events against quotas): what all windows that tile the horizon have reached, over
    what they have asked. Those are the periods; of measures to date the last of each year (half-year); of trailing
    measures the one that ends with the horizon and those that end where it begins. None where nothing was asked. Of a
    share or a reading, which do not add up: that of the window that spans the horizon, and None where there is none.

    Source: a ratio of sums; the mean of quarters would weigh a quarter of 100K like one of 900K.
    """
    if earned.reading is None or earned.measured is None or earned.window is None:
        return None
    tiles = tiling(earned.window)
    measured = earned.measured
    if not earned.reading.adds_up:
        return float(measured.attainment[tiles[0], world]) if len(tiles) == 1 else None
    asked = float(measured.target[tiles, world].sum())
    return float(measured.value[tiles, world].sum()) / asked if asked > 0.0 else None


def tiling(window: Window) -> list[int]:
    """The periods whose windows, side by side, cover the horizon once, from the last one backwards. [period]"""
    found, last = [], len(window.first) - 1
    while last >= 0:
        found.append(last)
        last = int(window.first[last]) - 1
    return found
