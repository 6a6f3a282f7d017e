"""KPI readings against a target, as management by objectives (MBO) pays them."""

from typing import NamedTuple

import numpy as np

from sim.plan.measured import Measured, activity_of, against_target
from sim.plan.window import Window, over
from sim.plan.worksheet import Worksheet
from sim.records import BoolPW, FloatPW


class Kpi(NamedTuple):
    """The mean reading of a KPI over the window, against a target on the KPI's own scale.

    floor, target : where attainment is 0 and 1; a floor above the target is a KPI of which less is better.
    """

    measure: str
    floor: float
    target: float
    window: Window
    key: bytes

    @property
    def adds_up(self) -> bool:
        """As ``Reading`` says."""
        return False

    def counted(self, sheet: Worksheet) -> FloatPW | None:
        """As ``Reading`` says: it is of the whole book."""
        return None

    def paid_on(self, sheet: Worksheet) -> FloatPW | None:
        """As ``Reading`` says: it is of the whole book."""
        return None

    def read(self, sheet: Worksheet) -> Measured:
        """The reading, its target, and how far it went from floor to target. [period, world]

        Source: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document): "Base + Bonus
        (determined from performance on OKRs or MBOs)". Binary or scaled is the payout curve's business.
        """
        return sheet.once(self.key, lambda: self._read(sheet))

    def unasked(self, sheet: Worksheet) -> BoolPW:
        """Never: a reading is always there. [period, world]"""
        return np.zeros(self.read(sheet).value.shape, dtype=np.bool_)

    def _read(self, sheet: Worksheet) -> Measured:
        reading = activity_of(sheet).kpi[self.measure]
        mean = over(self.window, reading, sheet)
        if not self.window.single:
            mean = mean / self.window.length[:, None]
        return against_target(mean, self.floor, self.target)
