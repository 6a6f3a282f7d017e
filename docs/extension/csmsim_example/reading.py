"""A reading: ``measure = "lowest_health"``, the lowest health of the book in the window instead of its mean."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.plan.measured import Measured, activity_of, against_target
from sim.plan.measures import SCALE, Measure
from sim.plan.window import Window
from sim.plan.worksheet import Worksheet
from sim.records import BoolPW, FloatPW

if TYPE_CHECKING:
    from sim.plan.component import Component  # which is made of the measures, so that it comes after them


class Lowest(NamedTuple):
    """The lowest reading of health over the window, from floor (0) to target (1)."""

    floor: float
    target: float
    window: Window
    key: bytes
    adds_up: bool = False

    def counted(self, sheet: Worksheet) -> FloatPW | None:
        """None: it is of the whole book."""
        return None

    def read(self, sheet: Worksheet) -> Measured:
        """The reading against its target. [period, world]"""
        health, first = activity_of(sheet).kpi["health"], self.window.first
        lowest = np.stack([health[first[t] : t + 1].min(axis=0) for t in range(len(health))])
        return against_target(lowest, self.floor, self.target)

    def unasked(self, sheet: Worksheet) -> BoolPW:
        """Never: there is always one. [period, world]"""
        return np.zeros_like(activity_of(sheet).kpi["health"], dtype=np.bool_)


def lowest(component: "Component", window: Window, key: bytes) -> Lowest:
    """The reading of a component."""
    return Lowest(component.quota.floor or 0.0, component.quota.target or 0.0, window, key)


LOWEST_HEALTH = Measure("kpi", reads=("kpi:health",), history=("readings",), level=SCALE, reading=lowest)
