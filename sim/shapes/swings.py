"""How far one thing moves as inputs go from low to high: the geometry of a tornado, in percent of its axis."""

from typing import Final, NamedTuple

from sim.shapes.axis import Axis
from sim.shapes.ranges import Bar


class Swing(NamedTuple):
    """One assumption: net value from its low to its high value. low : where the low value is. [% of the axis]"""

    key: str
    name: str
    bar: Bar
    low: float
    spoken: str


class SwingPanel(NamedTuple):
    """One plan; center : its net value. [% of the axis]"""

    name: str
    center: float
    rows: tuple[Swing, ...]


class Swings(NamedTuple):
    """zero : the place of zero. [% of the axis]"""

    axis: Axis
    zero: float
    panels: tuple[SwingPanel, ...]


MOST_SWINGS: Final = 10
"""Rows of a panel; the table holds all."""
MOST_PANELS: Final = 12
"""Plans drawn, those of the highest net value; the table holds all."""
